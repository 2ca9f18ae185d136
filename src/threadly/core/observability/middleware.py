"""The one middleware that sees a request as a whole: its id, its trace, its line in the log, its place in the counts.

Pure ASGI, outermost. What it gives a request:

    X-Request-Id     what a trusted proxy calls it, or an id of ours; returned, and on every line
    traceparent      read (W3C): whose trace goes on, if it is exactly of the form; else a new trace begins
    Work             who asks inside what is under way, is told (`current()`)
    counts           rate, errors and duration, by the template of the route
    one line         method, route, status, milliseconds, bytes; a warning if the answer is 5xx
    the server span  made whole only if somebody is told of it: sampled, slow or failed

Guaranteed: an answer is passed on as it comes, never held back or copied; an exception goes through as it is; whoever
leaves before there is an answer counts as 499. Of what strangers claim, the trace they are in is believed, so that they
find themselves again, but neither an id for the request nor that it has to be told. Not guaranteed: that bytes which
were handed to the server have reached anybody.
"""

import re
from collections.abc import Awaitable, Callable, Collection
from time import perf_counter_ns
from typing import Final

import structlog
from opentelemetry.context import attach, detach
from opentelemetry.trace import SpanKind, set_span_in_context
from opentelemetry.util.types import AnyValue

from threadly.core.asgi import ASGIApp, Message, Peer, Receive, Scope, Send, headers_by_name
from threadly.core.observability.context import Work
from threadly.core.observability.failures import name_of
from threadly.core.observability.metrics.requests import METHODS, OTHER, Requests
from threadly.core.observability.tracing.provider import Tracing
from threadly.core.observability.tracing.spans import Span, bits, of_exception
from threadly.core.observability.tracing.traceparent import Parent, parse

UNMATCHED: Final = "unmatched"
"""The route of what no route answers."""
CLIENT_LEFT: Final = 499
_SCOPE: Final = "threadly.core.observability"
_REQUEST_ID: Final = re.compile(rb"[A-Za-z0-9][A-Za-z0-9._:-]{7,63}")
_PART: Final = re.compile(r"[a-z0-9._-]{0,80}")
_MOST_PARTS: Final = 16
_ID_HEADER: Final = b"x-request-id"

_log: Final = structlog.get_logger(__name__)


class Telemetry:
    """Tells of each request.

    Args:
        route_of: The template of the route in the scope, once a router has written it there; not needed where the
            router is heard of otherwise, and `current().route` set.
        trusts: Whether this peer is a proxy of the owner's, whose word on ids and sampling is taken.
        is_told: Whether each request has its line; failures have one in any case.
        failed: Told of what the application raised, be it that somebody gave up.
        quiet: Routes whose requests have a line only if they fail: probes.
        work: What each request begins; with fields of its own, where the application has more to say.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        tracing: Tracing,
        requests: Requests,
        trusts: Callable[[Peer], bool],
        route_of: Callable[[Scope], str | None] | None = None,
        is_told: bool = True,
        failed: Callable[[BaseException], object] | None = None,
        quiet: Collection[str] = (),
        work: type[Work] = Work,
    ) -> None:
        self.app = app
        self.begin = tracing.begin
        self.observe = requests.observe
        self.trusts = trusts
        self.route_of = route_of
        self.is_told = is_told
        self.failed = failed
        self.quiet = frozenset(quiet)
        self.work = work

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        exchange = _Exchange(self, scope, receive, send)
        before = attach(set_span_in_context(exchange.span))
        try:
            with exchange.work:
                try:
                    await self.app(scope, exchange.receive, exchange.send)
                except BaseException as failure:
                    if self.failed is not None:
                        self.failed(failure)
                    exchange.finish(failure)
                    raise
                exchange.finish()
        finally:
            detach(before)


class _Exchange:
    """A request and its answer."""

    __slots__ = (
        "_of",
        "_receive",
        "_scope",
        "_send",
        "bytes",
        "ended",
        "failure",
        "has_left",
        "span",
        "status",
        "work",
    )

    def __init__(self, of: Telemetry, scope: Scope, receive: Receive, send: Send) -> None:
        parent, claimed = _claims(scope, of.trusts)
        self.span = span = of.begin("", kind=SpanKind.SERVER, scope=_SCOPE, parent=parent)
        trace_id = span.local.trace_id
        method = scope["method"]
        self.work = of.work(
            request_id=claimed or (trace_id if parent is None else f"{bits(128):032x}"),
            trace_id=trace_id,
            span_id=span.span_id,
            method=method if method in METHODS else OTHER,
        )
        self._of = of
        self._scope = scope
        self._receive = receive
        self._send = send
        self.status = 0
        self.bytes = 0
        self.ended = 0
        self.has_left = False
        self.failure: BaseException | None = None

    async def receive(self) -> Message:
        """What comes in; notes when nobody is there any more."""
        message = await self._receive()
        if message["type"] == "http.disconnect":
            self.has_left = True
        return message

    def send(self, message: Message) -> Awaitable[None]:
        """What goes out, with the request's id; notes the status and the size."""
        kind = message["type"]
        if kind == "http.response.body":
            self.bytes += len(message.get("body", b""))
            if not message.get("more_body", False):
                self.ended = perf_counter_ns()
        elif kind == "http.response.start":
            self.status = message["status"]
            id = (_ID_HEADER, str(self.work.request_id).encode())
            message = {**message, "headers": [*message.get("headers", ()), id]}
        return self._send(message)

    def finish(self, failure: BaseException | None = None) -> None:
        """Tells of it."""
        span, of, work = self.span, self._of, self.work
        if not self.status:
            # A server cancels what nobody waits for.
            left = self.has_left or (failure is not None and not isinstance(failure, Exception))
            self.status = CLIENT_LEFT if left else 500
        if work.route is None and of.route_of is not None:
            work.route = of.route_of(self._scope)
        route = work.route or UNMATCHED
        took = (self.ended or perf_counter_ns()) - span.began
        of.observe(self._scope["method"], route, self.status, took / 1e9)
        if self.status >= 500 or isinstance(failure, Exception):
            span.has_failed = True
            self.failure = failure
            _log.warning("request", status=self.status, ms=round(took / 1e6, 2), bytes=self.bytes)
        elif of.is_told and route not in of.quiet:
            _log.info("request", status=self.status, ms=round(took / 1e6, 2), bytes=self.bytes)
        span.later = self._describe
        span.end()
        span.later = self.failure = None

    def _describe(self, span: Span) -> None:
        work, scope = self.work, self._scope
        span.name = f"{work.method} {work.route}" if work.route else str(work.method)
        told: dict[str, AnyValue] = {
            "http.request.method": work.method,
            "http.response.status_code": self.status,
            "http.response.body.size": self.bytes,
            "url.path": _told_path(scope["path"]),
            "url.scheme": scope.get("scheme", "http"),
            "network.protocol.version": scope.get("http_version", "1.1"),
            "threadly.request_id": work.request_id,
        }
        if work.route:
            told["http.route"] = work.route
        if span.has_failed:
            told["error.type"] = str(self.status) if self.failure is None else name_of(self.failure)
        if self.failure is not None:
            span.events = [("exception", span.ended, of_exception(self.failure))]
        span.attributes = told


def _told_path(path: str) -> str:
    """The path, without what is no part of an address of ours: anybody may write anything there."""
    return "/".join(part if _PART.fullmatch(part) else "…" for part in path.split("/")[:_MOST_PARTS])


def _claims(scope: Scope, trusts: Callable[[Peer], bool]) -> tuple[Parent | None, str | None]:
    """The trace that goes on, and the id that a trusted peer has given the request."""
    sent = headers_by_name(scope)
    traceparent, id = sent.get(b"traceparent"), sent.get(_ID_HEADER)
    if traceparent is None and id is None:
        return None, None
    is_trusted = trusts(scope.get("client"))
    parent = None
    if traceparent is not None:
        parent = parse(traceparent, b",".join(sent.all(b"tracestate")).decode("latin-1"))
        if parent is not None and not is_trusted:
            parent = Parent(parent.trace_id, parent.span_id, is_sampled=None)
    if id is None or not is_trusted or _REQUEST_ID.fullmatch(id) is None:
        return parent, None
    return parent, id.decode()
