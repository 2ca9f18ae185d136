"""Families as text, read again by prometheus_client's own parsers. Prometheus itself: tests/faults."""

import math

import pytest
from prometheus_client.openmetrics.parser import text_string_to_metric_families as read_open
from prometheus_client.parser import text_string_to_metric_families as read_plain

from threadly.core.observability.metrics.exposition import OPEN, PLAIN, content_type, number, sampled, text
from threadly.core.observability.metrics.families import Family, Kind, Series

AWKWARD = 'a "quoted\\" text\nof two lines: größer'
FAMILIES = [
    Family("answered", Kind.COUNTER, "Requests\nanswered.", ("route", "status"), [Series((AWKWARD, "200"), 3)]),
    Family("plain", Kind.COUNTER, "Of no label.", (), [Series((), 2**60)]),
    Family("open", Kind.GAUGE, "Now.", ("pool",), [Series(("a",), 1.5), Series(("b",), -2)]),
    Family("took", Kind.HISTOGRAM, "Seconds.", ("kind",), [Series(("x",), 0.75, [1, 0, 2])], bounds=(0.1, 1.0)),
    Family("took_alone", Kind.HISTOGRAM, "Seconds.", (), [Series((), 0.0, [0, 0])], bounds=(0.5,)),
    Family("silent", Kind.COUNTER, "Nothing yet.", ("x",), []),
]


@pytest.mark.parametrize("form", [PLAIN, OPEN])
def test_what_is_written_is_read_again(form: str) -> None:
    written = text(FAMILIES, form=form).decode()
    read = {family.name: family for family in (read_open if form == OPEN else read_plain)(written)}
    assert read.keys() == {family.name for family in FAMILIES}
    for family in FAMILIES:
        again = read[family.name]
        assert (again.type, again.documentation) == (family.kind.value, family.help)
        expected = {(s.name, tuple(sorted(s.labels.items()))): s.value for s in sampled(family).samples}
        assert {(s.name, tuple(sorted(s.labels.items()))): s.value for s in again.samples} == expected


def test_buckets_are_written_as_reached() -> None:
    lines = text([FAMILIES[3]]).decode().splitlines()[2:]
    assert lines == [
        'took_bucket{kind="x",le="0.1"} 1',
        'took_bucket{kind="x",le="1.0"} 1',
        'took_bucket{kind="x",le="+Inf"} 3',
        'took_count{kind="x"} 3',
        'took_sum{kind="x"} 0.75',
    ]


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (0, "0"),
        (3.0, "3"),
        (2**60, str(2**60)),
        (0.1, "0.1"),
        (math.inf, "+Inf"),
        (-math.inf, "-Inf"),
        (math.nan, "NaN"),
    ],
)
def test_numbers_are_written_as_prometheus_reads_them(value: float, written: str) -> None:
    assert number(value) == written


@pytest.mark.parametrize(
    ("accept", "form"),
    [
        ("", PLAIN),
        ("text/html", PLAIN),
        ("application/openmetrics-text;version=1.0.0;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1", OPEN),
    ],
)
def test_the_form_is_what_is_asked_for(accept: str, form: str) -> None:
    assert content_type(accept) == form
