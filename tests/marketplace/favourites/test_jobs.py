"""What the worker does for hearts."""

from sqlalchemy import select, update

from tests.conftest import Lines
from tests.making import a_listing, a_member
from threadly.core import clock
from threadly.core.database import Tx
from threadly.core.database.jobs import Run
from threadly.marketplace import favourites
from threadly.marketplace.favourites import Favourite, MendCounts, RefreshTrends
from threadly.marketplace.listings import Listing
from threadly.wiring import Services
from threadly.worker import handlers

RUN = Run(id=1, name="favourites", attempt=1)


async def test_the_job_mends_every_count_and_says_so_only_where_it_had_to(installed: Services, lines: Lines) -> None:
    listing = await a_listing(installed.db)

    async def spoil(tx: Tx) -> None:
        await tx.execute(update(Listing).values(favourites=3))

    await installed.db.run(spoil)
    await favourites.mend_counts(installed, MendCounts(), RUN)
    await favourites.mend_counts(installed, MendCounts(), RUN)

    assert lines == [{"event": "Counts of hearts were wrong, and are mended.", "listings": 1, "log_level": "warning"}]
    async with installed.db.read() as read:
        assert await read.scalar(select(Listing.favourites).where(Listing.id == listing.id)) == 0


async def test_the_job_finds_trends_anew(installed: Services) -> None:
    listing = await a_listing(installed.db)
    members = [await a_member(installed.db) for _ in range(2)]

    async def love(tx: Tx) -> None:
        for member in members:
            tx.add(Favourite(member_id=member.id, listing_id=listing.id, created_at=clock.now()))

    await installed.db.run(love)
    for _ in range(2):
        await favourites.refresh_trends(installed, RefreshTrends(), RUN)

    async with installed.db.read() as read:
        assert (await read.execute(select(favourites.Trend.listing_id))).scalars().all() == [listing.id]


def test_both_are_scheduled() -> None:
    scheduled = {job.name for _, job in handlers().schedules}

    assert {MendCounts.name, RefreshTrends.name} <= scheduled
