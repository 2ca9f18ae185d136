"""A read that fails at a replica is made once more at the primary, and nobody hears of it."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from sqlalchemy import Integer, column, func, literal, select, table
from sqlalchemy.exc import ProgrammingError

from tests.core.database.replicas.lamps import LAMPS, Lamps, since, until, went
from threadly.core import deadlines
from threadly.core.database import DatabaseTooSlow, Prepared, ReadSession
from threadly.core.database.replicas import following, instruments
from threadly.core.database.replicas.position import START

IN_RECOVERY = select(func.pg_is_in_recovery())
THE_FIRST = select(LAMPS.c.brightness).where(LAMPS.c.id == 0)
_END_ALL = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE usename = 'threadly'"


def repeated() -> float:
    return float(instruments.REPEATED._value.get())


async def prepared(read: ReadSession) -> object:
    """On the hot path."""
    ((found,),) = await Prepared(THE_FIRST).fetch(read)
    return found


async def composed(read: ReadSession) -> object:
    """By SQLAlchemy."""
    return await read.scalar(THE_FIRST)


@pytest.mark.parametrize("ask", [prepared, composed])
async def test_a_read_whose_connection_to_the_replica_was_cut_is_answered_by_the_primary(
    lamps: Lamps, ask: Callable[[ReadSession], Awaitable[object]]
) -> None:
    before = repeated()
    with following(START):
        async with lamps.db.read() as read:
            assert await ask(read) == 0
            assert await lamps.standby.ask(_END_ALL)
            assert await ask(read) == 0
            assert await read.scalar(IN_RECOVERY) is False  # and so are all that follow
    assert repeated() - before == 1
    assert lamps.replica._lent == set()
    assert lamps.db.pool.checkedout() == 0
    await lamps.caught_up()
    assert await lamps.seen(0) == 0


async def test_who_waits_at_a_replica_that_is_left_is_answered_by_the_primary(lamps: Lamps) -> None:
    async def nap() -> object:
        with following(START):
            async with lamps.db.read() as read:
                # A primary has nothing to say to it, at once.
                return await read.scalar(select(func.pg_sleep(120)).where(func.pg_is_in_recovery()))

    napping = asyncio.create_task(nap())
    await until(lambda: bool(lamps.replica._lent), "it is asked")
    await asyncio.sleep(0.05)
    lamps.replica.doubt("a test says so")
    assert await asyncio.wait_for(napping, 30) is None
    await lamps.caught_up()


async def test_a_table_that_has_not_reached_the_replica_yet_is_read_from_the_primary(lamps: Lamps) -> None:
    async with lamps.standby.paused():
        await lamps.make("CREATE TABLE shades (id int)")
        with following(START):
            async with lamps.db.read() as read:
                assert list(await read.execute(select(table("shades", column("id", Integer))))) == []
    assert lamps.replica.is_usable  # which is no fault of it


async def test_a_question_that_is_wrong_is_refused_as_ever(lamps: Lamps) -> None:
    with following(START):
        async with lamps.db.read() as read:
            with pytest.raises(ProgrammingError, match="nothing"):
                await read.scalar(select(table("nothing", column("id", Integer))))
            assert await read.scalar(THE_FIRST) == 0
    assert lamps.replica.is_usable
    assert lamps.db.pool.checkedout() == 0


async def test_who_has_no_time_left_is_not_sent_on(lamps: Lamps) -> None:
    assert await lamps.seen(0) == 0  # so that there is a connection to be had in time
    before, went_before = repeated(), went()
    with deadlines.within(1.0), following(START):
        async with lamps.db.read() as read:
            with pytest.raises(DatabaseTooSlow):
                await read.scalar(select(func.pg_sleep(60), literal(1)))
    assert repeated() == before
    assert since(went_before) == {"replica": 1}


async def test_who_finds_all_connections_to_the_replica_taken_is_answered_by_the_primary(lamps: Lamps) -> None:
    before = went()
    with following(START):
        taken = [lamps.db.read() for _ in range(lamps.replica._lender.pool.size())]
        for each in taken:
            await each.__aenter__()
        assert await lamps.seen(0) == 0
        for each in taken:
            await each.__aexit__(None, None, None)
    assert since(before) == {"replica": len(taken), "refused": 1}
    assert lamps.replica.is_usable  # it is well, and many want it
