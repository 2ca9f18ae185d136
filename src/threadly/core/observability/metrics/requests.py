"""Rate, errors and duration of requests, by route: `REQUESTS.observe(method, route, status, seconds)`.

Plain numbers, put into Prometheus' form only when somebody collects: a tenth of what the library's own counter and
histogram cost. Bounded: a method that is none of HTTP's is `_OTHER`, and after so many routes the next is `overflow`.
To be called from one thread, that of the event loop.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from typing import Final

from prometheus_client import REGISTRY, CollectorRegistry, Metric

from threadly.core.observability.metrics.exposition import sampled
from threadly.core.observability.metrics.families import OVERFLOW, Family, Kind, Series
from threadly.core.observability.metrics.guard import LONGEST_LABEL, OVERFLOWED

COUNTED: Final = "threadly_http_requests"
LASTED: Final = "threadly_http_request_duration_seconds"
BOUNDS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
METHODS: Final = frozenset({"CONNECT", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT", "TRACE"})
OTHER: Final = "_OTHER"
"""As OpenTelemetry's semantic conventions call it."""
MOST_SERIES: Final = 500
"""Pairs of a method and a route."""

_STATUSES: Final = range(100, 600)
_NO_STATUS: Final = 0


class Requests:
    """The requests that one process has answered.

    Args:
        registry: Where it is found by who collects; None: nowhere.
    """

    def __init__(self, *, most: int = MOST_SERIES, registry: CollectorRegistry | None = REGISTRY) -> None:
        self._most = most
        self._answered: dict[tuple[str, str], _Answered] = {}
        self._overflowed = OVERFLOWED.labels(COUNTED)
        if registry is not None:
            registry.register(self)

    def observe(self, method: str, route: str, status: int, seconds: float) -> None:
        """Counts one answer.

        Args:
            route: Its template, as `/listings/{id}`; never an address, which may hold a person's data.
            status: Of HTTP; 0 if there was no answer.
        """
        answered = self._answered.get((method, route)) or self._admitted(method, route)
        answered.counts[bisect_left(BOUNDS, seconds)] += 1
        if seconds > 0.0:
            answered.seconds += seconds
        statuses = answered.statuses
        if status in statuses:
            statuses[status] += 1
        else:
            status = status if status in _STATUSES else _NO_STATUS
            statuses[status] = statuses.get(status, 0) + 1

    def families(self) -> Iterator[Family]:
        """Both metrics, as they are sent."""
        answered = self._answered.copy()
        counted = [
            Series((*key, str(status) if status else "none"), count)
            for key, several in answered.items()
            for status, count in several.statuses.copy().items()
        ]
        lasted = [Series(key, several.seconds, several.counts.copy()) for key, several in answered.items()]
        yield Family(COUNTED, Kind.COUNTER, "Requests answered.", ("method", "route", "status"), counted)
        yield Family(
            LASTED,
            Kind.HISTOGRAM,
            "Seconds from a request to the end of its answer.",
            ("method", "route"),
            lasted,
            bounds=BOUNDS,
        )

    def collect(self) -> Iterable[Metric]:
        """Both metrics, as prometheus_client wants them."""
        return [sampled(family) for family in self.families()]

    def _admitted(self, method: str, route: str) -> "_Answered":
        key = (method if method in METHODS else OTHER, route[:LONGEST_LABEL])
        if key not in self._answered:
            if len(self._answered) >= self._most:
                self._overflowed.inc()
                key = (key[0], OVERFLOW)
            self._answered.setdefault(key, _Answered())
        return self._answered[key]


class _Answered:
    """To one method and route."""

    __slots__ = ("counts", "seconds", "statuses")

    def __init__(self) -> None:
        self.counts = [0] * (len(BOUNDS) + 1)
        self.seconds = 0.0
        self.statuses: dict[int, int] = {}


REQUESTS: Final = Requests()
"""Those of this process."""
