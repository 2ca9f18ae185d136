"""A server that dies and recovers, again and again: nobody who only looks hears of it, and nothing is written twice.

The long form: THREADLY_TEST_RESTARTS=50.
"""

import asyncio
import os
import signal
import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import Final

import asyncpg
import pytest
from sqlalchemy import Integer, Select, column, func, select, table, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import create_async_engine

from tests.core.database.jobs.shop import eventually
from tests.faults.breakable import PostgreSQL
from threadly.core.config import Secret
from threadly.core.database import (
    Database,
    DatabaseFull,
    DatabaseSettings,
    DatabaseUnavailable,
    Prepared,
    Tx,
    driver_url,
)
from threadly.core.database.instruments import REPEATED

RESTARTS: Final = int(os.environ.get("THREADLY_TEST_RESTARTS", "3"))
READS: Final = 1000
READERS: Final = 8
LAMPS: Final = table("lamps", column("number", Integer))
COUNT: Final[Select[int]] = select(func.count()).select_from(LAMPS)


@asynccontextmanager
async def used(server: PostgreSQL) -> AsyncIterator[Database]:
    """A database with an empty table, and a pool as large as the readers are many."""
    settings = DatabaseSettings(
        url=Secret(server.direct_url), pool_size=READERS, pool_wait=timedelta(seconds=30), pool_waiters=100
    )
    db = Database(settings, bridged_seconds=60.0)  # on a machine that has other things to do a recovery takes long
    await db.run(_script, "drop table if exists lamps")
    await db.run(_script, "create table lamps (number int)")
    yield db
    await db.close()


async def _script(tx: Tx, statement: str) -> None:
    await tx.execute(text(statement))


class Crashes:
    """Kills one of the server's processes with -9: it drops every connection, and recovers as after a power cut."""

    def __init__(self, url: str) -> None:
        self._url = url
        self.count = 0

    async def crash(self) -> None:
        """Once; done when the server takes connections again."""
        connection = await self._connected()
        os.kill(await connection.fetchval("select pg_backend_pid()"), signal.SIGKILL)
        self.count += 1
        await eventually(lambda: self._is_gone(connection))
        await (await self._connected()).close()

    async def _is_gone(self, connection: asyncpg.Connection) -> bool:
        return bool(connection.is_closed())

    async def _connected(self) -> asyncpg.Connection:
        while True:
            try:
                return await asyncpg.connect(self._url)
            except (OSError, asyncpg.PostgresError):
                await asyncio.sleep(0.01)


async def test_no_reader_fails_however_often_the_server_restarts(server: PostgreSQL) -> None:
    async with used(server) as db:
        crashes = Crashes(driver_url(server.direct_url))
        prepared, done, failures = Prepared(COUNT), 0, []

        async def read(number: int) -> None:
            nonlocal done
            while done < READS or crashes.count < RESTARTS:
                try:
                    async with db.read() as looking:
                        if number % 2:
                            assert await looking.scalar(COUNT) == 0
                        else:
                            assert await prepared.fetch(looking) == [(0,)]
                except DatabaseUnavailable as failure:
                    failures.append(repr(failure.__cause__))
                done += 1
                await asyncio.sleep(0.001)

        async def crash() -> None:
            while crashes.count < RESTARTS:
                await asyncio.sleep(0.1)
                await crashes.crash()

        repeated = REPEATED._value.get()
        await asyncio.gather(crash(), *(read(number) for number in range(READERS)))
        assert failures == []
        assert done >= READS
        assert REPEATED._value.get() > repeated, "or the server has not been missed at all"
        assert db.pool.checkedout() == 0


async def test_with_sqlalchemy_alone_readers_fail_when_the_server_restarts(server: PostgreSQL) -> None:
    engine = create_async_engine("postgresql+asyncpg://", connect_args={"dsn": driver_url(server.direct_url)})
    warm = [await engine.connect() for _ in range(5)]
    for connection in warm:
        await connection.execute(text("select 1"))
    await Crashes(driver_url(server.direct_url)).crash()
    failed = 0
    for connection in warm:  # under way, as a reader between two of its statements is
        try:
            await connection.execute(text("select 1"))
        except DBAPIError:
            failed += 1
        await connection.close()
    await engine.dispose()
    assert failed == 5


async def test_a_reader_between_two_statements_goes_on_after_a_restart(server: PostgreSQL) -> None:
    async with used(server) as db, db.read() as looking:
        assert await looking.scalar(COUNT) == 0
        await Crashes(driver_url(server.direct_url)).crash()
        assert await looking.scalar(COUNT) == 0
        await Crashes(driver_url(server.direct_url)).crash()
        assert await Prepared(COUNT).fetch(looking) == [(0,)]


async def test_what_was_told_to_be_written_is_there_once_and_a_refusal_is_never_written_twice(
    server: PostgreSQL,
) -> None:
    async with used(server) as db:
        crashes = Crashes(driver_url(server.direct_url))
        next_number, told, refused = 0, [], []

        async def write(tx: Tx, number: int) -> None:
            await tx.execute(LAMPS.insert().values(number=number))

        async def writer() -> None:
            nonlocal next_number
            while crashes.count < RESTARTS:
                next_number += 1
                number = next_number
                try:
                    await db.run(write, number)
                except DatabaseUnavailable:
                    refused.append(number)
                else:
                    told.append(number)
                await asyncio.sleep(0.001)

        async def crash() -> None:
            while crashes.count < RESTARTS:
                await asyncio.sleep(0.1)
                await crashes.crash()

        await asyncio.gather(crash(), *(writer() for _ in range(READERS)))
        async with db.read() as looking:
            there = sorted(number for (number,) in await looking.execute(select(LAMPS.c.number)))
        assert len(there) == len(set(there)), "something was written twice"
        assert set(told) <= set(there), "something acknowledged is lost"
        assert set(there) - set(told) <= set(refused)
        assert db.pool.checkedout() == 0


async def test_a_plan_that_a_migration_has_outdated_is_made_anew(server: PostgreSQL) -> None:
    everything = select(text("*")).select_from(LAMPS)

    async def count(tx: Tx) -> int:
        return len((await tx.execute(everything)).all())

    async with used(server) as db, db.read() as looking:
        for change in ("add column name text", "alter column number type bigint", "drop column name"):
            assert (await looking.execute(everything)).all() == []
            assert await Prepared(everything).fetch(looking) == []
            assert await db.run(count) == 0
            await db.run(_script, f"alter table lamps {change}")
            assert (await looking.execute(everything)).all() == []
            assert await Prepared(everything).fetch(looking) == []
            assert await db.run(count) == 0


async def test_where_the_server_has_no_connection_left_it_is_waited_for_and_then_refused(server: PostgreSQL) -> None:
    async with used(server) as db:
        others = []
        with suppress(asyncpg.TooManyConnectionsError):
            while True:
                others.append(await asyncpg.connect(driver_url(server.direct_url)))
        impatient = Database(DatabaseSettings(url=Secret(server.direct_url), pool_size=2), bridged_seconds=0.1)
        with pytest.raises(DatabaseUnavailable):
            async with impatient.read():
                pass
        assert impatient.pool.checkedout() == 0
        async with db.read() as looking:
            assert await looking.scalar(COUNT) == 0, "whoever has one keeps it"
        patient = Database(DatabaseSettings(url=Secret(server.direct_url), pool_size=2), bridged_seconds=60.0)
        waiting = asyncio.create_task(_count(patient))
        await asyncio.sleep(0.2)
        for other in others:
            await other.close()
        assert await waiting == 0
        await impatient.close()
        await patient.close()


async def _count(db: Database) -> int:
    async with db.read() as looking:
        return int(await looking.scalar(COUNT))


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 160 MiB, which holds a new server and little more."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=160m", "tmpfs", disk], capture_output=True)
    if mounted.returncode != 0:
        pytest.skip("only root may mount a small disk: run the tests as root, or in a container")
    yield disk
    subprocess.run(["umount", "-l", disk], check=True)


async def test_what_a_full_disk_has_no_room_for_is_refused_and_what_is_there_can_be_looked_at(small_disk: Path) -> None:
    small = PostgreSQL(small_disk / "data")
    with small.proxy.running():
        small.start()
        async with used(small) as db:
            await db.run(
                _script, "create unlogged table words (word text)"
            )  # or the write-ahead log would be full first
            await db.run(_script, "insert into words values ('first')")
            with pytest.raises(DatabaseFull):
                await db.run(_script, "insert into words select repeat('x', 900) from generate_series(1, 200000)")
            async with db.read() as looking:
                assert await looking.scalar(select(func.count()).select_from(table("words"))) == 1
            assert db.pool.checkedout() == 0
            await db.run(_script, "drop table words")
            await db.run(_script, "insert into lamps values (1)")
        small.stop()
