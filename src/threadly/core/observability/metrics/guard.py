"""No label may have values without number: each series costs memory here, in whoever collects, and in Prometheus.

    SEARCHES = Guarded(Counter("threadly_…_total", "…", ["kind"]), most=50)
    SEARCHES.labels(kind).inc()

Beyond the bound, every label has the value `overflow`, and is counted by metric, so that it can be seen.
"""

from typing import Final, Generic, Protocol, TypeVar, cast

from prometheus_client import Counter

from threadly.core.observability.metrics.families import OVERFLOW

LONGEST_LABEL: Final = 200
"""In characters; longer ones are cut."""
MOST_SERIES: Final = 200

OVERFLOWED: Final = Counter(
    "threadly_metrics_overflow_total", "Observations whose labels were beyond the bound of their metric.", ["metric"]
)


class Labelled(Protocol):
    """A metric of prometheus_client with labels."""

    def labels(self, *values: object) -> object:
        """The child for these label values."""


MetricT = TypeVar("MetricT", bound=Labelled)


class Guarded(Generic[MetricT]):
    """A metric with at most so many children; each is found without the library's lock."""

    def __init__(self, metric: MetricT, *, most: int = MOST_SERIES) -> None:
        self._metric = metric
        self._most = most
        self._children: dict[tuple[str, ...], MetricT] = {}
        self._overflowed = OVERFLOWED.labels(str(getattr(metric, "_name", "")))

    def labels(self, *values: str) -> MetricT:
        """The child for these label values, or the one for all that are too many."""
        try:
            return self._children[values]
        except KeyError:
            return self._admitted(values)

    def _admitted(self, values: tuple[str, ...]) -> MetricT:
        kept = tuple(value[:LONGEST_LABEL] for value in values)
        if kept not in self._children and len(self._children) >= self._most:
            kept = (OVERFLOW,) * len(values)
            self._overflowed.inc()
        if kept not in self._children:
            self._children[kept] = cast("MetricT", self._metric.labels(*kept))
        return self._children[kept]
