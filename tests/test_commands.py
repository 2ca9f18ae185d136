"""Each command against a real database, as processes; `threadly demo` has tests of its own."""

import json
import signal
from collections.abc import Mapping
from pathlib import Path
from urllib.request import urlopen

import pytest

from tests.engines import EngineUrls
from tests.making import a_listing
from tests.processes import alive, below, program
from threadly.cli import app
from threadly.commands.errors import DatabaseUnreachable, MigrationsMissing
from threadly.commands.terminal import Steps, console
from threadly.core.database import Database
from threadly.migrations import MIGRATIONS
from threadly.sample import MarketplaceNotEmpty


def installation(database_url: str, cache_url: str, folder: Path) -> dict[str, str]:
    """The environment of an installation."""
    return {
        "DATABASE_URL": database_url,
        "REDIS_URL": cache_url,
        "THREADLY_MEDIA__FOLDER": str(folder),
        "THREADLY_SECURITY__SECRET": "0123456789abcdef" * 2,
    }


@pytest.fixture
def migrated(database_url: str, engine_urls: EngineUrls, tmp_path: Path) -> Mapping[str, str]:
    """An installation with all its tables, and nothing in them."""
    return installation(database_url, engine_urls.cache_url, tmp_path)


@pytest.fixture
def bare(
    empty_database_url: str, engine_urls: EngineUrls, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Mapping[str, str]:
    """An installation without a table, which is that of this process as well."""
    names = installation(empty_database_url, engine_urls.cache_url, tmp_path)
    for name, value in names.items():
        monkeypatch.setenv(name, value)
    return names


@pytest.mark.usefixtures("bare")
def test_the_database_goes_up_tells_where_it_is_and_goes_down(capsys: pytest.CaptureFixture[str]) -> None:
    revisions = sorted(path.name[:4] for path in (MIGRATIONS.folder / "versions").glob("*.py"))

    def said(*arguments: str) -> str:
        app(["db", *arguments], result_action="return_value")
        return capsys.readouterr().out

    assert f"none: nothing has run yet.\nMissing: {', '.join(revisions)}. Run `threadly db upgrade`." in said("status")
    assert f"{', '.join(revisions)}; the database is at {revisions[-1]}" in said("upgrade")
    assert "nothing to do" in said("upgrade")
    assert "Up to date." in said("status")
    assert "the database is at base, and empty" in said("downgrade", "base")


@pytest.mark.parametrize("command", ["serve", "work", "seed"])
def test_a_database_without_its_migrations_is_refused(
    command: str, bare: Mapping[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(MigrationsMissing, match="Run `threadly db upgrade` first"):
        app([command], result_action="return_value")
    app(["db", "status"], result_action="return_value")
    assert "nothing has run yet" in capsys.readouterr().out


@pytest.mark.usefixtures("bare")
@pytest.mark.parametrize(
    ("case", "url", "why"),
    [
        ("nobody listens", "postgresql://u:topsecret@127.0.0.1:1/d", "Connect"),
        ("no such socket", "postgresql://u:topsecret@/d?host=/no/such/folder", "No such file"),
    ],
)
def test_a_database_that_cannot_be_reached_is_said_without_its_password(
    case: str, url: str, why: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", url)
    with pytest.raises(DatabaseUnreachable, match=f"PostgreSQL cannot be reached: .*{why}") as refusal:
        app(["db", "status"], result_action="return_value")
    assert "topsecret" not in str(refusal.value)


def test_a_password_that_is_wrong_is_said(
    engine_urls: EngineUrls, bare: Mapping[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", bare["DATABASE_URL"].replace("threadly:", "threadly:not"))
    with pytest.raises(DatabaseUnreachable, match="password authentication failed"):
        app(["db", "status"], result_action="return_value")


def test_serve_answers_with_the_real_application_and_ends_in_order(migrated: Mapping[str, str]) -> None:
    with program("threadly", "serve", "--port", "0", "--workers", "1", environment=migrated) as server:
        url = server.line("answers at").partition("answers at ")[2].partition(",")[0]
        with urlopen(f"{url}/readyz", timeout=5) as answer:
            assert json.load(answer)["status"] == "pass"
        family = below(server.pid)
        code, seconds = server.told(signal.SIGTERM, within=5)
    assert (code, alive(family)) == (0, [])
    assert seconds < 3


def test_serve_starts_before_its_database_and_says_so(migrated: Mapping[str, str]) -> None:
    gone = {**migrated, "DATABASE_URL": "postgresql://u@127.0.0.1:1/d"}
    with program("threadly", "serve", "--port", "0", "--workers", "1", environment=gone) as server:
        assert "PostgreSQL cannot be reached" in server.line("PostgreSQL")
        assert server.line("answers at")


def test_work_runs_until_it_is_told_to_stop(migrated: Mapping[str, str]) -> None:
    with program("threadly", "work", environment=migrated) as worker:
        assert worker.line(" works.")
        code, seconds = worker.told(signal.SIGTERM, within=5)
    assert code == 0
    assert seconds < 3


@pytest.mark.parametrize("command", [("serve", "--port", "0", "--workers", "1"), ("work",)])
def test_who_is_bound_to_its_standard_input_ends_with_it(command: tuple[str, ...], migrated: Mapping[str, str]) -> None:
    with program("threadly", *command, "--until-stdin-closes", environment=migrated) as bound:  # it is /dev/null here
        code, _ = bound.finish(within=10)
    assert code in {0, -signal.SIGTERM}


@pytest.fixture
async def stocked(db: Database, migrated: Mapping[str, str], monkeypatch: pytest.MonkeyPatch) -> Database:
    """The installation of this process, with one listing."""
    for name, value in migrated.items():
        monkeypatch.setenv(name, value)
    await a_listing(db)
    return db


@pytest.mark.usefixtures("stocked")
def test_seed_leaves_a_shop_that_has_listings_as_it_is(tmp_path: Path) -> None:
    with pytest.raises(MarketplaceNotEmpty):
        app(["seed", "--listings", "10"], result_action="return_value")
    assert list(tmp_path.rglob("*.webp")) == []


def test_steps_are_plain_lines_where_nobody_looks(capsys: pytest.CaptureFixture[str]) -> None:
    with Steps(console()).step("Engines") as step:
        step.doing("creating")
        step.advance(1, 2)
        step.outcome = "both [of them]"
    (line,) = capsys.readouterr().out.splitlines()
    assert line.startswith("✓ Engines        both [of them] 0.0 s")
    assert "\x1b" not in line


def test_a_step_that_fails_leaves_its_line_and_the_error(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(RuntimeError, match="no disk"), Steps(console()).step("Engines"):
        raise RuntimeError("no disk")
    assert capsys.readouterr().out == "✗ Engines\n"
