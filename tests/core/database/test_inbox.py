"""Of everybody who asks for a message, one commits having heard that it is the first."""

import asyncio

import pytest

from threadly.core.database import Database, Tx, inbox


async def first(tx: Tx, message_id: str = "evt_1", consumer: str = "stripe") -> bool:
    return await inbox.first_time(tx, consumer=consumer, message_id=message_id)


async def test_the_second_time_is_not_the_first(db: Database) -> None:
    assert [await db.run(first), await db.run(first)] == [True, False]


async def test_each_consumer_has_its_own_first_time(db: Database) -> None:
    assert [await db.run(first), await db.run(first, consumer="paypal")] == [True, True]


async def test_a_first_time_that_is_rolled_back_did_not_happen(db: Database) -> None:
    class Failed(Exception):
        pass

    async def fail(tx: Tx) -> None:
        assert await first(tx)
        raise Failed

    with pytest.raises(Failed):
        await db.run(fail)
    assert await db.run(first)


async def test_one_of_many_at_once_is_first(db: Database) -> None:
    async def slowly(tx: Tx) -> bool:
        heard = await first(tx)
        await asyncio.sleep(0.02)
        return heard

    heard = await asyncio.gather(*(db.run(slowly) for _ in range(5)))
    assert sorted(heard) == [False, False, False, False, True]


async def test_who_waits_for_a_first_that_fails_becomes_the_first(db: Database) -> None:
    class Failed(Exception):
        pass

    begun, end = asyncio.Event(), asyncio.Event()

    async def fail(tx: Tx) -> None:
        await first(tx)
        begun.set()
        await end.wait()
        raise Failed

    failing = asyncio.create_task(db.run(fail))
    await begun.wait()
    waiting = asyncio.create_task(db.run(first))
    await asyncio.sleep(0.05)
    assert not waiting.done()
    end.set()
    with pytest.raises(Failed):
        await failing
    assert await waiting
