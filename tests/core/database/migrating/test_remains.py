"""An index that nobody finished is taken away and built again, instead of being taken for the one that is wanted."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

import asyncpg
import pytest
from alembic import command

from tests.conftest import Lines, database_settings
from tests.core.database.jobs.shop import eventually
from tests.core.database.revisions import revisions, running
from tests.engines import EngineUrls
from threadly.core.database import Database
from threadly.core.database.migrate import MigrationRefused, Migrations, status, upgrade
from threadly.core.database.migrating.remains import clear
from threadly.core.database.migrating.waiting import TO_LOG
from threadly.embedded import with_database

STEPS = {
    "1": running("CREATE TABLE things (id bigint PRIMARY KEY, name text)"),
    "2": f"""
with outside():
    {running("CREATE INDEX CONCURRENTLY IF NOT EXISTS by_name ON things (name)")}
""",
}


@pytest.fixture
def migrations(tmp_path: Path) -> Migrations:
    """A table, and an index of it."""
    return revisions(tmp_path / "steps", STEPS)


@asynccontextmanager
async def builds(db: Database, url: str, migrations: Migrations) -> AsyncIterator["asyncio.Task[object]"]:
    """The index is being built, and waits for a transaction that lasts as long as the block."""
    await upgrade(db, migrations, "1")
    other = await asyncpg.connect(url)
    await other.execute("BEGIN; INSERT INTO things VALUES (1, 'one')")
    building = asyncio.create_task(upgrade(db, migrations))

    async def it_has_begun() -> bool:
        return await validity(url) is not None

    try:
        await eventually(it_has_begun, within=60)
        yield building
    finally:
        await other.close()


async def validity(url: str) -> bool | None:
    """Whether the index can be used; None: there is none."""
    connection = await asyncpg.connect(url)
    answer: bool | None = await connection.fetchval(
        "SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass('by_name')"
    )
    await connection.close()
    return answer


async def interrupt(db: Database, url: str, migrations: Migrations) -> None:
    """Ends the session that builds the index."""
    connection = await asyncpg.connect(url)
    async with builds(db, url, migrations) as building:
        await connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE query LIKE 'CREATE INDEX CONC%' AND datname = current_database()"
        )
        with pytest.raises(MigrationRefused, match="The connection to PostgreSQL was lost while 2 ran"):
            await building
    await connection.close()
    assert await validity(url) is False
    assert (await status(db, migrations)).current == "1"


async def test_what_an_interrupted_run_has_left_is_built_again(
    bare: Database, empty_database_url: str, migrations: Migrations, lines: Lines
) -> None:
    await interrupt(bare, empty_database_url, migrations)
    assert (await upgrade(bare, migrations)).current == "2"
    assert await validity(empty_database_url) is True
    (told,) = (line["event"] for line in lines if "unfinished" in line["event"])
    assert told == "An interrupted run had left the index public.by_name on things unfinished; it is taken away."


async def test_plain_alembic_takes_what_was_left_for_the_index_and_says_that_all_is_well(
    bare: Database, empty_database_url: str, migrations: Migrations
) -> None:
    await interrupt(bare, empty_database_url, migrations)
    async with bare.unhurried.connect() as connection:
        await connection.run_sync(lambda sync: command.upgrade(migrations.config(sync), "head"))
        await connection.commit()
    assert (await status(bare, migrations)).current == "2"
    assert await validity(empty_database_url) is False


async def test_one_that_fails_leaves_no_unfinished_index_behind(
    bare: Database, empty_database_url: str, tmp_path: Path
) -> None:
    twice = STEPS | {"2": STEPS["2"].replace("CREATE INDEX", "CREATE UNIQUE INDEX")}
    migrations = revisions(tmp_path / "twice", twice)
    await upgrade(bare, migrations, "1")
    async with bare.engine.begin() as connection:
        await connection.exec_driver_sql("INSERT INTO things VALUES (1, 'same'), (2, 'same')")
    with pytest.raises(MigrationRefused, match=r"^2 failed: .*could not create unique index"):
        await upgrade(bare, migrations)
    assert await validity(empty_database_url) is None
    assert (await status(bare, migrations)).current == "1"


async def test_building_an_index_waits_for_others_longer_than_nobody_waits_behind_it(
    bare: Database, empty_database_url: str, migrations: Migrations, lines: Lines
) -> None:
    async def it_waits() -> bool:
        return any("waits for" in line["event"] for line in lines)

    async with builds(bare, empty_database_url, migrations) as building:
        await eventually(it_waits, within=60)
        reader = await asyncpg.connect(empty_database_url)
        await reader.execute("UPDATE things SET name = 'none' WHERE id = 0", timeout=30)  # it keeps nobody waiting
        await reader.close()
        assert not building.done()
    await building
    assert await validity(empty_database_url) is True
    assert not any("tries again" in line["event"] for line in lines)


async def administers(engine_urls: EngineUrls, url: str) -> asyncpg.Connection:
    """Somebody who may do everything there."""
    return await asyncpg.connect(with_database(engine_urls.administrator_url, urlsplit(url).path[1:]))


@asynccontextmanager
async def plain_role(engine_urls: EngineUrls, url: str) -> AsyncIterator[tuple[asyncpg.Connection, str]]:
    """An administrator of the database, and its address for a role that may create tables and is no monitor."""
    name = f"plain_{uuid4().hex}"
    administrator = await administers(engine_urls, url)
    await administrator.execute(f"CREATE ROLE {name} LOGIN PASSWORD 'plain'; GRANT CREATE ON SCHEMA public TO {name}")
    yield administrator, re.sub(r"//[^@]*@", f"//{name}:plain@", url)
    await administrator.execute(f"DROP OWNED BY {name} CASCADE; DROP ROLE {name}")
    await administrator.close()


async def test_what_somebody_else_builds_is_left_alone_also_where_they_may_not_be_looked_at(
    empty_database_url: str, engine_urls: EngineUrls, tmp_path: Path
) -> None:
    migrations = revisions(tmp_path / "plain", STEPS | {"2": running("SELECT 1")})
    async with plain_role(engine_urls, empty_database_url) as (administrator, url):
        db = Database(database_settings(url))
        await upgrade(db, migrations, "1")
        other = await asyncpg.connect(url)
        await other.execute("BEGIN; INSERT INTO things VALUES (1, 'one')")
        building = asyncio.create_task(administrator.execute("CREATE INDEX CONCURRENTLY by_name ON things (name)"))

        async def it_has_begun() -> bool:
            return await validity(url) is False

        await eventually(it_has_begun, within=60)
        assert (await asyncio.wait_for(upgrade(db, migrations), 60)).current == "2"
        await other.close()
        await building
        assert await validity(url) is True
        await db.close()


async def test_one_that_became_whole_meanwhile_is_not_taken_away(
    bare: Database, empty_database_url: str, engine_urls: EngineUrls, migrations: Migrations
) -> None:
    await interrupt(bare, empty_database_url, migrations)
    builder = await administers(engine_urls, empty_database_url)
    await builder.execute("BEGIN; LOCK TABLE things IN SHARE UPDATE EXCLUSIVE MODE")

    async def it_waits() -> bool:
        return bool(
            await builder.fetchval("SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'things'::regclass")
        )

    async with bare.unhurried.connect() as connection:
        clearing = asyncio.create_task(clear(connection, TO_LOG))
        await eventually(it_waits, within=60)
        await builder.execute("UPDATE pg_index SET indisvalid = true WHERE indexrelid = 'by_name'::regclass; COMMIT")
        await clearing
    await builder.close()
    assert await validity(empty_database_url) is True
