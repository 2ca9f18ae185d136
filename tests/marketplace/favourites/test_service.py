"""Hearts are counted exactly, whoever presses how often and when."""

import asyncio
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select, text, update

from tests.making import THEN, a_listing, a_member
from threadly.core.database import Database, Tx
from threadly.marketplace import favourites
from threadly.marketplace.favourites import Favourite, Hearts, OwnListing, Trend, service
from threadly.marketplace.listings import Listing, ListingNotFound, ListingStatus


async def counts(db: Database, listing_id: UUID) -> tuple[int, int]:
    """What is kept, and what is there."""
    async with db.read() as read:
        kept = (await read.execute(select(Listing.favourites).where(Listing.id == listing_id))).scalar_one()
        hearts = select(func.count()).select_from(Favourite).where(Favourite.listing_id == listing_id)
        return kept, (await read.execute(hearts)).scalar_one()


async def test_a_heart_goes_on_once_and_off_once_however_often_one_presses(db: Database) -> None:
    listing, member = await a_listing(db), await a_member(db)

    for _ in range(3):
        hearts = await db.run(favourites.add, member_id=member.id, listing_id=listing.id)
        assert hearts == Hearts(listing_id=listing.id, title=listing.title, count=1, mine=True)
    assert await counts(db, listing.id) == (1, 1)
    for _ in range(3):
        hearts = await db.run(favourites.remove, member_id=member.id, listing_id=listing.id)
        assert hearts == Hearts(listing_id=listing.id, title=listing.title, count=0, mine=False)
    assert await counts(db, listing.id) == (0, 0)


async def test_a_heart_is_no_edit(db: Database) -> None:
    listing, member = await a_listing(db), await a_member(db)

    await db.run(favourites.add, member_id=member.id, listing_id=listing.id)

    async with db.read() as read:
        assert await read.scalar(select(Listing.updated_at).where(Listing.id == listing.id)) == listing.updated_at


async def test_many_who_press_at_once_are_all_counted(db: Database) -> None:
    listing = await a_listing(db)
    members = [await a_member(db) for _ in range(8)]

    async def press(member_id: UUID) -> None:
        for _ in range(5):
            await db.run(favourites.add, member_id=member_id, listing_id=listing.id)
            await db.run(favourites.remove, member_id=member_id, listing_id=listing.id)
        await asyncio.gather(*(db.run(favourites.add, member_id=member_id, listing_id=listing.id) for _ in range(2)))

    await asyncio.gather(*(press(member.id) for member in members))

    assert await counts(db, listing.id) == (8, 8)


async def test_nobody_loves_their_own(db: Database) -> None:
    listing = await a_listing(db)

    with pytest.raises(OwnListing):
        await db.run(favourites.add, member_id=listing.seller_id, listing_id=listing.id)

    assert await counts(db, listing.id) == (0, 0)


async def test_what_is_not_public_is_not_found(db: Database) -> None:
    draft = await a_listing(db, status=ListingStatus.DRAFT, published_at=None)
    member = await a_member(db)

    for id in (draft.id, uuid4()):
        for change in (favourites.add, favourites.remove):
            with pytest.raises(ListingNotFound) as refusal:
                await db.run(change, member_id=member.id, listing_id=id)
            assert refusal.value.facts == {"listing_id": id}
    assert await counts(db, draft.id) == (0, 0)


@pytest.mark.parametrize("status", [ListingStatus.RESERVED, ListingStatus.SOLD])
async def test_what_is_gone_can_be_loved_as_well(db: Database, status: ListingStatus) -> None:
    listing = await a_listing(db, status=status, sold_at=THEN if status is ListingStatus.SOLD else None)
    member = await a_member(db)

    assert (await db.run(favourites.add, member_id=member.id, listing_id=listing.id)).count == 1


async def break_counts(tx: Tx) -> None:
    await tx.execute(update(Listing).values(favourites=Listing.favourites + 7))


async def mend_all(db: Database, *, limit: int) -> int:
    """Looks through all listings, batch by batch; how many were mended."""
    after: UUID | None = None
    mended = 0
    while True:
        looked = await db.run(service.mend, after=after, limit=limit)
        mended += looked.mended
        if looked.last is None:
            return mended
        after = looked.last


@pytest.mark.parametrize("limit", [1, 2, 3, 100])
async def test_wrong_counts_are_found_and_mended_in_batches(db: Database, limit: int) -> None:
    listings = [await a_listing(db) for _ in range(3)]
    member = await a_member(db)
    await db.run(favourites.add, member_id=member.id, listing_id=listings[0].id)
    await db.run(break_counts)

    assert await mend_all(db, limit=limit) == 3
    assert [await counts(db, listing.id) for listing in listings] == [(1, 1), (0, 0), (0, 0)]
    assert await mend_all(db, limit=limit) == 0


async def test_counts_are_mended_while_hearts_come_and_go(db: Database) -> None:
    listings = [await a_listing(db) for _ in range(4)]
    members = [await a_member(db) for _ in range(4)]

    async def press(member_id: UUID) -> None:
        for turn in range(12):
            for listing in listings:
                change = favourites.add if turn % 3 != 1 else favourites.remove
                await db.run(change, member_id=member_id, listing_id=listing.id)

    async def spoil_and_mend() -> None:
        for _ in range(6):
            await db.run(break_counts)
            await mend_all(db, limit=2)

    await asyncio.gather(spoil_and_mend(), *(press(member.id) for member in members))
    await mend_all(db, limit=2)

    assert [await counts(db, listing.id) for listing in listings] == [(4, 4)] * 4


async def test_a_mended_count_is_that_of_a_heart_which_was_under_way(db: Database) -> None:
    """The mender has seen a difference; a heart commits before it gets the lock, and is counted."""
    listing, member = await a_listing(db), await a_member(db)
    await db.run(break_counts)
    async with db.engine.begin() as giving:
        await giving.execute(text("SELECT FROM listings FOR NO KEY UPDATE"))
        await giving.execute(
            text("INSERT INTO favourites VALUES (:member, :listing, now())"),
            {"member": member.id, "listing": listing.id},
        )
        await giving.execute(text("UPDATE listings SET favourites = favourites + 1"))
        mending = asyncio.create_task(mend_all(db, limit=10))
        await asyncio.sleep(0.2)  # it waits for the lock
    assert await mending == 1

    assert await counts(db, listing.id) == (1, 1)


async def test_a_member_who_goes_takes_their_hearts_along_and_the_count_follows(db: Database) -> None:
    listing, member = await a_listing(db), await a_member(db)
    await db.run(favourites.add, member_id=member.id, listing_id=listing.id)
    async with db.engine.begin() as connection:
        await connection.execute(text("DELETE FROM members WHERE id = :id"), {"id": member.id})

    assert await mend_all(db, limit=10) == 1
    assert await counts(db, listing.id) == (0, 0)


async def trends(db: Database) -> list[UUID]:
    """What trends, the warmest first."""
    async with db.read() as read:
        return list((await read.execute(select(Trend.listing_id).order_by(Trend.score.desc()))).scalars())


async def test_nothing_trends_where_nobody_gave_hearts(db: Database) -> None:
    await a_listing(db)

    assert await db.run(service.find_trends, now=THEN) == 0
    assert await trends(db) == []


async def test_what_many_loved_lately_trends_and_the_rest_does_not(db: Database) -> None:
    fresh, older, lone, old = [await a_listing(db, published_at=THEN - timedelta(days=20)) for _ in range(4)]
    sold = await a_listing(db, status=ListingStatus.SOLD, sold_at=THEN)
    members = [await a_member(db) for _ in range(3)]

    async def love(tx: Tx) -> None:
        for member in members:
            for listing, days in ((fresh, 1), (older, 6), (old, 15), (sold, 1)):
                loved_at = THEN - timedelta(days=days)
                tx.add(Favourite(member_id=member.id, listing_id=listing.id, created_at=loved_at))
        tx.add(Favourite(member_id=members[0].id, listing_id=lone.id, created_at=THEN))

    await db.run(love)

    assert await db.run(service.find_trends, now=THEN) == 2
    assert await trends(db) == [fresh.id, older.id]
    assert await db.run(service.find_trends, now=THEN + timedelta(days=30)) == 0
    assert await trends(db) == []
