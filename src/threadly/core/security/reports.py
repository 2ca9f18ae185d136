"""Takes what browsers tell of what a content security policy made them refuse.

    app = CspReports(app)      POST /csp-reports, by `report-uri` and by the Reporting API

Anybody may send anything here, as often as they like, so: always 204, whatever it is; no more of it is read than
`MOST_BYTES`, and no more than `MOST_A_MINUTE` are looked at, of each sender as many as `may` lets in. Each is counted
by its directive, and the first of a kind (directive, what was refused, what refused it) has a line in the log,
`MOST_KINDS` an hour.

Guaranteed: of an address no more is told than its scheme and host, of ours the first part of the path; of a script
nothing. What an extension of somebody's browser does is counted, and not told.
"""

import json
import re
from collections.abc import Awaitable, Callable, Iterator
from time import monotonic
from typing import Any, Final
from urllib.parse import urlsplit

import structlog
from prometheus_client import Counter

from threadly.core.asgi import ASGIApp, Receive, Scope, Send, bounded_body
from threadly.core.errors import Problem

PATH: Final = "/csp-reports"
MOST_BYTES: Final = 16 * 1024
MOST_A_MINUTE: Final = 60
MOST_KINDS: Final = 100
_MOST_SECONDS: Final = 2.0
_MOST_REPORTS: Final = 10
"""Of one request."""
_MINUTE: Final = 60.0
_HOUR: Final = 3600.0

DIRECTIVES: Final = frozenset(
    {
        "base-uri",
        "connect-src",
        "default-src",
        "font-src",
        "form-action",
        "frame-ancestors",
        "frame-src",
        "img-src",
        "manifest-src",
        "media-src",
        "object-src",
        "require-trusted-types-for",
        "script-src",
        "script-src-attr",
        "script-src-elem",
        "style-src",
        "style-src-attr",
        "style-src-elem",
        "trusted-types",
        "worker-src",
    }
)
REPORTS: Final = Counter(
    "threadly_csp_reports_total", "What browsers told of refusals by the content security policy.", ["directive"]
)
_OTHER: Final = "other"
_UNREAD: Final = "unread"
_WORDS: Final = frozenset({"inline", "eval", "wasm-eval", "trusted-types-policy", "trusted-types-sink", "data", "blob"})
_HOST: Final = re.compile(r"[a-z0-9.-]{1,100}(:\d{1,5})?")
_PART: Final = re.compile(r"[a-z-]{1,20}")

_log: Final = structlog.get_logger(__name__)


class CspReports:
    """Answers `path`; whatever else is asked goes to the application.

    Args:
        path: Where browsers are told to report (`SecurityHeaders`).
        may: Whether what somebody sends is looked at; None: always.
        seen: Called with the directive of each report that is looked at, but for those of an extension.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        path: str = PATH,
        may: Callable[[Scope], Awaitable[bool]] | None = None,
        seen: Callable[[Scope, str], None] | None = None,
    ) -> None:
        self.app = app
        self._may = may
        self._seen = seen
        self._path = path
        self._minute = _Bounded(MOST_A_MINUTE, _MINUTE)
        self._kinds: set[tuple[str, ...]] = set()
        self._hour = _Bounded(MOST_KINDS, _HOUR)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] != self._path:
            await self.app(scope, receive, send)
            return
        if scope["method"] != "POST":
            await send({"type": "http.response.start", "status": 405, "headers": [(b"allow", b"POST")]})
        else:
            if (self._may is None or await self._may(scope)) and self._minute.has_room():
                await self._take(scope, receive)
            else:
                REPORTS.labels(_UNREAD).inc()
            await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    async def _take(self, scope: Scope, receive: Receive) -> None:
        try:
            told = list(_reports(await bounded_body(receive, MOST_BYTES, most_seconds=_MOST_SECONDS)))
        except (Problem, ValueError, RecursionError):
            REPORTS.labels(_UNREAD).inc()
            return
        for directive, blocked, source, page in told:
            REPORTS.labels(directive).inc()
            if "extension" in (blocked, source):
                continue
            if self._seen is not None:
                self._seen(scope, directive)
            if self._hour.began_anew():
                self._kinds.clear()
            kind = (directive, blocked, source)
            if kind not in self._kinds and self._hour.has_room():
                self._kinds.add(kind)
                _log.warning("csp_refused", directive=directive, blocked=blocked, source=source, page=page)


class _Bounded:
    """So many in a time that begins anew when it is over."""

    def __init__(self, most: int, seconds: float) -> None:
        self._most = most
        self._seconds = seconds
        self._ends = 0.0
        self._left = 0

    def began_anew(self) -> bool:
        """Whether the time was over, and begins again."""
        now = monotonic()
        if now < self._ends:
            return False
        self._ends, self._left = now + self._seconds, self._most
        return True

    def has_room(self) -> bool:
        """Takes one more, unless there have been enough."""
        self.began_anew()
        self._left -= 1
        return self._left >= 0


def _reports(body: bytes) -> Iterator[tuple[str, str, str, str]]:
    """Directive, what was refused, what asked for it, and on which page; of either form of report."""
    told = json.loads(body)
    if isinstance(told, dict):
        old = told.get("csp-report")
        told = [{"type": "csp-violation", "body": old}] if isinstance(old, dict) else []
    for report in told[:_MOST_REPORTS] if isinstance(told, list) else []:
        if isinstance(report, dict) and report.get("type") == "csp-violation" and isinstance(report.get("body"), dict):
            yield _told(report["body"])


def _told(body: dict[str, Any]) -> tuple[str, str, str, str]:
    directive = _text(body, "effectiveDirective", "effective-directive", "violated-directive").partition(" ")[0]
    return (
        directive if directive in DIRECTIVES else _OTHER,
        _place(_text(body, "blockedURL", "blocked-uri")),
        _place(_text(body, "sourceFile", "source-file")),
        _page(_text(body, "documentURL", "document-uri")),
    )


def _text(body: dict[str, Any], *names: str) -> str:
    found = next((body[name] for name in names if isinstance(body.get(name), str)), "")
    return found[:MOST_BYTES]


def _place(address: str) -> str:
    """A word of the specification, or a scheme and a host."""
    if not address or address in _WORDS:
        return address
    try:
        parts = urlsplit(address.lower())
    except ValueError:
        return _OTHER
    if parts.scheme.endswith("-extension"):
        return "extension"
    if parts.scheme in {"http", "https", "ws", "wss"} and _HOST.fullmatch(parts.netloc):
        return f"{parts.scheme}://{parts.netloc}"
    return parts.scheme if parts.scheme in _WORDS else _OTHER


def _page(address: str) -> str:
    """The first part of a page's path: `/listings`."""
    try:
        part = urlsplit(address).path.split("/")[1:2]
    except ValueError:
        return _OTHER
    return f"/{part[0]}" if part and _PART.fullmatch(part[0]) else "/"
