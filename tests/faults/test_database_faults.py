"""A server that hangs, a network that swallows what is said: nobody waits for long, and no connection stays taken."""

import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import pytest
from sqlalchemy import column, select, table, text

from tests.conftest import database_settings
from tests.faults.proxy import Fault, Proxy, Towards
from threadly.core.config import Secret
from threadly.core.database import Database, DatabaseSettings, DatabaseUnavailable, Prepared, Tx

LAMPS: Final = table("lamps", column("name"))
WAIT_SECONDS: Final = 1.0
STATEMENT_SECONDS: Final = 0.2
SILENCE_SECONDS: Final = 1.0
SLACK_SECONDS: Final = 1.0
HOLE: Final = Fault(holds=True)


@dataclass(frozen=True, slots=True)
class Reached:
    """A database, through a proxy."""

    db: Database
    proxy: Proxy


@pytest.fixture
async def reached(empty_database_url: str) -> AsyncIterator[Reached]:
    """With one lamp, and both connections of the pool in use once."""
    direct = urlsplit(empty_database_url)
    socket = Path(direct.query.removeprefix("host=")) / ".s.PGSQL.5432"
    with Proxy(socket).running() as proxy:
        through = f"{direct.username}:{direct.password}@127.0.0.1:{proxy.port}{direct.path}?sslmode=disable"
        settings = DatabaseSettings(
            url=Secret(f"postgresql://{through}"),
            pool_size=2,
            pool_wait=timedelta(seconds=WAIT_SECONDS),
            statement_timeout=timedelta(seconds=STATEMENT_SECONDS),
        )
        patient, db = Database(database_settings(empty_database_url)), Database(settings)
        await patient.run(_do, "create table lamps (name text)")
        await patient.close()
        await add(db)
        async with db.read(), db.read():
            pass
        yield Reached(db, proxy)
        await db.close()


async def _do(tx: Tx, statement: str) -> None:
    await tx.execute(text(statement))


async def add(db: Database) -> None:
    """One transaction."""
    await db.run(_do, "insert into lamps values ('desk')")


async def look(db: Database) -> None:
    """One statement."""
    async with db.read() as read:
        await read.execute(select(LAMPS.c.name))


async def look_prepared(db: Database) -> None:
    """The same on the hot path."""
    async with db.read() as read:
        await Prepared(select(LAMPS.c.name)).fetch(read)


@pytest.mark.parametrize(
    ("ask", "way"), [(look, Towards.SERVER), (look_prepared, Towards.CLIENT), (add, Towards.SERVER)]
)
async def test_who_hears_nothing_is_refused_in_time_and_the_next_one_is_answered(
    reached: Reached, ask: Callable[[Database], Awaitable[None]], way: Towards
) -> None:
    with reached.proxy.suffering(HOLE, way):
        began = time.monotonic()
        with pytest.raises(DatabaseUnavailable):
            await ask(reached.db)
        waited = time.monotonic() - began
        assert reached.db.pool.checkedout() == 0
        with pytest.raises(DatabaseUnavailable):  # and so is who needs a new connection
            await ask(reached.db)
        waited_anew = time.monotonic() - began - waited

    assert STATEMENT_SECONDS < waited < STATEMENT_SECONDS + SILENCE_SECONDS + SLACK_SECONDS
    assert waited_anew < WAIT_SECONDS + STATEMENT_SECONDS + SILENCE_SECONDS + SLACK_SECONDS
    await ask(reached.db)
    assert reached.db.pool.checkedout() == 0


async def test_a_commit_of_which_nothing_is_heard_is_refused_and_nobody_says_that_it_failed(reached: Reached) -> None:
    async def write_into_silence(tx: Tx) -> None:
        await _do(tx, "insert into lamps values ('floor')")
        silence.enter_context(reached.proxy.suffering(HOLE, Towards.CLIENT))

    with ExitStack() as silence, pytest.raises(DatabaseUnavailable):
        await reached.db.run(write_into_silence)

    assert reached.db.pool.checkedout() == 0
    async with reached.db.read() as read:
        found = [name for (name,) in await read.execute(select(LAMPS.c.name))]
    assert found == ["desk", "floor"]  # it took effect: whether it would was unknown
