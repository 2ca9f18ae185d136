"""A time is written as people write it, and every way of writing it is read."""

from datetime import timedelta

import pytest

from threadly.core.config import times


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("10", timedelta(seconds=10)),
        ("0", timedelta(0)),
        ("1.5", timedelta(seconds=1.5)),
        (" 5 s\n", timedelta(seconds=5)),
        ("500ms", timedelta(milliseconds=500)),
        ("10m", timedelta(minutes=10)),
        ("2h", timedelta(hours=2)),
        ("30d", timedelta(days=30)),
        ("999999999.999999d", timedelta(days=999999999.999999)),
    ],
)
def test_a_number_is_read_as_seconds_or_by_its_unit(text: str, time: timedelta) -> None:
    assert times.meant(text) == time


@pytest.mark.parametrize("text", ["", "long", "-5", "5 weeks", "1h30m", "PT5S", "1e3", "٣", "1" * 10])
def test_any_other_text_stays_as_it_is(text: str) -> None:
    assert times.meant(text) == text


@pytest.mark.parametrize(
    ("time", "text"),
    [
        (timedelta(0), "0s"),
        (timedelta(microseconds=1500), "0.0015s"),
        (timedelta(milliseconds=200), "200ms"),
        (timedelta(seconds=90), "90s"),
        (timedelta(seconds=1.5), "1500ms"),
        (timedelta(minutes=10), "10m"),
        (timedelta(hours=24), "1d"),
        (timedelta(days=180), "180d"),
    ],
)
def test_a_time_is_written_so_that_it_is_read_again(time: timedelta, text: str) -> None:
    assert times.written(time) == text
    assert times.meant(text) == time
