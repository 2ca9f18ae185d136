"""Health over HTTP, in front of an application that is no part of it."""

import httpx
import pytest

from tests.core.observability.health.looks import Dependency
from threadly.core.asgi import Receive, Scope, Send
from threadly.core.observability.health import MEDIA_TYPE, Check, Health, HealthRoutes


async def behind(scope: Scope, receive: Receive, send: Send) -> None:
    """An application."""
    await send({"type": "http.response.start", "status": 418, "headers": []})
    await send({"type": "http.response.body", "body": scope["path"].encode()})


async def asked(health: Health, method: str, path: str) -> httpx.Response:
    transport = httpx.ASGITransport(HealthRoutes(behind, health))
    async with httpx.AsyncClient(transport=transport, base_url="http://any") as client:
        return await client.request(method, path)


def of(dependency: Dependency) -> list[Check]:
    return [dependency.check(timeout_seconds=0.05)]


@pytest.mark.parametrize(
    ("case", "dependency", "code", "status"),
    [
        ("well", Dependency(), 200, "pass"),
        ("a warning serves", Dependency(warning="Nearly."), 200, "warn"),
        ("a failure does not", Dependency(trouble="It is behind."), 503, "fail"),
    ],
)
async def test_ready_or_not_is_the_status_of_the_answer(
    case: str, dependency: Dependency, code: int, status: str
) -> None:
    async with Health(of(dependency)).watching() as health:
        answer = await asked(health, "GET", "/readyz")
    assert (answer.status_code, answer.headers["content-type"]) == (code, MEDIA_TYPE), case
    assert answer.headers["cache-control"] == "no-store"
    assert answer.json() == {"status": status, "checks": {"database": [{"status": status}]}}


async def test_alive_is_alive_whatever_else_is_wrong() -> None:
    async with Health(of(Dependency(trouble="It is behind.")), stopping=lambda: True).watching() as health:
        answer = await asked(health, "GET", "/livez")
    assert (answer.status_code, answer.json()) == (200, {"status": "pass"})


async def test_head_is_answered_without_a_body_and_nothing_else_is_taken() -> None:
    health = Health(of(Dependency()))
    head = await asked(health, "HEAD", "/livez")
    assert (head.status_code, head.content, head.headers["content-length"]) == (200, b"", "17")
    post = await asked(health, "POST", "/livez")
    assert (post.status_code, post.headers["allow"]) == (405, "GET, HEAD")


async def test_the_rest_is_the_applications_and_so_are_details() -> None:
    health = Health(of(Dependency()))
    for path in ("/", "/livez/", "/health"):
        assert (await asked(health, "GET", path)).text == path
