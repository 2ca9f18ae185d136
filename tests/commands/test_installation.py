"""What commands refuse of a database."""

import socket
from collections.abc import Mapping
from urllib.parse import urlsplit

import pytest

from threadly.cli import app
from threadly.commands.errors import DatabaseUnreachable, MigrationsMissing


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
        ("nobody listens", "postgresql://u:topsecret@127.0.0.1:1/d", "at 127.0.0.1:1: .*Connect"),
        (
            "no such socket",
            "postgresql://u:topsecret@/d?host=/no/such/folder",
            r"at /no/such/folder/\.s\.PGSQL\.5432: .*No such file",
        ),
        ("a socket of another port", "postgresql://u:topsecret@/d?host=/no&port=6", r"at /no/\.s\.PGSQL\.6: "),
    ],
)
def test_a_database_that_cannot_be_reached_is_said_without_its_password(
    case: str, url: str, why: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", url)
    with pytest.raises(DatabaseUnreachable, match=f"PostgreSQL cannot be reached {why}") as refusal:
        app(["db", "status"], result_action="return_value")
    assert "topsecret" not in str(refusal.value)


@pytest.mark.usefixtures("bare")
def test_a_database_that_hangs_is_said_to_give_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:  # the system takes the connection; nobody ever reads
        silent_port = silent.getsockname()[1]
        monkeypatch.setenv("DATABASE_URL", f"postgresql://u:topsecret@127.0.0.1:{silent_port}/d")
        monkeypatch.setenv("THREADLY_DATABASE__POOL_WAIT", "200ms")
        with pytest.raises(DatabaseUnreachable) as refusal:
            app(["db", "status"], result_action="return_value")
    assert str(refusal.value).startswith(
        f"PostgreSQL cannot be reached at 127.0.0.1:{silent_port}: no answer in 0.2 s; it, or the way to it, hangs.\n"
    )
    assert "`threadly doctor` looks closer" in str(refusal.value)


@pytest.mark.parametrize(
    ("case", "named", "meant", "said"),
    [
        (
            "a wrong password",
            "threadly:",
            "threadly:not",
            'PostgreSQL does not let us in: password authentication failed for user "threadly"\n',
        ),
        (
            "no such database",
            "?",
            "nope?",
            'PostgreSQL has no database "{name}nope": create it, or name another.\n',
        ),
    ],
)
def test_a_server_that_does_not_let_us_in_was_reached(
    case: str, named: str, meant: str, said: str, bare: Mapping[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    url = bare["DATABASE_URL"]
    monkeypatch.setenv("DATABASE_URL", url.replace(named, meant))
    with pytest.raises(DatabaseUnreachable) as refusal:
        app(["db", "status"], result_action="return_value")
    assert str(refusal.value).startswith(said.format(name=urlsplit(url).path[1:])), case
