"""A counter that takes no lock: `FAILURES = Tally("threadly_failures", "Failures.", ["kind"])`, `FAILURES.add("late")`.

Plain numbers, put into Prometheus' form only when somebody collects: for what may be counted at any moment. A finaliser
may interrupt this very thread inside of the library's own counter, and would then wait for itself. Who counts bounds
the label values. Not guaranteed: exact numbers where several threads count the same at once.
"""

from collections.abc import Iterator, Sequence

import msgspec
from prometheus_client import REGISTRY, CollectorRegistry, Metric

from threadly.core.observability.metrics.exposition import sampled
from threadly.core.observability.metrics.families import Family, Kind, Series


class Tally:
    """Counts by labels.

    Args:
        name: Without the `_total` that it has for others.
    """

    def __init__(
        self, name: str, what: str, labels: Sequence[str], *, registry: CollectorRegistry | None = REGISTRY
    ) -> None:
        self._form = Family(name, Kind.COUNTER, what, tuple(labels), [])
        self._counts: dict[tuple[str, ...], int] = {}
        if registry is not None:
            registry.register(self)

    def add(self, *values: str) -> None:
        """One more with these label values."""
        self._counts[values] = self._counts.get(values, 0) + 1

    def families(self) -> Iterator[Family]:
        """The metric, as it is sent."""
        series = [Series(values, count) for values, count in self._counts.copy().items()]
        yield msgspec.structs.replace(self._form, series=series)

    def collect(self) -> list[Metric]:
        """The metric, as prometheus_client wants it."""
        return [sampled(family) for family in self.families()]
