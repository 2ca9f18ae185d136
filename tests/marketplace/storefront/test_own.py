"""A seller sees all of theirs, shelf by shelf, and nothing of anybody else's."""

from uuid import uuid4

import pytest
from sqlalchemy import insert

from tests.conftest import CountStatements
from tests.marketplace.listings.selling import Seller, a_seller, settle
from threadly.core.database import CursorRejected, Cursors, Database, Tx
from threadly.core.keys import KeyRing
from threadly.marketplace import listings, storefront
from threadly.marketplace.catalog import Condition
from threadly.marketplace.listings import Changes, ListingNotFound, ListingStatus, ListingViews
from threadly.marketplace.storefront import Shelf, Totals

CURSORS = Cursors(KeyRing.of(b"0" * 32))


@pytest.fixture
async def seller(db: Database) -> Seller:
    return await a_seller(db)


async def test_each_listing_stands_on_one_shelf(
    db: Database, seller: Seller, count_statements: CountStatements
) -> None:
    draft = await seller.drafts(Changes(title="A hat"), pictures=0)
    on_sale, gone = await seller.sells(), await seller.sells()
    await db.run(listings.remove, seller_id=seller.id, listing_id=gone)
    await (await a_seller(db)).sells()

    async with db.read() as read:
        totals = await storefront.totals(read, seller.id)
        assert await count_statements(db, storefront.totals(read, seller.id)) == 1
        nobody = await storefront.totals(read, uuid4())
        found = {on: (await storefront.shelf(read, seller.id, on, CURSORS)).items for on in Shelf}

    assert totals.shelves == {Shelf.FOR_SALE: 1, Shelf.DRAFTS: 1, Shelf.SOLD: 0, Shelf.REMOVED: 1}
    assert nobody == Totals(shelves=dict.fromkeys(Shelf, 0), hearts=0, views=0)
    assert {on: [card.id for card in cards] for on, cards in found.items()} == {
        Shelf.FOR_SALE: [on_sale],
        Shelf.DRAFTS: [draft],
        Shelf.SOLD: [],
        Shelf.REMOVED: [gone],
    }
    assert found[Shelf.DRAFTS][0].price_minor is None


async def test_a_card_tells_how_often_it_was_looked_at(
    db: Database, seller: Seller, count_statements: CountStatements
) -> None:
    id = await seller.sells()

    async def look(tx: Tx) -> None:
        await tx.execute(insert(ListingViews).values(listing_id=id, views=7))

    await db.run(look)
    async with db.read() as read:
        (card,) = (await storefront.shelf(read, seller.id, Shelf.FOR_SALE, CURSORS)).items
        assert await count_statements(db, storefront.shelf(read, seller.id, Shelf.FOR_SALE, CURSORS)) == 1

    assert (card.views, card.favourites) == (7, 0)
    assert card.picture is not None


async def test_pages_follow_each_other_and_belong_to_one_list(db: Database, seller: Seller) -> None:
    ids = [await seller.sells() for _ in range(5)]
    seen, after = [], None
    async with db.read() as read:
        while True:
            page = await storefront.shelf(read, seller.id, Shelf.FOR_SALE, CURSORS, after=after, limit=2)
            seen += [card.id for card in page.items]
            if page.next is None:
                break
            after = page.next
        with pytest.raises(CursorRejected):
            await storefront.shelf(read, seller.id, Shelf.SOLD, CURSORS, after=after)
        with pytest.raises(CursorRejected):
            await storefront.shelf(read, uuid4(), Shelf.FOR_SALE, CURSORS, after=after)

    assert seen == ids[::-1]


async def test_what_is_reserved_stands_among_what_is_for_sale_in_one_order(db: Database, seller: Seller) -> None:
    ids = [await seller.sells() for _ in range(5)]
    for reserved in (ids[0], ids[3]):
        await settle(db, reserved, ListingStatus.RESERVED)
    seen, after = [], None
    async with db.read() as read:
        for _ in range(3):
            page = await storefront.shelf(read, seller.id, Shelf.FOR_SALE, CURSORS, after=after, limit=2)
            seen += [card.id for card in page.items]
            after = page.next

    assert (seen, after) == (ids[::-1], None)


async def test_one_to_edit_has_what_its_form_needs(
    db: Database, seller: Seller, count_statements: CountStatements
) -> None:
    id = await seller.drafts(pictures=2)
    async with db.read() as read:
        own = await storefront.own(read, seller.id, id)
        assert await count_statements(db, storefront.own(read, seller.id, id)) == 2

    assert (own.category, own.brand, own.condition) == ("women/clothing/dresses", "Arket", Condition.VERY_GOOD)
    assert len(own.pictures) == 2


async def test_a_preview_shows_a_draft_that_is_whole_to_its_seller_alone(db: Database, seller: Seller) -> None:
    whole, empty = await seller.drafts(), await seller.drafts(Changes(title="A hat"))
    async with db.read() as read:
        assert (await storefront.preview(read, seller.id, whole)).title == "Linen summer dress"
        for who, id in ((uuid4(), whole), (seller.id, empty)):
            with pytest.raises(ListingNotFound):
                await storefront.preview(read, who, id)
        with pytest.raises(ListingNotFound):
            await storefront.own(read, uuid4(), whole)
        with pytest.raises(ListingNotFound):
            await storefront.listing(read, whole)
