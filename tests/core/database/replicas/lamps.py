"""Lamps to switch on and to look at, in a database with a replica."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from sqlalchemy import Integer, column, select, table, text

from tests.standbys import Replicated, Standby, replicated
from threadly.core.config import Secret
from threadly.core.database import Database, DatabaseSettings, Tx
from threadly.core.database.replicas import Position, Replica, Replicas, following, instruments
from threadly.core.database.replicas.position import START
from threadly.embedded import create_database, drop_database, with_database

COUNT: Final = 50
LAMPS: Final = table("lamps", column("id", Integer), column("brightness", Integer))
_WENT: Final = ("replica", "written", "unknown", "behind", "refused")
_PATIENCE_SECONDS: Final = 30.0


@dataclass(frozen=True, slots=True)
class Lamps:
    """A database with `COUNT` lamps, and what answers reads of it."""

    pair: Replicated
    db: Database
    db_url: str
    replica_url: str

    @property
    def standby(self) -> Standby:
        """The replica, as a server."""
        return self.pair.standbys[0]

    @property
    def replicas(self) -> Replicas:
        """As the database knows them."""
        assert self.db.replicas is not None
        return self.db.replicas

    @property
    def replica(self) -> Replica:
        """The only one."""
        return self.replicas.all[0]

    async def switch(self, lamp: int, brightness: int) -> Position:
        """Sets a lamp, as a request does; what whoever did it has seen."""
        with following(START):
            await self.db.run(_set, lamp, brightness)
            position = await self.replicas.position()
        assert position is not None
        return position

    async def seen(self, lamp: int, position: Position | None = START) -> int:
        """How bright a lamp is, as a request sees it whose caller has seen this much."""
        with following(position):
            return await brightness(self.db, lamp)

    async def make(self, statement: str) -> None:
        """Whatever else there should be."""
        await self.db.run(_do, statement)

    async def caught_up(self) -> None:
        """Returns when the replica has all, and is read from."""
        await self.standby.catch_up(self.pair.primary)
        await until(lambda: self.replica.is_near, "the replica is read from")


@asynccontextmanager
async def lit(pair: Replicated, url: str, *, lag: timedelta = timedelta(hours=1)) -> AsyncIterator[Lamps]:
    """Lamps in this database, once its replica is read from."""
    replica_url = with_database(pair.standbys[0].url, urlsplit(url).path[1:])
    settings = DatabaseSettings(
        url=Secret(url), replicas=(Secret(replica_url),), replica_lag=lag, statement_timeout=timedelta(seconds=30)
    )
    # As it is by default in production; the engines of tests forgo it.
    db = Database(settings, server_settings={"synchronous_commit": "on"})
    await db.run(_do, "DROP TABLE IF EXISTS lamps")
    await db.run(_do, "CREATE TABLE lamps (id int PRIMARY KEY, brightness int NOT NULL)")
    await db.run(_do, f"INSERT INTO lamps SELECT lamp, 0 FROM generate_series(0, {COUNT - 1}) AS lamp")
    lamps = Lamps(pair, db, url, replica_url)
    async with db.watching_replicas():
        await lamps.caught_up()
        yield lamps
    await db.close()


@pytest.fixture(scope="session")
async def pair() -> AsyncIterator[Replicated]:
    """A primary and one replica."""
    async with replicated() as running:
        yield running


@pytest.fixture
async def lamps(pair: Replicated) -> AsyncIterator[Lamps]:
    """A database with lamps, whose replica is read from."""
    name = f"test_{uuid4().hex}"
    url = await create_database(pair.url, name)
    async with lit(pair, url) as lamps:
        yield lamps
    await drop_database(pair.url, name)


async def brightness(db: Database, lamp: int) -> int:
    """How bright a lamp is."""
    async with db.read() as read:
        return int(await read.scalar(select(LAMPS.c.brightness).where(LAMPS.c.id == lamp)))


async def until(holds: Callable[[], bool], what: str) -> None:
    """Waits until something holds."""
    ends = time.monotonic() + _PATIENCE_SECONDS
    while not holds():
        assert time.monotonic() < ends, what
        await asyncio.sleep(0.01)


def went() -> dict[str, int]:
    """Where reads have gone so far."""
    return {way: int(instruments.READS.labels(way)._value.get()) for way in _WENT}


def since(before: dict[str, int]) -> dict[str, int]:
    """Where they have gone meanwhile."""
    return {way: count - before[way] for way, count in went().items() if count != before[way]}


async def _set(tx: Tx, lamp: int, brightness: int) -> None:
    await tx.execute(LAMPS.update().where(LAMPS.c.id == lamp).values(brightness=brightness))


async def _do(tx: Tx, statement: str) -> None:
    await tx.execute(text(statement))
