"""What commands refuse of a database."""

import re
import socket
from collections.abc import Mapping
from urllib.parse import urlsplit

import pytest

from tests.conftest import database_settings, serving
from tests.engines import EngineUrls
from tests.making import a_listing
from threadly.cli import app
from threadly.commands.errors import AuditChangeable, DatabaseUnreachable, MigrationsMissing
from threadly.commands.installation import refuse_changeable_audit
from threadly.core.config import Profile, Secret
from threadly.core.database import Database
from threadly.core.database.roles import powers_over
from threadly.settings import Settings
from threadly.tables import AUDIT_LOG


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


@pytest.mark.parametrize("profile", list(Profile))
async def test_a_role_that_could_change_the_audit_log_is_refused_in_production_and_said_elsewhere(
    settings: Settings, owner_url: str, profile: Profile
) -> None:
    by_owner = settings.model_copy(
        update={"profile": profile, "database": settings.database.model_copy(update={"url": Secret(owner_url)})}
    )
    assert await refuse_changeable_audit(settings.model_copy(update={"profile": profile})) is None
    if profile is Profile.PRODUCTION:
        with pytest.raises(AuditChangeable, match="threadly, the role that serves, could change it, since it owns it"):
            await refuse_changeable_audit(by_owner)
    else:
        said = await refuse_changeable_audit(by_owner)
        assert (said is None) is (profile is Profile.TEST)


async def test_an_upgrade_by_the_owner_lets_the_other_role_serve(
    engine_urls: EngineUrls,
    empty_database_url: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("DATABASE_URL", serving(engine_urls, empty_database_url))
    monkeypatch.setenv("THREADLY_DATABASE__OWNER_URL", empty_database_url)
    await app.run_async(["db", "upgrade"], result_action="return_value")
    assert re.search(r"✓ Rights +threadly_serving serves; \d+ tables opened to it", capsys.readouterr().out)
    await app.run_async(["db", "upgrade"], result_action="return_value")
    assert re.search(r"✓ Rights +threadly_serving serves \d", capsys.readouterr().out)

    db = Database(database_settings(serving(engine_urls, empty_database_url)))
    await a_listing(db)
    async with db.read() as read:
        assert await powers_over(read, AUDIT_LOG) == []
    await db.close()
