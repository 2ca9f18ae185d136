"""Valkey as the memory of all workers: one call, whole numbers, and a mark by which it is known again."""

from uuid import uuid4

import pytest

from tests.core.security.limits.shared import Counting, workers
from tests.engines import EngineUrls
from threadly.core.security.limits import Asked, Limit, Sharing, ValkeyStore
from threadly.core.security.limits.store import Known, MemoryLost, Wanted

AGES = 1e7


async def test_all_limits_of_a_request_are_one_call(engine_urls: EngineUrls) -> None:
    limits = [Limit(name, 10, AGES, sharing=sharing) for name in "abc" for sharing in [Sharing(Sharing.EXACT)]]
    limits += [Limit("d", 100, AGES, sharing=Sharing.LEASED)]
    async with workers(engine_urls.cache_url, uuid4().hex, 1, looks=60.0) as (worker,):
        await worker.lets_in(Asked(limits[0], "so that the server knows the script"))
        before = worker.client.calls
        assert await worker.lets_in(*(Asked(limit, "x") for limit in limits))
        assert worker.client.calls == before + 1


async def test_a_server_that_has_forgotten_the_script_is_told_it_again(engine_urls: EngineUrls) -> None:
    limit = Limit("auth", 10, AGES)
    async with workers(engine_urls.cache_url, uuid4().hex, 1) as (worker,):
        assert await worker.lets_in(Asked(limit, "a"))
        await worker.client.redis.script_flush()
        assert (await worker.limiter.spend(Asked(limit, "a"))).left == 8
        assert worker.limiter.trouble is None


async def test_three_requests_of_a_burst_of_seven_are_counted_in_whole_numbers(engine_urls: EngineUrls) -> None:
    limit = Limit("odd", 7, 60)  # 8.571428… s each
    async with workers(engine_urls.cache_url, uuid4().hex, 1) as (worker,):
        assert [await worker.lets_in(Asked(limit, "a")) for _ in range(8)] == [True] * 7 + [False]


async def test_a_memory_that_is_not_the_known_one_decides_nothing(engine_urls: EngineUrls) -> None:
    client, limit = Counting(engine_urls.cache_url), Limit("auth", 10, AGES)
    store = ValkeyStore(client, prefix=uuid4().hex)
    mark, is_allowed, _ = await store.spend([Wanted(limit, "a", 1, 1)], mark="")
    assert is_allowed
    with pytest.raises(MemoryLost):
        await store.spend([Wanted(limit, "a", 1, 1)], mark="another")
    _, _, granted = await store.spend([Wanted(limit, "a", 1, 1)], mark=mark)
    assert limit.left(granted[0].rest) == 8
    await client.redis.aclose()


async def test_what_a_worker_tells_is_added_to_what_is_known_and_never_more_than_all(engine_urls: EngineUrls) -> None:
    client, limit = Counting(engine_urls.cache_url), Limit("auth", 10, 10 * AGES)
    store = ValkeyStore(client, prefix=uuid4().hex)
    rests = [(await store.absorb([Known(limit, "a", 3 * AGES, 2 * AGES)]))[1][0] for _ in range(4)]
    assert [round(rest / AGES) for rest in rests] == [5, 7, 9, 10]
    await client.redis.aclose()
