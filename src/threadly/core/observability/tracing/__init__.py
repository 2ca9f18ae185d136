"""Traces: what happened within one request or job, here and beyond, by OpenTelemetry's API and W3C Trace Context.

Other packages know `opentelemetry.trace` only; what they trace comes here while `traced` lasts.
"""

from threadly.core.observability.tracing.ended import Ended, Event
from threadly.core.observability.tracing.export import Exporter, Receiver
from threadly.core.observability.tracing.provider import Tracing, install, traced
from threadly.core.observability.tracing.settings import TracingSettings, headers_of
from threadly.core.observability.tracing.spans import LocalTrace, Span
from threadly.core.observability.tracing.traceparent import Parent, parse

__all__ = [
    "Ended",
    "Event",
    "Exporter",
    "LocalTrace",
    "Parent",
    "Receiver",
    "Span",
    "Tracing",
    "TracingSettings",
    "headers_of",
    "install",
    "parse",
    "traced",
]
