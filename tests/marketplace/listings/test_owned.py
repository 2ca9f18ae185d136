"""Who changes a listing holds it alone; who only points at it need not wait."""

import asyncio

from sqlalchemy import func, insert, select

from tests.marketplace.listings.selling import a_seller
from threadly.core.database import Database, Tx
from threadly.marketplace import listings
from threadly.marketplace.listings import Changes, Listing, ListingViews
from threadly.marketplace.listings.owned import editable, locked


async def test_the_second_waits_for_the_first(db: Database) -> None:
    seller = await a_seller(db)
    id = await seller.drafts()
    order: list[str] = []
    held = asyncio.Event()

    async def hold(tx: Tx) -> None:
        await editable(tx, seller_id=seller.id, listing_id=id)
        held.set()
        await asyncio.sleep(0.2)
        order.append("held")

    async def edit(tx: Tx) -> None:
        await held.wait()
        await listings.edit(tx, Changes(title="A hat"), seller_id=seller.id, listing_id=id)
        order.append("edited")

    await asyncio.gather(db.run(hold), db.run(edit))

    assert order == ["held", "edited"]


async def test_a_view_is_counted_while_somebody_edits(db: Database) -> None:
    seller = await a_seller(db)
    id = await seller.sells()

    async def view(tx: Tx) -> None:
        await tx.execute(insert(ListingViews).values(listing_id=id, views=1))

    async def edit(tx: Tx) -> None:
        await locked(tx, seller_id=seller.id, listing_id=id)
        await asyncio.wait_for(db.run(view), 5)

    await db.run(edit)

    async with db.read() as read:
        assert (await read.execute(select(func.sum(ListingViews.views)).join(Listing))).scalar_one() == 1
