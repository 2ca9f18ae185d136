"""What limits do, as metrics."""

from typing import Final

from prometheus_client import Gauge

from threadly.core.observability.metrics import Tally

SPENT: Final = Tally("threadly_limits", "Requests under a limit, by what became of them.", ["limit", "outcome"])
"""By the limit that refused, or of which least was left; the outcome: `let_in`, `refused`, and both with `_alone`."""
ALONE: Final = Gauge(
    "threadly_limits_alone", "Processes that count limits by themselves, since they cannot ask the store."
)
