"""The command line: what it says of itself, and how it refuses."""

import subprocess
import sys
from collections.abc import Mapping
from importlib.metadata import version

import pytest

from tests.processes import ROOT, program
from threadly.cli import app, main

COMMANDS = ("demo", "serve", "work", "seed", "check", "db", "config")


def run(*arguments: str, within: float = 60, environment: Mapping[str, str] | None = None) -> tuple[int, str]:
    """The exit code of `threadly ARGUMENTS…`, and what it printed."""
    with program("threadly", *arguments, environment=environment) as command:
        return command.finish(within=within)


def test_help_lists_every_command_with_a_sentence() -> None:
    code, said = run("--help")
    assert code == 0
    for command in COMMANDS:
        (line,) = (line for line in said.splitlines() if line.startswith(f"│ {command} "))
        assert line.rstrip("│ ").endswith(".")


@pytest.mark.parametrize("command", COMMANDS[:5])
def test_the_help_of_a_command_holds_an_example(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    app([command, "--help"], result_action="return_value")
    assert f"Example: threadly {command}" in capsys.readouterr().out


def test_the_help_of_the_demo_says_where_the_data_of_a_site_lie(capsys: pytest.CaptureFixture[str]) -> None:
    app(["demo", "--help"], result_action="return_value")
    assert "./.threadly-NAME" in capsys.readouterr().out


@pytest.mark.parametrize("command", ["upgrade", "downgrade", "status"])
def test_the_help_of_a_database_command_holds_an_example(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    app(["db", command, "--help"], result_action="return_value")
    assert f"Example: threadly db {command}" in capsys.readouterr().out


def test_help_loads_nothing_that_takes_long() -> None:
    heavy = ("sqlalchemy", "pydantic", "litestar", "granian", "asyncpg", "alembic", "asyncio")
    code = (
        "import sys; from threadly.cli import app; app(['--help'], result_action='return_value'); "
        f"sys.exit(', '.join(name for name in {heavy[:-1]} if name in sys.modules) or 0)"
    )
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT)
    assert (loaded.returncode, loaded.stderr) == (0, "")


def test_version_is_that_of_the_distribution() -> None:
    assert run("--version") == (0, f"threadly {version('threadly')}\n")


def test_an_unknown_command_is_answered_with_the_nearest() -> None:
    code, said = run("srve")
    assert code == 2
    assert 'Did you mean "serve"?' in said


def test_a_foreseen_error_is_one_message_without_a_traceback_and_exit_2(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["threadly", "serve"])
    monkeypatch.setenv("DATABASE_URL", "postgresql://u:topsecret@h/d")
    with pytest.raises(SystemExit) as end:
        main()
    assert end.value.code == 2
    said = capsys.readouterr()
    assert said.err.startswith("✗ The configuration cannot be used:\n  THREADLY_CACHE")
    assert (said.out, "Traceback" in said.err, "topsecret" in said.err) == ("", False, False)


def test_an_unforeseen_error_is_a_traceback_and_exit_1() -> None:
    code = "import sys; from threadly import cli; cli.app.default(lambda: 1 / 0); sys.argv = ['threadly']; cli.main()"
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT)
    assert ended.returncode == 1
    assert "ZeroDivisionError" in ended.stderr
