"""Ids sort by time and never repeat."""

import time
from concurrent.futures import ThreadPoolExecutor
from uuid import RFC_4122, UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from threadly.core import ids


def test_an_id_is_a_uuid_of_version_7_made_now() -> None:
    before = time.time_ns() // 1_000_000
    made = ids.new()

    assert (made.version, made.variant) == (7, RFC_4122)
    assert before <= made.int >> 80 <= time.time_ns() // 1_000_000 + 1


def test_ids_of_one_process_rise_strictly_also_across_threads() -> None:
    def some(_: int) -> list[UUID]:
        return [ids.new() for _ in range(2_000)]

    with ThreadPoolExecutor(4) as pool:
        per_thread = list(pool.map(some, range(4)))

    assert all(made == sorted(made) for made in per_thread)
    assert len({one for made in per_thread for one in made}) == 8_000


def test_ids_rise_when_the_clock_steps_back_an_hour(monkeypatch: pytest.MonkeyPatch) -> None:
    first = ids.new()
    stepped_back = time.time_ns() - 3600 * 10**9
    monkeypatch.setattr(time, "time_ns", lambda: stepped_back)

    assert first < ids.new() < ids.new()


@given(st.integers(min_value=0, max_value=2**48 - 1))
def test_an_id_for_a_moment_carries_that_moment(milliseconds: int) -> None:
    made = ids.at(milliseconds)

    assert made.int >> 80 == milliseconds
    assert (made.version, made.variant) == (7, RFC_4122)


def test_an_id_of_given_randomness_is_the_same_again() -> None:
    made = ids.at(1_767_225_600_000, randomness=(1 << 74) - 1)

    assert str(made) == "019b76da-a800-7fff-bfff-ffffffffffff"
    assert made == ids.at(1_767_225_600_000, randomness=(1 << 74) - 1)
    assert ids.at(1_767_225_600_000) != ids.at(1_767_225_600_000)
