"""The tracers of OpenTelemetry's API, and which local traces are told.

    async with traced(settings, receiver) as tracing:  # `opentelemetry.trace` leads here, in every package
        ...

Sampling: what a trace was decided to be where it began holds (`traceparent`); what begins here is sampled by chance.
Beyond that, whatever was slow or failed is told, up to so many a second; of it only what happened in this process.
"""

import asyncio
import random
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from time import perf_counter
from typing import Final

from opentelemetry import trace
from opentelemetry.context import Context, get_current
from opentelemetry.trace import Link, NonRecordingSpan, SpanContext, SpanKind, set_span_in_context
from opentelemetry.util._decorator import _agnosticcontextmanager  # as the SDK does; the API's own type for it

from threadly.core.observability.tracing.export import Exporter, Receiver, count_lost
from threadly.core.observability.tracing.settings import TracingSettings
from threadly.core.observability.tracing.spans import MOST_SPANS, Attributes, LocalTrace, Span, bits
from threadly.core.observability.tracing.traceparent import Parent

NOWHERE: Final = Context()
"""A context in which nothing is under way."""
_HERE: Final = next(iter(set_span_in_context(trace.INVALID_SPAN, NOWHERE)))
"""The key by which a context holds its span; the API keeps it to itself, and reads it slowly."""
_chance: Final = random.Random().random  # noqa: S311 - picks traces, hides nothing


class Tracing:
    """Begins local traces, and decides which of them are told.

    Args:
        exporter: Takes those that are; without one, spans carry their ids and record nothing.
    """

    def __init__(self, settings: TracingSettings, exporter: Exporter | None = None) -> None:
        self._ratio = settings.ratio
        self._slow = round(settings.slow.total_seconds() * 1e9)
        self._most_a_second = settings.most_slow_or_failed
        self._exporter = exporter
        self._pipeline = self if exporter is not None else None
        self._second = 0
        self._told_in_it = 0

    def begin(
        self,
        name: str,
        *,
        kind: SpanKind,
        scope: str,
        parent: Parent | None = None,
        attributes: Attributes = None,
        links: Sequence[Link] | None = None,
    ) -> Span:
        """The first span of a local trace; of one that goes on, if there is a parent."""
        is_sampled = None if parent is None else parent.is_sampled
        if is_sampled is None:
            is_sampled = self._pipeline is not None and _chance() < self._ratio
        if parent is None:
            local = LocalTrace(f"{bits(128) or 1:032x}", is_sampled=is_sampled, state="", pipeline=self._pipeline)
            parent_id = None
        else:
            local = LocalTrace(parent.trace_id, is_sampled=is_sampled, state=parent.state, pipeline=self._pipeline)
            parent_id = parent.span_id
        return Span(
            local,
            name,
            kind=kind,
            scope=scope,
            parent_id=parent_id,
            attributes=attributes,
            links=links,
            is_first=True,
        )

    def ended(self, local: LocalTrace, root: Span) -> None:
        """Hands on what is to be told."""
        if self._exporter is not None and (local.is_sampled or self._is_remarkable(local, root)):
            if root.later is not None:
                root.later(root)
            self._exporter.offer(local, root)
        else:
            local.spans = []  # each of them knows its trace; without this, only the garbage collector would part them

    def _is_remarkable(self, local: LocalTrace, root: Span) -> bool:
        if not root.has_failed and root.ended - root.began < self._slow:
            return False
        now = int(perf_counter())
        if now != self._second:
            self._second, self._told_in_it = now, 0
        self._told_in_it += 1
        if self._told_in_it <= self._most_a_second:
            return True
        count_lost("storm", 1 + len(local.spans))
        return False


class Provider(trace.TracerProvider):
    """Gives packages their tracers. What they trace goes to whoever `tracing` is at that moment."""

    def __init__(self, tracing: Tracing | None = None) -> None:
        self.tracing = tracing

    def get_tracer(
        self,
        instrumenting_module_name: str,
        instrumenting_library_version: str | None = None,
        schema_url: str | None = None,
        attributes: Attributes = None,
    ) -> "Tracer":
        """A tracer whose spans say where they come from."""
        return Tracer(self, instrumenting_module_name)


class Tracer(trace.Tracer):
    """Begins spans."""

    def __init__(self, provider: Provider, scope: str) -> None:
        self._provider = provider
        self._scope = scope

    def start_span(
        self,
        name: str,
        context: Context | None = None,
        kind: SpanKind = SpanKind.INTERNAL,
        attributes: Attributes = None,
        links: Sequence[Link] | None = None,
        start_time: int | None = None,
        record_exception: bool = True,
        set_status_on_exception: bool = True,
    ) -> trace.Span:
        """A span within the current one, or within that of `context`; where there is none, it begins a local trace."""
        parent = (get_current() if context is None else context).get(_HERE)
        if type(parent) is Span and parent.local.is_open:
            local = parent.local
            if local.pipeline is None:
                return NonRecordingSpan(parent.get_span_context())
            if len(local.spans) == MOST_SPANS:
                local.dropped += 1
                return NonRecordingSpan(parent.get_span_context())
            span = Span(
                local,
                name,
                kind=kind,
                scope=self._scope,
                parent_id=parent.span_id,
                attributes=attributes,
                links=links,
            )
            local.spans.append(span)
        else:
            outside = parent.get_span_context() if isinstance(parent, trace.Span) else trace.INVALID_SPAN_CONTEXT
            if self._provider.tracing is None:
                return NonRecordingSpan(outside)
            span = self._provider.tracing.begin(
                name, kind=kind, scope=self._scope, parent=_parent(outside), attributes=attributes, links=links
            )
        if start_time is not None:
            span.began = start_time - span.local.offset
        return span

    @_agnosticcontextmanager
    def start_as_current_span(
        self,
        name: str,
        context: Context | None = None,
        kind: SpanKind = SpanKind.INTERNAL,
        attributes: Attributes = None,
        links: Sequence[Link] | None = None,
        start_time: int | None = None,
        record_exception: bool = True,
        set_status_on_exception: bool = True,
        end_on_exit: bool = True,
    ) -> Iterator[trace.Span]:
        """As `start_span`; it is the current one within the block, and ends with it."""
        span = self.start_span(name, context, kind, attributes, links, start_time)
        with trace.use_span(
            span,
            end_on_exit=end_on_exit,
            record_exception=record_exception,
            set_status_on_exception=set_status_on_exception,
        ):
            yield span


@asynccontextmanager
async def traced(settings: TracingSettings, receiver: Receiver | None = None) -> AsyncIterator[Tracing]:
    """Traces for as long as the block lasts; then what waits is told, if the receiver takes it in time.

    Args:
        receiver: Who is told; without one, spans carry their ids and record nothing.

    Raises:
        RuntimeError: As of `install`.
    """
    exporter = None if receiver is None else Exporter(receiver)
    tracing = Tracing(settings, exporter)
    install(tracing)
    if exporter is not None:
        exporter.start()
    try:
        yield tracing
    finally:
        install(None)
        if exporter is not None:
            await asyncio.to_thread(exporter.stop)


def install(tracing: Tracing | None) -> None:
    """Has `opentelemetry.trace` lead to this one, in the whole process, and to no other any more; None: to nobody.

    Raises:
        RuntimeError: Another library has provided its tracers already, and they cannot be replaced.
    """
    provider = trace.get_tracer_provider()
    if isinstance(provider, Provider):
        provider.tracing = tracing
        return
    trace.set_tracer_provider(Provider(tracing))
    if not isinstance(trace.get_tracer_provider(), Provider):
        raise RuntimeError(  # noqa: TRY004 - nobody gave a wrong type
            "OpenTelemetry's tracers are provided by another library already."
        )


def _parent(outside: SpanContext) -> Parent | None:
    if not outside.is_valid:
        return None
    return Parent(
        f"{outside.trace_id:032x}",
        f"{outside.span_id:016x}",
        is_sampled=outside.trace_flags.sampled,
        state=outside.trace_state.to_header(),
    )
