"""Health over HTTP, in front of any ASGI application.

    /livez     this process answers: that is all it says, and nothing else can make it say otherwise
    /readyz    send requests here, or not: 200, or 503; with the status of each component and no detail

Guaranteed: each is answered from memory, at once, without a look at anything. `/health`, which tells all, names what
this process depends on, so it is answered at the private address alone.
"""

from typing import Final

from threadly.core.asgi import ASGIApp, Message, Receive, Scope, Send
from threadly.core.observability.context import current
from threadly.core.observability.health.checks import Status
from threadly.core.observability.health.report import Report
from threadly.core.observability.health.watching import Health

LIVEZ: Final = "/livez"
READYZ: Final = "/readyz"
HEALTH: Final = "/health"
PROBES: Final = (LIVEZ, READYZ)
"""Asked again and again, by programs."""
MEDIA_TYPE: Final = "application/health+json"
ALIVE: Final = Report(status=Status.PASS)

_HEADERS: Final = [(b"content-type", MEDIA_TYPE.encode()), (b"cache-control", b"no-store")]
_METHODS: Final = frozenset({"GET", "HEAD"})


class HealthRoutes:
    """Answers `/livez` and `/readyz`; whatever else is asked goes to the application."""

    def __init__(self, app: ASGIApp, health: Health) -> None:
        self.app = app
        self._health = health

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] not in PROBES:
            await self.app(scope, receive, send)
            return
        if (work := current()) is not None:
            work.route = scope["path"]
        method = scope["method"]
        if method not in _METHODS:
            await send(_start(405, b"", [(b"allow", b"GET, HEAD")]))
            await send({"type": "http.response.body", "body": b""})
            return
        report = ALIVE if scope["path"] == LIVEZ else self._health.report().short()
        body = report.json()
        await send(_start(report.code, body, _HEADERS))
        await send({"type": "http.response.body", "body": b"" if method == "HEAD" else body})


def _start(code: int, body: bytes, headers: list[tuple[bytes, bytes]]) -> Message:
    length = (b"content-length", str(len(body)).encode())
    return {"type": "http.response.start", "status": code, "headers": [*headers, length]}
