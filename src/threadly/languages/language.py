"""One language of a shop: its words, its figures, its days."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any, Final

from babel import Locale
from babel.core import get_global
from babel.dates import format_date, format_skeleton

from threadly.core.errors import Problem, Refusal
from threadly.core.words import Counted
from threadly.languages.figures import Figures
from threadly.languages.messages import Messages

_A_YEAR: Final = 7777
_A_DAY: Final = 8
_LATER: Final = 28  # which is no month, and not in that year


class Language:
    """A language as pages use it.

    Args:
        code: `en`, `bg`, `de`: what `<html lang>` says.
        at: What addresses of its pages begin with: `/bg`, and nothing for the shop's first language.
        locale: The language in the shop's country, for figures and days.
    """

    def __init__(self, code: str, *, at: str, locale: Locale, messages: Messages) -> None:
        self.code = code
        self.at = at
        self.name = _capitalised(locale.get_language_name(locale) or code)
        """What it calls itself: `Български`."""
        self.script = _likely(locale)[1]
        """What it is written in, by its ISO 15924 code: `Cyrl`."""
        self.regional = _regional(locale)
        """With the country where it is at home, as OpenGraph names it: `bg_BG`."""
        self._messages = messages
        self._figures = Figures(locale)
        self.money = self._figures.money
        self.number = self._figures.number
        self.symbol = self._figures.symbol
        self.decimal = self._figures.decimal
        """What stands before decimals: `.`, or `,`."""
        self._days = _in_each_month(lambda day: format_date(day, "long", locale=locale))
        self._months = _in_each_month(lambda day: format_skeleton("yMMMM", day, locale=locale))

    def say(self, message: str, /, **values: object) -> str:
        """A sentence that `words(…)` marks, with its values in their places."""
        said = self._messages.plain(message)
        return said.format_map(values) if values else said

    def said(self, given: Refusal | str) -> str:
        """Why a field cannot be taken, or any other sentence that `words(…)` marks, for templates."""
        return self.say(given.message, **given.values) if isinstance(given, Refusal) else self._messages.plain(given)

    def count(self, counted: Counted, count: int, /, **values: object) -> str:
        """A sentence that `counted(…)` marks, for a number of things."""
        said = self._messages.counted(*counted, count).replace("%%", "%")
        return said.format_map({"count": self.number(count)} | values)

    def named(self, message: str) -> str:
        """The name of a category, colour, material … by its English one; as it is if nobody translated it."""
        return self._messages.plain(message)

    def each(self, texts: Mapping[Any, str]) -> dict[Any, str]:
        """Sentences by their keys, in this language."""
        return {key: self._messages.plain(text) for key, text in texts.items()}

    def title(self, problem: Problem) -> str:
        """What went wrong, in a sentence."""
        return self._messages.plain(problem.title)

    def detail(self, problem: Problem) -> str | None:
        """What is particular about it."""
        if problem.words is None:
            return problem.detail
        return self.say(problem.words, **problem.facts)

    def day(self, moment: datetime) -> str:
        """`3 March 2026`, whatever the machine's locale."""
        return self._days[moment.month - 1].format(year=moment.year, day=moment.day)

    def month(self, moment: datetime) -> str:
        """`March 2026`."""
        return self._months[moment.month - 1].format(year=moment.year, day=moment.day)

    def gettext(self, message: str) -> str:
        """For templates: `{{ _("…") }}`."""
        return self._messages.one(message)

    def ngettext(self, one: str, many: str, count: int) -> str:
        """For templates: `{% trans %}… {% pluralize %}…{% endtrans %}`."""
        return self._messages.counted(one, many, count)

    def pgettext(self, context: str, message: str) -> str:
        """For templates: a word that means different things in different places."""
        return self._messages.one(message, context)

    def npgettext(self, context: str, one: str, many: str, count: int) -> str:
        """For templates: such a word that counts."""
        return self._messages.counted(one, many, count, context)


def _in_each_month(written: Callable[[date], str]) -> tuple[str, ...]:
    """How days are written in each month, with places for year and day: read once, and Babel's data can be let go."""
    padded = "{day:02}" if f"{_A_DAY:02}" in written(date(_A_YEAR, 1, _A_DAY)) else "{day}"
    texts = (written(date(_A_YEAR, month, _LATER)) for month in range(1, 13))
    return tuple(text.replace(str(_A_YEAR), "{year}").replace(str(_LATER), padded) for text in texts)


def _regional(locale: Locale) -> str:
    territory = locale.territory
    if not territory or not territory.isalpha():
        territory = _likely(locale)[2]
    return f"{locale.language}_{territory}"


def _likely(locale: Locale) -> list[str]:
    """Language, script and country, as is likely."""
    return str(get_global("likely_subtags").get(locale.language, "en_Latn_US")).split("_")


def _capitalised(name: str) -> str:
    return name[:1].upper() + name[1:]
