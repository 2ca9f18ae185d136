"""Counting that takes no lock."""

import threading

from prometheus_client import REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.parser import text_string_to_metric_families

from threadly.core.observability.errors.tracker import CAPTURED, DROPPED
from threadly.core.observability.metrics.exposition import text
from threadly.core.observability.metrics.snapshot import families
from threadly.core.observability.metrics.tally import Tally


def test_what_is_counted_is_told_by_its_labels() -> None:
    registry = CollectorRegistry()
    tally = Tally("failures", "Failures.", ["work", "level"], registry=registry)
    tally.add("job", "error")
    tally.add("job", "error")
    tally.add("request", "warning")

    (family,) = families(registry)

    assert {series.labels: series.value for series in family.series} == {("job", "error"): 2, ("request", "warning"): 1}


def test_the_librarys_own_exposition_says_the_same() -> None:
    registry = CollectorRegistry()
    tally = Tally("failures", "Failures.", ["kind"], registry=registry)
    tally.add('"late"')

    theirs, ours = generate_latest(registry).decode(), text(tally.families()).decode()

    assert list(text_string_to_metric_families(theirs)) == list(text_string_to_metric_families(ours))


def test_failures_are_counted_while_every_lock_of_the_library_is_held() -> None:
    def count() -> None:
        CAPTURED.add("background", "error")
        DROPPED.add("defect")

    before = [REGISTRY.get_sample_value(*sample) or 0 for sample in _SAMPLES]
    with REGISTRY._lock:
        counting = threading.Thread(target=count, daemon=True)
        counting.start()
        counting.join(10)
        assert not counting.is_alive()

    assert [REGISTRY.get_sample_value(*sample) for sample in _SAMPLES] == [count + 1 for count in before]


_SAMPLES = (
    ("threadly_errors_total", {"work": "background", "level": "error"}),
    ("threadly_errors_dropped_total", {"reason": "defect"}),
)
