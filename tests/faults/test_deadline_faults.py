"""A server that hangs while somebody has a deadline: they are answered at it, and the server is used again soon after.

Each bound has a slack for machines that have other things to do; figures of a quiet one: docs/goals.md.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import ExitStack, asynccontextmanager
from datetime import timedelta
from typing import Final

import asyncpg
import pytest
from sqlalchemy import Integer, Select, column, func, select, table, text
from sqlalchemy.ext.asyncio import create_async_engine

from tests.faults.breakable import PostgreSQL
from threadly.core import deadlines
from threadly.core.config import Secret
from threadly.core.database import (
    Database,
    DatabaseSettings,
    DatabaseTooSlow,
    DatabaseUnavailable,
    Prepared,
    Tx,
    driver_url,
)

DEADLINE: Final = 0.3
SLACK: Final = 1.5
"""For a machine that has other things to do; SQLAlchemy alone is late by more."""
AGAIN: Final = 1.0
LAMPS: Final = table("lamps", column("number", Integer))
COUNT: Final[Select[int]] = select(func.count()).select_from(LAMPS)
SLEEP: Final = select(text("pg_sleep(30)"))
PREPARED: Final = Prepared(COUNT)

Way = Callable[[Database], Awaitable[object]]


@asynccontextmanager
async def used(server: PostgreSQL, *, is_warm: bool = True, statement_timeout: float = 5.0) -> AsyncIterator[Database]:
    """A database with an empty table and a pool of three connections."""
    longest = timedelta(seconds=statement_timeout)
    settings = DatabaseSettings(url=Secret(server.direct_url), pool_size=3, statement_timeout=longest)
    db = Database(settings)
    await db.run(_script, "drop table if exists lamps")
    await db.run(_script, "create table lamps (number int)")
    if is_warm:
        await asyncio.gather(*(look(db) for _ in range(3)))
    else:
        await db.engine.dispose()
        db = Database(settings)
    yield db
    await db.close()


async def _script(tx: Tx, statement: str) -> None:
    await tx.execute(text(statement))


async def look(db: Database) -> int:
    """One statement."""
    async with db.read() as read:
        return int(await read.scalar(COUNT))


async def look_prepared(db: Database) -> None:
    """The same on the hot path."""
    async with db.read() as read:
        await PREPARED.fetch(read)


async def write(db: Database) -> None:
    """One transaction."""
    await db.run(_script, "insert into lamps values (1)")


WAYS: Final = [look, look_prepared, write]


async def seconds(waiting: Awaitable[object]) -> float:
    """How long it takes until it is refused for its deadline."""
    began = time.monotonic()
    with pytest.raises(DatabaseTooSlow):
        await waiting
    return time.monotonic() - began


@pytest.mark.parametrize("is_warm", [True, False], ids=["warm", "cold"])
@pytest.mark.parametrize("way", WAYS)
async def test_who_has_a_deadline_is_answered_at_it_and_the_pool_is_well_a_second_after_the_hang(
    server: PostgreSQL, way: Way, is_warm: bool
) -> None:
    async with used(server, is_warm=is_warm) as db:
        with server.frozen():
            with deadlines.within(DEADLINE):
                waited = await seconds(way(db))
            assert DEADLINE - 0.01 <= waited < DEADLINE + SLACK
            assert db.pool.checkedout() == 0
        began = time.monotonic()
        assert len(set(await asyncio.gather(*(look(db) for _ in range(6))))) == 1
        assert time.monotonic() - began < AGAIN + SLACK


async def test_who_waits_for_a_place_in_the_pool_is_answered_at_the_deadline_too(server: PostgreSQL) -> None:
    async with used(server) as db:
        with server.frozen():
            others = [asyncio.create_task(look(db)) for _ in range(3)]
            await asyncio.sleep(0)
            with deadlines.within(DEADLINE):
                assert await seconds(look(db)) < DEADLINE + SLACK
            for other in others:
                other.cancel()
            began = time.monotonic()
            await asyncio.gather(*others, return_exceptions=True)
            assert time.monotonic() - began < SLACK, "who is cancelled says no farewell"
        assert db.pool.checkedout() == 0
        assert await look(db) == 0


async def test_several_statements_share_one_deadline(server: PostgreSQL) -> None:
    async with used(server) as db:
        statements = 0

        async def dawdle() -> None:
            nonlocal statements
            async with db.read() as read:
                while True:
                    await read.execute(select(text("pg_sleep(0.1)")))
                    statements += 1

        with deadlines.within(DEADLINE * 2):
            assert await seconds(dawdle()) < DEADLINE * 2 + SLACK
        assert 1 <= statements <= 6


async def test_a_renewed_deadline_counts_from_then(server: PostgreSQL) -> None:
    async with used(server) as db:
        with deadlines.within(1.0) as deadline:
            async with db.read() as read:
                assert await read.scalar(COUNT) == 0
                deadline.at += 60  # as `renew` does, by more than a slow machine needs
                await read.execute(select(text("pg_sleep(1.2)")))


async def test_the_end_of_a_consistent_look_keeps_the_deadline_too(server: PostgreSQL) -> None:
    async with used(server) as db:
        with ExitStack() as frozen:
            began = time.monotonic()
            with deadlines.within(DEADLINE):
                async with db.consistent() as read:
                    await read.scalar(COUNT)
                    frozen.enter_context(server.frozen())
            assert time.monotonic() - began < DEADLINE + SLACK
        assert db.pool.checkedout() == 0
        assert await look(db) == 0


async def test_after_the_deadline_nothing_is_asked_any_more(server: PostgreSQL) -> None:
    async with used(server) as db:
        with deadlines.within(0.0):
            for way in WAYS:
                with pytest.raises(DatabaseTooSlow):
                    await way(db)
        assert await look(db) == 0
        assert db.pool.checkedout() == 0


async def test_what_nobody_waits_for_any_more_is_ended_by_the_server(server: PostgreSQL) -> None:
    async with used(server, statement_timeout=60) as db:
        other = await asyncpg.connect(driver_url(server.direct_url))
        running = "select count(*) from pg_stat_activity where query like '%pg_sleep(30)%' and pid <> pg_backend_pid()"

        async def nap() -> None:
            async with db.read() as read:
                await read.execute(SLEEP)

        with deadlines.within(2.0):
            waiting = asyncio.create_task(seconds(nap()))
            while not await other.fetchval(running):
                assert not waiting.done(), "it runs"
            await waiting
        began = time.monotonic()
        while await other.fetchval(running):
            assert time.monotonic() - began < 10, "it would sleep for thirty seconds"
            await asyncio.sleep(0.02)
        await other.close()


async def test_a_commit_that_the_deadline_meets_is_refused_as_unknown(server: PostgreSQL) -> None:
    async def write_into_silence(tx: Tx, frozen: ExitStack) -> None:
        await _script(tx, "insert into lamps values (1)")
        frozen.enter_context(server.frozen())

    async with used(server) as db:
        with ExitStack() as frozen, deadlines.within(DEADLINE), pytest.raises(DatabaseUnavailable) as refused:
            await db.run(write_into_silence, frozen)
        assert refused.value.code == "database_unavailable", "not one that says that nothing has changed"
        assert db.pool.checkedout() == 0


async def test_whoever_is_cancelled_anywhere_leaves_no_connection_taken(server: PostgreSQL) -> None:
    async with used(server) as db:
        for way in WAYS:
            for steps in range(0, 60, 3):
                task = asyncio.ensure_future(way(db))
                for _ in range(steps):
                    await asyncio.sleep(0)
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)
                assert db.pool.checkedout() == 0
        assert await look(db) >= 0


async def test_a_server_that_hangs_keeps_nobody_from_closing_and_nothing_is_told_of_it(
    server: PostgreSQL, caplog: pytest.LogCaptureFixture
) -> None:
    async with used(server) as db:
        with server.frozen():
            began = time.monotonic()
            await db.close()
            assert time.monotonic() - began < 1.0 + SLACK
        assert caplog.messages == []
        assert await look(db) == 0  # whoever asks afterwards connects anew
        assert db.pool.checkedin() == 1


async def test_who_is_closed_says_farewell_and_is_gone(server: PostgreSQL) -> None:
    async with used(server) as db:
        other = await asyncpg.connect(driver_url(server.direct_url))
        others = "select count(*) from pg_stat_activity where application_name = 'threadly'"
        assert await other.fetchval(others) == 3
        await db.close()
        assert await other.fetchval(others) == 0
        await other.close()


async def test_with_sqlalchemy_alone_a_deadline_is_missed_by_far(server: PostgreSQL) -> None:
    engine = create_async_engine("postgresql+asyncpg://", connect_args={"dsn": driver_url(server.direct_url)})
    connection = await engine.connect()
    await connection.execute(text("select 1"))
    with server.frozen():
        began = time.monotonic()
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(DEADLINE):
                await connection.execute(text("select 1"))
        waited = time.monotonic() - began
    await connection.close()
    await engine.dispose()
    assert waited > DEADLINE + SLACK
