"""A shop that the tests of jobs share: its messages, and a table of effects."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar

from sqlalchemy import text

from threadly.core.database import Database, Tx, outbox
from threadly.core.database.outbox import Event, Job


class Sold(Event, frozen=True):
    """An item was sold; its events are kept in order."""

    name: ClassVar[str] = "shop.sold"
    number: int
    item: str | None = None

    @property
    def key(self) -> str | None:
        return self.item


class Greet(Job, frozen=True):
    """Somebody is to be greeted."""

    name: ClassVar[str] = "shop.greet"
    number: int


@dataclass(frozen=True)
class Shop:
    """What the handlers are given."""

    db: Database


async def make_effects(db: Database) -> None:
    """The table in which handlers leave their traces, in order."""
    await db.run(_make_effects)


async def _make_effects(tx: Tx) -> None:
    await tx.execute(
        text(
            "CREATE TABLE effects (position bigint GENERATED ALWAYS AS IDENTITY, who text, number bigint,"
            " at timestamptz DEFAULT clock_timestamp())"
        )
    )


async def leave(tx: Tx, who: str, number: int) -> None:
    """A trace."""
    await tx.execute(text("INSERT INTO effects (who, number) VALUES (:who, :number)"), {"who": who, "number": number})


async def greeted(tx: Tx, message: Greet | Sold) -> None:
    """A service of the shop."""
    await leave(tx, "greeted", message.number)


async def sold(tx: Tx, event: Sold) -> None:
    """Another, which tells its items apart."""
    await leave(tx, f"sold {event.item}", event.number)


async def effects(db: Database) -> list[tuple[str, int]]:
    """All traces, in the order in which they were left."""

    async def look(tx: Tx) -> list[tuple[str, int]]:
        rows = await tx.execute(text("SELECT who, number FROM effects ORDER BY position"))
        return [(who, number) for who, number in rows.all()]

    return await db.run(look)


async def count(db: Database, what: str) -> int:
    """How many rows a table has."""

    async def look(tx: Tx) -> int:
        return int(await tx.scalar(text(f"SELECT count(*) FROM {what}")) or 0)

    return await db.run(look)


async def enqueue(db: Database, *jobs: Job, delay: timedelta = timedelta(0)) -> None:
    """Has jobs done, in one transaction."""

    async def change(tx: Tx) -> None:
        for job in jobs:
            outbox.enqueue(tx, job, delay=delay)

    await db.run(change)


async def add(db: Database, *events: Event) -> None:
    """Tells of events, in one transaction."""

    async def change(tx: Tx) -> None:
        for event in events:
            outbox.add(tx, event)

    await db.run(change)


async def change(db: Database, statement: str, **values: object) -> int:
    """Runs one statement; how many rows it touched."""

    async def run(tx: Tx) -> int:
        result = await tx.execute(text(statement), values)
        return int(getattr(result, "rowcount", 0))

    return await db.run(run)


async def nothing_left(db: Database) -> bool:
    """Whether the outbox is empty, and no job waits or runs."""
    return await count(db, "outbox") + await count(db, "jobs WHERE dead_at IS NULL") == 0


async def eventually(condition: Callable[[], Awaitable[bool]], *, within: float = 10) -> float:
    """Waits until the condition holds; how many seconds that took. Fails when it takes too long."""
    clock = asyncio.get_running_loop().time
    begun = clock()
    while not await condition():
        assert clock() - begun < within, f"not within {within} s"
        await asyncio.sleep(0.02)
    return clock() - begun
