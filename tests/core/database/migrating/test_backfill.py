"""Rows are filled in batches that give way, that stay when they are interrupted, and that end."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

import asyncpg
import pytest

from tests.conftest import database_settings
from tests.core.database.jobs.shop import eventually
from tests.core.database.migrating.telling import Told
from tests.core.database.revisions import revisions, running
from tests.engines import EngineUrls
from tests.faults.proxy import Proxy
from tests.standbys import Replicated
from threadly.core.database import Database
from threadly.core.database.migrate import MigrationRefused, Migrations, status, upgrade
from threadly.core.database.migrating.waiting import Patience
from threadly.core.database.planning import planned
from threadly.embedded import create_database, drop_database, with_database

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


@pytest.fixture
async def followed(pair: Replicated) -> AsyncIterator[str]:
    """A database without any table, which a replica follows."""
    name = f"test_{uuid4().hex}"
    yield await create_database(pair.url, name)
    await drop_database(pair.url, name)


@pytest.mark.parametrize("comes", [True, False])
async def test_it_pauses_while_a_replica_replays_nothing_but_not_for_ever(
    pair: Replicated, followed: str, tmp_path: Path, *, comes: bool
) -> None:
    (standby,) = pair.standbys
    on_standby = with_database(standby.url, urlsplit(followed).path[1:])
    db, migrations, told = Database(database_settings(followed)), filling(tmp_path), Told()
    await upgrade(db, migrations, "1")
    await standby.catch_up(pair.primary)
    async with standby.paused():
        patience = replace(QUICK, replica_bytes=1024, replica_wait=timedelta(minutes=10 if comes else 0))
        moving = asyncio.create_task(upgrade(db, migrations, telling=told, patience=patience))

        async def it_pauses() -> bool:
            return moving.done() or any("pausing until it has caught up" in note for note in told.notes)

        await eventually(it_pauses, within=60)
        if not comes:
            with pytest.raises(
                MigrationRefused, match=r"replica walreceiver has been behind for too long\. 1,000 rows"
            ):
                await moving
        assert await filled(followed) == 1000
        assert await filled(on_standby) == 0
        assert (await status(db, migrations)).current == "1"
    if comes:
        await moving
    else:
        await upgrade(db, migrations, telling=told)
    assert await filled(followed) == 2500
    await standby.catch_up(pair.primary)
    assert await filled(on_standby) == 2500
    assert [note for note in told.notes if note.startswith("The replica walreceiver is ")] == told.notes
    assert len(told.notes) == 1
    await db.close()


async def test_it_pauses_as_well_while_a_replica_that_was_away_is_sent_what_it_missed(
    pair: Replicated, followed: str, tmp_path: Path
) -> None:
    (standby,) = pair.standbys
    db, migrations, told = Database(database_settings(followed)), filling(tmp_path), Told()
    await upgrade(db, migrations, "1")
    socket = Path(urlsplit(pair.url).query.removeprefix("host=")) / ".s.PGSQL.5432"
    with Proxy(socket).running() as proxy:
        async with standby.behind(proxy, pair.primary):
            patience = replace(QUICK, replica_bytes=1024**2)
            moving = asyncio.create_task(upgrade(db, migrations, telling=told, patience=patience))

            async def it_pauses() -> bool:
                return moving.done() or any("pausing until it has caught up" in note for note in told.notes)

            await eventually(it_pauses, within=60)
            assert not moving.done()
            assert await filled(followed) == 1000
        await moving
    assert await filled(followed) == 2500
    await standby.catch_up(pair.primary)
    await db.close()


async def test_where_replicas_are_hidden_from_the_role_it_says_so_and_spares_none(
    pair: Replicated, followed: str, tmp_path: Path
) -> None:
    db, told = Database(database_settings(followed)), Told()
    await pair.primary.ask("REVOKE pg_monitor FROM threadly")
    try:
        async with pair.standbys[0].paused():
            await upgrade(db, filling(tmp_path), telling=told, patience=replace(QUICK, replica_bytes=1024))
    finally:
        await pair.primary.ask("GRANT pg_monitor TO threadly")
    assert await filled(followed) == 2500
    assert told.notes == ["How far replicas are is hidden from this role, so none is spared: GRANT pg_monitor."]
    await db.close()


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
    assert "UPDATE /* in batches */ things SET note = name WHERE (note IS NULL)" in found.sql
    assert [danger.hazard.code for danger in found.dangers] == []
