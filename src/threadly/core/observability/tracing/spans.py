"""Spans of OpenTelemetry's API that cost about a microsecond, since nearly all of them are thrown away.

What one process does for one trace is a `LocalTrace`: the span it begins with, and those inside, in a bounded list.
Whether anybody is told is decided when the first one ends: if the trace was sampled from its beginning, or was slow, or
failed. So an id, a time of day or an attribute's cleaning is not made before that.

Guaranteed: at most `MOST_SPANS` a trace, `MOST_ATTRIBUTES` that are added, `MOST_EVENTS` and `MOST_LINKS` a span; what
is over is counted. No message of an exception is kept, only its type and where it was: what it says may be anybody's
secret. Not guaranteed: that what goes on after the first span has ended is told; what begins then is a local trace of
its own.
"""

import random
import re
from collections.abc import Callable, Mapping, Sequence
from time import perf_counter_ns, time_ns  # habit: time-from-clock - spans are told in nanoseconds
from typing import Final, Protocol, TypeAlias

from opentelemetry import trace
from opentelemetry.trace import Link, SpanContext, SpanKind, Status, StatusCode, TraceFlags, TraceState
from opentelemetry.util.types import AnyValue

from threadly.core.observability.failures import frames_of, name_of
from threadly.core.observability.tracing.traceparent import written

MOST_SPANS: Final = 256
MOST_ATTRIBUTES: Final = 64
MOST_EVENTS: Final = 32
MOST_LINKS: Final = 32

Attributes: TypeAlias = Mapping[str, AnyValue] | None
Moment: TypeAlias = tuple[str, int, Attributes]
"""The name of an event, when it was by `perf_counter_ns`, and what it says."""

_SAMPLED: Final = TraceFlags(TraceFlags.SAMPLED)
_NOT_SAMPLED: Final = TraceFlags(TraceFlags.DEFAULT)
_NAME_OF_A_FAILURE: Final = re.compile(r"[A-Za-z_][\w.]{0,127}")

bits: Final = random.Random().getrandbits  # noqa: S311 - ids tell apart, and hide nothing


class Pipeline(Protocol):
    """Who is told of local traces that have ended."""

    def ended(self, local: "LocalTrace", root: "Span") -> None:
        """Takes it, or lets it go; returns at once either way."""


class LocalTrace:
    """What this process does for one trace, while it does."""

    __slots__ = ("dropped", "is_open", "is_sampled", "offset", "pipeline", "spans", "state", "trace_id")

    def __init__(self, trace_id: str, *, is_sampled: bool, state: str, pipeline: Pipeline | None) -> None:
        self.trace_id = trace_id
        """32 hexadecimal digits."""
        self.is_sampled = is_sampled
        self.state = state
        self.pipeline = pipeline
        """None: nobody is told, and nothing is kept."""
        self.spans: list[Span] = []
        """Those inside the first one, in the order in which they began."""
        self.dropped = 0
        self.is_open = True
        self.offset = time_ns() - perf_counter_ns()
        """What makes a time of day of a `perf_counter_ns`: durations do not jump when a clock is set."""


class Span(trace.Span):
    """A span that is under way, or has ended and is not yet told."""

    __slots__ = (
        "_context",
        "_id",
        "added",
        "attributes",
        "began",
        "ended",
        "events",
        "failure",
        "has_failed",
        "is_first",
        "kind",
        "later",
        "links",
        "local",
        "name",
        "parent_id",
        "scope",
    )

    def __init__(
        self,
        local: LocalTrace,
        name: str,
        *,
        kind: SpanKind,
        scope: str,
        parent_id: str | None = None,
        attributes: Attributes = None,
        links: Sequence[Link] | None = None,
        is_first: bool = False,
    ) -> None:
        self.local = local
        self.name = name
        self.kind = kind
        self.scope = scope
        self.parent_id = parent_id
        self.attributes = attributes
        self.added: dict[str, AnyValue] | None = None
        if links is not None and len(links) > MOST_LINKS:
            local.dropped += len(links) - MOST_LINKS
            links = links[:MOST_LINKS]
        self.links = links
        self.is_first = is_first
        self.events: list[Moment] | None = None
        self.later: Callable[[Span], None] | None = None
        """Describes it, once it is known that it will be told."""
        self.has_failed = False
        self.failure = ""
        self.ended = 0
        self._id = ""
        self._context: SpanContext | None = None
        self.began = perf_counter_ns()

    @property
    def span_id(self) -> str:
        """16 hexadecimal digits, made when somebody first asks."""
        if not self._id:
            self._id = f"{bits(64) or 1:016x}"
        return self._id

    @property
    def traceparent(self) -> str:
        """How others are told of this span (W3C)."""
        return written(self.local.trace_id, self.span_id, is_sampled=self.local.is_sampled)

    def get_span_context(self) -> SpanContext:
        """What others need to know to be inside of this one."""
        if self._context is None:
            local = self.local
            self._context = SpanContext(
                int(local.trace_id, 16),
                int(self.span_id, 16),
                is_remote=False,
                trace_flags=_SAMPLED if local.is_sampled else _NOT_SAMPLED,
                trace_state=TraceState.from_header([local.state]) if local.state else None,
            )
        return self._context

    def is_recording(self) -> bool:
        """Whether it may be told, and so is worth describing."""
        return self.local.pipeline is not None and not self.ended

    def end(self, end_time: int | None = None) -> None:
        """Ends it, once. With the first span of a local trace, the trace ends."""
        if self.ended:
            return
        self.ended = perf_counter_ns() if end_time is None else end_time - self.local.offset
        if self.is_first:
            local = self.local
            local.is_open = False
            if local.pipeline is not None:
                local.pipeline.ended(local, self)

    def set_attributes(self, attributes: Mapping[str, AnyValue]) -> None:
        """Adds several."""
        for key, value in attributes.items():
            self.set_attribute(key, value)

    def set_attribute(self, key: str, value: AnyValue) -> None:
        """Adds one; a value that was there is replaced."""
        if self.is_recording():
            if self.added is None:
                self.added = {}  # what it began with may be shared with other spans
            if key in self.added or len(self.added) < MOST_ATTRIBUTES:
                self.added[key] = value
            else:
                self.local.dropped += 1

    def add_event(self, name: str, attributes: Attributes = None, timestamp: int | None = None) -> None:
        """Adds something that happened at one moment."""
        if self.is_recording():
            if self.events is None:
                self.events = []
            if len(self.events) < MOST_EVENTS:
                when = perf_counter_ns() if timestamp is None else timestamp - self.local.offset
                self.events.append((name, when, attributes))
            else:
                self.local.dropped += 1

    def add_link(self, context: SpanContext, attributes: Attributes = None) -> None:
        """Points at a span elsewhere."""
        if self.is_recording():
            links = self.links or ()
            if len(links) < MOST_LINKS:
                self.links = [*links, Link(context, attributes)]
            else:
                self.local.dropped += 1

    def update_name(self, name: str) -> None:
        """Calls it something else."""
        if self.is_recording():
            self.name = name

    def set_status(self, status: Status | StatusCode, description: str | None = None) -> None:
        """Says how it went. Of a description no more is kept than the name of a failure."""
        code = status if isinstance(status, StatusCode) else status.status_code
        told = description if isinstance(status, StatusCode) else status.description
        if self.is_recording() and code is not StatusCode.UNSET:
            self.has_failed = code is StatusCode.ERROR
            named = _NAME_OF_A_FAILURE.match(told or "") if self.has_failed else None
            self.failure = named.group() if named is not None and (told or "")[named.end() :][:1] in {"", ":"} else ""

    def record_exception(
        self,
        exception: BaseException,
        attributes: Attributes = None,
        timestamp: int | None = None,
        escaped: bool = False,
    ) -> None:
        """Adds the type of a failure, and where it was: file, line and function; never what it says."""
        if self.is_recording():
            told = {**of_exception(exception), "exception.escaped": escaped, **(attributes or {})}
            self.add_event("exception", told, timestamp)


def of_exception(exception: BaseException) -> dict[str, AnyValue]:
    """Its type and place, by the semantic conventions."""
    frames = "\n".join(frames_of(exception.__traceback__))
    return {"exception.type": name_of(exception), "exception.stacktrace": frames}
