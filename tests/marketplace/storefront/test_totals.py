"""What a seller has in figures is what counting would say, whoever changes whatever, however many at once."""

import asyncio
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, insert, literal, select, text, update

from tests.making import a_listing, a_member
from tests.marketplace.listings.looking import looked
from tests.marketplace.listings.selling import Seller, a_seller, settle
from threadly.core.database import Database, Tx
from threadly.core.database.migrate import downgrade, upgrade
from threadly.core.keys import KeyRing
from threadly.marketplace import favourites, listings
from threadly.marketplace.listings import PUBLIC, Listing, ListingStatus, ListingViews, SellerTotals
from threadly.marketplace.listings.audience import Audience
from threadly.migrations import MIGRATIONS

STATUSES = {"drafts" if status is ListingStatus.DRAFT else status.value: status for status in ListingStatus}


async def kept(db: Database) -> dict[UUID, dict[str, int]]:
    """The figures of each seller that are not noughts."""
    async with db.read() as read:
        rows = (await read.execute(select(*SellerTotals.__table__.columns))).mappings().all()
    return {row["seller_id"]: {name: row[name] for name in row if name != "seller_id" and row[name]} for row in rows}


async def counted(db: Database) -> dict[UUID, dict[str, int]]:
    """The same, counted."""
    figures = [
        *(func.count().filter(Listing.status == status).label(name) for name, status in STATUSES.items()),
        func.coalesce(func.sum(Listing.favourites).filter(PUBLIC), 0).label("hearts"),
        func.coalesce(func.sum(ListingViews.views), 0).label("views"),
    ]
    joined = select(Listing.seller_id, *figures).outerjoin(ListingViews, ListingViews.listing_id == Listing.id)
    async with db.read() as read:
        rows = (await read.execute(joined.group_by(Listing.seller_id))).mappings().all()
    return {row["seller_id"]: {name: row[name] for name in row if name != "seller_id" and row[name]} for row in rows}


async def looks_at(db: Database, *ids: UUID) -> None:
    looks = Audience(KeyRing.of(b"secret" * 8))
    for id in ids:
        looked(looks, id)
    assert await listings.count_now(_Context(db), looks)


class _Context:
    def __init__(self, db: Database) -> None:
        self.db = db


async def test_the_figures_follow_a_listing_wherever_it_goes(db: Database) -> None:
    seller, buyer = await a_seller(db), await a_member(db)
    listing = await seller.drafts()
    assert await kept(db) == {seller.id: {"drafts": 1}} == await counted(db)
    whose: dict[str, Any] = {"seller_id": seller.id, "listing_id": listing}
    loved: dict[str, Any] = {"member_id": buyer.id, "listing_id": listing}
    seen: list[dict[str, int]] = []

    async def look() -> None:
        assert await kept(db) == await counted(db)
        seen.append((await kept(db))[seller.id])

    await db.run(listings.publish, **whose)
    await look()
    await db.run(favourites.add, **loved)
    await looks_at(db, listing)
    await looks_at(db, listing)  # the same visitor: counted once
    await look()
    await db.run(listings.remove, **whose)
    await look()
    await db.run(listings.restore, **whose)
    await settle(db, listing, ListingStatus.RESERVED)
    await look()
    await settle(db, listing, ListingStatus.SOLD)
    await look()
    await db.run(favourites.remove, **loved)
    await db.run(listings.relist, **whose)
    await look()

    assert seen == [
        {"available": 1},
        {"available": 1, "hearts": 1, "views": 1},
        {"removed": 1, "views": 1},
        {"reserved": 1, "hearts": 1, "views": 1},
        {"sold": 1, "hearts": 1, "views": 1},
        {"sold": 1, "drafts": 1, "views": 1},
    ]


async def test_an_edit_writes_no_figure(db: Database) -> None:
    seller = await a_seller(db)
    listing = await seller.sells()
    version = text("select xmin::text || ctid::text from seller_totals")
    async with db.engine.connect() as connection:
        before = await connection.scalar(version)
    changes = listings.Changes(title="Another title", price_minor=12_00)
    await db.run(listings.edit, changes, seller_id=seller.id, listing_id=listing)
    async with db.engine.connect() as connection:
        assert await connection.scalar(version) == before


async def test_a_statement_about_many_listings_of_many_sellers_is_added_up(db: Database) -> None:
    sellers = [Seller(db, (await a_member(db)).id) for _ in range(3)]
    for seller in sellers:
        for hearts in range(3):
            await a_listing(db, seller_id=seller.id, favourites=hearts, pictures=0)

    async def change(tx: Tx) -> None:
        first, second, _ = [seller.id for seller in sellers]
        await tx.execute(update(Listing).values(favourites=Listing.favourites + 5))
        await tx.execute(insert(ListingViews).from_select(["listing_id", "views"], select(Listing.id, literal(7))))
        await tx.execute(update(Listing).where(Listing.seller_id == first).values(seller_id=second))

    await db.run(change)
    figures = await kept(db)
    assert figures[sellers[1].id] == {"available": 6, "hearts": 36, "views": 21}
    assert figures[sellers[2].id] == {"available": 3, "hearts": 18, "views": 21}

    async def take_away(tx: Tx) -> None:
        await tx.execute(delete(Listing).where(Listing.seller_id == sellers[2].id))

    await db.run(take_away)
    assert (await kept(db))[sellers[2].id] == {"views": 21}, "who looked has looked"


async def test_who_changes_much_at_once_loses_no_figure_and_waits_for_nobody_in_a_circle(db: Database) -> None:
    sellers = [await a_seller(db), Seller(db, (await a_member(db)).id)]
    buyers = [await a_member(db) for _ in range(4)]
    shown = [await seller.sells() for seller in sellers for _ in range(3)]

    async def love(buyer_id: UUID) -> None:
        for listing in shown:
            await db.run(favourites.add, member_id=buyer_id, listing_id=listing)

    async def come_and_go(seller: Seller) -> None:
        for _ in range(3):
            listing = await seller.sells()
            await db.run(listings.remove, seller_id=seller.id, listing_id=listing)

    lovers, goers = [love(buyer.id) for buyer in buyers], [come_and_go(seller) for seller in sellers]
    await asyncio.gather(*lovers, *goers, looks_at(db, *shown), looks_at(db, *reversed(shown)))

    figures = await kept(db)
    assert figures == await counted(db)
    assert [figures[seller.id] for seller in sellers] == [{"available": 3, "removed": 3, "hearts": 12, "views": 3}] * 2


async def test_a_shop_that_is_there_already_is_counted_by_the_upgrade(db: Database, owner: Database) -> None:
    seller = await a_seller(db)
    for _ in range(2):
        await looks_at(db, await seller.sells())
    await seller.drafts()
    before = await kept(db)
    await downgrade(owner, MIGRATIONS, "0013")
    await seller.drafts()
    await upgrade(owner, MIGRATIONS)

    assert before == {seller.id: {"available": 2, "drafts": 1, "views": 2}}
    assert await kept(db) == {seller.id: {"available": 2, "drafts": 2, "views": 2}} == await counted(db)
