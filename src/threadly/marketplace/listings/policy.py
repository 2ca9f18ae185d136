"""What a listing may say. Pure: a rule looks at what it is given, and answers with the first sentence that is true.

Emoji, any script and any direction are welcome; capitals are nobody's business, since brands shout. What cannot be
seen, or hides what can, is refused as it is everywhere (`core.text`). Text is never altered: `<b>` is three characters
that stand on the page as they are.
"""

import re
import unicodedata
from collections.abc import Mapping
from typing import Final
from uuid import UUID

import msgspec
from msgspec import UNSET, UnsetType

from threadly.core.errors import Refusal
from threadly.core.text import is_plain
from threadly.core.words import words
from threadly.marketplace.catalog import Condition, Leaf

TITLE: Final = (3, 100)
DESCRIPTION: Final = (10, 2000)
PRICE_MINOR: Final = (1, 99_999_999)
BRAND: Final = 50
ALT: Final = 100
PICTURES: Final = (1, 10)

_MARKUP: Final = re.compile(r"<[^<>]*>|&#?\w{1,31};")


class Changes(msgspec.Struct, frozen=True, kw_only=True):
    """What to change of a listing: what is unset stays as it is, None clears."""

    title: str | UnsetType = UNSET
    description: str | UnsetType = UNSET
    price_minor: int | UnsetType | None = UNSET
    category: str | UnsetType | None = UNSET
    """The path of a leaf."""
    condition: Condition | UnsetType | None = UNSET
    brand: str | UnsetType | None = UNSET
    """As it is called; one that nobody knows yet becomes known with the first that is on sale."""
    size_id: UUID | UnsetType | None = UNSET
    colour: str | UnsetType | None = UNSET
    material: str | UnsetType | None = UNSET


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """A listing as it would be."""

    title: str
    description: str
    price_minor: int | None
    category: Leaf | None
    condition: Condition | None
    brand: str | None
    """A name that somebody typed; None where there is none, or one that is known to be good."""
    size_system: str | None
    """Of the size; None without a size."""
    pictures: int


CATEGORY_UNKNOWN: Final = Refusal("category_unknown", words("Please choose one of the categories."))
SIZE_UNKNOWN: Final = Refusal("size_unknown", words("Please choose one of the sizes."))
COLOUR_UNKNOWN: Final = Refusal("colour_unknown", words("Please choose one of the colours."))
MATERIAL_UNKNOWN: Final = Refusal("material_unknown", words("Please choose one of the materials."))
PICTURE_REPEATED: Final = Refusal("picture_repeated", words("This photo is there already."))
ORDER_INCOMPLETE: Final = Refusal("order_incomplete", words("The order must name each photo once."))


def refusals(draft: Draft, *, whole: bool) -> dict[str, Refusal]:
    """Every field that breaks a rule; `whole`: also what is missing before it can be on sale."""
    found = {
        "pictures": pictures(draft.pictures, whole=whole),
        "title": title(draft.title, whole=whole),
        "description": description(draft.description, whole=whole),
        "category": _missing("category_missing", words("Please choose a category."), draft.category, whole),
        "size_id": _size(draft),
        "condition": _missing("condition_missing", words("Please say how worn it is."), draft.condition, whole),
        "brand": None if draft.brand is None else brand(draft.brand),
        "price_minor": price(draft.price_minor, whole=whole),
    }
    return {name: refusal for name, refusal in found.items() if refusal is not None}


def title(text: str, *, whole: bool) -> Refusal | None:
    """Why this is no title."""
    lowest, most = TITLE
    if not text.strip() and not whole:
        return None
    if refusal := _unreadable("title", text):
        return refusal
    if len(text) > most:
        return Refusal("title_too_long", words("Please shorten the title to {most} characters."), {"most": most})
    if not whole:
        return None
    if _visible(text) < lowest:
        return Refusal(
            "title_too_short", words("Please write a title of {lowest} characters or more."), {"lowest": lowest}
        )
    if not any(character.isalnum() for character in text):
        return Refusal("title_without_words", words("Please say in words what it is."))
    return None


def description(text: str, *, whole: bool) -> Refusal | None:
    """Why this describes nothing."""
    lowest, most = DESCRIPTION
    if not text.strip() and not whole:
        return None
    if refusal := _unreadable("description", text, lines=True):
        return refusal
    if len(text) > most:
        return Refusal(
            "description_too_long", words("Please shorten the description to {most} characters."), {"most": most}
        )
    if not whole:
        return None
    if text.strip() and not any(character.isalpha() for character in _MARKUP.sub("", text)):
        return Refusal("description_without_words", words("Please describe it in words."))
    if _visible(text) < lowest:
        return Refusal(
            "description_too_short",
            words("Please describe it in {lowest} characters or more."),
            {"lowest": lowest},
        )
    return None


def price(minor: int | None, *, whole: bool) -> Refusal | None:
    """Why this is no price. In minor units of the marketplace's currency, which its messages cannot know."""
    lowest, most = PRICE_MINOR
    if minor is None:
        return _missing("price_missing", words("Please name a price."), minor, whole)
    if minor < lowest:
        return Refusal("price_too_low", words("Please name a price above zero."))
    if minor > most:
        return Refusal("price_too_high", words("This is more than can be asked here."))
    return None


def brand(name: str) -> Refusal | None:
    """Why this is no brand."""
    if refusal := _unreadable("brand", name):
        return refusal
    if len(name) > BRAND:
        return Refusal("brand_too_long", words("Please shorten the brand to {most} characters."), {"most": BRAND})
    if not any(character.isalnum() for character in name):
        return Refusal("brand_without_words", words("Please write the brand in letters, or leave it empty."))
    return None


def alt(text: str) -> Refusal | None:
    """Why this does not describe a picture."""
    if refusal := _unreadable("alt", text):
        return refusal
    if len(text) > ALT:
        return Refusal("alt_too_long", words("Please shorten this to {most} characters."), {"most": ALT})
    return None


def pictures(count: int, *, whole: bool) -> Refusal | None:
    """Why this is no number of pictures."""
    fewest, most = PICTURES
    if count > most:
        return Refusal("pictures_too_many", words("A listing has {most} photos at most."), {"most": most})
    if whole and count < fewest:
        return Refusal("pictures_too_few", words("Please add a photo: nobody buys what they cannot see."))
    return None


def all_alts(texts: Mapping[UUID, str]) -> dict[str, Refusal]:
    """Every picture whose words break a rule, as `alt-<its id>`."""
    found = {f"alt-{id}": alt(text) for id, text in texts.items()}
    return {name: refusal for name, refusal in found.items() if refusal is not None}


def _size(draft: Draft) -> Refusal | None:
    if draft.size_system is None or draft.category is None or draft.size_system == draft.category.size_system:
        return None
    if draft.category.size_system is None:
        return Refusal("size_not_wanted", words("Things of this category have no size."))
    return Refusal("size_of_other_category", words("Please choose one of the sizes of this category."))


def _missing(code: str, message: str, value: object, whole: bool) -> Refusal | None:
    return Refusal(code, message) if whole and value is None else None


def _unreadable(field: str, text: str, *, lines: bool = False) -> Refusal | None:
    if is_plain(text, lines=lines):
        return None
    return Refusal(f"{field}_unreadable", words("Please remove the characters that cannot be seen."))


def _visible(text: str) -> int:
    """How many characters are to be seen, spaces around them left out."""
    return len("".join(character for character in text if unicodedata.category(character) != "Cf").strip())
