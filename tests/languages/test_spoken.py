"""Which languages a shop speaks, and where."""

import pytest
from babel import UnknownLocaleError

from threadly.languages import Languages
from threadly.languages.spoken import locale_of, shipped

SHOP = ("en", "bg", "de")


def test_addresses_of_the_first_language_have_no_prefix() -> None:
    assert [(language.code, language.at) for language in Languages(SHOP, "IE")] == [
        ("en", ""),
        ("bg", "/bg"),
        ("de", "/de"),
    ]


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("/", "en"),
        ("/bg", "bg"),
        ("/bg/", "bg"),
        ("/de/categories/women", "de"),
        ("/bga", "en"),
        ("/BG/", "en"),
        ("", "en"),
    ],
)
def test_an_address_speaks_one_language(path: str, code: str) -> None:
    assert Languages(SHOP, "IE").at(path).code == code


@pytest.mark.parametrize(
    ("code", "country", "locale"),
    [("de", "CH", "de_CH"), ("bg", "IE", "bg"), ("en", "BG", "en_001"), ("en", "IE", "en_IE")],
)
def test_a_language_is_written_as_in_the_country_if_it_is_spoken_there(code: str, country: str, locale: str) -> None:
    assert str(locale_of(code, country)) == locale


def test_a_language_that_does_not_exist_is_refused() -> None:
    with pytest.raises(UnknownLocaleError):
        locale_of("xx", "IE")


def test_a_language_without_translations_speaks_english() -> None:
    assert shipped("fr").one("Price") == "Price"
