from datetime import UTC, datetime, timedelta

import pytest

from threadly.languages import Languages
from threadly.marketplace.catalog import Condition
from threadly.marketplace.storefront import Sort
from threadly.web.wording import CONDITIONS, CONDITIONS_EXPLAINED, SORTS, ago, wait

NOW = datetime(2026, 3, 31, 0, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("before", "said"),
    [
        (timedelta(minutes=-1), "today"),
        (timedelta(minutes=5), "today"),
        (timedelta(minutes=6), "yesterday"),
        (timedelta(days=2), "2 days ago"),
        (timedelta(days=30), "30 days ago"),
        (timedelta(days=31), "on 28 February 2026"),
    ],
)
def test_how_long_ago_is_told_in_days(before: timedelta, said: str) -> None:
    assert ago(Languages(["en"], "IE").first, NOW - before, NOW) == said


def test_each_condition_and_each_order_has_its_words() -> None:
    assert set(CONDITIONS) == set(CONDITIONS_EXPLAINED) == set(Condition)
    assert set(SORTS) == set(Sort)


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (1, ("1 second.", "след 1 секунда.", "In 1 Sekunde ")),
        (119, ("119 seconds.", "след 119 секунди.", "In 119 Sekunden ")),
        (120, ("2 minutes.", "след 2 минути.", "In 2 Minuten ")),
        (121, ("3 minutes.", "след 3 минути.", "In 3 Minuten ")),
        (180, ("3 minutes.", "след 3 минути.", "In 3 Minuten ")),
    ],
)
def test_when_to_go_on_is_told_in_minutes_from_two_of_them_on(seconds: int, said: tuple[str, str, str]) -> None:
    for language, sentence in zip(Languages(["en", "bg", "de"], "BG"), said, strict=True):
        assert sentence in wait(language, seconds)
