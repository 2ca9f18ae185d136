"""A migration that has to wait lets others through, says whom it waits for, and tries again, but not for ever."""

import asyncio
import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import asyncpg
import pytest
from alembic import command
from sqlalchemy import event

from tests.conftest import Lines, database_settings
from tests.core.database.jobs.shop import eventually
from tests.core.database.migrating.telling import Told
from tests.core.database.revisions import revisions, running
from threadly.core.database import Database
from threadly.core.database.migrate import MigrationRefused, Migrations, status, upgrade
from threadly.core.database.migrating.waiting import Patience, listen_for_concurrently, lock_timeout, watched

QUICK = Patience(
    lock=timedelta(seconds=0.3),
    attempts=1000,
    first_pause=timedelta(seconds=0.1),
    longest_pause=timedelta(seconds=0.3),
)
STEPS = {
    "1": running("CREATE TABLE things (id bigint PRIMARY KEY, name text)"),
    "2": running("ALTER TABLE things ADD COLUMN note text"),
}


@pytest.fixture
def migrations(tmp_path: Path) -> Migrations:
    """A table, and a column of it."""
    return revisions(tmp_path / "steps", STEPS)


@asynccontextmanager
async def held(url: str) -> AsyncIterator[asyncpg.Connection]:
    """Somebody reads things, and does not end."""
    reader = await asyncpg.connect(url, server_settings={"application_name": "the report"})
    await reader.execute("BEGIN; SELECT *, 'anna' FROM things")
    yield reader
    await reader.close()


async def until(told: Told, word: str, times: int = 1) -> None:
    """Waits until it has been told of so often."""

    async def is_told() -> bool:
        return sum(word in note for note in told.notes) >= times

    await eventually(is_told, within=60)


async def test_others_read_while_a_migration_waits_and_it_goes_on_when_it_can(
    bare: Database, empty_database_url: str, migrations: Migrations
) -> None:
    await upgrade(bare, migrations, "1")
    told = Told()
    async with held(empty_database_url) as reader:
        moving = asyncio.create_task(upgrade(bare, migrations, telling=told, patience=QUICK))
        await until(told, "waits for")
        other = await asyncpg.connect(empty_database_url)
        for _ in range(5):
            await other.fetch("SELECT * FROM things", timeout=30)  # the reader never ends, but this does
        await until(told, "tries again", 2)
        assert not moving.done()
        assert (await status(bare, migrations)).current == "1"
        await reader.execute("COMMIT")
        assert (await moving).current == "2"
        await other.close()
    waits = next(note for note in told.notes if "waits for" in note)
    assert waits.startswith("ALTER TABLE things ADD COLUMN note text waits for session ")
    assert "(the report, for " in waits
    assert "idle in transaction, after BEGIN; SELECT *, ? FROM things)" in waits


async def test_plain_alembic_keeps_all_readers_waiting_for_as_long_as_it_waits_itself(
    bare: Database, empty_database_url: str, migrations: Migrations
) -> None:
    await upgrade(bare, migrations, "1")
    async with held(empty_database_url) as reader:
        alembic = asyncio.create_task(plainly(bare, migrations))
        other = await asyncpg.connect(empty_database_url, server_settings={"lock_timeout": "0.5s"})

        async def it_waits() -> bool:
            return bool(
                await other.fetchval(
                    "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'things'::regclass"
                )
            )

        await eventually(it_waits, within=60)
        with pytest.raises(asyncpg.LockNotAvailableError):
            await other.fetch("SELECT * FROM things")
        await reader.execute("COMMIT")
        await alembic
        await other.close()


async def test_one_that_waits_in_vain_gives_up_says_for_whom_and_has_changed_nothing(
    bare: Database, empty_database_url: str, migrations: Migrations, lines: Lines
) -> None:
    await upgrade(bare, migrations, "1")
    thrice = Patience(lock=timedelta(seconds=1), attempts=3, first_pause=timedelta(0))
    async with held(empty_database_url):
        with pytest.raises(MigrationRefused, match=r"2 has not run: it waited 3 times for session \d+ \(the report,"):
            await upgrade(bare, migrations, patience=thrice)
    assert (await status(bare, migrations)).current == "1"
    assert sum("tries again" in line["event"] for line in lines) == 2
    assert (await upgrade(bare, migrations)).current == "2"


async def test_a_revision_that_fails_says_why_and_has_changed_nothing(bare: Database, tmp_path: Path) -> None:
    wrong = STEPS | {"3": running("CREATE TABLE others (id int)") + "\n" + running("SELECT 1 / 0")}
    migrations = revisions(tmp_path / "wrong", wrong)
    with pytest.raises(MigrationRefused, match=r"^3 failed: .*division by zero") as refusal:
        await upgrade(bare, migrations)
    assert "Those before it have run" in str(refusal.value)
    assert (await status(bare, migrations)).current == "2"
    async with bare.engine.connect() as connection:
        assert (await connection.exec_driver_sql("SELECT to_regclass('others')")).scalar() is None


async def test_who_waits_for_another_migration_is_told_by_which_session_it_runs(
    bare: Database, empty_database_url: str, migrations: Migrations
) -> None:
    await upgrade(bare, migrations, "1")
    first, second = Told(), Told()
    async with held(empty_database_url) as reader:
        one = asyncio.create_task(upgrade(bare, migrations, telling=first, patience=QUICK))
        await until(first, "waits for")
        two = asyncio.create_task(upgrade(bare, migrations, telling=second, patience=QUICK))
        await until(second, "Another migration is running (session ")
        await reader.execute("COMMIT")
        assert [(await one).current, (await two).current] == ["2", "2"]


@pytest.mark.parametrize(("attempt", "longest"), [(1, 0.5), (2, 1.0), (5, 8.0), (6, 15.0), (10, 15.0)])
def test_pauses_grow_up_to_a_limit(attempt: int, longest: float) -> None:
    assert longest * 0.75 <= Patience().pause(attempt) <= longest


async def plainly(db: Database, migrations: Migrations) -> None:
    """What `alembic upgrade head` does."""
    async with db.unhurried.connect() as connection:
        await connection.run_sync(lambda sync: command.upgrade(migrations.config(sync), "head"))
        await connection.commit()


@pytest.mark.parametrize(
    ("statement", "is_patient"),
    [
        ("CREATE INDEX CONCURRENTLY IF NOT EXISTS i ON things (name)", True),
        ("REINDEX (VERBOSE, CONCURRENTLY) TABLE things", True),
        ("REINDEX (CONCURRENTLY off) TABLE things", False),
        ("ALTER TABLE things ADD COLUMN note text /* not CONCURRENTLY */", False),
        ("COMMENT ON TABLE things IS 'made CONCURRENTLY'", False),
    ],
)
async def test_only_what_nobody_waits_behind_may_wait_for_long(
    bare: Database, empty_database_url: str, migrations: Migrations, statement: str, *, is_patient: bool
) -> None:
    await upgrade(bare, migrations, "1")
    asked: list[str] = []
    async with bare.unhurried.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        await connection.run_sync(listen_for_concurrently, QUICK)
        event.listen(connection.sync_connection, "before_cursor_execute", lambda *given: asked.append(given[2]))
        await connection.exec_driver_sql(statement)
    assert (lock_timeout(QUICK.concurrent) in asked) is is_patient


async def test_who_looks_on_may_be_stopped_at_any_moment(bare: Database, empty_database_url: str) -> None:
    complaints: list[object] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, told: complaints.append(told))
    async with bare.unhurried.connect() as connection:
        for milliseconds in range(0, 60, 2):  # connecting takes some
            fresh = Database(database_settings(empty_database_url))
            async with watched(fresh, connection, Told()):
                await asyncio.sleep(milliseconds / 1000)
            await fresh.close()
    gc.collect()
    assert complaints == []
