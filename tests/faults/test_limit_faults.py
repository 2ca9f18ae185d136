"""Valkey hangs, is killed and comes back while four workers limit one sign-in: never unlimited, never all refused."""

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

import pytest

from tests.core.security.limits.shared import Worker, workers
from tests.faults.breakable import Engine, Valkey
from threadly.core.security.limits import Alone, Asked, Limit, Sharing

SIGN_INS = Limit("auth", 10, 3600.0)
"""Ten at once; nothing comes back while the test runs."""
PATIENCE = 0.25
MOST = 12
"""1.25 times the limit."""


@pytest.fixture(scope="module")
def valkey() -> Iterator[Valkey]:
    """One that nobody else uses."""
    with TemporaryDirectory() as folder:
        engine = Valkey(Path(folder))
        with engine.proxy.running():
            engine.start()
            try:
                yield engine
            finally:
                engine.stop()


async def tries(several: list[Worker], times: int, key: str = "a") -> int:
    """How many of so many at each are let in, turn by turn."""
    let_in = [await worker.lets_in(Asked(SIGN_INS, key)) for _ in range(times) for worker in several]
    return sum(let_in)


async def until_all(several: list[Worker], is_alone: bool) -> None:
    """Waits until all of them count alone, or none does."""
    async with asyncio.timeout(60):
        while any((worker.limiter.trouble is not None) is not is_alone for worker in several):  # noqa: ASYNC110
            await asyncio.sleep(0.05)  # nobody tells


TROUBLES: dict[str, Callable[[Engine], AbstractContextManager[None]]] = {
    "stopped": Engine.frozen,
    "killed": Engine.killed,
    "unreachable": lambda engine: engine.proxy.down(),
}


@pytest.mark.parametrize("trouble", TROUBLES)
async def test_four_workers_let_in_no_more_than_a_quarter_too_many_through_it_all(valkey: Valkey, trouble: str) -> None:
    async with workers(valkey.url, uuid4().hex, 4, patience=PATIENCE) as several:
        let_in = await tries(several, 1)
        assert let_in == 4
        with TROUBLES[trouble](valkey):
            let_in += await tries(several, 10)
            await until_all(several, is_alone=True)
            let_in += await tries(several, 10)
            assert 4 < let_in <= MOST, "neither all refused nor without a limit"
            strangers = [await tries(several, 10, key) for key in ("b", "c")]
            assert all(4 <= found <= MOST for found in strangers)
        for _ in range(3):
            let_in += await tries(several, 3)
            await asyncio.sleep(0.1)
        await until_all(several, is_alone=False)
        let_in += await tries(several, 10)
        assert let_in <= MOST
        assert [found + await tries(several, 10, key) for found, key in zip(strangers, "bc", strict=True)] <= [MOST] * 2
        assert await tries(several, 5, "somebody new") == 10, "and exact again"


async def test_nobody_waits_longer_than_one_failed_call(valkey: Valkey) -> None:
    async with workers(valkey.url, uuid4().hex, 1, patience=PATIENCE, looks=60.0) as (worker,):
        assert await worker.lets_in(Asked(SIGN_INS, "before"))
        with valkey.frozen():
            began = time.monotonic()
            asks = [worker.lets_in(Asked(SIGN_INS, str(number))) for number in range(50)]
            assert all(await asyncio.gather(*asks))
            together = time.monotonic() - began
            began = time.monotonic()
            assert all([await worker.lets_in(Asked(SIGN_INS, f"later {number}")) for number in range(200)])
            later = (time.monotonic() - began) / 200
    assert together < PATIENCE + 2.0
    assert later < 0.01


async def test_a_limit_that_should_refuses_meanwhile(valkey: Valkey) -> None:
    payouts = Limit("payout", 10, 3600.0, alone=Alone.REFUSES)
    async with workers(valkey.url, uuid4().hex, 1, patience=PATIENCE) as (worker,):
        assert await worker.lets_in(Asked(payouts, "a"))
        with valkey.frozen():
            refused = await worker.limiter.spend(Asked(payouts, "a"), Asked(SIGN_INS, "a"))
            assert refused.is_refused
            assert refused.limit is payouts
        await until_all([worker], is_alone=False)
        left = (await worker.limiter.spend(Asked(SIGN_INS, "a"))).left
        assert left in {8, 9}, "at most what the server found waiting when it woke"


async def test_a_memory_that_was_emptied_without_a_failed_call_grants_nothing_twice(valkey: Valkey) -> None:
    async with workers(valkey.url, uuid4().hex, 2, patience=PATIENCE) as (one, other):
        assert await tries([one], 12) == 10
        await one.client.redis.flushall()
        await until_all([one], is_alone=True)
        await until_all([one, other], is_alone=False)
        assert await tries([one, other], 10) == 0


async def test_what_was_leased_is_worth_nothing_once_the_store_is_lost(valkey: Valkey) -> None:
    leased = Limit("general", 1000, 1e7, sharing=Sharing.LEASED)
    async with workers(valkey.url, uuid4().hex, 1, patience=PATIENCE, looks=60.0) as (worker,):
        assert await worker.lets_in(Asked(leased, "a"))
        assert worker.limiter.take(Asked(leased, "a")), "more was leased than was asked for"
        with valkey.killed():
            await tries([worker], 1)
            assert worker.limiter.trouble is not None
            assert not worker.limiter.take(Asked(leased, "a"))
            assert await worker.lets_in(Asked(leased, "a"))
