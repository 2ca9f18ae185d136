"""Of several servers in an address, connections go to the primary, whatever the others do."""

import asyncio
import socket
import time
from datetime import timedelta

import asyncpg
import pytest
from sqlalchemy import func, literal, select

from tests.core.database.holes import behind_a_black_hole
from threadly.core.config import Secret
from threadly.core.database import Database, DatabaseSettings, DatabaseUnavailable, driver_url
from threadly.core.database.jobs.listen import listen
from threadly.core.database.primary import Primary

LONG = timedelta(seconds=60)


async def test_a_host_that_says_nothing_keeps_nobody_waiting(database_url: str) -> None:
    async with behind_a_black_hole(database_url) as url:
        db = Database(DatabaseSettings(url=Secret(url), pool_wait=LONG))
        began = time.monotonic()
        async with db.read() as read:
            assert await read.scalar(select(literal(1))) == 1
        async with db.unhurried.connect() as connection:
            assert await connection.scalar(select(literal(1))) == 1
        assert time.monotonic() - began < LONG.total_seconds() / 3
        await db.close()


async def test_notifications_are_heard_past_a_host_that_says_nothing(database_url: str) -> None:
    heard = asyncio.Event()
    async with behind_a_black_hole(database_url) as url:
        listening = asyncio.create_task(listen(driver_url(url), "bells", heard.set))
        await asyncio.wait_for(heard.wait(), 30)
        listening.cancel()
        await asyncio.wait([listening])


async def test_a_lane_leaves_an_old_primary_when_the_way_beside_it_does(database_url: str) -> None:
    async def session(db: Database) -> int:
        async with db.read() as read:
            return int(await read.scalar(select(func.pg_backend_pid())))

    async with behind_a_black_hole(database_url) as url:
        db = Database(DatabaseSettings(url=Secret(url), pool_size=2, pool_wait=LONG))
        lane = db.lane(1)
        before = [await session(each) for each in (db, lane)]
        assert [await session(each) for each in (db, lane)] == before
        db._primary.suspect(9)
        after = [await session(each) for each in (db, lane)]
        await lane.close()
        await db.close()
    assert set(before).isdisjoint(after)


async def test_where_none_takes_what_is_written_the_failure_that_tells_most_is_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as first, socket.create_server(("127.0.0.1", 0)) as second:
        ports = [each.getsockname()[1] for each in (first, second)]
    url = f"postgresql://nobody@127.0.0.1:{ports[0]},127.0.0.1:{ports[1]}/nothing"
    with pytest.raises(ConnectionRefusedError):
        await Primary(driver_url(url)).connect(timeout=30)
    db = Database(DatabaseSettings(url=Secret(url)), bridged_seconds=0)
    with pytest.raises(DatabaseUnavailable):
        async with db.read():
            pass
    assert db.pool.checkedout() == 0
    await db.close()


async def test_who_is_cancelled_while_it_looks_leaves_no_connection(database_url: str) -> None:
    other = await asyncpg.connect(database_url)
    mine = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'looks for one'"
    async with behind_a_black_hole(database_url) as url:
        primary = Primary(driver_url(url))
        for steps in range(0, 60, 3):
            looking = asyncio.ensure_future(
                primary.connect(timeout=30, server_settings={"application_name": "looks for one"})
            )
            for _ in range(steps):
                await asyncio.sleep(0)
            looking.cancel()
            await asyncio.wait([looking])
            if not looking.cancelled():
                looking.result().terminate()
    ends = time.monotonic() + 30
    while await other.fetchval(mine):
        assert time.monotonic() < ends, "all are gone"
        await asyncio.sleep(0.02)
    await other.close()
