"""One job a tick, whoever looks; no tick is made up for."""

import asyncio
from datetime import timedelta

import pytest

from tests.core.database.jobs import shop
from tests.core.database.jobs.shop import Greet
from threadly.core.database import Database, Tx
from threadly.core.database.jobs import schedules

HOURLY = (timedelta(hours=1), Greet(number=5))


async def come(db: Database, ago: str = "0") -> None:
    """The next tick is now, or was."""
    assert await shop.change(db, f"UPDATE schedules SET due_at = now() - interval '{ago}'") == 1


async def next_tick_is_a_full_hour_ahead(db: Database) -> bool:
    return (
        await shop.count(
            db,
            "schedules WHERE due_at > now() AND due_at <= now() + interval '1 hour'"
            " AND date_trunc('hour', due_at) = due_at",
        )
        == 1
    )


async def test_a_new_schedule_waits_for_its_next_full_tick(db: Database) -> None:
    await db.run(schedules.declare, [HOURLY])
    assert await next_tick_is_a_full_hour_ahead(db)
    assert not await db.run(schedules.tick, *HOURLY)
    assert await shop.count(db, "jobs") == 0


async def test_a_tick_makes_one_job_among_many_workers(db: Database) -> None:
    await db.run(schedules.declare, [HOURLY])
    await come(db)
    ticked = await asyncio.gather(*(db.run(schedules.tick, *HOURLY) for _ in range(10)))
    assert sorted(ticked) == [False] * 9 + [True]
    assert await shop.count(db, "jobs WHERE name = 'shop.greet' AND payload = '{\"number\": 5}' AND key = name") == 1


async def test_ticks_that_were_missed_make_one_job(db: Database) -> None:
    await db.run(schedules.declare, [HOURLY])
    await come(db, ago="3 days")
    assert [await db.run(schedules.tick, *HOURLY) for _ in range(3)] == [True, False, False]
    assert await next_tick_is_a_full_hour_ahead(db)


async def test_a_tick_is_dropped_while_the_last_run_has_not_ended(db: Database) -> None:
    await db.run(schedules.declare, [HOURLY])
    await come(db)
    await db.run(schedules.tick, *HOURLY)
    await come(db)
    assert not await db.run(schedules.tick, *HOURLY)
    assert await shop.count(db, "jobs") == 1
    assert await next_tick_is_a_full_hour_ahead(db)


async def test_a_dead_run_does_not_hold_up_the_next(db: Database) -> None:
    await db.run(schedules.declare, [HOURLY])
    await come(db)
    await db.run(schedules.tick, *HOURLY)
    await shop.change(db, "UPDATE jobs SET dead_at = now(), last_error = 'oops'")
    await come(db)
    assert await db.run(schedules.tick, *HOURLY)


async def test_a_schedule_that_becomes_more_frequent_does_so_at_once(db: Database) -> None:
    await db.run(schedules.declare, [(timedelta(days=1), HOURLY[1])])
    await db.run(schedules.declare, [HOURLY])
    assert await next_tick_is_a_full_hour_ahead(db)


async def test_a_schedule_that_is_due_stays_due_when_it_is_declared_again(db: Database) -> None:
    await db.run(schedules.declare, [HOURLY])
    await come(db)
    await db.run(schedules.declare, [HOURLY])
    assert await db.run(schedules.tick, *HOURLY)


async def test_a_tick_that_is_rolled_back_comes_again(db: Database) -> None:
    await db.run(schedules.declare, [HOURLY])
    await come(db)

    class Failed(Exception):
        pass

    async def fail(tx: Tx) -> None:
        assert await schedules.tick(tx, *HOURLY)
        raise Failed

    with pytest.raises(Failed):
        await db.run(fail)
    assert await db.run(schedules.tick, *HOURLY)
    assert await shop.count(db, "jobs") == 1


async def test_for_how_long_nobody_has_kept_a_schedule_is_known(db: Database) -> None:
    async with db.read() as read:
        assert await schedules.overdue_seconds(read) is None
        await db.run(schedules.declare, [HOURLY])
        assert (await schedules.overdue_seconds(read) or 0.0) < 0
        await come(db, "2 minutes")
        assert 120 <= (await schedules.overdue_seconds(read) or 0.0) < 150
