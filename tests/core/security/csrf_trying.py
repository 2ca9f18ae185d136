"""Sends what a case says to an application."""

from collections.abc import Callable
from typing import Any, Final

from tests.core.security.csrf_pack import OTHER, SESSION, SITE, Case, Token
from threadly.core.asgi import READ_AFTER_COOKIES, ASGIApp, Message, Receive, Scope, Send, SessionCookie
from threadly.core.errors import Invalid, Problem
from threadly.core.keys import KeyRing
from threadly.core.security import CrossOriginRefused, CsrfTokens, Hosts, HostUnknown, SameOrigin

REST: Final = "title=M%C3%BCtze&price=25"
TOKENS: Final = CsrfTokens(KeyRing.of(b"0123456789abcdef" * 2))
MADE: Final[dict[Token, Callable[[], str]]] = {
    "own": lambda: TOKENS.issue(SESSION),
    "other's": lambda: TOKENS.issue(OTHER),
    "earlier": lambda: TOKENS.issue(f"{SESSION[:-1]}9"),
    "foreign": lambda: CsrfTokens(KeyRing.of(b"fedcba9876543210" * 2)).issue(SESSION),
    "short": lambda: TOKENS.issue(SESSION)[:-1],
    "flipped": lambda: _flipped(TOKENS.issue(SESSION)),
    "upper": lambda: f"{TOKENS.issue(SESSION)[:-8].upper()}ABCDEF12",
    "garbage": lambda: "0" * 104,
    "empty": lambda: "",
}


def _flipped(token: str) -> str:
    return token[:40] + ("0" if token[40] != "0" else "1") + token[41:]


def refuse(_: Scope, problem: Problem) -> ASGIApp:
    """An answer of that status."""
    assert isinstance(problem, CrossOriginRefused | HostUnknown | Invalid)

    async def answer(_scope: Scope, _receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": problem.status, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    return answer


def defended(shop: ASGIApp, **facts: Any) -> ASGIApp:  # noqa: ANN401
    """As the application is."""
    given: dict[str, Any] = {"tokens": TOKENS, "session": SessionCookie(is_secure=True), "harmless": READ_AFTER_COOKIES}
    same = SameOrigin(shop, origin=SITE, refuse=refuse, **(given | facts))
    return Hosts(same, site=SITE, others=["www.shop.example"], refuse=refuse)


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
