"""Addresses and headers that no honest client sends."""

import httpx
import pytest

from threadly.core.asgi import ASGIApp, Bounds, Receive, Scope, Send
from threadly.core.asgi.bounds import MOST_HEADER_BYTES, MOST_HEADERS, MOST_URL_BYTES
from threadly.core.errors import Problem


def _answers(status: int) -> ASGIApp:
    async def app(_scope: Scope, _receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": status, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    return app


def _refuse(_scope: Scope, problem: Problem) -> ASGIApp:
    return _answers(problem.status)


async def _ask(path: str, query: bytes, headers: list[tuple[bytes, bytes]]) -> int:
    transport = httpx.ASGITransport(Bounds(_answers(200), refuse=_refuse))
    async with httpx.AsyncClient(transport=transport, base_url="http://shop") as client:
        client.headers.clear()
        request = client.build_request("GET", path, headers=headers)
        request.url = request.url.copy_with(query=query)
        del request.headers["host"]
        return (await client.send(request)).status_code


@pytest.mark.parametrize(
    ("case", "query", "headers", "status"),
    [
        ("the longest address", b"a" * (MOST_URL_BYTES - 1), [], 200),
        ("a byte more", b"a" * MOST_URL_BYTES, [], 414),
        ("most headers", b"", [(b"a", b"")] * MOST_HEADERS, 200),
        ("one more", b"", [(b"a", b"")] * (MOST_HEADERS + 1), 431),
        ("the longest headers", b"", [(b"a", b"b" * (MOST_HEADER_BYTES - 1))], 200),
        ("a byte more", b"", [(b"a", b"b" * MOST_HEADER_BYTES)], 431),
    ],
)
async def test_bounds_hold_on_both_sides(
    case: str, query: bytes, headers: list[tuple[bytes, bytes]], status: int
) -> None:
    assert await _ask("/", query, headers) == status


async def test_what_is_not_http_passes() -> None:
    seen = []

    async def app(scope: Scope, _receive: Receive, _send: Send) -> None:
        seen.append(scope["type"])

    async def nothing(*_: object) -> dict[str, object]:
        return {}

    await Bounds(app, refuse=_refuse)({"type": "lifespan"}, nothing, nothing)  # type: ignore[arg-type]
    assert seen == ["lifespan"]
