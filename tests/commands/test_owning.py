"""Two roles, at one database: what is told of who may not migrate, or is at another one."""

from collections.abc import AsyncIterator
from uuid import uuid4

import asyncpg
import pytest

from tests.conftest import serving
from tests.engines import EngineUrls
from tests.ops.doctor.seeing import seen
from threadly.cli import app
from threadly.commands.errors import (
    AuditChangeable,
    DatabasesDiffer,
    DatabaseUnreachable,
    OwnerUnfit,
    RightsMissing,
)
from threadly.commands.installation import refuse_changeable_audit
from threadly.core.config import Profile, Secret
from threadly.embedded import with_database
from threadly.ops.doctor import database
from threadly.settings import Settings

OWNER = "THREADLY_DATABASE__OWNER_URL"


def name_of(url: str) -> str:
    return url.partition("?")[0].rpartition("/")[2]


async def tables(url: str) -> int:
    connection = await asyncpg.connect(url)
    try:
        return int(await connection.fetchval("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"))
    finally:
        await connection.close()


@pytest.fixture
async def another_role(engine_urls: EngineUrls, owner_url: str) -> AsyncIterator[tuple[asyncpg.Connection, str, str]]:
    """An administrator at the database, a role that may sign in there and nothing else, and its address."""
    role = f"test_{uuid4().hex}"
    administrator = await asyncpg.connect(with_database(engine_urls.administrator_url, name_of(owner_url)))
    await administrator.execute(f"CREATE ROLE {role} LOGIN PASSWORD '{role}'")
    own = owner_url.replace(owner_url.partition("//")[2].partition("@")[0], f"{role}:{role}")
    yield administrator, role, own
    await administrator.execute(f"DROP OWNED BY {role}; DROP ROLE {role}")
    await administrator.close()


async def upgrade() -> None:
    await app.run_async(["db", "upgrade"], result_action="return_value")


@pytest.mark.usefixtures("bare")
async def test_who_only_serves_is_told_to_name_the_owner_and_makes_nothing(
    engine_urls: EngineUrls, empty_database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", serving(engine_urls, empty_database_url))
    with pytest.raises(OwnerUnfit, match=r"threadly_serving, .*it may make no tables(.|\n)*OWNER_URL name the role"):
        await upgrade()
    assert await tables(empty_database_url) == 0


@pytest.mark.usefixtures("stocked")
async def test_an_owner_whose_the_tables_are_not_is_told_to_whom_and_how_it_gets_them(
    another_role: tuple[asyncpg.Connection, str, str], owner_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, role, url = another_role
    monkeypatch.setenv(OWNER, url)
    before = await tables(owner_url)
    with pytest.raises(OwnerUnfit) as refusal:
        await upgrade()
    assert f"\\connect {name_of(owner_url)}\n  REASSIGN OWNED BY threadly TO {role};\n" in str(refusal.value)
    with pytest.raises(OwnerUnfit):
        await app.run_async(["db", "status"], result_action="return_value")
    assert await tables(owner_url) == before


@pytest.mark.usefixtures("bare")
async def test_an_owner_at_another_database_migrates_neither(
    engine_urls: EngineUrls, empty_database_url: str, owner_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", serving(engine_urls, empty_database_url))
    monkeypatch.setenv(OWNER, owner_url)
    with pytest.raises(DatabasesDiffer, match=r"at the same server\. Nothing was changed"):
        await upgrade()
    assert await tables(empty_database_url) == 0


@pytest.mark.usefixtures("stocked")
async def test_an_owner_who_is_not_let_in_is_told_by_its_own_variable(
    owner_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(OWNER, owner_url.replace("threadly:", "threadly:not", 1))
    with pytest.raises(DatabaseUnreachable, match=rf"does not let us in(.|\n)*{OWNER} says where it is"):
        await upgrade()


@pytest.mark.usefixtures("stocked")
async def test_who_is_to_serve_and_was_given_nothing_yet_is_told_what_gives_it(
    another_role: tuple[asyncpg.Connection, str, str], settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, role, url = another_role
    monkeypatch.setenv("DATABASE_URL", url)
    with pytest.raises(RightsMissing, match=f"{role}.* belong to threadly.\nRun `threadly db upgrade` with"):
        await app.run_async(["audit"], result_action="return_value")
    new = settings.model_copy(update={"database": settings.database.model_copy(update={"url": Secret(url)})})
    found = await seen(database.look, new)
    assert found["rights"].seen == f"{role} may not read the tables, which belong to threadly"
    assert found["rights"].status == "fail"
    assert "examination" not in found


@pytest.mark.parametrize(
    ("grant", "said"),
    [
        ("GRANT threadly TO {role}", "{role} is a member of threadly, which owns it"),
        ("GRANT postgres TO {role}", "Let another one, which is no superuser, serve:"),
    ],
)
async def test_whoever_could_change_the_audit_log_is_told_what_fits_them(
    grant: str, said: str, another_role: tuple[asyncpg.Connection, str, str], settings: Settings
) -> None:
    administrator, role, url = another_role
    await administrator.execute(grant.format(role=role))
    own = settings.model_copy(
        update={
            "profile": Profile.PRODUCTION,
            "database": settings.database.model_copy(update={"url": Secret(url)}),
        }
    )
    with pytest.raises(AuditChangeable) as refusal:
        await refuse_changeable_audit(own)
    assert said.format(role=role) in str(refusal.value)
