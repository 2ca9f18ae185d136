"""A brand is found however it is spelled, and added once where nobody knows it."""

import asyncio

import pytest
from sqlalchemy import func, select

from threadly.core.database import Database
from threadly.marketplace import catalog
from threadly.marketplace.catalog import Brand, brand_named
from threadly.marketplace.catalog.brands import slug_of


async def name_of(db: Database, typed: str) -> str:
    """How the brand that was typed is called."""
    id = await db.run(brand_named, typed)
    async with db.read() as read:
        return (await read.execute(select(Brand.name).where(Brand.id == id))).scalar_one()


async def count(db: Database) -> int:
    """How many brands there are."""
    async with db.read() as read:
        return (await read.execute(select(func.count()).select_from(Brand))).scalar_one()


async def test_a_known_brand_is_found_whatever_its_case_accents_and_signs(db: Database) -> None:
    await db.run(catalog.install)
    before = await count(db)

    for typed, known in (
        ("arket", "Arket"),
        ("CHLOE", "Chloé"),
        ("estee lauder", "Estée Lauder"),
        ("levis", "Levi's"),
        ("dr martens", "Dr. Martens"),
    ):
        assert await name_of(db, typed) == known

    assert await count(db) == before


async def test_an_unknown_brand_is_added_as_it_is_written(db: Database) -> None:
    assert await name_of(db, "Ateliér Nová") == "Ateliér Nová"
    assert await name_of(db, "atelier nova") == "Ateliér Nová"
    assert await name_of(db, "Ателие Роза") == "Ателие Роза"
    assert await name_of(db, "АТЕЛИЕ РОЗА") == "Ателие Роза"
    assert await name_of(db, "上下") == "上下"
    assert await count(db) == 3


async def test_many_who_name_it_at_once_name_one(db: Database) -> None:
    found = await asyncio.gather(
        *(db.run(brand_named, name) for name in ("Nobody Yet", "nobody yet", "NOBODY YET", "Nobody-Yet"))
    )

    assert len(set(found)) == 1
    assert await count(db) == 1


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Dolce & Gabbana", "dolce-and-gabbana"),
        ("Chloé", "chloe"),
        ("x" * 50, "x" * 50),
        ("Роза", "brand-ef4f5ba1e9d5"),
        ("Zara Роза", "zara-"),
    ],
)
def test_a_slug_is_always_one_that_an_address_can_hold(name: str, slug: str) -> None:
    assert slug_of(name).startswith(slug[:6])
    assert slug_of(name).replace("-", "").isalnum()
    assert slug_of(name).isascii()
