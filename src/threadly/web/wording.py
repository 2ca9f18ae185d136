"""Words for what the marketplace counts in codes and moments."""

from datetime import datetime
from typing import Final

from threadly.marketplace.catalog import Condition
from threadly.marketplace.storefront import Sort

CONDITIONS: Final = {
    Condition.NEW_WITH_TAGS: "New with tags",
    Condition.NEW_WITHOUT_TAGS: "New without tags",
    Condition.VERY_GOOD: "Very good",
    Condition.GOOD: "Good",
    Condition.SATISFACTORY: "Satisfactory",
}

CONDITIONS_EXPLAINED: Final = {
    Condition.NEW_WITH_TAGS: "Never worn, and its tags are still on.",
    Condition.NEW_WITHOUT_TAGS: "Never worn, its tags are gone.",
    Condition.VERY_GOOD: "Worn a little, with no flaw to speak of.",
    Condition.GOOD: "Worn, with small signs of it.",
    Condition.SATISFACTORY: "Worn often, and it shows here and there.",
}

SORTS: Final = {
    Sort.NEWEST: "Newest",
    Sort.PRICE_ASC: "Price, low to high",
    Sort.PRICE_DESC: "Price, high to low",
}

_MONTHS: Final = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def day(moment: datetime) -> str:
    """`3 March 2026`, whatever the machine's locale."""
    return f"{moment.day} {_MONTHS[moment.month - 1]} {moment.year}"


def month(moment: datetime) -> str:
    """`March 2026`."""
    return f"{_MONTHS[moment.month - 1]} {moment.year}"


def ago(moment: datetime, now: datetime) -> str:
    """How long ago, in days: coarse, so that a page from a cache is not wrong; the date after a month."""
    days = (now.date() - moment.date()).days
    if days <= 0:
        return "today"
    if days == 1:
        return "yesterday"
    return f"{days} days ago" if days <= 30 else f"on {day(moment)}"
