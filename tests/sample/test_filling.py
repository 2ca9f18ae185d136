"""A filled shop says so as it fills, and is tidy after."""

from sqlalchemy import func, select

from tests.sample.making import a_shop, undrawn
from threadly.core.database import Database
from threadly.marketplace.listings import Listing
from threadly.marketplace.media import Picture
from threadly.marketplace.members import Member
from threadly.sample import Progress, Step, seeding
from threadly.sample.filling import tidy


async def test_progress_ends_at_the_number_that_is_there(db: Database) -> None:
    heard: list[Progress] = []
    shop = a_shop(12_001)  # one and a bit more than a batch
    done = await seeding.fill(db, shop, undrawn(shop), heard.append)

    listings = [(told.done, told.total) for told in heard if told.step is Step.LISTINGS]
    assert listings == [(10_000, 12_001), (12_001, 12_001)]
    async with db.read() as read:
        counted = [await read.scalar(select(func.count()).select_from(table)) for table in (Listing, Member, Picture)]
    assert counted == [12_001, done.members, done.pictures]


async def test_tidying_spoils_nothing_when_it_cannot_be_done(db: Database) -> None:
    async with db.engine.begin() as rival:
        await rival.exec_driver_sql("LOCK TABLE listings IN ACCESS EXCLUSIVE MODE")
        await tidy(db)  # passes by what others hold
