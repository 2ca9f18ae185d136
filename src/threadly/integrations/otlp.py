"""Sends spans to whoever takes OTLP over HTTP (protobuf), by OpenTelemetry's own exporter.

Brings the SDK along, so it is imported only where an endpoint is named. The exporter tries again what failed for the
moment, within `timeout`; after that a batch is given up. Its own log lines, one a batch, are left out: whoever sends
says once that nobody takes what is sent.
"""

import logging
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Final
from urllib.parse import urlsplit

from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import Event, ReadableSpan
from opentelemetry.sdk.trace.export import SpanExportResult
from opentelemetry.sdk.util.instrumentation import InstrumentationScope
from opentelemetry.trace import SpanContext, Status, StatusCode, TraceFlags, TraceState

from threadly.core.observability.tracing import Ended

_PATH: Final = "/v1/traces"
_TELLS_EACH_BATCH: Final = "opentelemetry.exporter.otlp.proto.http.trace_exporter"


class Otlp:
    """A receiver of spans elsewhere.

    Args:
        endpoint: Its address; `/v1/traces` is added where it names no path.
        described: Who sends (`service.name` and others of the semantic conventions).
    """

    def __init__(
        self, endpoint: str, *, headers: Mapping[str, str], timeout: timedelta, described: Mapping[str, str]
    ) -> None:
        logging.getLogger(_TELLS_EACH_BATCH).setLevel(logging.CRITICAL)
        self._resource = Resource.create(dict(described))
        self._exporter = OTLPSpanExporter(
            endpoint=_with_path(endpoint), headers=headers, timeout=timeout.total_seconds()
        )

    def take(self, spans: Sequence[Ended]) -> bool:
        """Sends a batch; whether it was accepted."""
        return self._exporter.export([self._readable(span) for span in spans]) is SpanExportResult.SUCCESS

    def close(self) -> None:
        """Closes connections, and gives up what is being tried again."""
        self._exporter.shutdown()  # type: ignore[no-untyped-call]

    def _readable(self, span: Ended) -> ReadableSpan:
        flags = TraceFlags(TraceFlags.SAMPLED if span.is_sampled else TraceFlags.DEFAULT)
        state = TraceState.from_header([span.state]) if span.state else None
        trace_id = int(span.trace_id, 16)
        return ReadableSpan(
            name=span.name,
            context=SpanContext(trace_id, int(span.span_id, 16), False, flags, state),
            parent=SpanContext(trace_id, int(span.parent_id, 16), span.has_remote_parent) if span.parent_id else None,
            resource=self._resource,
            attributes=span.attributes,
            events=[Event(event.name, event.attributes, event.at) for event in span.events],
            links=span.links,
            kind=span.kind,
            status=Status(StatusCode.ERROR, span.failure or None) if span.has_failed else Status(),
            start_time=span.began,
            end_time=span.ended,
            instrumentation_scope=InstrumentationScope(span.scope),
        )


def _with_path(endpoint: str) -> str:
    return endpoint if urlsplit(endpoint).path.strip("/") else endpoint.rstrip("/") + _PATH
