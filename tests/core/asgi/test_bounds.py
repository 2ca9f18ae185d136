"""Addresses and headers that no honest client sends."""

import httpx
import pytest

from threadly.core.asgi import ASGIApp, Bounds, Message, Receive, Scope, Send, closing, length_of
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


@pytest.mark.parametrize(
    ("case", "headers", "status"),
    [
        ("a length", [(b"content-length", b"5")], 200),
        ("chunks", [(b"transfer-encoding", b"chunked")], 200),
        ("chunks, shouted", [(b"transfer-encoding", b" Chunked ")], 200),
        ("as it is", [(b"content-length", b"5"), (b"content-encoding", b"identity")], 200),
        ("two lengths", [(b"content-length", b"5"), (b"content-length", b"6")], 400),
        ("one length twice", [(b"content-length", b"5"), (b"content-length", b"5")], 400),
        ("a length and chunks", [(b"content-length", b"5"), (b"transfer-encoding", b"chunked")], 400),
        ("chunks and a length", [(b"transfer-encoding", b"chunked"), (b"content-length", b"5")], 400),
        ("chunks of chunks", [(b"transfer-encoding", b"chunked"), (b"transfer-encoding", b"chunked")], 400),
        ("chunks of something", [(b"transfer-encoding", b"gzip, chunked")], 400),
        ("nearly chunks", [(b"transfer-encoding", b"xchunked")], 400),
        ("compressed", [(b"content-length", b"5"), (b"content-encoding", b"gzip")], 415),
        ("compressed twice", [(b"content-encoding", b"gzip"), (b"content-encoding", b"gzip")], 400),
        ("compressed in chunks", [(b"transfer-encoding", b"chunked"), (b"content-encoding", b"br")], 415),
        ("compressed by many", [(b"content-encoding", b"identity, deflate")], 415),
    ],
)
async def test_a_body_is_sent_in_one_way_only(case: str, headers: list[tuple[bytes, bytes]], status: int) -> None:
    said: list[Message] = []

    async def send(message: Message) -> None:
        said.append(message)

    async def receive() -> Message:
        raise AssertionError("nothing is read")

    scope = {
        "type": "http",
        "http_version": "1.1",
        "method": "POST",
        "path": "/",
        "query_string": b"",
        "headers": headers,
    }
    await Bounds(_answers(200), refuse=_refuse)(scope, receive, send)
    assert said[0]["status"] == status
    ends = (b"connection", b"close") in said[0]["headers"]
    assert ends is (status != 200 or any(name == b"transfer-encoding" for name, _ in headers))


async def test_http_2_has_no_connection_to_speak_of() -> None:
    said: list[Message] = []

    async def send(message: Message) -> None:
        said.append(message)

    await closing({"http_version": "2"}, send)({"type": "http.response.start", "status": 413, "headers": []})
    assert said[0]["headers"] == []


@pytest.mark.parametrize(
    ("value", "length"),
    [
        (b"0", 0),
        (b"123", 123),
        (b"9" * 18, 10**18 - 1),
        (b"9" * 400_000, 10**18),
        (b"-1", None),
        (b"1,1", None),
        (b"", None),
    ],
)
def test_a_length_is_a_number_or_nothing(value: bytes, length: int | None) -> None:
    assert length_of({"headers": [(b"host", b"x"), (b"content-length", value)]}) == length


async def test_what_is_not_http_passes() -> None:
    seen = []

    async def app(scope: Scope, _receive: Receive, _send: Send) -> None:
        seen.append(scope["type"])

    async def nothing(*_: object) -> dict[str, object]:
        return {}

    await Bounds(app, refuse=_refuse)({"type": "lifespan"}, nothing, nothing)  # type: ignore[arg-type]
    assert seen == ["lifespan"]
