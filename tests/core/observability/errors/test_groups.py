"""Failures by kind: bounded in number and in bytes, and added up over processes."""

from datetime import timedelta

import pytest
from msgspec import DecodeError

from tests.core.observability.errors.grouped import NOON, a_group
from threadly.core.observability.errors.groups import (
    LONGEST_TOLD,
    WARNING,
    Groups,
    Said,
    decoded,
    encoded,
    merged,
)


def test_the_one_that_was_not_seen_for_longest_makes_room_and_is_counted() -> None:
    groups = Groups(2)
    groups.add((ValueError, ("a",)), a_group("a", count=3))
    groups.add((ValueError, ("b",)), a_group("b"))
    assert groups.get((ValueError, ("a",))) is not None
    groups.add((ValueError, ("c",)), a_group("c"))

    said = groups.said({"refused": 7})
    assert [group.id for group in said.groups] == ["c", "a"]
    assert (said.forgotten, said.dropped) == (1, {"refused": 7})
    assert groups.get((ValueError, ("b",))) is None


def test_what_is_told_is_bounded_in_bytes() -> None:
    groups = Groups(200)
    for number in range(200):
        groups.add((ValueError, (str(number),)), a_group(str(number), message="x" * 20_000))
    said = groups.said({})

    assert len(encoded(said)) < LONGEST_TOLD + 100_000 < 1 << 20
    assert len(said.groups) == 200
    assert said.groups[0].sample is not None
    assert said.groups[-1].sample is None


def test_what_travels_comes_back_as_it_was() -> None:
    said = Said([a_group("a", message="it failed")], 2, {"refused": 1})
    assert decoded(encoded(said)) == said
    with pytest.raises(DecodeError):
        decoded(b"\x00nonsense")


def test_processes_are_added_up_with_errors_first() -> None:
    one = Said([a_group("a", count=2, minute=1, message="first"), a_group("w", minute=9, level=WARNING)], 1, {"r": 1})
    other = Said([a_group("a", count=3, minute=5), a_group("b", minute=2)], 2, {"r": 2, "s": 1})
    together = merged([one, other], most=200)

    assert [(group.id, group.count) for group in together.groups] == [("a", 5), ("b", 1), ("w", 1)]
    first = together.groups[0]
    assert (first.first_seen, first.last_seen) == (NOON + timedelta(minutes=1), NOON + timedelta(minutes=5))
    assert first.sample is not None
    assert (together.forgotten, together.dropped) == (3, {"r": 3, "s": 1})
    assert merged([one, other], most=1).forgotten == 3 + 2
