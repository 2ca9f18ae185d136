"""What a registry holds, read past prometheus_client's public way and compared with it."""

from collections.abc import Iterator

import msgspec
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, Info, Metric, Summary
from prometheus_client.core import CounterMetricFamily, HistogramMetricFamily

from threadly.core.observability.metrics.exposition import sampled
from threadly.core.observability.metrics.families import Combine, Family, Kind, Series
from threadly.core.observability.metrics.snapshot import families, snapshot


def test_every_kind_of_instrument_is_read_as_the_library_itself_reads_it() -> None:
    registry = CollectorRegistry()
    counter = Counter("c", "Counter.", ["a", "b"], registry=registry)
    counter.labels("1", "2").inc(2.5)
    counter.labels(b="y", a="x").inc()
    Counter("alone", "Counter of no label.", registry=registry).inc()
    Counter("untouched", "Counter that nobody touched.", ["a"], registry=registry)
    gauge = Gauge("g", "Gauge.", ["a"], registry=registry)
    gauge.labels("1").set(-3)
    gauge.labels("2").set_function(lambda: 7)
    histogram = Histogram("h", "Histogram.", ["a"], buckets=(0.1, 1), registry=registry)
    for value in (0.05, 0.1, 0.5, 5):
        histogram.labels("1").observe(value)
    Histogram("h_alone", "Histogram of no label.", registry=registry).observe(1)

    read = {family.name: family for family in families(registry)}

    for metric in registry.collect():
        theirs = {(s.name, *sorted(s.labels.items())): s.value for s in metric.samples if "_created" not in s.name}
        ours = {(s.name, *sorted(s.labels.items())): s.value for s in sampled(read[metric.name]).samples}
        assert ours == theirs
        assert read[metric.name].help == metric.documentation


def test_a_gauge_says_how_it_is_combined_in_the_librarys_own_words() -> None:
    registry = CollectorRegistry()
    Gauge("usual", ".", registry=registry)
    Gauge("summed", ".", registry=registry, multiprocess_mode="livesum")
    Gauge("largest", ".", registry=registry, multiprocess_mode="livemax")
    Gauge("smallest", ".", registry=registry, multiprocess_mode="min")
    Gauge("latest", ".", registry=registry, multiprocess_mode="livemostrecent")
    assert [family.combine for family in families(registry)] == [
        Combine.SUM,
        Combine.SUM,
        Combine.MAX,
        Combine.MIN,
        Combine.LAST,
    ]


def test_collectors_of_others_are_read_sample_by_sample() -> None:
    class Others:
        def collect(self) -> Iterator[Metric]:
            counted = CounterMetricFamily("seen", "Seen.", labels=["a"])
            counted.add_metric(["x"], 3)
            yield counted
            lasted = HistogramMetricFamily("took", "Seconds.", labels=["a"])
            lasted.add_metric(["x"], [("0.5", 1), ("1.0", 1), ("+Inf", 4)], 9.0)
            yield lasted

    registry = CollectorRegistry()
    registry.register(Others())
    Info("about", "Facts.", registry=registry).info({"version": "1"})
    Summary("sizes", "Left out.", registry=registry).observe(1)
    assert list(families(registry)) == [
        Family("seen", Kind.COUNTER, "Seen.", ("a",), [Series(("x",), 3)]),
        Family("took", Kind.HISTOGRAM, "Seconds.", ("a",), [Series(("x",), 9.0, [1, 0, 3])], bounds=(0.5, 1.0)),
        Family("about", Kind.GAUGE, "Facts.", (), []),
        Family("sizes", Kind.GAUGE, "Left out.", (), []),
    ]


def test_a_snapshot_is_what_totals_hear() -> None:
    registry = CollectorRegistry()
    Counter("c", "Counter.", registry=registry).inc()
    told = msgspec.msgpack.decode(snapshot(registry), type=list[Family])
    assert told == [Family("c", Kind.COUNTER, "Counter.", (), [Series((), 1.0)])]
