"""What a shopper asks for."""

import hashlib
from enum import StrEnum
from typing import Final

import msgspec

from threadly.marketplace.catalog import Condition, Place

MOST_CHOSEN: Final = 20
"""How many values of a facet can be chosen at a time."""


class Sort(StrEnum):
    """The orders in which a list can be read."""

    NEWEST = "newest"
    PRICE_ASC = "price_asc"
    PRICE_DESC = "price_desc"
    MOST_LOVED = "most_loved"
    RELEVANCE = "relevance"
    """What fits the text best; without a text, the newest."""


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """Which listings, in which order. Of several brands, sizes, colours or conditions, any will do."""

    text: str = ""
    """As it was typed."""
    category: Place | None = None
    brands: tuple[str, ...] = ()
    """Slugs."""
    sizes: tuple[str, ...] = ()
    """System and label: `letters.M`."""
    colours: tuple[str, ...] = ()
    """Codes."""
    conditions: tuple[Condition, ...] = ()
    min_price_minor: int | None = None
    max_price_minor: int | None = None
    sort: Sort = Sort.NEWEST

    @property
    def is_narrowed(self) -> bool:
        """Whether anything is chosen besides a text and a category."""
        prices = (self.min_price_minor, self.max_price_minor)
        return any((self.brands, self.sizes, self.colours, self.conditions)) or prices != (None, None)

    @property
    def fingerprint(self) -> str:
        """Tells this list from every other, so that a cursor of one does not open another."""
        place = self.category.id if self.category else ""
        chosen = [sorted(values) for values in (self.brands, self.sizes, self.colours, self.conditions)]
        told = repr((self.text, place, chosen, self.min_price_minor, self.max_price_minor, self.sort))
        return f"cards|{hashlib.blake2b(told.encode(errors='replace'), digest_size=16).hexdigest()}"
