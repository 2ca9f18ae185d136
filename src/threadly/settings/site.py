"""How a marketplace presents itself."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Final

from babel import Locale, UnknownLocaleError
from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints

from threadly.core.config import Section, expect_one_line, expect_port, listed, spelled
from threadly.languages import expect_currency, locale_of
from threadly.site_folder import Colours

_ADDRESSES: Final = {"my"}  # /my/listings; Burmese has to wait


def _each_once(given: tuple[str, ...]) -> tuple[str, ...]:
    if len(set(given)) < len(given):
        raise ValueError("names something twice")
    return given


def _known(code: str) -> str:
    if code in _ADDRESSES:
        raise ValueError("begins addresses of the shop already, and cannot be a language's")
    try:
        locale_of(code, "")
    except UnknownLocaleError:
        raise ValueError("is no language that we know to write") from None
    return code


def _country(code: str) -> str:
    if code not in Locale("en").territories:
        raise ValueError(f"is no country by ISO 3166{'; the United Kingdom is GB' if code == 'UK' else ''}")
    return code


LanguageCode = Annotated[
    str, spelled(r"[a-z]{2,3}", form="two or three small letters", example="de"), AfterValidator(_known)
]
Languages = Annotated[
    tuple[LanguageCode, ...],
    Field(min_length=1, max_length=12),
    BeforeValidator(listed),
    AfterValidator(_each_once),
]


_SHOP: Final = spelled(
    r"https?://(\[[0-9a-f:.]+\]|[a-z0-9]([a-z0-9.-]*[a-z0-9])?)(:\d{1,5})?",
    form="https:// and the shop's name in small letters, without a path",
    example="https://shop.example",
)
_CONTACT: Final = spelled(
    r"(mailto:[!-?A-~]+@[!-?A-~]+|https://[!-~]+)",
    form="mailto: and an address, or https:// and a page",
    example="mailto:security@shop.example",
)
_CURRENCY: Final = spelled(r"[A-Z]{3}", form="three capital letters", example="EUR")
_COUNTRY: Final = spelled(r"[A-Z]{2}", form="two capital letters", example="DE")


class SiteSettings(Section):
    """How the marketplace presents itself."""

    folder: Path | None = None
    """A folder with all of this and more, in files: docs/guide/your-own-site.md. A variable wins over a file."""

    name: Annotated[str, StringConstraints(min_length=1, max_length=50), AfterValidator(expect_one_line)] = "Threadly"
    """The shop's name."""

    url: Annotated[str, _SHOP, AfterValidator(expect_port)] = "http://localhost:8000"
    """Where browsers find the shop, without a path: https://shop.example."""

    currency: Annotated[str, _CURRENCY, AfterValidator(expect_currency)] = "EUR"
    """The currency of all prices, by its ISO 4217 code."""

    country: Annotated[str, _COUNTRY, AfterValidator(_country)] = "IE"
    """Where the shop is, by its ISO 3166 code: how figures and days are written, and where addresses are."""

    languages: Languages = ("en", "bg", "de")
    """What the shop speaks, separated by commas; addresses of the first have no prefix: en,bg,de."""

    tagline: Mapping[LanguageCode, Annotated[str, StringConstraints(min_length=1, max_length=120)]] = {}
    """What the shop is about, in a sentence, by language; a file only."""

    colours: Colours | None = None
    """The shop's own colours, by day and by night; a file only."""

    pages: Annotated[tuple[str, ...], BeforeValidator(listed), AfterValidator(_each_once)] = Field(
        default=(), examples=["terms,imprint"]
    )
    """The pages about the shop in the order of their links, separated by commas; all, if not said: terms,imprint."""

    security_contact: Annotated[str, StringConstraints(max_length=200), _CONTACT] | None = Field(
        default=None, examples=["mailto:security@shop.example"]
    )
    """Whom to tell of a weakness, in /.well-known/security.txt: mailto:security@shop.example, or a page by https."""
