"""Times and pages as one types them."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from threadly.commands.asked import opened, sealed, since
from threadly.commands.errors import OptionInvalid
from threadly.core import clock


class Key(msgspec.Struct, frozen=True, array_like=True):
    at: datetime
    id: int


THEN = datetime(2026, 3, 1, 12, 30, 15, 123456, tzinfo=UTC)


@pytest.mark.parametrize(
    ("typed", "moment"),
    [
        (None, None),
        ("2026-03-01", datetime(2026, 3, 1, tzinfo=UTC)),
        ("2026-03-01T12:30:15.123456", THEN),
        ("2026-03-01T14:30:15.123456+02:00", THEN),
    ],
)
def test_a_time_is_read_in_utc(typed: str | None, moment: datetime | None) -> None:
    assert since(typed) == moment


@pytest.mark.parametrize(("typed", "ago"), [("2h", timedelta(hours=2)), ("90", timedelta(seconds=90))])
def test_a_while_is_reckoned_from_now(typed: str, ago: timedelta) -> None:
    found = since(typed)
    assert found is not None
    assert abs(clock.now() - ago - found) < timedelta(seconds=20)


def test_as_long_ago_as_one_likes_is_long_ago() -> None:
    assert since("999999999d") is not None


@pytest.mark.parametrize("typed", ["yesterday", "", "2026-13-01", "-1h"])
def test_anything_else_is_refused(typed: str) -> None:
    with pytest.raises(OptionInvalid, match="--since is 2h, 7d"):
        since(typed)


def test_a_page_begins_where_the_one_before_ended() -> None:
    key = Key(THEN, 7)
    assert opened(sealed(key), Key) == key
    assert opened(None, Key) is None


@pytest.mark.parametrize("typed", ["x", "", "W10", "é", "AAAA"])
def test_what_no_page_says_is_refused(typed: str) -> None:
    with pytest.raises(OptionInvalid, match="--after is what the page before says"):
        opened(typed, Key)
