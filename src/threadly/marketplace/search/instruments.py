"""What is counted of searches, by prometheus_client: idle until somebody collects. What was searched for is not."""

from collections.abc import Iterator
from contextlib import contextmanager
from time import perf_counter
from typing import Final

from prometheus_client import Counter, Histogram

SECONDS: Final = Histogram(
    "threadly_search_seconds",
    "Seconds that a search took: results, facets, both, or suggestions.",
    ["kind"],
    buckets=(0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0),
)
EMPTY: Final = Counter("threadly_search_empty_total", "Searches by a text that found nothing, on their first page.")
CORRECTED: Final = Counter("threadly_search_corrected_total", "Searches that were answered by another spelling.")


@contextmanager
def measured(kind: str) -> Iterator[None]:
    """Times a search that is answered."""
    began = perf_counter()
    yield
    SECONDS.labels(kind).observe(perf_counter() - began)


def told(*, is_empty: bool, is_corrected: bool) -> None:
    """Counts how a search by a text came out."""
    if is_empty:
        EMPTY.inc()
    if is_corrected:
        CORRECTED.inc()
