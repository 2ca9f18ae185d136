"""What limits do, as metrics."""

from collections.abc import Iterator
from typing import Final

from prometheus_client import REGISTRY, Gauge
from prometheus_client.core import CounterMetricFamily
from prometheus_client.registry import Collector


class Spent(Collector):
    """Requests under a limit: by the one that refused, or of which least was left, and by what became of them.

    Plain numbers, of one event loop: two are counted for each request, and the library's own counters take a lock.
    """

    def __init__(self) -> None:
        self._counts: dict[tuple[str, str], int] = {}

    def add(self, limit: str, outcome: str) -> None:
        """One more; the outcome is `let_in`, `refused`, or either with `_alone`."""
        self._counts[limit, outcome] = self._counts.get((limit, outcome), 0) + 1

    def collect(self) -> Iterator[CounterMetricFamily]:
        """All of them."""
        told = "Requests under a limit, by what became of them."
        family = CounterMetricFamily("threadly_limits", told, labels=["limit", "outcome"])
        for labels, count in self._counts.copy().items():
            family.add_metric(labels, count)
        yield family


SPENT: Final = Spent()
REGISTRY.register(SPENT)
ALONE: Final = Gauge(
    "threadly_limits_alone", "Processes that count limits by themselves, since they cannot ask the store."
)
