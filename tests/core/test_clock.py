"""Time is aware and in UTC."""

from datetime import UTC, datetime, timedelta

from threadly.core import clock


def test_now_is_aware_in_utc_and_now() -> None:
    now = clock.now()

    assert now.tzinfo is UTC
    assert abs(now - datetime.now(UTC)) < timedelta(seconds=5)
