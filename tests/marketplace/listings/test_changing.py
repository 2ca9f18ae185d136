"""Changing a listing: what is judged, what is looked up, what is remembered."""

from typing import Any
from uuid import uuid4

import asyncpg
import pytest
from sqlalchemy import select

from tests.conftest import CountStatements
from tests.marketplace.listings.selling import WHOLE, a_seller, a_size, count, prices, row
from threadly.core.database import Database
from threadly.core.errors import FieldsRefused
from threadly.marketplace import listings
from threadly.marketplace.catalog import Brand, Condition
from threadly.marketplace.listings import Changes, Listing, ListingChanged


async def test_whatever_is_no_part_of_the_catalogue_is_refused(db: Database) -> None:
    seller = await a_seller(db)
    id = await seller.drafts()
    before, brands = await row(db, id), await count(db, Brand)
    wrong = Changes(
        category="women/clothing", size_id=uuid4(), colour="octarine", material="mithril", brand="A new brand"
    )

    with pytest.raises(FieldsRefused) as refused:
        await db.run(listings.edit, wrong, seller_id=seller.id, listing_id=id)

    assert {name: refusal.code for name, refusal in refused.value.refusals.items()} == {
        "category": "category_unknown",
        "size_id": "size_unknown",
        "colour": "colour_unknown",
        "material": "material_unknown",
    }
    assert await row(db, id) == before
    assert await count(db, Brand) == brands


async def test_a_size_belongs_to_the_category_also_when_only_one_of_them_changes(db: Database) -> None:
    seller = await a_seller(db)
    medium = await a_size(db, "letters", "M")
    id = await seller.drafts()
    await db.run(listings.edit, Changes(size_id=medium), seller_id=seller.id, listing_id=id)

    with pytest.raises(FieldsRefused) as refused:
        await db.run(listings.edit, Changes(category="women/shoes/boots"), seller_id=seller.id, listing_id=id)

    assert refused.value.refusals["size_id"].code == "size_of_other_category"
    await db.run(listings.edit, Changes(category="women/shoes/boots", size_id=None), seller_id=seller.id, listing_id=id)
    assert (await row(db, id))["size_id"] is None


async def test_unset_leaves_and_none_clears(db: Database) -> None:
    seller = await a_seller(db)
    id = await seller.drafts()

    await db.run(listings.edit, Changes(brand=None, colour=None), seller_id=seller.id, listing_id=id)

    listing = await row(db, id)
    assert (listing["brand_name"], listing["colour"], listing["material"]) == (None, None, "linen")


async def test_what_is_on_sale_stays_whole(db: Database) -> None:
    seller = await a_seller(db)
    id = await seller.sells()
    before = await row(db, id)

    for lack in (Changes(price_minor=None), Changes(category=None), Changes(title=""), Changes(condition=None)):
        with pytest.raises(FieldsRefused):
            await db.run(listings.edit, lack, seller_id=seller.id, listing_id=id)

    assert await row(db, id) == before
    assert await prices(db, id) == [24_50]


async def test_each_price_that_was_public_is_remembered(db: Database) -> None:
    seller = await a_seller(db)
    id = await seller.drafts()
    await db.run(listings.edit, Changes(price_minor=30_00), seller_id=seller.id, listing_id=id)
    await db.run(listings.publish, Changes(price_minor=28_00), seller_id=seller.id, listing_id=id)

    for price in (25_00, 25_00, 22_00):
        await db.run(listings.edit, Changes(price_minor=price), seller_id=seller.id, listing_id=id)
    await db.run(listings.edit, Changes(title="Linen dress"), seller_id=seller.id, listing_id=id)

    assert await prices(db, id) == [28_00, 25_00, 22_00]


@pytest.mark.parametrize(
    "statement",
    ["update listing_prices set price_minor = 1", "delete from listing_prices", "truncate listing_prices"],
)
async def test_prices_cannot_be_rewritten_not_even_by_hand(db: Database, owner_url: str, statement: str) -> None:
    id = await (await a_seller(db)).sells()
    connection = await asyncpg.connect(owner_url)

    with pytest.raises(asyncpg.RestrictViolationError, match="only grows"):
        await connection.execute(statement)

    await connection.close()
    assert await prices(db, id) == [24_50]


async def test_who_saw_an_older_version_is_told_and_undoes_nothing(db: Database) -> None:
    seller = await a_seller(db)
    id = await seller.drafts()
    version = (await row(db, id))["version"]
    mine: Any = {"seller_id": seller.id, "listing_id": id, "version": version}
    await db.run(listings.edit, Changes(title="Said on the telephone"), **mine)
    before = await row(db, id)

    for act in (listings.edit, listings.publish, listings.rehearse):
        with pytest.raises(ListingChanged):
            await db.run(act, Changes(title="Said on the desk"), **mine)

    assert await row(db, id) == before


async def test_a_new_brand_is_added_with_the_listing_or_not_at_all(db: Database) -> None:
    seller = await a_seller(db)
    id = await seller.sells()

    await db.run(listings.edit, Changes(brand="Ателие Роза"), seller_id=seller.id, listing_id=id)

    async with db.read() as read:
        name = await read.scalar(select(Brand.name).join(Listing, Listing.brand_id == Brand.id).where(Listing.id == id))
    assert name == "Ателие Роза"


async def test_an_edit_is_a_handful_of_statements(db: Database, count_statements: CountStatements) -> None:
    seller = await a_seller(db)
    id = await seller.sells()

    changes = Changes(title="A linen dress", price_minor=20_00, condition=Condition.GOOD)

    assert await count_statements(db, db.run(listings.edit, changes, seller_id=seller.id, listing_id=id)) <= 6
    assert await count_statements(db, db.run(listings.edit, WHOLE, seller_id=seller.id, listing_id=id)) <= 9
