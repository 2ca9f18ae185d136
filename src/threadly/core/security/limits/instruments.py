"""What limits do, as metrics."""

from typing import Final

from prometheus_client import Counter, Gauge

SPENT: Final = Counter("threadly_limits_total", "Requests under a limit, by what became of them.", ["limit", "outcome"])
"""By the limit that refused, or of which least was left; the outcome: `let_in`, `refused`, and both with `_alone`."""
ALONE: Final = Gauge(
    "threadly_limits_alone", "Processes that count limits by themselves, since they cannot ask the store."
)
