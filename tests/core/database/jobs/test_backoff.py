"""Waits double, differ, have a limit, and end."""

from datetime import timedelta

from threadly.core.database.jobs import Retry

RETRY = Retry(attempts=6, first=timedelta(seconds=1), most=timedelta(seconds=5))


def test_waits_double_up_to_the_most_and_never_halve_more_than_that() -> None:
    for attempt, longest in [(1, 1), (2, 2), (3, 4), (4, 5), (5, 5)]:
        waits = [RETRY.wait(attempt) for _ in range(100)]
        assert all(timedelta(seconds=longest / 2) <= wait <= timedelta(seconds=longest) for wait in waits if wait)
        assert len(set(waits)) > 90  # failures must not march in step


def test_after_the_last_attempt_there_is_no_wait() -> None:
    assert RETRY.wait(5) is not None
    assert RETRY.wait(6) is None
    assert RETRY.wait(7) is None


def test_a_thousand_attempts_wait_no_longer_than_the_most() -> None:
    wait = Retry(attempts=10_000).wait(9_999)
    assert wait is not None
    assert wait <= timedelta(minutes=30)


def test_the_usual_retry_spans_an_outage_of_an_hour() -> None:
    usual = Retry()
    longest = [min(usual.most, usual.first * 2 ** (attempt - 1)) for attempt in range(1, usual.attempts)]
    assert timedelta(minutes=60) <= sum(longest, timedelta(0)) / 2
    assert sum(longest, timedelta(0)) <= timedelta(hours=2.5)
