"""Removing, restoring and listing again."""

import asyncio

import pytest

from tests.marketplace.listings.selling import a_seller, count, row, settle, shown
from threadly.core.database import Database
from threadly.marketplace import listings
from threadly.marketplace.listings import (
    Changes,
    ListingNotOver,
    ListingOnSaleAlready,
    ListingRemoved,
    ListingStatus,
    Standing,
)


async def test_a_removed_draft_is_listed_anew_with_the_brand_as_typed(db: Database) -> None:
    seller = await a_seller(db)
    id = await seller.drafts(Changes(brand="Nobody Yet"), pictures=0)
    await db.run(listings.remove, seller_id=seller.id, listing_id=id)

    copy = await db.run(listings.relist, seller_id=seller.id, listing_id=id)

    assert (await row(db, copy.id))["brand_name"] == "Nobody Yet"


async def test_what_is_removed_comes_back_to_where_it_was(db: Database) -> None:
    seller = await a_seller(db)
    for id in (await seller.drafts(Changes(title="Half a draft"), pictures=0), await seller.sells()):
        before = await row(db, id)

        for _ in range(2):
            assert (await db.run(listings.remove, seller_id=seller.id, listing_id=id)).status is ListingStatus.REMOVED
        for _ in range(2):
            assert (await db.run(listings.restore, seller_id=seller.id, listing_id=id)).status is before["status"]

        after = await row(db, id)
        assert {**after, "updated_at": None} == {**before, "updated_at": None}


async def test_what_is_removed_is_not_edited(db: Database) -> None:
    seller = await a_seller(db)
    id = await seller.sells()
    await db.run(listings.remove, seller_id=seller.id, listing_id=id)
    before = await row(db, id)

    for act in (listings.edit, listings.publish):
        with pytest.raises(ListingRemoved):
            await db.run(act, Changes(title="A hat"), seller_id=seller.id, listing_id=id)

    assert await row(db, id) == before


async def test_what_is_over_can_be_listed_anew_once(db: Database) -> None:
    seller = await a_seller(db)
    id = await seller.sells(pictures=3)
    await settle(db, id, ListingStatus.SOLD)
    old = await row(db, id)

    begun = await asyncio.gather(*(db.run(listings.relist, seller_id=seller.id, listing_id=id) for _ in range(3)))

    (copy,) = {standing.id for standing in begun}
    new = await row(db, copy)
    same = ("title", "description", "price_minor", "currency", "category_id", "brand_id", "colour", "condition")
    assert {name: new[name] for name in same} == {name: old[name] for name in same}
    assert (new["status"], new["published_at"], new["sold_at"]) == (ListingStatus.DRAFT, None, None)
    assert await shown(db, copy) == await shown(db, id)
    assert await row(db, id) == old

    await db.run(listings.publish, seller_id=seller.id, listing_id=copy)
    assert (await db.run(listings.relist, seller_id=seller.id, listing_id=id)).id != copy


async def test_what_is_on_sale_is_not_listed_anew(db: Database) -> None:
    seller = await a_seller(db)
    id = await seller.sells()

    with pytest.raises(ListingNotOver):
        await db.run(listings.relist, seller_id=seller.id, listing_id=id)

    assert await count(db) == 1


async def test_a_copy_that_is_removed_gives_way_to_another_and_comes_back(db: Database) -> None:
    seller = await a_seller(db)
    id = await seller.sells()
    await db.run(listings.remove, seller_id=seller.id, listing_id=id)
    first = (await db.run(listings.relist, seller_id=seller.id, listing_id=id)).id
    await db.run(listings.remove, seller_id=seller.id, listing_id=first)
    second = (await db.run(listings.relist, seller_id=seller.id, listing_id=id)).id

    assert second != first
    assert (await db.run(listings.restore, seller_id=seller.id, listing_id=first)).status is ListingStatus.DRAFT


async def test_a_thing_that_was_listed_anew_is_on_sale_once(db: Database) -> None:
    seller = await a_seller(db)
    first = await seller.sells()
    await db.run(listings.remove, seller_id=seller.id, listing_id=first)
    copy = (await db.run(listings.relist, seller_id=seller.id, listing_id=first)).id
    await db.run(listings.publish, seller_id=seller.id, listing_id=copy)
    before = await row(db, first)

    with pytest.raises(ListingOnSaleAlready) as refusal:
        await db.run(listings.restore, seller_id=seller.id, listing_id=first)
    assert refusal.value.facts == {"listing_id": first, "other_id": copy}
    assert await row(db, first) == before

    await db.run(listings.remove, seller_id=seller.id, listing_id=copy)
    assert (await db.run(listings.restore, seller_id=seller.id, listing_id=first)).status is ListingStatus.AVAILABLE
    with pytest.raises(ListingOnSaleAlready):
        await db.run(listings.restore, seller_id=seller.id, listing_id=copy)
    assert (await row(db, copy))["status"] is ListingStatus.REMOVED


async def test_of_a_thing_and_its_copy_that_go_on_sale_at_once_one_does(db: Database) -> None:
    seller = await a_seller(db)
    for _ in range(5):
        first = await seller.sells()
        await db.run(listings.remove, seller_id=seller.id, listing_id=first)
        copy = (await db.run(listings.relist, seller_id=seller.id, listing_id=first)).id

        done = await asyncio.gather(
            db.run(listings.restore, seller_id=seller.id, listing_id=first),
            db.run(listings.publish, seller_id=seller.id, listing_id=copy),
            return_exceptions=True,
        )

        on_sale = [id for id in (first, copy) if (await row(db, id))["status"] is ListingStatus.AVAILABLE]
        assert len(on_sale) == 1
        assert {type(each) for each in done} == {Standing, ListingOnSaleAlready}
