"""What stands behind a middleware that lets in or keeps out, and whoever asks it."""

from typing import Any

from threadly.core.asgi import ASGIApp, Message, Receive, Scope, Send
from threadly.core.errors import Problem

Answer = tuple[int, dict[str, str]]


class Shop:
    """Counts who came in."""

    def __init__(self) -> None:
        self.came_in: list[str] = []

    async def __call__(self, scope: Scope, _receive: Receive, send: Send) -> None:
        self.came_in.append(scope.get("method", scope["type"]))
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})


def refuse(_: Scope, problem: Problem) -> ASGIApp:
    async def answer(_scope: Scope, _receive: Receive, send: Send) -> None:
        named = [(b"x-code", problem.code.encode())]
        await send({"type": "http.response.start", "status": problem.status, "headers": named})
        await send({"type": "http.response.body", "body": b""})

    return answer


async def ask(app: ASGIApp, shop: Shop, **facts: Any) -> Answer:  # noqa: ANN401
    """The status and the headers; what was not let in has not come in."""
    sent: list[Message] = []

    async def receive() -> Message:
        raise AssertionError

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "GET", "scheme": "https", "path": "/", "raw_path": b"/", "query_string": b""}
    await app(scope | {"headers": []} | facts, receive, send)
    status = int(sent[0]["status"])
    assert len(shop.came_in) == (status == 200)
    return status, {name.decode(): value.decode() for name, value in sent[0]["headers"]}
