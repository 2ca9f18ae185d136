"""A prepared select gives what the plain one gives, and survives what the plain one survives."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import asyncpg
import pytest
from sqlalchemy import Float, Integer, Text, bindparam, column, func, select, table, text

from tests.conftest import CountStatements
from threadly.core.config import Secret
from threadly.core.database import Database, DatabaseSettings, Prepared, Tx

LAMPS = table("lamps", column("id", Integer), column("name", Text))
FROM = select(LAMPS.c.id, LAMPS.c.name).where(LAMPS.c.id >= bindparam("first"), LAMPS.c.id < 9).order_by(LAMPS.c.id)
SLEEP = Prepared(select(func.pg_sleep(bindparam("seconds", type_=Float)), func.pg_backend_pid()))


@pytest.fixture
async def lamps(empty_database_url: str) -> AsyncIterator[Database]:
    """A database with two lamps, and two connections to it, of which the last used is used first."""
    settings = DatabaseSettings(url=Secret(empty_database_url), pool_size=2, statement_timeout=timedelta(seconds=5))
    db = Database(settings)
    await db.run(_script, "create table lamps (id int primary key, name text)")
    await db.run(_script, "insert into lamps values (1, 'desk'), (2, 'floor')")
    yield db
    await db.close()


async def _script(tx: Tx, statement: str) -> None:
    await tx.execute(text(statement))


@pytest.mark.parametrize("planned_anew", [False, True])
async def test_it_gives_the_rows_that_the_plain_select_gives(lamps: Database, planned_anew: bool) -> None:
    prepared = Prepared(FROM, planned_anew=planned_anew)
    async with lamps.read() as read:
        for first in (0, 2, 3):
            plain = (await read.execute(FROM, {"first": first})).all()
            assert [tuple(row) for row in await prepared.fetch(read, {"first": first})] == [tuple(row) for row in plain]


async def test_within_a_transaction_it_sees_what_the_transaction_did(lamps: Database) -> None:
    async def add(tx: Tx) -> int:
        await tx.execute(LAMPS.insert().values(id=3, name="wall"))
        return len(await Prepared(FROM).fetch(tx, {"first": 0}))

    assert await lamps.run(add) == 3


async def test_it_is_counted_like_any_statement(lamps: Database, count_statements: CountStatements) -> None:
    async def look() -> None:
        async with lamps.read() as read:
            await Prepared(FROM).fetch(read, {"first": 0})

    assert await count_statements(lamps, look()) == 1


async def test_a_refusal_of_the_server_passes_and_the_connection_stays_good(lamps: Database) -> None:
    broken = Prepared(select(1 / (LAMPS.c.id - LAMPS.c.id)))
    async with lamps.read() as read:
        with pytest.raises(asyncpg.DivisionByZeroError):
            await broken.fetch(read)
        assert len(await Prepared(FROM).fetch(read, {"first": 0})) == 2


async def test_a_look_whose_connection_the_server_cuts_is_made_again_on_a_new_one(
    lamps: Database, empty_database_url: str
) -> None:
    killer = await asyncpg.connect(empty_database_url)

    async def dawdle() -> None:
        async with lamps.read() as read:
            ((_, backend),) = await SLEEP.fetch(read, {"seconds": 0})
            await killer.execute("select pg_terminate_backend($1)", backend)
            ((_, another),) = await SLEEP.fetch(read, {"seconds": 0})
            assert another != backend

    await dawdle()
    await killer.close()

    async with lamps.read() as read:
        assert len(await Prepared(FROM).fetch(read, {"first": 0})) == 2


async def test_a_reader_cancelled_in_the_middle_leaves_its_answer_to_nobody(lamps: Database) -> None:
    async def dawdle() -> None:
        async with lamps.read() as read:
            await SLEEP.fetch(read, {"seconds": 2})

    for _ in range(20):
        task = asyncio.create_task(dawdle())
        await asyncio.sleep(0.01)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        async with lamps.read() as read:
            assert [name for _, name in await Prepared(FROM).fetch(read, {"first": 0})] == ["desk", "floor"]
