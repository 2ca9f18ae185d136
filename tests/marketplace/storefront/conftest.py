"""A shop of six things, and a search in it."""

from typing import Any

import pytest

from tests.making import THEN, a_brand, a_listing
from threadly.core.database import Cursors, Database, Tx
from threadly.core.keys import KeyRing
from threadly.marketplace.catalog import Colour, Condition, Size, SizeSystem

CURSORS = Cursors(KeyRing.of(b"c" * 32))

GOODS: list[dict[str, Any]] = [
    {"title": "Levi's 501 jeans", "category": "men/clothing/jeans", "brand": "Levi's", "colour": "blue", "size": "M"},
    {"title": "Denim jacket", "category": "men/clothing/jackets", "brand": "Levi's", "colour": "blue", "size": "L"},
    {"title": "Rain jacket", "category": "women/clothing/jackets", "brand": "Only", "colour": "red", "size": "M"},
    {"title": "Silk gown, été", "category": "women/clothing/dresses", "brand": "Only", "colour": "red"},
    {"title": "Лятна рокля", "category": "women/clothing/dresses", "condition": Condition.NEW_WITH_TAGS},
    {"title": "Boots", "category": "women/shoes/boots", "price_minor": 150_00},
]


@pytest.fixture
async def six(db: Database) -> Database:
    """Six things."""
    sizes = {label: Size(system="letters", label=label, position=n) for n, label in enumerate(("M", "L"), start=1)}

    async def fill(tx: Tx) -> None:
        tx.add(SizeSystem(code="letters", name="Letters", position=1))
        await tx.flush()
        tx.add_all(sizes.values())
        tx.add_all(Colour(code=code, name=code.title(), position=n) for n, code in enumerate(("red", "blue"), start=1))

    await db.run(fill)
    brands = {name: await a_brand(db, name, slug=name.lower().replace("'", "")) for name in ("Levi's", "Only", "Nike")}
    for goods in GOODS:
        facts = dict(goods)
        brand, size = facts.pop("brand", None), facts.pop("size", None)
        brand_id, size_id = brand and brands[brand].id, size and sizes[size].id
        await a_listing(db, brand_id=brand_id, size_id=size_id, published_at=THEN, **facts)
    return db
