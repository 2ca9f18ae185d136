"""Figures are written as the language's readers write them, to the last minor unit."""

from decimal import Decimal

import pytest
from babel import Locale
from babel.numbers import format_currency

from threadly.languages import Figures
from threadly.languages.spoken import locale_of

_SPACE = "\N{NO-BREAK SPACE}"


def figures(language: str, country: str) -> Figures:
    return Figures(locale_of(language, country))


@pytest.mark.parametrize(
    ("language", "country", "minor", "currency", "written"),
    [
        ("en", "IE", 24_50, "EUR", "€24.50"),
        ("en", "IE", 5, "EUR", "€0.05"),
        ("en", "US", 0, "USD", "$0.00"),
        ("en", "GB", 1_234_567_89, "GBP", "£1,234,567.89"),
        ("en", "IE", -3_00, "EUR", "−€3.00"),
        ("en", "JP", 1250, "JPY", "¥1,250"),
        ("en", "KW", 1250, "KWD", f"KWD{_SPACE}1.250"),
        ("en", "BG", 9007199254740993, "EUR", "€90,071,992,547,409.93"),
        ("de", "DE", 24_50, "EUR", f"24,50{_SPACE}€"),
        ("de", "DE", 1024_50, "EUR", f"1.024,50{_SPACE}€"),
        ("de", "CH", 24_50, "CHF", f"CHF{_SPACE}24.50"),
        ("bg", "BG", 24_50, "EUR", f"24,50{_SPACE}€"),
        ("bg", "BG", 99_00, "BGN", f"99,00{_SPACE}лв."),
        ("bg", "IE", 12345_00, "EUR", f"12{_SPACE}345,00{_SPACE}€"),
    ],
)
def test_an_amount_is_written_to_the_last_minor_unit(
    language: str, country: str, minor: int, currency: str, written: str
) -> None:
    assert figures(language, country).money(minor, currency) == written


@pytest.mark.parametrize("code", ["bg", "cs", "da", "de", "de_AT", "de_CH", "en_GB", "fr", "pl", "ro", "sv", "en_IN"])
@pytest.mark.parametrize("currency", ["EUR", "USD", "CHF", "JPY", "KWD"])
def test_amounts_are_written_as_babel_writes_them(code: str, currency: str) -> None:
    locale = Locale.parse(code)
    ours = Figures(locale)
    for minor in (0, 5, 99, 1_00, 999_99, 1_000_00):  # with two apostrophes, Babel loses them both
        decimals = {"JPY": 0, "KWD": 3}.get(currency, 2)
        theirs = format_currency(Decimal(minor).scaleb(-decimals), currency, locale=locale)
        assert _without_spaces(ours.money(minor, currency)) == _without_spaces(theirs)


def _without_spaces(text: str) -> str:
    return "".join(text.split())


def test_numbers_are_grouped() -> None:
    assert [figures("en", "IE").number(number) for number in (0, 999, 1000, 1234567)] == [
        "0",
        "999",
        "1,000",
        "1,234,567",
    ]
    assert figures("de", "DE").number(10_000) == "10.000"


def test_a_currency_without_a_symbol_is_its_code() -> None:
    assert (figures("de", "DE").symbol("EUR"), figures("de", "DE").symbol("BGN")) == ("€", "BGN")
