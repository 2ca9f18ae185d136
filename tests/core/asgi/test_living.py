"""An application is built when its server starts it, and closed when it stops."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import pairwise
from typing import Any

import pytest

from threadly.core.asgi import ASGIApp, Living, Message, Receive, Scope, Send
from threadly.core.errors import Unavailable

SCOPE: dict[str, Any] = {"type": "lifespan", "state": {}}


class Server:
    """Speaks ASGI lifespan, as a server does."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.to_app: asyncio.Queue[Message] = asyncio.Queue()
        self.said: asyncio.Queue[Message] = asyncio.Queue()

    async def live(self) -> None:
        await self.app(SCOPE, self.to_app.get, self.said.put)

    async def tell(self, what: str) -> Message:
        await self.to_app.put({"type": f"lifespan.{what}"})
        return await asyncio.wait_for(self.said.get(), 5)


async def asked(app: ASGIApp) -> list[Message]:
    said: list[Message] = []

    async def send(message: Message) -> None:
        said.append(message)

    async def receive() -> Message:
        return {"type": "http.request"}

    await app({"type": "http", "path": "/"}, receive, send)
    return said


async def test_it_is_built_once_the_server_says_so_and_closed_when_it_stops() -> None:
    happened: list[str] = []

    async def inner(scope: Scope, _: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "path": scope["path"]})

    @asynccontextmanager
    async def started(scope: Scope) -> AsyncIterator[ASGIApp]:
        assert scope is SCOPE
        happened.append("built")
        yield inner
        happened.append("closed")

    app = Living(started)
    with pytest.raises(RuntimeError, match="lifespan"):
        await asked(app)
    server = Server(app)
    living = asyncio.create_task(server.live())
    assert happened == []
    assert await server.tell("startup") == {"type": "lifespan.startup.complete"}
    assert await asked(app) == [{"type": "http.response.start", "path": "/"}]
    assert happened == ["built"]
    assert await server.tell("shutdown") == {"type": "lifespan.shutdown.complete"}
    await living
    assert happened == ["built", "closed"]
    with pytest.raises(RuntimeError, match="lifespan"):
        await asked(app)


class ShelvesUnreachable(Unavailable):
    code = "shelves_unreachable"
    title = "Please try again in a moment."


@pytest.mark.parametrize(
    ("causes", "message"),
    [
        ([], "ShelvesUnreachable (shelves_unreachable)"),
        ([TimeoutError()], "ShelvesUnreachable (shelves_unreachable), by TimeoutError"),
        (
            [LookupError("wrapped"), ConnectionRefusedError(111, "nobody listens")],
            "ShelvesUnreachable (shelves_unreachable), by ConnectionRefusedError: [Errno 111] nobody listens",
        ),
    ],
)
async def test_what_it_needs_and_cannot_reach_is_told_in_a_sentence(
    causes: list[Exception], message: str, caplog: pytest.LogCaptureFixture
) -> None:
    absence = ShelvesUnreachable()
    for wrapped, cause in pairwise([absence, *causes]):
        wrapped.__cause__ = cause

    @asynccontextmanager
    async def started(_: Scope) -> AsyncIterator[ASGIApp]:
        if SCOPE:
            raise absence
        yield asked  # type: ignore[misc]  # never reached: it makes a generator of this

    server = Server(Living(started))
    living = asyncio.create_task(server.live())
    assert await server.tell("startup") == {"type": "lifespan.startup.failed", "message": message}
    await living
    (line,) = caplog.records
    assert (line.getMessage(), line.exc_info) == (f"The application cannot start: {message}", None)
    with pytest.raises(RuntimeError, match="lifespan"):
        await asked(server.app)


async def test_what_keeps_it_from_starting_is_told_and_nothing_is_served() -> None:
    @asynccontextmanager
    async def started(_: Scope) -> AsyncIterator[ASGIApp]:
        if SCOPE:
            raise ValueError("no database")
        yield asked  # type: ignore[misc]  # never reached: it makes a generator of this

    server = Server(Living(started))
    living = asyncio.create_task(server.live())
    assert await server.tell("startup") == {"type": "lifespan.startup.failed", "message": "no database"}
    await living
