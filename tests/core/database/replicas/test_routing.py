"""Nobody misses at a replica what they have written; who misses nothing there reads there."""

import asyncio
import time
from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.core.database.replicas.lamps import COUNT, LAMPS, Lamps, brightness, lit, since, until, went
from threadly.core.config import Secret
from threadly.core.database import Database, DatabaseSettings, Prepared, Tx
from threadly.core.database.replicas import Position, following, replica
from threadly.core.database.replicas.position import START

_OF_THE_FIRST = select(LAMPS.c.brightness).where(LAMPS.c.id == 0)


async def test_without_replicas_there_is_no_detour(database_url: str) -> None:
    db = Database(DatabaseSettings(url=Secret(database_url)))
    assert db.replicas is None  # all that `read` and `run` look at
    before = went()
    async with db.watching_replicas():
        with following(START):
            async with db.read():
                pass
    assert since(before) == {}
    await db.close()


async def test_who_has_written_nothing_reads_from_the_replica(lamps: Lamps) -> None:
    before = went()
    assert [await lamps.seen(lamp) for lamp in range(COUNT)] == [0] * COUNT
    assert since(before) == {"replica": COUNT}


async def test_who_is_no_request_reads_from_the_primary(lamps: Lamps) -> None:
    async with lamps.standby.paused():
        await lamps.switch(0, 7)
        before = went()
        assert await brightness(lamps.db, 0) == 7
    assert since(before) == {}


async def test_who_shows_no_position_reads_from_the_primary(lamps: Lamps) -> None:
    async with lamps.standby.paused():
        await lamps.switch(0, 7)
        before = went()
        assert await lamps.seen(0, None) == 7
    assert since(before) == {"unknown": 1}


async def test_who_must_miss_nothing_reads_from_the_primary(lamps: Lamps) -> None:
    async with lamps.standby.paused():
        await lamps.switch(0, 7)
        with following(START):
            async with lamps.db.read(latest=True) as read:
                assert list(await read.execute(_OF_THE_FIRST)) == [(7,)]


async def test_who_has_just_written_reads_that_from_the_primary(lamps: Lamps) -> None:
    async def write(tx: Tx) -> None:
        await tx.execute(LAMPS.update().values(brightness=9))

    async with lamps.standby.paused():
        before = went()
        with following(START):
            await lamps.db.run(write)
            assert await brightness(lamps.db, 3) == 9
    assert since(before) == {"written": 1}


async def test_a_lane_reads_from_the_primary_and_whoever_writes_there_misses_nothing_elsewhere(lamps: Lamps) -> None:
    async def write(tx: Tx) -> None:
        await tx.execute(LAMPS.update().values(brightness=9))

    lane = lamps.db.lane(1)
    assert lane.replicas is None  # nor any connection to one
    async with lamps.standby.paused():
        before = went()
        with following(START):
            assert await brightness(lane, 3) == 0
            await lane.run(write)
            assert await brightness(lane, 3) == 9
            assert await brightness(lamps.db, 3) == 9
    assert since(before) == {"written": 1}
    await lane.close()
    await lamps.caught_up()


async def test_while_the_replica_stands_still_each_sees_what_they_wrote_and_others_read_there(lamps: Lamps) -> None:
    async with lamps.standby.paused():
        positions = [await lamps.switch(lamp, 7) for lamp in range(COUNT)]
        before = went()
        assert [await lamps.seen(lamp, positions[lamp]) for lamp in range(COUNT)] == [7] * COUNT
        assert since(before) == {"behind": COUNT}
        assert await lamps.seen(0) == 0  # what the replica knows
    await lamps.caught_up()

    before = went()
    assert [await lamps.seen(lamp, positions[lamp]) for lamp in range(COUNT)] == [7] * COUNT
    assert since(before) == {"replica": COUNT}


@pytest.fixture
def unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever waits for a replica waits however slow this machine is."""
    monkeypatch.setattr(replica, "_AGAIN_SECONDS", 30.0)
    monkeypatch.setattr(replica, "_MOMENT_SECONDS", 30.0)


@pytest.mark.usefixtures("unhurried")
async def test_at_least_95_of_100_reads_right_behind_a_write_go_to_a_replica_without_lag(lamps: Lamps) -> None:
    before = went()
    for pair in range(100):
        position = await lamps.switch(pair % COUNT, pair)
        assert await lamps.seen(pair % COUNT, position) == pair
    assert since(before).get("replica", 0) >= 95


@pytest.mark.usefixtures("unhurried")
async def test_a_replica_that_replays_a_moment_later_is_waited_for(lamps: Lamps) -> None:
    async with lamps.standby.late_by(0.02):
        before = went()
        for value in range(20):
            position = await lamps.switch(0, value)
            assert await lamps.seen(0, position) == value
    assert since(before).get("replica", 0) >= 10  # one look each, and it would be none


async def test_a_replica_that_stands_still_is_waited_for_a_moment_only(lamps: Lamps) -> None:
    async with lamps.standby.paused():
        position = await lamps.switch(0, 7)
        began = time.monotonic()
        assert await lamps.seen(0, position) == 7
        assert time.monotonic() - began < 2.0


async def test_a_prepared_read_goes_to_the_replica_too(lamps: Lamps) -> None:
    before = went()
    with following(START):
        async with lamps.db.read() as read:
            assert list(map(tuple, await Prepared(_OF_THE_FIRST).fetch(read))) == [(0,)]
    assert since(before) == {"replica": 1}


async def test_a_position_on_a_later_timeline_is_only_on_the_primary(lamps: Lamps) -> None:
    ahead = Position(lamps.replica.position.timeline + 1, 0)
    before = went()
    assert await lamps.seen(0, ahead) == 0
    assert since(before) == {"behind": 1}


async def test_a_replica_too_far_behind_is_left_and_read_from_again_when_it_has_caught_up(lamps: Lamps) -> None:
    async with lit(lamps.pair, lamps.db_url, lag=timedelta(seconds=1)) as hurried:
        async with lamps.standby.paused():
            await hurried.switch(0, 7)
            await until(lambda: not hurried.replica.is_usable, "it is left")
            assert "s behind" in (hurried.replica.trouble or "")
            before = went()
            assert await hurried.seen(0) == 7
            assert since(before) == {"behind": 1}
        await hurried.caught_up()
        assert await hurried.seen(0) == 7


async def test_all_who_ask_for_a_position_during_a_look_share_the_next(lamps: Lamps) -> None:
    looks = 0
    look = lamps.replicas._looking.look

    async def counted() -> object:
        nonlocal looks
        looks += 1
        return await look()

    lamps.replicas._looking.look = counted  # type: ignore[method-assign]
    positions = await asyncio.gather(*(lamps.replicas.position() for _ in range(100)))
    assert None not in positions
    assert looks <= 3  # one that was under way, one for all, and perhaps a regular one


async def test_a_position_is_told_though_somebody_else_has_asked_while_it_was_looked_for(lamps: Lamps) -> None:
    look, others = lamps.replicas._looking.look, []

    async def asked_meanwhile() -> object:
        others.append(asyncio.create_task(lamps.replicas.position()))
        return await look()

    lamps.replicas._looking.look = asked_meanwhile  # type: ignore[method-assign]
    positions = [await lamps.replicas.position() for _ in range(5)]
    lamps.replicas._looking.look = look  # type: ignore[method-assign]
    assert None not in positions + await asyncio.gather(*others)


async def test_nobody_is_told_a_position_where_nobody_watches(lamps: Lamps) -> None:
    db = Database(DatabaseSettings(url=Secret(lamps.db_url), replicas=(Secret(lamps.replica_url),)))
    assert db.replicas is not None
    assert await db.replicas.position() is None
    before = went()
    with following(START):
        assert await brightness(db, 0) == 0
    assert since(before) == {"behind": 1}
    await db.close()
