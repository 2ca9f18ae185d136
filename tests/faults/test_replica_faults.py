"""A replica that is late, hangs or is killed, and a primary that is: nobody misses what they wrote, no read fails.

THREADLY_TEST_REPLICA_PAIRS: so many writes with a read behind each; `./dev soak` makes 10,000.
"""

import asyncio
import os
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, AbstractContextManager, asynccontextmanager, contextmanager
from typing import Final
from urllib.parse import urlsplit
from uuid import uuid4

import asyncpg
import httpx
import pytest

from tests.core.database.replicas.lamps import COUNT, Lamps, brightness, lit, since, until, went
from tests.engines import EngineUrls
from tests.standbys import Replicated, Server, Standby, replicated
from threadly.app import create
from threadly.core.config import Secret
from threadly.core.database import Database, DatabaseSettings, DatabaseUnavailable
from threadly.core.database.migrate import upgrade
from threadly.core.database.replicas import Position
from threadly.embedded import create_database, drop_database, with_database
from threadly.migrations import MIGRATIONS
from threadly.settings import Settings
from threadly.wiring import services

PAIRS: Final = int(os.environ.get("THREADLY_TEST_REPLICA_PAIRS", "300"))
CLOCK_SECONDS: Final = 2.0
"""For so long after a write, Rails' `DatabaseSelector` reads from the primary."""
LATE_SECONDS: Final = 3.0
LONGEST_READ_SECONDS: Final = 2.0 + 5.0
"""A look that hangs, the interval of looks, and a connection that is waited for; then what a busy machine takes."""
READERS: Final = 15
PASSWORD: Final = "seven wool coats"
OURS: Final = {"sec-fetch-site": "same-origin"}


class Pairs:
    """Writes with a read behind each, by the position and by a clock."""

    def __init__(self, lamps: Lamps) -> None:
        self._lamps = lamps
        self._replica = Database(DatabaseSettings(url=Secret(lamps.replica_url)))
        self.stale_by_position = 0
        self.stale_by_clock = 0

    async def make(self, count: int) -> None:
        """So many, on all lamps at once; at some, the read is a while behind the write."""
        await asyncio.gather(*(self._make(lamp, count // COUNT) for lamp in range(COUNT)))
        await self._replica.close()

    async def _make(self, lamp: int, count: int) -> None:
        for value in range(1, count + 1):
            position = await self._lamps.switch(lamp, value)
            written = time.monotonic()
            await asyncio.sleep(CLOCK_SECONDS + 0.2 if value % 20 == 1 else 0)
            is_long_ago = time.monotonic() - written > CLOCK_SECONDS
            by_clock = self._replica if is_long_ago else self._lamps.db
            self.stale_by_position += await self._lamps.seen(lamp, position) != value
            self.stale_by_clock += await brightness(by_clock, lamp) != value


@pytest.mark.parametrize(
    "late", [Standby.paused, lambda standby: standby.late_by(LATE_SECONDS)], ids=["paused", "late by 3 s"]
)
async def test_nobody_misses_what_they_have_written_while_the_replica_is_late_and_by_a_clock_some_do(
    lamps: Lamps, late: Callable[[Standby], AbstractAsyncContextManager[None]]
) -> None:
    pairs = Pairs(lamps)
    async with late(lamps.standby):
        before = went()
        await pairs.make(PAIRS)
        assert await lamps.seen(0) in range(PAIRS)  # who has written nothing takes what the replica has
        gone = since(before)

    assert pairs.stale_by_position == 0
    # Where it is late by 3 s, whoever a slow machine has wait a second longer than the clock says misses nothing.
    assert pairs.stale_by_clock > 0 or late is not Standby.paused
    assert gone["replica"] >= 1
    assert gone["behind"] >= 1
    await lamps.caught_up()


@contextmanager
def killed(standby: Standby) -> Iterator[None]:
    """All its processes, at once."""
    standby.kill()
    yield


@pytest.mark.parametrize("trouble", [Standby.frozen, killed], ids=["frozen", "killed"])
async def test_a_replica_that_goes_under_load_fails_no_read_and_is_read_from_again_when_it_is_back(
    lamps: Lamps, trouble: Callable[[Standby], AbstractContextManager[None]]
) -> None:
    longest, is_over, count = 0.0, asyncio.Event(), 0

    async def read() -> None:
        nonlocal longest, count
        while not is_over.is_set():
            began = time.monotonic()
            assert await lamps.seen(count % COUNT) == 0
            longest = max(longest, time.monotonic() - began)
            count += 1
            await asyncio.sleep(0.005)

    before = went()
    reading = [asyncio.create_task(read()) for _ in range(READERS)]
    await until(lambda: since(before).get("replica", 0) > READERS, "they read at the replica")
    with trouble(lamps.standby):
        await until(lambda: not lamps.replica.is_usable, "it is left")
        after, so_far = went(), count
        await until(lambda: count > so_far + 3 * READERS, "they read on")
        assert since(after).get("replica", 0) == 0
    if trouble is killed:
        await lamps.standby.stop()
        await lamps.standby.start()
    await until(lambda: lamps.replica.is_usable, "it is back")
    after = went()
    await until(lambda: since(after).get("replica", 0) > 0, "they read there again")
    is_over.set()
    await asyncio.gather(*reading)  # raises what any of them has met

    assert longest < LONGEST_READ_SECONDS
    assert lamps.db.pool.checkedout() == 0
    assert lamps.replica._lent == set()


async def test_a_replica_that_was_promoted_takes_the_writes_and_one_left_behind_is_not_read_by_who_has_written() -> (
    None
):
    async with replicated(2) as running:
        promoted, left = running.standbys
        url = at_either(running.url, promoted.url)
        async with lit(running, running.url) as lamps:
            settings = DatabaseSettings(
                url=Secret(url),
                replicas=tuple(Secret(with_database(each.url, "threadly")) for each in running.standbys),
            )
            db = Database(settings, server_settings={"synchronous_commit": "on"})
            shop = Lamps(running, db, url, lamps.replica_url)
            async with db.watching_replicas():
                before_the_fall = await shop.switch(0, 1)
                for standby in running.standbys:
                    await standby.catch_up(running.primary)
                running.primary.kill()
                await promoted.promote()

                written = await switched(shop)
                assert before_the_fall.timeline == 1
                assert written.timeline == 2
                await until(lambda: shop.replicas.all[0].is_primary, "it is seen to be promoted")

                before = went()
                assert await shop.seen(0, written) == 2
                assert since(before) == {"behind": 1}
                assert shop.replicas.all[1].position.timeline == 1  # it still follows who is gone
                assert await left.ask("SELECT pg_is_in_recovery()")
            await db.close()


def at_either(*urls: str) -> str:
    """One address of these servers."""
    hosts = ",".join(urlsplit(url).query.removeprefix("host=") for url in urls)
    return urlsplit(urls[0])._replace(query=f"host={hosts}").geturl().replace("postgresql:///", "postgresql://")


@asynccontextmanager
async def torn() -> AsyncIterator[tuple[Lamps, Standby]]:
    """Lamps whose replica was promoted while the primary, which is named first, goes on as one; with what it was.

    All that is known is as before: connections of the pool, and what was seen, are of the old primary.
    """
    async with replicated() as running:
        (promoted,) = running.standbys
        url = at_either(running.url, promoted.url)
        async with lit(running, running.url) as lamps:
            replicas = (Secret(with_database(promoted.url, "threadly")),)
            settings = DatabaseSettings(url=Secret(url), replicas=replicas, pool_size=3)
            db = Database(settings, server_settings={"synchronous_commit": "on"}, bridged_seconds=0)
            shop = Lamps(running, db, url, lamps.replica_url)
            async with db.watching_replicas():
                assert (await shop.switch(0, 1)).timeline == 1
                await asyncio.gather(*(shop.seen(0, None) for _ in range(3)))
                await promoted.catch_up(running.primary)
                await promoted.promote()
                yield shop, promoted
            await db.close()


async def lit_at(server: Server, question: str = "SELECT brightness FROM lamps WHERE id = 0") -> object:
    """How bright the first lamp is there, or what else is asked."""
    connection = await asyncpg.connect(with_database(server.administrator_url, "threadly"))
    try:
        return await connection.fetchval(question)
    finally:
        await connection.close()


async def test_of_two_primaries_the_old_one_is_not_written_to_nor_read_from_once_the_new_one_was_seen() -> None:
    async with torn() as (shop, promoted):
        old = shop.pair.primary
        await until(lambda: shop.replica.is_primary, "it is seen to be promoted")
        ends = time.monotonic() + 60
        while await lit_at(promoted) != 2:
            assert time.monotonic() < ends
            await switched(shop)
        at_the_old = await lit_at(old)
        for value in range(3, 20):
            written = await switched(shop, value)
            assert written.timeline == 2
            assert await shop.seen(0, written) == value
            assert await lit_at(promoted) == value
            if value == 10:
                await shop.db.close()  # so that all connections are new
        assert await lit_at(old) == at_the_old

        another = Database(DatabaseSettings(url=Secret(shop.db_url)))  # which has seen nothing yet
        assert await brightness(another, 0) == 19
        await another.close()

        promoted.kill()
        with pytest.raises(DatabaseUnavailable):
            await shop.switch(0, 77)
        assert await lit_at(old) == at_the_old


async def test_who_shows_a_position_of_a_new_primary_has_it_found() -> None:
    async with torn() as (shop, promoted):
        assert shop.db.replicas is not None
        shop.db.replicas.all = ()  # nobody else tells of it
        assert await lit_at(promoted) == 1
        await lit_at(promoted, "UPDATE lamps SET brightness = 5 WHERE id = 0")
        assert await shop.seen(0, Position(2, 0)) == 5


async def switched(shop: Lamps, brightness: int = 2) -> Position:
    """The first write that is taken after the fall."""
    ends = time.monotonic() + 60
    while True:
        try:
            return await shop.switch(0, brightness)
        except (DatabaseUnavailable, AssertionError):  # or nobody yet says how far the log is
            assert time.monotonic() < ends
            await asyncio.sleep(0.1)


async def test_a_member_sees_in_pages_and_in_the_api_what_they_have_changed_while_the_replica_stands_still(
    pair: Replicated, settings: Settings, engine_urls: EngineUrls
) -> None:
    name = f"test_{uuid4().hex}"
    url = await create_database(pair.url, name)
    own = Database(DatabaseSettings(url=Secret(url)))
    await upgrade(own, MIGRATIONS)
    await own.close()
    replicas = (Secret(with_database(pair.standbys[0].url, name)),)
    database = settings.database.model_copy(update={"url": Secret(url), "replicas": replicas})
    async with services(settings.model_copy(update={"database": database})) as built, built.db.watching_replicas():
        assert built.db.replicas is not None
        (replica,) = built.db.replicas.all
        transport = httpx.ASGITransport(create(built), raise_app_exceptions=False)
        async with (
            httpx.AsyncClient(transport=transport, base_url="http://shop.test", headers=OURS) as browser,
            httpx.AsyncClient(transport=transport, base_url="http://shop.test") as program,
            httpx.AsyncClient(transport=transport, base_url="http://shop.test") as stranger,
        ):
            form = {"username": "mila", "email": "mila@shop.example", "password": PASSWORD}
            assert (await browser.post("/sign-up", data=form)).status_code == 303
            await pair.standbys[0].catch_up(pair.primary)
            await until(lambda: replica.is_usable, "it is read from")

            async with pair.standbys[0].paused():
                signed_in = await program.post("/api/v1/session", json={"name": "mila", "password": PASSWORD})
                assert signed_in.status_code == 201
                bearer = {"Authorization": f"Bearer {signed_in.json()['token']}"}
                program.cookies.clear()
                for number in range(20):
                    # A program that sends back what it was told, and one that does not.
                    edited = await program.patch("/api/v1/me", json={"place": f"Ruse {number}"}, headers=bearer)
                    assert edited.json()["place"] == f"Ruse {number}"
                    program.cookies.clear()
                    for shown in ({"X-Read-After": edited.headers["x-read-after"]}, {}):
                        seen = await program.get("/api/v1/me", headers=bearer | shown)
                        assert seen.json()["place"] == f"Ruse {number}"

                    changed = {"display_name": f"Mila {number}", "bio": "", "place": ""}
                    sent = await browser.post("/account", data=changed)
                    assert sent.status_code == 303, sent.text
                    assert f"Mila {number}" in (await browser.get("/members/mila")).text

                before = went()
                page = await stranger.get("/members/mila")
                assert page.status_code == 200
                assert "Mila 19" not in page.text  # who has written nothing sees what the replica has
                assert set(since(before)) == {"replica"}
    await drop_database(pair.url, name)
