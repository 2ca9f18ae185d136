"""Requests are held to their limits, and told how they stand."""

from collections.abc import Sequence
from uuid import uuid4

import httpx
import pytest

from tests.core.security.limits.shared import workers
from tests.engines import EngineUrls
from threadly.core.asgi import ASGIApp, Receive, Scope, Send
from threadly.core.errors import Problem
from threadly.core.security.limits import Asked, Limit, Limited, LimitReached, Verdict
from threadly.core.security.limits.asgi import headers_of, limit_reached

SIGN_INS, WIDE = Limit("auth", 2, 60), Limit("wide", 100, 60)


class Shop:
    """Counts who came in."""

    def __init__(self, *, headers: Sequence[tuple[bytes, bytes]] = ()) -> None:
        self.came_in = 0
        self.headers = headers

    async def __call__(self, scope: Scope, _receive: Receive, send: Send) -> None:
        self.came_in += 1
        await send({"type": "http.response.start", "status": 200, "headers": list(self.headers)})
        await send({"type": "http.response.body", "body": b""})


def refuse(_: Scope, problem: Problem) -> ASGIApp:
    assert isinstance(problem, LimitReached)

    async def answer(_scope: Scope, _receive: Receive, send: Send) -> None:
        told = [(b"retry-after", str(problem.retry_after_seconds).encode())]
        await send({"type": "http.response.start", "status": problem.status, "headers": told})
        await send({"type": "http.response.body", "body": b""})

    return answer


def wide(scope: Scope) -> Asked:
    """What everybody is under."""
    return Asked(WIDE, str(scope["client"]))


async def ask(url: str, shop: Shop, times: int) -> list[httpx.Response]:
    """As often, from one address; and then at `/free`, which is under no limit but what everybody is under."""

    async def under(scope: Scope) -> Sequence[Asked]:
        return () if scope["path"] == "/free" else (Asked(SIGN_INS, str(scope["client"])),)

    async with workers(url, uuid4().hex, 1) as (worker,):
        limited = Limited(shop, limiter=worker.limiter, first=wide, under=under, refuse=refuse)
        async with httpx.AsyncClient(transport=httpx.ASGITransport(limited), base_url="http://shop") as client:
            answers = [await client.get("/sign-in") for _ in range(times)]
            return [*answers, await client.get("/free")]


async def test_who_is_over_a_limit_is_refused_and_comes_no_further(engine_urls: EngineUrls) -> None:
    shop = Shop()
    *asked, free = await ask(engine_urls.cache_url, shop, 4)
    assert [answer.status_code for answer in asked] == [200, 200, 429, 429]
    assert shop.came_in == 3
    assert [answer.headers["ratelimit-policy"] for answer in asked] == ['"auth";q=2;w=60'] * 4
    assert [answer.headers["ratelimit"].split(";t=")[0] for answer in asked] == [
        '"auth";r=1', '"auth";r=0', '"auth";r=0', '"auth";r=0',
    ]  # fmt: skip
    first, second, third, _ = (int(answer.headers["ratelimit"].split(";t=")[1]) for answer in asked)
    assert 25 <= first <= 30
    assert 50 <= second <= 60
    assert str(third) == asked[2].headers["retry-after"]
    assert 20 <= third <= 30
    assert "ratelimit" not in free.headers, "of that nobody is told who is within it"


async def test_what_everybody_is_under_is_spent_before_anything_is_looked_up(engine_urls: EngineUrls) -> None:
    shop, address = Shop(), Limit("address", 3, 60)
    looked_up: list[str] = []

    async def under(scope: Scope) -> Sequence[Asked]:
        looked_up.append(scope["path"])
        return {"/free": ()}.get(scope["path"], (Asked(SIGN_INS, "somebody"),))

    async with workers(engine_urls.cache_url, uuid4().hex, 1) as (worker,):
        limited = Limited(
            shop,
            limiter=worker.limiter,
            first=lambda scope: Asked(address, str(scope["client"])),
            under=under,
            refuse=refuse,
        )
        async with httpx.AsyncClient(transport=httpx.ASGITransport(limited), base_url="http://shop") as client:
            asked = [await client.get(path) for path in ("/free", "/sign-in", "/sign-in", "/sign-in", "/free")]
    assert [answer.status_code for answer in asked] == [200, 200, 200, 429, 429]
    assert looked_up == ["/free", "/sign-in", "/sign-in"], "and nothing for who is refused by address"
    assert [answer.headers.get("ratelimit-policy") for answer in asked] == [
        None, '"auth";q=2;w=60', '"auth";q=2;w=60', '"address";q=3;w=60', '"address";q=3;w=60',
    ]  # fmt: skip
    assert shop.came_in == 3


async def test_what_caches_keep_for_everybody_tells_nobody_how_somebody_stands(engine_urls: EngineUrls) -> None:
    asked, *_ = await ask(engine_urls.cache_url, Shop(headers=[(b"Cache-Control", b"public, max-age=10")]), 1)
    assert "ratelimit" not in asked.headers


@pytest.mark.parametrize(("reset", "told"), [(0.2, 1), (1.0, 1), (1.2, 2), (59.5, 60)])
def test_who_waits_as_long_as_is_told_waits_enough_and_less_than_a_second_too_long(reset: float, told: int) -> None:
    refused = Verdict(SIGN_INS, 0, reset, is_refused=True)
    problem = limit_reached(refused)
    assert problem.retry_after_seconds == told
    assert problem.facts == {"limit": "auth", "retry_after_seconds": told}
    assert (b"ratelimit", b'"auth";r=0;t=%d' % told) in headers_of(refused)


async def test_what_is_no_request_is_under_no_limit() -> None:
    seen: list[str] = []

    async def app(scope: Scope, _receive: Receive, _send: Send) -> None:
        seen.append(scope["type"])

    async def nobody(_: Scope) -> Sequence[Asked]:
        raise AssertionError

    limited = Limited(app, limiter=None, under=nobody, refuse=refuse)  # type: ignore[arg-type]
    await limited({"type": "websocket"}, None, None)  # type: ignore[arg-type]
    assert seen == ["websocket"]
