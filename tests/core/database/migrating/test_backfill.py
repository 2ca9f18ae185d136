"""Rows are filled in batches that give way, that stay when they are interrupted, and that end."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg
import pytest

from tests.core.database.jobs.shop import eventually
from tests.core.database.migrating.telling import Told
from tests.core.database.revisions import revisions, running
from tests.engines import EngineUrls
from threadly.core.database import Database
from threadly.core.database.migrate import MigrationRefused, Migrations, status, upgrade
from threadly.core.database.migrating.waiting import Patience
from threadly.core.database.planning import planned
from threadly.embedded import with_database

QUICK = Patience(attempts=1000, first_pause=timedelta(seconds=0.1), longest_pause=timedelta(seconds=0.1))
IMPORT = "from threadly.core.database.migrating.backfill import backfill\n"
TABLES = {
    "number": "CREATE TABLE things AS SELECT n AS id, n::text AS name, NULL::text AS note "
    "FROM generate_series(1, 2500) n; ALTER TABLE things ADD PRIMARY KEY (id)",
    "uuid": "CREATE TABLE things AS SELECT gen_random_uuid() AS id, n::text AS name, NULL::text AS note "
    "FROM generate_series(1, 2500) n; ALTER TABLE things ADD PRIMARY KEY (id)",
    "two columns": 'CREATE TABLE things AS SELECT n % 7 AS "a b", n::text AS id, n::text AS name, NULL::text AS note '
    'FROM generate_series(1, 2500) n; ALTER TABLE things ADD PRIMARY KEY ("a b", id)',
}

REPLICA = """
    CREATE TABLE replayed AS SELECT '0/0'::pg_lsn AS replay_lsn;
    CREATE VIEW pg_stat_replication AS
    SELECT 'far away' AS application_name, 'streaming' AS state, replay_lsn FROM replayed;
    DO $$ BEGIN
        EXECUTE format('ALTER DATABASE %I SET search_path = public, pg_catalog', current_database());
    END $$
"""
"""What PostgreSQL would tell of one."""


def filling(
    folder: Path, *, table: str = "number", change: str = "note = name", where: str = "note IS NULL"
) -> Migrations:
    """A table with 2,500 rows, and a revision that fills them, which ends with a statement in a transaction."""
    first, _, second = TABLES[table].partition(";")
    fill = f"{IMPORT}backfill('things', {change!r}, where={where!r})\n{running('CREATE TABLE after_it (id int)')}"
    return revisions(folder / "steps", {"1": running(first) + "\n" + running(second), "2": fill})


async def filled(url: str) -> int:
    """How many rows are."""
    connection = await asyncpg.connect(url)
    count: int = await connection.fetchval("SELECT count(*) FROM things WHERE note = name")
    await connection.close()
    return count


@pytest.mark.parametrize("table", TABLES)
async def test_every_row_is_filled_whatever_the_key_and_progress_is_told(
    bare: Database, empty_database_url: str, tmp_path: Path, table: str
) -> None:
    told = Told()
    assert (await upgrade(bare, filling(tmp_path, table=table), telling=told)).current == "2"
    assert await filled(empty_database_url) == 2500
    assert told.steps[-3:] == [("filling things", done, 2500) for done in (1000, 2000, 2500)]


async def test_each_batch_is_a_transaction_of_its_own_and_an_interrupted_run_goes_on_where_it_was(
    bare: Database, empty_database_url: str, tmp_path: Path
) -> None:
    migrations = filling(tmp_path)
    await upgrade(bare, migrations, "1")
    other = await asyncpg.connect(empty_database_url)
    await other.execute("BEGIN; UPDATE things SET name = 'changed' WHERE id = 1700")
    told = Told()
    moving = asyncio.create_task(upgrade(bare, migrations, telling=told, patience=QUICK))

    async def it_waits() -> bool:
        return any("pausing until they are free" in note for note in told.notes)

    await eventually(it_waits, within=60)
    assert await filled(empty_database_url) == 1000
    moving.cancel()
    await asyncio.wait([moving])
    assert (await status(bare, migrations)).current == "1"
    await other.execute("COMMIT")
    await other.close()

    told = Told()
    await upgrade(bare, migrations, telling=told)
    assert await filled(empty_database_url) == 2500
    assert told.steps[-2:] == [("filling things", 1000, 1500), ("filling things", 1500, 1500)]


async def test_of_two_who_wait_for_each_other_the_backfill_gives_way(
    bare: Database, empty_database_url: str, engine_urls: EngineUrls, tmp_path: Path
) -> None:
    migrations = filling(tmp_path)
    await upgrade(bare, migrations, "1")
    name = urlsplit(empty_database_url).path.removeprefix("/")
    other = await asyncpg.connect(with_database(engine_urls.administrator_url, name))
    await other.execute("SET deadlock_timeout = '60s'")  # PostgreSQL itself does not decide who gives way
    await other.execute("BEGIN; UPDATE things SET name = 'last' WHERE id = 900")
    moving = asyncio.create_task(upgrade(bare, migrations, patience=QUICK))

    async def it_waits() -> bool:
        waits = "SELECT count(*) FROM pg_locks WHERE NOT granted AND transactionid = pg_current_xact_id()::xid"
        return bool(await other.fetchval(waits))

    await eventually(it_waits, within=60)
    await other.execute("UPDATE things SET name = 'first' WHERE id = 1", timeout=60)
    await other.execute("COMMIT")
    await moving
    assert await filled(empty_database_url) == 2500
    assert await other.fetch("SELECT note FROM things WHERE id IN (1, 900) ORDER BY id") == [("first",), ("last",)]
    await other.close()


@pytest.mark.parametrize(("comes", "outcome"), [(True, 2500), (False, 1000)])
async def test_it_pauses_while_a_replica_is_behind_but_not_for_ever(
    bare: Database, empty_database_url: str, tmp_path: Path, *, comes: bool, outcome: int
) -> None:
    migrations = filling(tmp_path)
    await upgrade(bare, migrations, "1")
    other = await asyncpg.connect(empty_database_url)
    await other.execute(REPLICA)
    told = Told()
    patience = replace(QUICK, replica_bytes=1, replica_wait=timedelta(minutes=10 if comes else 0))
    moving = asyncio.create_task(upgrade(bare, migrations, telling=told, patience=patience))

    async def it_pauses() -> bool:
        return any("The replica far away is " in note for note in told.notes)

    await eventually(it_pauses, within=60)
    if comes:
        assert await filled(empty_database_url) == 1000
        await other.execute("UPDATE replayed SET replay_lsn = '7FFFFFFF/0'")
        await moving
    else:
        with pytest.raises(MigrationRefused, match=r"The replica far away has been behind for too long\. 1,000 rows"):
            await moving
    assert await filled(empty_database_url) == outcome
    await other.close()


async def test_a_change_that_would_be_done_again_is_refused_and_changes_nothing(
    bare: Database, empty_database_url: str, tmp_path: Path
) -> None:
    migrations = filling(tmp_path, change="id = id + 10000", where="id > 0")
    with pytest.raises(MigrationRefused, match="The change of things leaves “id > 0” true"):
        await upgrade(bare, migrations)
    assert (await status(bare, migrations)).current == "1"
    async with bare.engine.connect() as connection:
        assert (await connection.exec_driver_sql("SELECT max(id) FROM things")).scalar() == 2500


async def test_rows_that_are_kept_for_too_long_are_told_and_what_is_filled_stays(
    bare: Database, empty_database_url: str, tmp_path: Path
) -> None:
    migrations = filling(tmp_path)
    await upgrade(bare, migrations, "1")
    other = await asyncpg.connect(empty_database_url)
    await other.execute("BEGIN; UPDATE things SET name = 'changed' WHERE id = 1700")
    with pytest.raises(MigrationRefused, match=r"were kept by somebody else for too long\. 1,000 are filled"):
        await upgrade(bare, migrations, patience=Patience(attempts=2, first_pause=timedelta(0)))
    await other.close()
    assert await filled(empty_database_url) == 1000
    assert (await status(bare, migrations)).current == "1"


async def test_a_table_without_a_key_is_refused(bare: Database, tmp_path: Path) -> None:
    keyless = {
        "1": running("CREATE TABLE things (note text)"),
        "2": f"{IMPORT}backfill('things', 'note = 1', where='true')",
    }
    migrations = revisions(tmp_path / "keyless", keyless)
    with pytest.raises(MigrationRefused, match="things cannot be filled in batches: it has no primary key"):
        await upgrade(bare, migrations)
    assert (await status(bare, migrations)).current == "1"


def test_the_plan_has_the_change_and_finds_nothing_in_it_that_hurts(tmp_path: Path) -> None:
    (found,) = planned(filling(tmp_path), "1")
    assert "UPDATE things SET note = name WHERE (note IS NULL) /* in batches, by its primary key */" in found.sql
    assert [danger.hazard.code for danger in found.dangers] == []
