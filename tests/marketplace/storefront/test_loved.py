"""What one member loves, and what many do."""

from datetime import timedelta

import pytest

from tests.conftest import CountStatements
from tests.making import THEN, a_listing, a_member
from threadly.core.database import CursorRejected, Cursors, Database, Tx
from threadly.core.keys import KeyRing
from threadly.marketplace import favourites, storefront
from threadly.marketplace.favourites import Favourite, Trend
from threadly.marketplace.listings import ListingStatus
from threadly.marketplace.storefront import Card

CURSORS = Cursors(KeyRing.of(b"c" * 32))


async def test_my_favourites_are_all_there_once_the_latest_first(db: Database) -> None:
    me, seller = await a_member(db), await a_member(db)
    listings = [await a_listing(db, title=f"Number {n}", seller_id=seller.id, pictures=0) for n in range(53)]

    async def love(tx: Tx) -> None:
        for number, listing in enumerate(listings):
            loved_at = THEN + timedelta(minutes=number // 3)
            tx.add(Favourite(member_id=me.id, listing_id=listing.id, created_at=loved_at))
        tx.add(Favourite(member_id=seller.id, listing_id=listings[0].id, created_at=THEN))

    await db.run(love)
    found: list[Card] = []
    sizes: list[int] = []
    after: str | None = None
    while not sizes or after is not None:
        async with db.read() as read:
            page = await storefront.favourites_of(read, me.id, CURSORS, after=after)
        sizes.append(len(page.items))
        found += page.items
        after = page.next

    assert sizes == [24, 24, 5]
    order = sorted(((number // 3, listing.id) for number, listing in enumerate(listings)), reverse=True)
    assert [card.id for card in found] == [id for _, id in order]


async def test_what_was_sold_stays_in_the_list_and_what_was_removed_does_not(db: Database) -> None:
    me = await a_member(db)
    sold = await a_listing(db, status=ListingStatus.SOLD, sold_at=THEN)
    removed = await a_listing(db)
    for listing in (sold, removed):
        await db.run(favourites.add, member_id=me.id, listing_id=listing.id)
    async with db.engine.begin() as connection:
        statement = "UPDATE listings SET status = 'removed', removed_at = now() WHERE id = $1"
        await connection.exec_driver_sql(statement, (removed.id,))
    async with db.read() as read:
        page = await storefront.favourites_of(read, me.id, CURSORS)

    assert [(card.id, card.status, card.favourites) for card in page.items] == [(sold.id, ListingStatus.SOLD, 1)]


async def test_a_marker_of_somebody_else_s_list_is_refused(db: Database) -> None:
    me, they = await a_member(db), await a_member(db)
    for _ in range(25):
        listing = await a_listing(db, pictures=0)
        await db.run(favourites.add, member_id=me.id, listing_id=listing.id)
    async with db.read() as read:
        page = await storefront.favourites_of(read, me.id, CURSORS)
        with pytest.raises(CursorRejected):
            await storefront.favourites_of(read, they.id, CURSORS, after=page.next)


async def test_what_trends_and_is_for_sale_is_shown_the_warmest_first(
    db: Database, count_statements: CountStatements
) -> None:
    warm, warmer = await a_listing(db, title="Warm"), await a_listing(db, title="Warmer")
    sold = await a_listing(db, status=ListingStatus.SOLD, sold_at=THEN)

    async def trend(tx: Tx) -> None:
        tx.add_all(Trend(listing_id=id, score=score) for id, score in ((warm.id, 1), (warmer.id, 2), (sold.id, 3)))

    await db.run(trend)
    shown: list[str] = []

    async def look() -> None:
        async with db.read() as read:
            shown.extend(card.title for card in await storefront.trending(read))

    assert await count_statements(db, look()) == 1
    assert shown == ["Warmer", "Warm"]


async def test_where_nothing_trends_nothing_is_shown(db: Database) -> None:
    await a_listing(db)
    async with db.read() as read:
        assert await storefront.trending(read) == ()
