"""What commands refuse of a database."""

import socket
from collections.abc import Mapping

import pytest

from tests.engines import EngineUrls
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


@pytest.mark.usefixtures("bare")
def test_a_database_that_hangs_is_said_to_give_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:  # the system takes the connection; nobody ever reads
        monkeypatch.setenv("DATABASE_URL", f"postgresql://u:topsecret@127.0.0.1:{silent.getsockname()[1]}/d")
        monkeypatch.setenv("THREADLY_DATABASE__POOL_WAIT", "200ms")
        with pytest.raises(DatabaseUnreachable) as refusal:
            app(["db", "status"], result_action="return_value")
    assert "PostgreSQL cannot be reached: no answer in 0.2 s; it, or the way to it, hangs.\n" in str(refusal.value)
    assert "`threadly doctor` looks closer" in str(refusal.value)


def test_a_password_that_is_wrong_is_said(
    engine_urls: EngineUrls, bare: Mapping[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", bare["DATABASE_URL"].replace("threadly:", "threadly:not"))
    with pytest.raises(DatabaseUnreachable, match="password authentication failed"):
        app(["db", "status"], result_action="return_value")
