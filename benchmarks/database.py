"""What does a row by its key cost, how late is an answer that finds the server hanging, and who gets through a crowd?

The row: a prepared call on a connection that is held (the floor, one round trip), asyncpg's pool, SQLAlchemy's select
and `Session.get` under autocommit, and ours, turn by turn. The deadlines: PostgreSQL is stopped (SIGSTOP), and each way
of asking it has 0.3 s; beside it, `asyncio.timeout` around SQLAlchemy. The lane: somebody pays every 20 ms, through a
lane of two connections, while nobody else does anything, and while ten times as many browse as the pool has room for.

    ./dev bench database            40 rounds of 200 rows, 20 deadlines each way
    ./dev bench database --quick    10 rounds of 100, 5 deadlines
"""

import argparse
import asyncio
import math
import random
import statistics
import sys
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Final

import asyncpg
from rich.console import Console
from rich.table import Table
from sqlalchemy import Float, Integer, Text, bindparam, func, select, text
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from tests.faults.breakable import PostgreSQL, a_postgresql
from threadly.core import deadlines
from threadly.core.config import Secret
from threadly.core.database import (
    Database,
    DatabaseSettings,
    DatabaseTooSlow,
    DatabaseUnavailable,
    Prepared,
    Tx,
    driver_url,
)

ROWS: Final = 10_000
DEADLINE: Final = 0.3
LOOK: Final = select(func.pg_sleep(bindparam("seconds", type_=Float)))
"""As what a page asks: of 20 ms on average, and not all of one length, which would have ten end at the same moment."""
GOAL_LATE_MS: Final = 50.0
GOAL_TIMES_RAW: Final = 3.0
GOAL_TIMES_SESSION: Final = 1.7
GOAL_TIMES_UNLOADED: Final = 2.0
POOL: Final = 10
BROWSERS: Final = 10 * POOL


class Base(DeclarativeBase):
    """Tables of this benchmark."""


class Lamp(Base):
    """A row to get."""

    __tablename__ = "lamps"
    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    name: Mapped[str] = mapped_column(Text)


BY_KEY: Final = Prepared(select(Lamp.id, Lamp.name).where(Lamp.id == bindparam("key")))
RAW: Final = "SELECT id, name FROM lamps WHERE id = $1"
Get = Callable[[int], Awaitable[object]]


async def _script(tx: Tx, statement: str) -> None:
    await tx.execute(text(statement))


async def rows(url: str, *, rounds: int, each: int) -> dict[str, list[float]]:
    """Microseconds a row, of each way, round by round."""
    held = await asyncpg.connect(driver_url(url))
    pool = await asyncpg.create_pool(driver_url(url), min_size=2, max_size=2)
    plain = create_async_engine("postgresql+asyncpg://", connect_args={"dsn": driver_url(url)}, pool_size=2)
    autocommit = plain.execution_options(isolation_level="AUTOCOMMIT")
    db = Database(DatabaseSettings(url=Secret(url), pool_size=2))
    prepared = await held.prepare(RAW)

    async def raw(key: int) -> object:
        return await prepared.fetchrow(key)

    async def pooled(key: int) -> object:
        return await pool.fetchrow(RAW, key)

    async def core(key: int) -> object:
        async with autocommit.connect() as connection:
            return (await connection.execute(select(Lamp.id, Lamp.name).where(Lamp.id == key))).one()

    async def session(key: int) -> object:
        async with AsyncSession(autocommit) as session:
            return await session.get(Lamp, key)

    async def ours(key: int) -> object:
        async with db.read() as read:
            return (await BY_KEY.fetch(read, {"key": key}))[0]

    ways: dict[str, Get] = {
        "a prepared call on a held connection": raw,
        "asyncpg's pool": pooled,
        "SQLAlchemy's select": core,
        "Session.get": session,
        "ours": ours,
    }
    took: dict[str, list[float]] = {name: [] for name in ways}
    for number in range(rounds + 1):
        for name, get in ways.items():
            began = time.perf_counter()
            for key in range(each):
                await get(1 + (key * 37 + number) % ROWS)
            if number:  # the first round prepares
                took[name].append((time.perf_counter() - began) / each * 1e6)
    await held.close()
    await pool.close()
    await plain.dispose()
    await db.close()
    return took


async def late(server: PostgreSQL, *, times: int) -> dict[str, list[float]]:
    """Milliseconds after their deadline, of each way to ask a server that hangs."""
    url = server.direct_url
    db = Database(DatabaseSettings(url=Secret(url), pool_size=4))
    plain = create_async_engine("postgresql+asyncpg://", connect_args={"dsn": driver_url(url)})

    async def look() -> None:
        async with db.read() as read:
            await read.execute(select(Lamp.name).where(Lamp.id == 1))

    async def look_prepared() -> None:
        async with db.read() as read:
            await BY_KEY.fetch(read, {"key": 1})

    async def change() -> None:
        await db.run(_script, "update lamps set name = name where id = 1")

    found: dict[str, list[float]] = {}
    for name, way in (("a look", look), ("a prepared look", look_prepared), ("a transaction", change)):
        for _ in range(times):
            await way()
            with server.frozen(), deadlines.within(DEADLINE):
                began = time.perf_counter()
                with suppress(DatabaseTooSlow):
                    await way()
                found.setdefault(name, []).append((time.perf_counter() - began - DEADLINE) * 1000)
            began = time.perf_counter()
            await way()
            found.setdefault("the next look, after SIGCONT", []).append((time.perf_counter() - began) * 1000)
    for _ in range(max(times // 5, 1)):
        async with plain.connect() as connection:
            await connection.execute(text("select 1"))
            with server.frozen():
                began = time.perf_counter()
                with suppress(TimeoutError):
                    async with asyncio.timeout(DEADLINE):
                        await connection.execute(text("select 1"))
                took = (time.perf_counter() - began - DEADLINE) * 1000
            found.setdefault("asyncio.timeout around SQLAlchemy", []).append(took)
    await plain.dispose()
    await db.close()
    return found


async def paying(url: str, *, seconds: float) -> dict[str, list[float]]:
    """Milliseconds that each payment takes, endless if it is refused: alone, and beside those who browse."""
    db = Database(DatabaseSettings(url=Secret(url), pool_size=POOL, pool_waiters=POOL))
    lane = db.lane(2)

    async def browse() -> None:
        while True:
            try:
                async with db.read() as read:
                    await read.execute(LOOK, {"seconds": random.uniform(0.005, 0.035)})
            except DatabaseUnavailable:
                await asyncio.sleep(random.uniform(0.1, 0.3))  # sooner than a browser is told to come again

    async def pay(by: Database, into: list[float]) -> None:
        until = time.perf_counter() + seconds
        while time.perf_counter() < until:
            began = time.perf_counter()
            try:
                await by.run(_script, "update lamps set name = name where id = 7")
            except DatabaseUnavailable:
                into.append(math.inf)
            else:
                into.append((time.perf_counter() - began) * 1000)
            await asyncio.sleep(0.02)

    found: dict[str, list[float]] = {"by the lane, alone": [], "by the lane, crowded": [], "by the pool, crowded": []}
    await pay(lane, [])
    for _ in range(3):
        await pay(lane, found["by the lane, alone"])
        crowd = [asyncio.create_task(browse()) for _ in range(BROWSERS)]
        await asyncio.sleep(0.2)
        await pay(lane, found["by the lane, crowded"])
        await pay(db, found["by the pool, crowded"])
        for browser in crowd:
            browser.cancel()
        await asyncio.gather(*crowd, return_exceptions=True)
    await lane.close()
    await db.close()
    return found


def p99(of_way: list[float]) -> float:
    """The ninety-ninth of a hundred."""
    return sorted(of_way)[round(0.99 * (len(of_way) - 1))]


def main() -> int:
    """Measures, prints, and says by its exit code whether the goals are met."""
    options = argparse.ArgumentParser()
    options.add_argument("--quick", action="store_true")
    is_quick = options.parse_args().quick
    with a_postgresql() as server:
        asyncio.run(_fill(server.direct_url))
        took = asyncio.run(rows(server.direct_url, rounds=10 if is_quick else 40, each=100 if is_quick else 200))
        waited = asyncio.run(late(server, times=5 if is_quick else 20))
        payments = asyncio.run(paying(server.direct_url, seconds=2 if is_quick else 8))
    medians = {name: statistics.median(of_way) for name, of_way in took.items()}
    ours = medians["ours"]
    table = Table("one row by its key", "µs, median", "ours to it", title="turn by turn")
    for name, median in medians.items():
        table.add_row(name, f"{median:.0f}", f"{ours / median:.2f}")
    delays = Table("a deadline of 0.3 s", "ms late, median", "worst", title="PostgreSQL stopped (SIGSTOP)")
    for name, of_way in waited.items():
        delays.add_row(name, f"{statistics.median(of_way):.1f}", f"{max(of_way):.1f}")
    console = Console()
    lanes = Table("a payment", "ms, median", "p99", "refused", title=f"{BROWSERS} browse, {POOL} have room")
    for name, of_way in payments.items():
        refused = f"{of_way.count(math.inf) / len(of_way):.0%}"
        lanes.add_row(name, f"{statistics.median(of_way):.1f}", f"{p99(of_way):.1f}", refused)
    console.print(table, delays, lanes)
    crowded = p99(payments["by the lane, crowded"]) / p99(payments["by the lane, alone"])
    worst = max(max(waited[name]) for name in ("a look", "a prepared look", "a transaction"))
    is_met = (
        ours <= GOAL_TIMES_RAW * medians["a prepared call on a held connection"]
        and medians["Session.get"] >= GOAL_TIMES_SESSION * ours
        and worst <= GOAL_LATE_MS
        and crowded <= GOAL_TIMES_UNLOADED
    )
    console.print(
        f"D1: {ours / medians['a prepared call on a held connection']:.2f} of the floor (at most {GOAL_TIMES_RAW:g}), "
        f"{medians['Session.get'] / ours:.2f} times as fast as Session.get (at least {GOAL_TIMES_SESSION:g}); "
        f"D3: {worst:.0f} ms late at worst (at most {GOAL_LATE_MS:.0f}); "
        f"D4: p99 by the lane {crowded:.2f} times that without others (at most {GOAL_TIMES_UNLOADED:g})"
    )
    return 0 if is_met else 1


async def _fill(url: str) -> None:
    db = Database(DatabaseSettings(url=Secret(url)))
    await db.run(_script, "create table lamps (id int primary key, name text not null)")
    await db.run(_script, f"insert into lamps select n, 'lamp ' || n from generate_series(1, {ROWS}) n")
    await db.run(_script, "analyze lamps")
    await db.close()


if __name__ == "__main__":
    sys.exit(main())
