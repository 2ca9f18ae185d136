"""From the commit that asks for a job to its handler: how soon, how many a second, and what the asking costs.

Everything runs against one PostgreSQL that keeps its promises (fsync on), in one process: the writers, one worker, and,
if `procrastinate` is installed beside Threadly, the same jobs through that, in turn.

    ./dev bench outbox              5,000 jobs, five rounds, in two to five minutes
    ./dev bench outbox --quick      500 jobs, two rounds
"""

import argparse
import asyncio
import logging
import statistics
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from importlib import import_module
from importlib.util import find_spec
from typing import Any, ClassVar, TypeAlias

import uvloop
from rich.console import Console
from rich.table import Table
from sqlalchemy import text

from threadly.core.config import Secret
from threadly.core.database import Database, DatabaseSettings, Tx, driver_url, outbox
from threadly.core.database.jobs import RELAXED, Handlers, JobsSettings, Run, Runner
from threadly.core.database.migrate import upgrade
from threadly.core.database.outbox import Job
from threadly.embedded import create_database, engines
from threadly.migrations import MIGRATIONS

BATCH = 100
WRITERS = 16
CONCURRENCY = 16
Drain: TypeAlias = Callable[[int], Awaitable[float]]


class Note(Job, frozen=True):
    """Does nothing but being noticed."""

    name: ClassVar[str] = "benchmark.note"
    number: int


@dataclass
class Bench:
    """What the handlers see."""

    db: Database
    started: dict[int, float] = field(default_factory=dict)
    enough: asyncio.Event = field(default_factory=asyncio.Event)
    wanted: int = 0

    def expect(self, jobs: int) -> None:
        """So many are to come."""
        self.started.clear()
        self.enough.clear()
        self.wanted = jobs

    def note(self, number: int) -> None:
        """One has come."""
        self.started[number] = time.perf_counter()
        if len(self.started) == self.wanted:
            self.enough.set()


async def note(bench: Bench, job: Note, _run: Run) -> None:
    """The handler."""
    bench.note(job.number)


async def effect(bench: Bench, job: Note, run: Run) -> None:
    """The handler with an effect in the database, once."""

    async def once(tx: Tx) -> None:
        if await run.first_time(tx):
            await tx.execute(text("INSERT INTO effects VALUES (:number)"), {"number": job.number})

    await bench.db.run(once)
    bench.note(job.number)


async def enqueue(db: Database, numbers: range) -> None:
    """In one transaction."""

    async def change(tx: Tx) -> None:
        for number in numbers:
            outbox.enqueue(tx, Note(number=number))

    await db.run(change)


@asynccontextmanager
async def a_worker(bench: Bench, own: Database, url: str, handler: Any) -> AsyncIterator[None]:  # noqa: ANN401
    """Works until the block ends."""
    handlers = Handlers[Bench]()
    handlers.job(Note, handler)
    settings = JobsSettings(concurrency=CONCURRENCY)
    stop = asyncio.Event()
    runner = Runner(own, url=driver_url(url), handlers=handlers, context=bench, settings=settings)
    working = asyncio.create_task(runner.run(stop))
    await asyncio.sleep(0.2)
    yield
    stop.set()
    await working


async def drain(bench: Bench, own: Database, url: str, handler: Any, jobs: int) -> float:  # noqa: ANN401
    """Jobs a second from the first start of a worker to the last handler, with all of them waiting in the outbox."""
    for begin in range(0, jobs, BATCH):
        await enqueue(bench.db, range(begin, min(begin + BATCH, jobs)))
    bench.expect(jobs)
    begun = time.perf_counter()
    async with a_worker(bench, own, url, handler):
        await bench.enough.wait()
        took = time.perf_counter() - begun
    return jobs / took


async def latencies(bench: Bench, own: Database, url: str, count: int) -> list[float]:
    """Seconds from a commit to the start of its handler, one at a time in an idle shop."""
    late = []
    async with a_worker(bench, own, url, note):
        for number in range(count):
            bench.expect(1)
            await enqueue(bench.db, range(number, number + 1))
            committed = time.perf_counter()
            await bench.enough.wait()
            late.append(max(0.0, bench.started[number] - committed))
            await asyncio.sleep(0.02)
    return late


async def writes(db: Database, count: int, *, notify: bool) -> float:
    """Transactions a second of many writers at once, each adding one job, with and without the notification."""

    async def toggle(tx: Tx) -> None:
        await tx.execute(text(f"ALTER TABLE outbox {'ENABLE' if notify else 'DISABLE'} TRIGGER outbox_notifies"))

    async def writer(numbers: range) -> None:
        for number in numbers:
            await enqueue(db, range(number, number + 1))

    await db.run(toggle)
    begun = time.perf_counter()
    share = count // WRITERS
    await asyncio.gather(*(writer(range(share)) for _ in range(WRITERS)))
    took = time.perf_counter() - begun
    await db.run(_empty)
    return share * WRITERS / took


async def _empty(tx: Tx) -> None:
    await tx.execute(text("TRUNCATE outbox"))
    await tx.execute(text("ALTER TABLE outbox ENABLE TRIGGER outbox_notifies"))


@asynccontextmanager
async def a_rival(url: str) -> AsyncIterator[Drain | None]:
    """The same through procrastinate: queued one by one in transactions of `BATCH`, run by its worker."""
    if find_spec("procrastinate") is None:
        yield None
        return
    procrastinate = import_module("procrastinate")
    logging.getLogger("procrastinate").setLevel(logging.ERROR)
    app = procrastinate.App(connector=procrastinate.PsycopgConnector(conninfo=url, max_size=10))
    count, enough = [0, 0], asyncio.Event()

    @app.task(name="note")  # type: ignore[untyped-decorator]
    async def noted(number: int) -> None:
        count[0] += 1
        if count[0] == count[1]:
            enough.set()

    async def drained(jobs: int) -> float:
        for begin in range(0, jobs, BATCH):
            await noted.batch_defer_async(*({"number": number} for number in range(begin, begin + BATCH)))
        count[:] = [0, jobs]
        enough.clear()
        begun = time.perf_counter()
        working = asyncio.create_task(
            app.run_worker_async(concurrency=CONCURRENCY, install_signal_handlers=False, delete_jobs="successful")
        )
        await enough.wait()
        took = time.perf_counter() - begun
        working.cancel()
        await asyncio.gather(working, return_exceptions=True)
        return jobs / took

    async with app.open_async():
        await app.schema_manager.apply_schema_async()
        yield drained


async def measure(url: str, *, jobs: int, rounds: int) -> None:
    """All of it, as a table."""
    settings = DatabaseSettings(url=Secret(url), pool_size=WRITERS)
    db = Database(settings)
    own = Database(settings.model_copy(update={"pool_size": 4}), server_settings=RELAXED)
    await upgrade(db, MIGRATIONS)

    async def make_effects(tx: Tx) -> None:
        await tx.execute(text("CREATE TABLE effects (number bigint)"))

    await db.run(make_effects)
    bench = Bench(db)
    empty: list[float] = []
    once: list[float] = []
    rival: list[float] = []
    told: list[float] = []
    silent: list[float] = []
    async with a_rival(url) as rival_drain:
        for _ in range(rounds):
            empty.append(await drain(bench, own, url, note, jobs))
            if rival_drain:
                rival.append(await rival_drain(jobs))
            once.append(await drain(bench, own, url, effect, jobs))
            told.append(await writes(db, jobs // 2, notify=True))
            silent.append(await writes(db, jobs // 2, notify=False))
    late = sorted(await latencies(bench, own, url, 50 * rounds))

    table = Table(
        "what", "median", "worst", title=f"One worker, {CONCURRENCY} at a time, {jobs:,} jobs, {rounds} rounds"
    )
    table.add_row("jobs a second, empty handler", f"{statistics.median(empty):,.0f}", f"{min(empty):,.0f}")
    table.add_row("jobs a second, an effect once", f"{statistics.median(once):,.0f}", f"{min(once):,.0f}")
    if rival:
        ratios = [own / other for own, other in zip(empty, rival, strict=True)]
        table.add_row("procrastinate, empty handler", f"{statistics.median(rival):,.0f}", f"{min(rival):,.0f}")
        table.add_row("ratio to procrastinate", f"{statistics.median(ratios):.2f}", f"{min(ratios):.2f}")
    writers = [with_it / without for with_it, without in zip(told, silent, strict=True)]
    table.add_row(f"writes a second, {WRITERS} writers", f"{statistics.median(told):,.0f}", f"{min(told):,.0f}")
    table.add_row("… as a ratio to those without NOTIFY", f"{statistics.median(writers):.2f}", f"{min(writers):.2f}")
    table.add_row(
        "commit to handler, ms, median and p99", _ms(statistics.median(late)), _ms(late[int(len(late) * 0.99)])
    )
    Console().print(table)
    await own.close()
    await db.close()


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:.1f}"


async def main(*, quick: bool) -> None:
    """Starts PostgreSQL, and measures."""
    async with engines(ephemeral=True, durable=True) as running:
        url = await create_database(running.database_url or "", "outbox_bench")
        await measure(url, jobs=500 if quick else 5_000, rounds=2 if quick else 5)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true")
    uvloop.run(main(quick=parser.parse_args().quick))
