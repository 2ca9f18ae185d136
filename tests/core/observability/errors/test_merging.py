"""What workers say of their errors outlives them, and counts once."""

import pytest
from msgspec import DecodeError

from tests.core.observability.errors.grouped import a_group
from threadly.core.observability.errors import Merged, Said, encoded


def counts(together: Merged) -> dict[str, int]:
    return {group.id: group.count for group in together.said().groups}


def test_the_living_and_the_dead_are_added_up() -> None:
    together = Merged()
    together.heard("one", encoded(Said([a_group("a", count=1)])))
    together.heard("one", encoded(Said([a_group("a", count=2)])))
    together.heard("other", encoded(Said([a_group("a", count=10), a_group("b")])))
    assert counts(together) == {"a": 12, "b": 1}
    together.gone("one")
    together.gone("one")
    together.gone("never heard of")
    assert counts(together) == {"a": 12, "b": 1}


def test_one_that_was_out_of_reach_is_not_counted_twice() -> None:
    together = Merged()
    together.heard("one", encoded(Said([a_group("a", count=2)])))
    together.gone("one")
    together.heard("one", encoded(Said([a_group("a", count=3)])))
    assert counts(together) == {"a": 3}


def test_any_number_of_dead_take_a_bounded_room() -> None:
    together = Merged(most=50)
    for number in range(1000):
        together.heard(str(number), encoded(Said([a_group("same"), a_group(f"own {number}")])))
        together.gone(str(number))
    assert counts(together)["same"] == 1000
    assert len(counts(together)) == 50
    assert len(together._gone) == 64


def test_nonsense_changes_nothing() -> None:
    together = Merged()
    together.heard("one", encoded(Said([a_group("a")])))
    with pytest.raises(DecodeError):
        together.heard("one", b"nonsense")
    assert counts(together) == {"a": 1}
