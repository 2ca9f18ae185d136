"""The metrics of all workers together. What never goes backwards: test_totals_monotone.py."""

import msgspec
import pytest

from threadly.core.observability.metrics import totals as module
from threadly.core.observability.metrics.families import Combine, Family, Kind, Series
from threadly.core.observability.metrics.totals import Totals

Values = dict[tuple[str, ...], float]


def counted(values: Values, name: str = "answered") -> Family:
    return Family(name, Kind.COUNTER, "Answered.", ("route",), [Series(k, v) for k, v in values.items()])


def told(*families: Family) -> bytes:
    return msgspec.msgpack.encode(families)


def now(totals: Totals, name: str = "answered") -> Values:
    (family,) = (family for family in totals.families() if family.name == name)
    return {series.labels: series.value for series in family.series}


def test_counters_are_summed_over_the_living_and_the_dead() -> None:
    totals = Totals()
    totals.heard("one", told(counted({("/",): 1, ("/a",): 2})))
    totals.heard("one", told(counted({("/",): 5, ("/a",): 2})))
    totals.heard("other", told(counted({("/",): 10})))
    assert now(totals) == {("/",): 15, ("/a",): 2}
    totals.gone("one")
    totals.gone("one")
    totals.gone("never heard of")
    assert now(totals) == {("/",): 15, ("/a",): 2}
    totals.heard("third", told(counted({("/",): 1})))
    assert now(totals) == {("/",): 16, ("/a",): 2}


def test_histograms_are_summed_bucket_by_bucket() -> None:
    totals = Totals()
    for worker, lasted, counts in (("one", 0.5, [1, 0, 2]), ("other", 0.25, [0, 3, 1])):
        family = Family("took", Kind.HISTOGRAM, ".", (), [Series((), lasted, counts)], bounds=(0.1, 1.0))
        totals.heard(worker, told(family))
        totals.gone(worker)
    (family,) = totals.families()
    assert (family.bounds, family.series) == ((0.1, 1.0), [Series((), 0.75, [1, 3, 3])])


@pytest.mark.parametrize(
    ("combine", "together", "afterwards"),
    [(Combine.SUM, 7, 5), (Combine.MAX, 5, 5), (Combine.MIN, 2, 5), (Combine.LAST, 2, 5)],
)
def test_gauges_are_combined_as_they_declare_and_end_with_their_worker(
    combine: Combine, together: float, afterwards: float
) -> None:
    def gauge(value: float) -> bytes:
        return told(Family("open", Kind.GAUGE, ".", (), [Series((), value)], combine=combine))

    totals = Totals()
    totals.heard("spoke last", gauge(9))
    totals.heard("other", gauge(5))
    totals.heard("spoke last", gauge(2))
    assert now(totals, "open") == {(): together}
    totals.gone("spoke last")
    assert now(totals, "open") == {(): afterwards}
    totals.gone("other")
    assert now(totals, "open") == {}


def test_a_worker_that_was_only_out_of_reach_is_not_counted_twice() -> None:
    totals = Totals()
    totals.heard("one", told(counted({("/",): 5})))
    totals.gone("one")
    totals.heard("one", told(counted({("/",): 7})))
    assert now(totals) == {("/",): 5}, "what it counted while nobody heard it is the lost second"
    totals.heard("one", told(counted({("/",): 9})))
    assert now(totals) == {("/",): 7}
    totals.gone("one")
    assert now(totals) == {("/",): 7}


def test_series_beyond_the_bound_are_overflow_for_as_long_as_we_live() -> None:
    totals = Totals(most_series=2)
    for number in range(100):
        totals.heard(str(number), told(counted({(f"/{number}",): 1, ("/",): 1})))
        totals.gone(str(number))
    assert now(totals) == {("/0",): 1, ("/",): 100, ("overflow",): 99}


def test_a_family_that_contradicts_the_first_of_its_name_is_left_out_and_counted() -> None:
    totals = Totals()
    totals.heard("one", told(counted({("/",): 5})))
    before = module.LEFT_OUT._value.get()
    contradicting = [
        Family("answered", Kind.GAUGE, ".", ("route",), [Series(("/",), 1)]),
        Family("answered", Kind.COUNTER, ".", ("method",), [Series(("/",), 1)]),
        Family("answered", Kind.COUNTER, ".", ("route",), [Series(("/", "too many"), 1)]),
        Family("answered", Kind.COUNTER, ".", ("route",), [Series(("/",), 1, [1, 2])]),
    ]
    for number, family in enumerate(contradicting):
        totals.heard(str(number), told(family, counted({("/",): 1}, "else")))
    assert now(totals) == {("/",): 5}
    assert now(totals, "else") == {("/",): len(contradicting)}
    assert module.LEFT_OUT._value.get() == before + len(contradicting)


def test_families_are_bounded_in_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_FAMILIES", 3)
    totals = Totals()
    totals.heard("one", told(*(counted({("/",): 1}, f"f{number}") for number in range(5))))
    assert [family.name for family in totals.families()] == ["f0", "f1", "f2"]


def test_a_family_without_series_is_known_by_its_name_and_gets_its_labels_later() -> None:
    totals = Totals()
    totals.heard("one", told(Family("answered", Kind.COUNTER, ".", (), [])))
    assert now(totals) == {}
    totals.heard("other", told(counted({("/",): 1})))
    totals.heard("one", told(Family("answered", Kind.COUNTER, ".", (), [])))
    assert now(totals) == {("/",): 1}


def test_what_is_no_number_is_not_added_up() -> None:
    totals = Totals()
    totals.heard("one", told(counted({("/",): float("nan"), ("/a",): float("inf"), ("/b",): 1})))
    assert now(totals) == {("/b",): 1}


def test_what_makes_no_sense_changes_nothing() -> None:
    totals = Totals()
    totals.heard("one", told(counted({("/",): 5})))
    with pytest.raises(msgspec.DecodeError):
        totals.heard("one", b"\xc1")
    assert now(totals) == {("/",): 5}
