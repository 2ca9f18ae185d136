"""What limits do is counted."""

from uuid import uuid4

from prometheus_client import REGISTRY
from redis.asyncio import Redis

from tests.core.security.limits.shared import workers
from tests.engines import EngineUrls
from threadly.core.security.limits import Asked, Limit, Limiter, Sharing, ValkeyStore


def counted(outcome: str) -> float:
    labels = {"limit": "counted", "outcome": outcome}
    return REGISTRY.get_sample_value("threadly_limits_total", labels) or 0.0


def alone() -> float:
    return REGISTRY.get_sample_value("threadly_limits_alone") or 0.0


async def test_what_is_let_in_and_refused_is_counted_by_limit(engine_urls: EngineUrls) -> None:
    limit = Limit("counted", 2, 1e7)
    let_in, refused = counted("let_in"), counted("refused")
    async with workers(engine_urls.cache_url, uuid4().hex, 1) as (worker,):
        for _ in range(5):
            await worker.limiter.spend(Asked(limit, "a"))
    assert (counted("let_in"), counted("refused")) == (let_in + 2.0, refused + 3.0)


async def test_what_is_let_in_from_a_lease_is_counted_as_well(engine_urls: EngineUrls) -> None:
    limit = Limit("counted", 1000, 1e7, sharing=Sharing.LEASED)
    before = counted("let_in")
    async with workers(engine_urls.cache_url, uuid4().hex, 1, looks=60.0) as (worker,):
        for _ in range(10):
            await worker.limiter.spend(Asked(limit, "a"))
        asked = worker.client.calls
        assert worker.limiter.take(Asked(limit, "a"))
        assert worker.client.calls == asked < 10
    assert counted("let_in") == before + 11


async def test_who_counts_alone_is_counted_until_it_ends() -> None:
    gone = Redis.from_url("unix:///nonexistent/none.sock")
    limiter, before = Limiter(ValkeyStore(gone), workers=2), alone()
    async with limiter.running():
        for _ in range(2):
            await limiter.spend(Asked(Limit("counted", 2, 1e7), "a"))
        assert alone() == before + 1
        assert (counted("let_in_alone"), counted("refused_alone")) == (1.0, 1.0)
    assert alone() == before
    await gone.aclose()
