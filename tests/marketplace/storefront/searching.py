"""Searches as a shopper would, and reads what came of it."""

from typing import Any

from threadly.core.database import Cursors, Database
from threadly.core.keys import KeyRing
from threadly.marketplace import catalog, storefront
from threadly.marketplace.storefront import FacetValue, Found, Wanted

CURSORS = Cursors(KeyRing.of(b"c" * 32))


async def search(db: Database, text: str = "", category: str | None = None, **facts: Any) -> Found:  # noqa: ANN401
    """What is found."""
    async with db.read() as read:
        place, _ = await catalog.named(read, category)
        return await storefront.found(read, Wanted(text=text, category=place, **facts), CURSORS)


def titles(found: Found) -> set[str]:
    """Of the page."""
    return {card.title for card in found.page.items}


def counts(values: tuple[FacetValue, ...]) -> dict[str, int]:
    """By code."""
    return {value.code: value.count for value in values}
