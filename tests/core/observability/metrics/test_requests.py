"""What requests were answered, by route."""

import time

import pytest
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.parser import text_string_to_metric_families

from threadly.core.observability.metrics.exposition import text
from threadly.core.observability.metrics.requests import BOUNDS, Requests


def test_an_answer_is_counted_by_its_status_and_by_how_long_it_took() -> None:
    requests = Requests(registry=None)
    requests.observe("GET", "/", 200, 0.0049)
    requests.observe("GET", "/", 200, 0.005)
    requests.observe("GET", "/", 500, 0.0051)
    requests.observe("GET", "/", 200, 11.0)
    counted, lasted = requests.families()
    assert {series.labels: series.value for series in counted.series} == {
        ("GET", "/", "200"): 3,
        ("GET", "/", "500"): 1,
    }
    (series,) = lasted.series
    assert series.counts == [2, 1, *[0] * (len(BOUNDS) - 2), 1]
    assert series.value == pytest.approx(11.015)


@pytest.mark.parametrize(
    ("case", "method", "status", "label"),
    [
        ("a method of nobody's", "BREW", 200, ("_OTHER", "/", "200")),
        ("no answer", "GET", 0, ("GET", "/", "none")),
        ("a status of nobody's", "GET", 999, ("GET", "/", "none")),
        ("the last status there is", "GET", 599, ("GET", "/", "599")),
    ],
)
def test_what_a_client_may_choose_freely_has_no_label_of_its_own(
    case: str, method: str, status: int, label: tuple[str, ...]
) -> None:
    requests = Requests(registry=None)
    requests.observe(method, "/", status, 0.1)
    requests.observe(method, "/", status, 0.1)
    counted, _ = requests.families()
    assert [(series.labels, series.value) for series in counted.series] == [(label, 2)]


def test_a_clock_that_was_set_back_takes_nothing_from_the_sum() -> None:
    requests = Requests(registry=None)
    requests.observe("GET", "/", 200, -5.0)
    _, lasted = requests.families()
    assert (lasted.series[0].value, lasted.series[0].counts[0]) == (0, 1)


def test_the_libraries_own_exposition_says_the_same() -> None:
    registry = CollectorRegistry()
    requests = Requests(registry=registry)
    requests.observe("GET", '/"quoted"\\', 200, 0.2)
    theirs, ours = generate_latest(registry).decode(), text(requests.families()).decode()
    assert list(text_string_to_metric_families(theirs)) == list(text_string_to_metric_families(ours))


def test_counting_an_answer_takes_less_than_two_microseconds_and_a_fraction_of_the_librarys_own() -> None:
    registry = CollectorRegistry()
    counter = Counter("r", "r", ["method", "route", "status"], registry=registry)
    histogram = Histogram("d", "d", ["method", "route"], registry=registry)
    requests = Requests(registry=None)

    def ours() -> None:
        requests.observe("GET", "/listings/{id}", 200, 0.0123)

    def theirs() -> None:
        counter.labels("GET", "/listings/{id}", "200").inc()
        histogram.labels("GET", "/listings/{id}").observe(0.0123)

    fastest = {"ours": 1.0, "theirs": 1.0}
    for _ in range(30):
        for name, call in (("ours", ours), ("theirs", theirs)):
            began = time.thread_time()
            for _ in range(500):
                call()
            fastest[name] = min(fastest[name], (time.thread_time() - began) / 500)
    assert fastest["ours"] < 2e-6
    assert fastest["ours"] < fastest["theirs"] / 3
