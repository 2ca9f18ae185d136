"""What is counted of a database, against a real one."""

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import timedelta

import pytest
from prometheus_client import REGISTRY
from sqlalchemy import Integer, bindparam, literal, literal_column, select, text
from sqlalchemy.exc import DBAPIError

from threadly.core.config import Secret
from threadly.core.database import Database, DatabaseSettings, DatabaseUnavailable, Prepared, Tx

ONE = Prepared(select(literal(1) + bindparam("more", type_=Integer)))


@pytest.fixture
async def small(empty_database_url: str) -> AsyncIterator[Database]:
    """A database with two connections, for which nobody waits long."""
    settings = DatabaseSettings(url=Secret(empty_database_url), pool_size=2, pool_wait=timedelta(seconds=1))
    db = Database(settings)
    yield db
    await db.close()


def value(name: str, **labels: str) -> float:
    return REGISTRY.get_sample_value(name, labels) or 0.0


def rise(name: str, **labels: str) -> Callable[[], float]:
    """By how much it has risen since."""
    before = value(name, **labels)
    return lambda: value(name, **labels) - before


async def test_statements_are_timed_by_whether_they_only_look(small: Database) -> None:
    reads = rise("threadly_db_statement_seconds_count", kind="read")
    changes = rise("threadly_db_statement_seconds_count", kind="tx")
    async with small.read() as read:
        await read.scalar(select(literal(1)))
        await ONE.fetch(read, {"more": 1})
        assert (reads(), changes()) == (2, 0)

    async def change(tx: Tx) -> None:
        await tx.execute(text("SELECT 1"))
        await ONE.fetch(tx, {"more": 1})

    await small.run(change)
    assert (reads(), changes()) == (2, 2)


async def test_failures_are_counted_by_the_class_of_their_code(small: Database) -> None:
    syntax, values = (rise("threadly_db_errors_total", sqlstate_class=known) for known in ("42", "22"))
    async with small.read() as read:
        with pytest.raises(DBAPIError):
            await read.execute(select(literal_column("nonsense")))
        with pytest.raises(Exception, match="division"):
            await Prepared(select(literal(1) / bindparam("by", type_=Integer))).fetch(read, {"by": 0})
    assert (syntax(), values()) == (1, 1)


async def test_the_pool_tells_who_has_a_connection_and_who_waits(small: Database) -> None:
    used, waiting = rise("threadly_db_connections", state="used"), rise("threadly_db_waiting")
    unreached = rise("threadly_db_unreached_total")
    checkouts = rise("threadly_db_checkout_seconds_count")
    async with small.read(), small.read():
        third = asyncio.ensure_future(small.read().__aenter__())
        await asyncio.sleep(0.05)
        assert (used(), waiting()) == (2, 1)
        assert value("threadly_db_connections", state="most") >= 2
        with pytest.raises(DatabaseUnavailable):
            await third
    assert (used(), waiting(), unreached(), checkouts()) == (0, 0, 1, 3)


async def test_a_conflict_that_is_tried_again_is_counted(small: Database) -> None:
    retries, conflicts = rise("threadly_db_retries_total"), rise("threadly_db_errors_total", sqlstate_class="40")
    tried = []

    async def conflict_once(tx: Tx) -> None:
        tried.append(1)
        if len(tried) == 1:
            await tx.execute(text("DO $$ BEGIN RAISE EXCEPTION 'rival' USING ERRCODE = '40001'; END $$"))

    await small.run(conflict_once)
    assert (retries(), conflicts(), len(tried)) == (1, 1, 2)
