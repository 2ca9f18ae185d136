"""No metric grows without bound, whatever its labels are given."""

import tracemalloc

from prometheus_client import REGISTRY, CollectorRegistry, Counter

from threadly.core.observability.metrics.guard import LONGEST_LABEL, Guarded
from threadly.core.observability.metrics.guard import MOST_SERIES as MOST_OF_A_METRIC
from threadly.core.observability.metrics.requests import MOST_SERIES, Requests

MANY = 1_000_000


def a_counter(name: str = "paths") -> Counter:
    return Counter(name, "Asked for.", ["path"], registry=CollectorRegistry())


def counted(counter: Counter) -> dict[str, float]:
    samples = (sample for metric in counter.collect() for sample in metric.samples if sample.name.endswith("_total"))
    return {sample.labels["path"]: sample.value for sample in samples}


def test_labels_beyond_the_bound_are_overflow_and_counted() -> None:
    counter = a_counter("bounded")
    guarded = Guarded(counter, most=3)
    for path in ("/a", "/b", "/c", "/d", "/e", "/a"):
        guarded.labels(path).inc()
    assert counted(counter) == {"/a": 2, "/b": 1, "/c": 1, "overflow": 2}
    assert REGISTRY.get_sample_value("threadly_metrics_overflow_total", {"metric": "bounded"}) == 2


def test_a_long_label_is_cut_and_stays_one_series() -> None:
    counter = a_counter()
    guarded = Guarded(counter, most=3)
    guarded.labels("x" * 5000).inc()
    guarded.labels("x" * 6000).inc()
    (one,) = counter._metrics
    assert one == ("x" * LONGEST_LABEL,)


def test_a_million_distinct_paths_are_a_bounded_number_of_series_in_bounded_memory() -> None:
    counter = a_counter("a_million")
    guarded = Guarded(counter)
    requests = Requests(registry=None)

    def visit(first: int, beyond: int) -> None:
        for number in range(first, beyond):
            path = f"/{number}"
            requests.observe("GET", path, 200, 0.01)
            if number % 10 == 0:
                guarded.labels(path).inc()

    visit(0, 10_000)
    tracemalloc.start()
    try:
        before, _ = tracemalloc.get_traced_memory()
        visit(10_000, 30_000)
        grown = tracemalloc.get_traced_memory()[0] - before
    finally:
        tracemalloc.stop()
    visit(30_000, MANY)

    answered, lasted = requests.families()
    assert grown < 256 * 1024, "a series of each would be megabytes"
    assert (len(counter._metrics), len(lasted.series)) == (MOST_OF_A_METRIC + 1, MOST_SERIES + 1)
    assert sum(series.value for series in answered.series) == MANY
    assert sum(counted(counter).values()) == MANY / 10
