"""Sends what a case says to an application."""

from collections.abc import Callable
from typing import Any, Final

from tests.core.security.csrf_pack import Case
from threadly.core.asgi import ASGIApp, Message, Receive, Scope, Send

REST: Final = "title=M%C3%BCtze&price=25"


class Shop:
    """Reads what comes in, whole."""

    def __init__(self) -> None:
        self.bodies: list[bytes] = []

    async def __call__(self, _scope: Scope, receive: Receive, send: Send) -> None:
        body, more = b"", True
        while more:
            message = await receive()
            body += message.get("body", b"")
            more = message.get("more_body", False)
        self.bodies.append(body)
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})


def request(case: Case, token: str | None, *, header: str, field: str) -> tuple[Scope, bytes]:
    """The scope and the body."""
    headers = [("host", case.host), *case.headers]
    kind, body, query, cookie = case.kind, REST if case.method not in {"GET", "HEAD"} else "", "", case.cookie
    if token is not None and case.place == "header":
        headers.append((header, token))
    elif token is not None and case.place == "form":
        kind, body = "application/x-www-form-urlencoded; charset=utf-8", f"{field}={token}&{REST}&more={'x' * 20_000}"
    elif token is not None and case.place == "parts":
        kind = "multipart/form-data; boundary=limit"
        body = _part(field, token) + _part("photo", "x" * 20_000) + "--limit--\r\n"
    elif token is not None and case.place == "text":
        kind, body = "text/plain", f"{field}={token}&{REST}"
    elif token is not None and case.place == "query":
        query = f"{field}={token}"
    elif token is not None and case.place == "cookie":
        cookie = f"{field}={token}; {cookie}"
    if kind is not None:
        headers.append(("content-type", kind))
    if cookie is not None:
        headers.append(("cookie", cookie))
    scope = {"type": "http", "method": case.method, "path": "/", "query_string": query.encode(), "scheme": "https"}
    return scope | {"headers": [(name.encode(), value.encode()) for name, value in headers]}, body.encode()


def _part(name: str, text: str) -> str:
    return f'--limit\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{text}\r\n'


async def status_of(app: Callable[..., Any] | ASGIApp, scope: Scope, body: bytes, *, chunks: int = 1) -> int:
    """What it answers."""
    size = max(1, -(-len(body) // chunks))
    pieces = [body[start : start + size] for start in range(0, len(body), size)] or [b""]
    said: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": pieces.pop(0) if pieces else b"", "more_body": bool(pieces)}

    async def send(message: Message) -> None:
        said.append(message)

    await app(scope, receive, send)
    return int(said[0]["status"])
