"""Health over HTTP, in front of any ASGI application.

    /livez     this process answers: that is all it says, and nothing else can make it say otherwise
    /readyz    send requests here, or not: 200, or 503; with the status of each component and no detail
    /health    everything, for those who run it; only where they alone can ask

Guaranteed: each is answered from memory, at once, without a look at anything.
"""

from typing import Final

from threadly.core.asgi import ASGIApp, Message, Receive, Scope, Send
from threadly.core.observability.context import current
from threadly.core.observability.health.checks import Status
from threadly.core.observability.health.report import Report
from threadly.core.observability.health.watching import Health

MEDIA_TYPE: Final = "application/health+json"

_ALIVE: Final = Report(status=Status.PASS).json()
_HEADERS: Final = [(b"content-type", MEDIA_TYPE.encode()), (b"cache-control", b"no-store")]
_METHODS: Final = frozenset({"GET", "HEAD"})


class HealthRoutes:
    """Answers `/livez` and `/readyz`; whatever else is asked goes to the application.

    Args:
        tells_all: Answer `/health` as well. It names what this process depends on, so not to the public.
    """

    def __init__(self, app: ASGIApp, health: Health, *, tells_all: bool = False) -> None:
        self.app = app
        self._health = health
        self._paths = frozenset({"/livez", "/readyz", "/health"} if tells_all else {"/livez", "/readyz"})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] not in self._paths:
            await self.app(scope, receive, send)
            return
        if (work := current()) is not None:
            work.route = scope["path"]
        method = scope["method"]
        if method not in _METHODS:
            await send(_start(405, b"", [(b"allow", b"GET, HEAD")]))
            await send({"type": "http.response.body", "body": b""})
            return
        code, body = answer(self._health, scope["path"])
        await send(_start(code, body, _HEADERS))
        await send({"type": "http.response.body", "body": b"" if method == "HEAD" else body})


def answer(health: Health, path: str) -> tuple[int, bytes]:
    """The status and the body that one of the three paths is answered with."""
    if path == "/livez":
        return 200, _ALIVE
    report = health.report()
    return report.code, (report if path == "/health" else report.short()).json()


def _start(code: int, body: bytes, headers: list[tuple[bytes, bytes]]) -> Message:
    length = (b"content-length", str(len(body)).encode())
    return {"type": "http.response.start", "status": code, "headers": [*headers, length]}
