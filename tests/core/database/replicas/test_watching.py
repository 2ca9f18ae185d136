"""One look at a time, every so often and for who asks; nobody waits for longer than they say."""

import asyncio
import time

from tests.conftest import Lines
from threadly.core.database.replicas.watching import Watch

LONG = 60.0


async def test_it_looks_again_and_again() -> None:
    looks, third = 0, asyncio.Event()

    async def look() -> None:
        nonlocal looks
        looks += 1
        if looks == 3:
            third.set()

    async with Watch(look, every_seconds=0.001).watching():
        await asyncio.wait_for(third.wait(), LONG)


async def test_who_asks_waits_for_a_look_that_begins_afterwards_and_shares_it() -> None:
    begun: list[int] = []
    first, door = asyncio.Event(), asyncio.Event()

    async def look() -> None:
        begun.append(len(begun))
        first.set()
        await door.wait()

    async with (watch := Watch(look, every_seconds=LONG)).watching():
        await asyncio.wait_for(first.wait(), LONG)
        asking = [asyncio.create_task(watch.looked(within_seconds=LONG)) for _ in range(10)]
        await asyncio.sleep(0)
        assert begun == [0]  # the one under way has begun before they asked
        door.set()
        assert await asyncio.gather(*asking) == [True] * 10
        assert begun == [0, 1]


async def test_it_ends_whenever_it_is_told_to_also_while_somebody_asks() -> None:
    async def look() -> None:
        pass

    for steps in range(10):
        async with asyncio.timeout(LONG):
            async with (watch := Watch(look, every_seconds=LONG)).watching():
                assert await watch.looked(within_seconds=LONG)
                asking = asyncio.create_task(watch.looked(within_seconds=LONG))
                for _ in range(steps):
                    await asyncio.sleep(0)
            await asking


async def test_a_look_that_fails_is_told_of_and_not_taken_for_one_and_the_next_is_made(lines: Lines) -> None:
    fails = True

    async def look() -> None:
        if fails:
            raise ValueError("nobody foresaw this")

    async with (watch := Watch(look, every_seconds=LONG)).watching():
        assert not await watch.looked(within_seconds=LONG)
        fails = False
        assert await watch.looked(within_seconds=LONG)
    assert {line["event"] for line in lines} == {"A server could not be looked at, in a way that nobody foresaw."}


async def test_who_asked_for_a_look_that_was_cancelled_has_seen_none() -> None:
    first, second, door = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def look() -> None:
        (second if first.is_set() else first).set()
        await door.wait()
        door.clear()

    async with (watch := Watch(look, every_seconds=LONG)).watching():
        await asyncio.wait_for(first.wait(), LONG)
        asking = asyncio.create_task(watch.looked(within_seconds=LONG))
        await asyncio.sleep(0)
        door.set()
        await asyncio.wait_for(second.wait(), LONG)  # the look that they wait for is under way when watching ends
    assert not await asking


async def test_who_does_not_want_to_wait_any_longer_hears_so() -> None:
    async def look() -> None:
        await asyncio.Event().wait()

    async with (watch := Watch(look, every_seconds=LONG)).watching():
        began = time.monotonic()
        assert not await watch.looked(within_seconds=0.05)
        assert time.monotonic() - began < LONG / 2


async def test_nobody_waits_for_what_is_not_watched() -> None:
    async def look() -> None:
        raise AssertionError

    watch = Watch(look, every_seconds=LONG)
    assert not await watch.looked(within_seconds=LONG)


async def test_who_waits_when_watching_ends_hears_so() -> None:
    async def look() -> None:
        await asyncio.Event().wait()

    watch = Watch(look, every_seconds=LONG)
    async with watch.watching():
        asking = asyncio.create_task(watch.looked(within_seconds=LONG))
        await asyncio.sleep(0)
    assert not await asking
