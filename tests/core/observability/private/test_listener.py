"""The small server for those who run a shop, asked over real connections."""

import asyncio
import socket
from collections.abc import AsyncIterator
from urllib.parse import urlsplit

import pytest

from threadly.core.observability.private import listener as module
from threadly.core.observability.private.listener import Answer, Asked, Listener, OpsAddressNotUsable, OpsPortTaken


async def _well(asked: Asked) -> Answer:
    return Answer(f"{asked.path}?{asked.query}".encode())


async def _failing(_asked: Asked) -> Answer:
    raise RuntimeError("not today")


async def _forever(_asked: Asked) -> Answer:
    await asyncio.sleep(3600)
    return Answer(b"")


ROUTES = {"/well": _well, "/failing": _failing, "/forever": _forever}


@pytest.fixture
async def listener() -> AsyncIterator[Listener]:
    async with Listener(("127.0.0.1", 0), ROUTES).listening() as listening:
        yield listening


async def ask(listener: Listener, request: str) -> str:
    """The whole answer to a request as it is written; empty if there was none."""
    where = urlsplit(listener.url)
    reader, writer = await asyncio.open_connection(where.hostname, where.port)
    try:
        writer.write(request.encode())
        async with asyncio.timeout(5):
            return (await reader.read()).decode()
    except ConnectionError:
        return ""
    finally:
        writer.close()


def get(target: str, *, method: str = "GET", host: str = "127.0.0.1") -> str:
    return f"{method} {target} HTTP/1.1\r\nHost: {host}\r\n\r\n"


async def test_a_path_is_answered_and_the_connection_ends(listener: Listener) -> None:
    head, _, body = (await ask(listener, get("/well?a=b"))).partition("\r\n\r\n")
    assert head.splitlines()[0] == "HTTP/1.1 200 OK"
    assert {"content-length: 9", "cache-control: no-store", "connection: close"} < set(head.splitlines())
    assert body == "/well?a=b"


async def test_head_is_get_without_the_body(listener: Listener) -> None:
    answer = await ask(listener, get("/well", method="HEAD"))
    assert "content-length: 6" in answer
    assert answer.endswith("\r\n\r\n")


@pytest.mark.parametrize(
    ("case", "request_", "status"),
    [
        ("another path", get("/"), "404 Not Found"),
        ("another method", get("/well", method="POST"), "405 Method Not Allowed"),
        ("no HTTP", "hello\r\n\r\n", "400 Bad Request"),
        ("another HTTP", "GET /well HTTP/2\r\n\r\n", "400 Bad Request"),
        ("a whole address", get("http://127.0.0.1/well"), "400 Bad Request"),
        ("no header", "GET /well HTTP/1.1\r\nhello\r\n\r\n", "400 Bad Request"),
        ("another name", get("/well", host="attacker.example:9464"), "421 Misdirected Request"),
        ("no name", "GET /well HTTP/1.1\r\n\r\n", "421 Misdirected Request"),
        ("a failure", get("/failing"), "500 Internal Server Error"),
        ("a head of any length", get("/" + "x" * 20_000), "431 Request Header Fields Too Large"),
    ],
)
async def test_what_is_not_answered_is_refused_by_its_status(
    listener: Listener, case: str, request_: str, status: str
) -> None:
    answer = await ask(listener, request_)
    assert answer.startswith(f"HTTP/1.1 {status}\r\n"), case
    assert "not today" not in answer
    assert (await ask(listener, get("/well"))).startswith("HTTP/1.1 200"), "others are answered"


@pytest.mark.parametrize("host", ["127.0.0.1:9464", "localhost", "[::1]:9464", "127.8.9.1"])
async def test_every_name_of_this_machine_is_fine(listener: Listener, host: str) -> None:
    assert (await ask(listener, get("/well", host=host))).startswith("HTTP/1.1 200")


async def test_an_answer_has_a_time_limit(listener: Listener, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_ANSWER_SECONDS", 0.05)
    assert (await ask(listener, get("/forever"))).startswith("HTTP/1.1 503")


async def test_a_request_that_does_not_come_has_a_time_limit(
    listener: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_HEAD_SECONDS", 0.05)
    assert await ask(listener, "GET /well") == ""


async def test_the_end_does_not_wait_for_who_is_being_answered() -> None:
    async with Listener(("127.0.0.1", 0), ROUTES).listening() as listener:
        asking = asyncio.create_task(ask(listener, get("/forever")))
        await asyncio.sleep(0.1)
        began = asyncio.get_running_loop().time()
    assert await asking == ""
    assert asyncio.get_running_loop().time() - began < 1


async def test_a_port_that_is_taken_is_refused_by_the_name_of_the_setting() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(OpsPortTaken, match=rf"Port {port} of .* THREADLY_X="):
            async with Listener(("127.0.0.1", port), ROUTES, setting="THREADLY_X").listening():
                pass
        async with Listener(("127.0.0.1", port), ROUTES, tries=20).listening() as next_one:
            assert port < (urlsplit(next_one.url).port or 0) < port + 20


async def test_an_address_that_is_not_ours_is_refused() -> None:
    with pytest.raises(OpsAddressNotUsable, match="port 9464"):
        async with Listener(("192.0.2.1", 9464), ROUTES).listening():
            pass


async def test_whoever_says_nothing_makes_room_for_whoever_asks(
    listener: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST_CONNECTIONS", 3)
    where = urlsplit(listener.url)
    silent = [await asyncio.open_connection(where.hostname, where.port) for _ in range(5)]
    for _ in range(5):
        assert (await ask(listener, get("/well"))).startswith("HTTP/1.1 200 ")
    for _, writer in silent:
        writer.close()


async def test_whoever_waits_for_an_answer_makes_no_room(listener: Listener, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_CONNECTIONS", 3)
    where = urlsplit(listener.url)
    waiting = [await asyncio.open_connection(where.hostname, where.port) for _ in range(3)]
    for _, writer in waiting:
        writer.write(get("/forever").encode())
    until = asyncio.get_running_loop().time() + 5
    while listener._silent or len(listener._connections) < 3:
        assert asyncio.get_running_loop().time() < until
        await asyncio.sleep(0.01)
    assert await ask(listener, get("/well")) == ""
    assert len(listener._connections) == 3
    for _, writer in waiting:
        writer.close()
