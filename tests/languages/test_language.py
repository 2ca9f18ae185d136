"""A language's words, and its days."""

from datetime import UTC, datetime

import pytest
from babel import Locale
from babel.dates import format_date, format_skeleton

from threadly.core.asgi import ParameterInvalid
from threadly.core.errors import NotFound, Refusal
from threadly.core.words import counted, words
from threadly.languages import Language, Messages
from threadly.languages.spoken import locale_of

MOMENT = datetime(2026, 3, 31, 23, 59, tzinfo=UTC)
SAID = {
    "There is nothing here.": ("Hier ist nichts.",),
    "at most {most}": ("höchstens {most}",),
    "{count} day": ("{count} Tag", "{count} Tage"),
}


def spoken(code: str, country: str) -> Language:
    messages = Messages(SAID if code == "de" else {}, lambda count: int(count != 1))
    return Language(code, at="", locale=locale_of(code, country), messages=messages)


def test_days_are_written_out() -> None:
    written = {code: (spoken(code, "BG").day(MOMENT), spoken(code, "BG").month(MOMENT)) for code in ("en", "de", "bg")}

    assert written == {
        "en": ("31 March 2026", "March 2026"),
        "de": ("31. März 2026", "März 2026"),
        "bg": ("31 март 2026\N{NARROW NO-BREAK SPACE}г.", "март 2026\N{NARROW NO-BREAK SPACE}г."),
    }


@pytest.mark.parametrize("code", ["en_GB", "en_US", "de", "bg", "fr", "es", "cs", "pl", "ja", "da", "hu", "fi"])
def test_every_day_is_written_as_babel_writes_it(code: str) -> None:
    locale = Locale.parse(code)
    language = Language(locale.language, at="", locale=locale, messages=Messages({}, int))
    for moment in (MOMENT, MOMENT.replace(month=12, day=1), MOMENT.replace(month=8, day=8), MOMENT.replace(year=1999)):
        assert language.day(moment) == format_date(moment.date(), "long", locale=locale)
        assert language.month(moment) == format_skeleton("yMMMM", moment.date(), locale=locale)


def test_a_sentence_has_its_values_after_it_is_translated() -> None:
    assert spoken("de", "DE").say(words("at most {most}"), most="{x}") == "höchstens {x}"
    assert spoken("en", "IE").say(words("at most {most}"), most=3) == "at most 3"


def test_what_counts_takes_the_number_as_the_language_writes_it() -> None:
    days = counted("{count} day", "{count} days")

    assert [spoken("de", "DE").count(days, count) for count in (1, 2, 1000)] == ["1 Tag", "2 Tage", "1.000 Tage"]


def test_a_refusal_and_a_problem_are_told_in_the_language() -> None:
    german = spoken("de", "DE")
    told = ParameterInvalid(words("at most {most}"), most=5)

    assert german.said(Refusal("too_many", words("at most {most}"), {"most": 9})) == "höchstens 9"
    assert german.title(NotFound()) == "Hier ist nichts."
    assert (german.detail(told), told.detail, german.detail(NotFound())) == ("höchstens 5", "at most 5", None)
    assert german.detail(NotFound("Nobody marked {this}.")) == "Nobody marked {this}."


def test_a_language_calls_itself_by_its_own_name() -> None:
    assert [spoken(code, "BG").name for code in ("en", "de", "bg")] == ["English", "Deutsch", "Български"]
