"""Looks reach the database by themselves, wait out its absence, and go after two days."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import asyncpg
from sqlalchemy import func, select

from tests.conftest import Lines
from tests.marketplace.listings.looking import looked, views
from tests.marketplace.listings.selling import a_seller
from threadly.core import clock
from threadly.core.config import Secret
from threadly.core.database import Database, DatabaseSettings
from threadly.core.database.jobs import Run
from threadly.marketplace import listings
from threadly.marketplace.listings import ForgetLooks, ListingView
from threadly.wiring import Services

RUN = Run(id=1, name=ForgetLooks.name, attempt=1)


async def within(db: Database, id: UUID, wanted: int) -> bool:
    """Whether a listing has so many views within ten seconds."""
    for _ in range(200):
        if await views(db, id) == wanted:
            return True
        await asyncio.sleep(0.05)
    return False


async def test_what_has_gathered_is_counted_by_and_by(installed: Services) -> None:
    id = await (await a_seller(installed.db)).sells()
    async with listings.counting(installed, installed.audience, every=timedelta(milliseconds=50)):
        looked(installed.audience, id)
        assert await within(installed.db, id, 1)
        looked(installed.audience, id, "192.0.2.8")
        assert await within(installed.db, id, 2)


class Stumbling:
    """Leads to a database that nobody foresaw to fail as it does; once."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self.stumbled = False

    @property
    def db(self) -> Database:
        """The database."""
        if not self.stumbled:
            self.stumbled = True
            raise RuntimeError("nobody foresaw this")
        return self._db


async def test_what_nobody_foresaw_is_told_and_counting_goes_on(installed: Services, lines: Lines) -> None:
    id = await (await a_seller(installed.db)).sells()
    context = Stumbling(installed.db)
    looked(installed.audience, id)
    async with listings.counting(context, installed.audience, every=timedelta(milliseconds=50)):
        assert await within(installed.db, id, 1)
    assert context.stumbled
    assert [line["exc_info"] for line in lines if line["log_level"] == "error"] == [True]


async def test_what_gathered_last_is_counted_before_the_end(installed: Services) -> None:
    id = await (await a_seller(installed.db)).sells()
    async with listings.counting(installed, installed.audience):
        looked(installed.audience, id)

    assert await views(installed.db, id) == 1


async def test_looks_wait_while_the_database_is_away(installed: Services) -> None:
    id = await (await a_seller(installed.db)).sells()
    looked(installed.audience, id)
    nowhere = Database(DatabaseSettings(url=Secret("postgresql://127.0.0.1:1/none")))

    assert not await listings.count_now(replace(installed, db=nowhere), installed.audience)
    assert len(installed.audience) == 1
    assert await listings.count_now(installed, installed.audience)

    assert len(installed.audience) == 0
    assert await views(installed.db, id) == 1
    await nowhere.close()


async def test_a_count_that_is_cut_off_in_the_middle_is_made_up_for_once(
    installed: Services, database_url: str
) -> None:
    id = await (await a_seller(installed.db)).sells()
    looked(installed.audience, id, "192.0.2.1")
    await listings.count_now(installed, installed.audience)
    looked(installed.audience, id, "192.0.2.2")
    looked(installed.audience, id, "192.0.2.3")
    rival = await asyncpg.connect(database_url)
    async with rival.transaction():
        await rival.execute("select from listing_view_counts for update")
        counting = asyncio.create_task(listings.count_now(installed, installed.audience))
        await _cut_off_who_waits(rival)
        assert not await counting
    await rival.close()

    assert await views(installed.db, id) == 1
    assert await listings.count_now(installed, installed.audience)
    assert await views(installed.db, id) == 3


async def _cut_off_who_waits(rival: asyncpg.Connection) -> None:
    for _ in range(200):
        if await rival.fetchval(
            "select pg_terminate_backend(pid) from pg_stat_activity where wait_event_type = 'Lock' limit 1"
        ):
            return
        await asyncio.sleep(0.05)
    raise AssertionError("nobody waits")


async def test_the_job_forgets_what_is_older_than_two_days(installed: Services) -> None:
    id = await (await a_seller(installed.db)).sells()
    for days in range(6):
        looked(installed.audience, id, at=clock.now() - timedelta(days=days))
    await listings.count_now(installed, installed.audience)

    await listings.forget_looks(installed, ForgetLooks(), RUN)

    async with installed.db.read() as read:
        assert (await read.execute(select(func.count()).select_from(ListingView))).scalar_one() == 3
    assert await views(installed.db, id) == 6
