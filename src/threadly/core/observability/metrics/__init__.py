"""Counts and durations, bounded in number, and right across the workers of a server.

Instruments are prometheus_client's, made where things happen; `Guarded` bounds the label values of one that needs it,
`REQUESTS` is the one for answers. A worker sends its `snapshot`; whoever collects adds them up in `Totals`, and writes
them as `text`. `watch` adds the process itself.
"""

from threadly.core.observability.metrics.exposition import content_type, text
from threadly.core.observability.metrics.families import OVERFLOW, Combine, Family, Kind, Series
from threadly.core.observability.metrics.guard import Guarded
from threadly.core.observability.metrics.outcomes import Outcomes
from threadly.core.observability.metrics.process import watch
from threadly.core.observability.metrics.requests import REQUESTS, Requests
from threadly.core.observability.metrics.snapshot import families, snapshot
from threadly.core.observability.metrics.totals import Totals

TOPIC = "metrics"
"""Under which workers report their snapshots."""

__all__ = [
    "OVERFLOW",
    "REQUESTS",
    "TOPIC",
    "Combine",
    "Family",
    "Guarded",
    "Kind",
    "Outcomes",
    "Requests",
    "Series",
    "Totals",
    "content_type",
    "families",
    "snapshot",
    "text",
    "watch",
]
