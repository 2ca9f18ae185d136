"""Words for what the marketplace counts in codes and moments."""

from datetime import datetime
from typing import Final

from threadly.core.words import counted, words
from threadly.languages import Language
from threadly.marketplace.catalog import Condition
from threadly.marketplace.storefront import Sort

CONDITIONS: Final = {
    Condition.NEW_WITH_TAGS: words("New with tags"),
    Condition.NEW_WITHOUT_TAGS: words("New without tags"),
    Condition.VERY_GOOD: words("Very good"),
    Condition.GOOD: words("Good"),
    Condition.SATISFACTORY: words("Satisfactory"),
}

CONDITIONS_EXPLAINED: Final = {
    Condition.NEW_WITH_TAGS: words("Never worn, and its tags are still on."),
    Condition.NEW_WITHOUT_TAGS: words("Never worn, its tags are gone."),
    Condition.VERY_GOOD: words("Worn a little, with no flaw to speak of."),
    Condition.GOOD: words("Worn, with small signs of it."),
    Condition.SATISFACTORY: words("Worn often, and it shows here and there."),
}

SORTS: Final = {
    Sort.NEWEST: words("Newest"),
    Sort.PRICE_ASC: words("Price, low to high"),
    Sort.PRICE_DESC: words("Price, high to low"),
    Sort.MOST_LOVED: words("Most loved"),
    Sort.RELEVANCE: words("Best match"),
}

_TODAY: Final = words("today")
_YESTERDAY: Final = words("yesterday")
_DAYS: Final = counted("{count} day ago", "{count} days ago")
_ON: Final = words("on {day}")

_SECONDS: Final = counted("You can go on in {count} second.", "You can go on in {count} seconds.")
_MINUTES: Final = counted("You can go on in {count} minute.", "You can go on in {count} minutes.")
_SECONDS_UNTIL: Final = 120


def ago(language: Language, moment: datetime, now: datetime) -> str:
    """How long ago, in days: coarse, so that a page from a cache is not wrong; the date after a month."""
    days = (now.date() - moment.date()).days
    if days <= 0:
        return language.say(_TODAY)
    if days == 1:
        return language.say(_YESTERDAY)
    return language.count(_DAYS, days) if days <= 30 else language.say(_ON, day=language.day(moment))


def wait(language: Language, seconds: int) -> str:
    """When to go on: in minutes where those are two or more, and never a moment too early."""
    if seconds < _SECONDS_UNTIL:
        return language.count(_SECONDS, seconds)
    return language.count(_MINUTES, -(-seconds // 60))
