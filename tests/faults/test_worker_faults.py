"""Workers are killed, stopped, paused and cut off; every job is done, and every effect is there once."""

import asyncio
import logging
import os
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import TypeAlias
from urllib.parse import urlsplit

import pytest
from sqlalchemy import text

from tests.core.database.jobs import shop
from tests.core.database.jobs.shop import Greet, Sold
from tests.faults.core_worker import HANGS_ONCE, KILLS, MOST_KILLS, PAUSES, WORKS
from tests.faults.proxy import Fault, Proxy
from tests.marketplace.media.elsewhere import secret_of
from threadly.core.database import Database, Tx, outbox
from threadly.core.database.jobs import JobsSettings, letters
from threadly.settings import Settings

Start: TypeAlias = Callable[..., Awaitable[asyncio.subprocess.Process]]
SHORT_LEASE = {"THREADLY_JOBS__LEASE": "PT1S", "THREADLY_JOBS__POLL": "PT0.2S"}


@pytest.fixture
async def start(owner: Database, settings: Settings) -> AsyncIterator[Start]:
    """Starts workers as processes; those that still run when the test ends are killed."""
    await shop.make_effects(owner)
    async with AsyncExitStack() as processes:

        async def start(worker: str = "core_worker", **environment: str) -> asyncio.subprocess.Process:
            return await processes.enter_async_context(_process(worker, settings, environment))

        yield start


@asynccontextmanager
async def _process(
    worker: str, settings: Settings, environment: dict[str, str]
) -> AsyncIterator[asyncio.subprocess.Process]:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        f"tests.faults.{worker}",
        env={
            **os.environ,
            "THREADLY_PROFILE": "test",
            "THREADLY_LIMITS__WIDENED": "1000000",
            "THREADLY_DATABASE__URL": settings.database.url.get_secret_value(),
            "THREADLY_DATABASE__POOL_SIZE": "5",
            "THREADLY_CACHE__URL": settings.cache.url.get_secret_value(),
            "THREADLY_MEDIA__FOLDER": str(settings.media.folder),
            "THREADLY_SECURITY__SECRET": secret_of(settings),
            **environment,
        },
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    try:
        line = await process.stdout.readline()
        assert WORKS.encode() in line, line + await process.stdout.read()
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()  # not only wait(): a pipe that nobody reads would outlive the test


async def traces(db: Database, who: str) -> list[int]:
    """The numbers of the jobs that left such a trace."""
    return [number for left_by, number in await shop.effects(db) if left_by.startswith(who)]


def left(db: Database, who: str, number: int | None = None, *, times: int = 1) -> Callable[[], Awaitable[bool]]:
    async def condition() -> bool:
        found = await traces(db, who)
        return (len(found) if number is None else found.count(number)) >= times

    return condition


async def test_a_job_whose_worker_was_killed_runs_again_after_its_lease_and_its_effect_is_once(
    db: Database, start: Start
) -> None:
    usual = JobsSettings()
    assert usual.lease + usual.poll <= timedelta(seconds=5)
    doomed = await start(**SHORT_LEASE)
    await shop.enqueue(db, Greet(number=HANGS_ONCE))
    await shop.eventually(left(db, "effect", HANGS_ONCE))
    await start(**SHORT_LEASE)
    doomed.kill()

    # A lease and a look are 1.2 s here. Whoever forgot it would wait for the minute that it hangs.
    await shop.eventually(left(db, "attempt", HANGS_ONCE, times=2), within=10)
    await shop.eventually(lambda: shop.nothing_left(db))
    assert await traces(db, "effect") == [HANGS_ONCE]


async def test_three_workers_race_for_a_thousand_jobs_and_two_of_them_are_killed(db: Database, start: Start) -> None:
    workers = await asyncio.gather(*(start(**SHORT_LEASE) for _ in range(3)))
    await shop.enqueue(db, *(Greet(number=number) for number in range(1_000)))
    for victim in workers[:2]:
        await shop.eventually(left(db, f"effect by {victim.pid}", times=50))
        victim.kill()

    await shop.eventually(lambda: shop.nothing_left(db), within=60)
    assert sorted(await traces(db, "effect")) == list(range(1_000))
    assert await shop.count(db, "jobs") == 0  # no dead letters either


async def test_three_workers_of_which_one_is_killed_again_and_again_lose_double_and_reorder_nothing_of_a_key(
    db: Database, start: Start
) -> None:
    items, events, kills = 8, 40, 4
    workers = list(await asyncio.gather(*(start(**SHORT_LEASE) for _ in range(3))))

    async def tell() -> None:
        for number in range(events):
            await shop.add(db, *(Sold(number=number, item=f"item {item}") for item in range(items)))
            await asyncio.sleep(0.1)

    telling = asyncio.create_task(tell())
    for _ in range(kills):
        before = await shop.count(db, "effects")
        await shop.eventually(partial(_more, db, before), within=30)
        workers.pop(0).kill()
        workers.append(await start(**SHORT_LEASE))
    await telling
    await shop.eventually(lambda: shop.nothing_left(db), within=60)

    left_by = await shop.effects(db)
    for item in range(items):
        assert [number for who, number in left_by if who == f"sold item {item}"] == list(range(events))
    assert len(left_by) == items * events
    assert await shop.count(db, "jobs") == 0  # no dead letters


async def _more(db: Database, before: int) -> bool:
    return await shop.count(db, "effects") > before or await shop.nothing_left(db)


async def test_with_three_workers_an_event_is_handled_soon_after_its_commit(db: Database, start: Start) -> None:
    await asyncio.gather(*(start() for _ in range(3)))

    async def tell(tx: Tx, number: int) -> None:
        await shop.leave(tx, "told", number)
        outbox.add(tx, Sold(number=number, item=f"item {number % 20}"))

    for number in range(300):
        await db.run(tell, number)
        await asyncio.sleep(0.01)
    await shop.eventually(lambda: shop.nothing_left(db))
    pairs = "SELECT extract(epoch FROM max(at) - min(at)) AS wait FROM effects GROUP BY number HAVING count(*) = 2"
    figures = text(
        f"SELECT count(*), percentile_cont(0.5) WITHIN GROUP (ORDER BY wait),"
        f" percentile_cont(0.99) WITHIN GROUP (ORDER BY wait) FROM ({pairs}) AS waits"
    )
    handled, usual, late = (await db.run(lambda tx: tx.execute(figures))).one()
    said = f"from the commit to the effect: median {usual * 1000:.0f} ms, p99 {late * 1000:.0f} ms"
    logging.getLogger(__name__).info(said)
    assert handled == 300
    assert late <= 2  # seconds; the goal is 0.2, machines are slow


async def test_a_job_that_kills_its_workers_becomes_a_dead_letter(db: Database, start: Start) -> None:
    await shop.enqueue(db, Greet(number=KILLS))
    for _ in range(MOST_KILLS):
        assert await (await start(**SHORT_LEASE)).wait() == -signal.SIGKILL
    await start(**SHORT_LEASE)

    await shop.eventually(lambda: shop.nothing_left(db))
    async with db.read() as read:
        (letter,) = await letters(read)
    assert letter.last_error == "worker_lost"
    assert len(await traces(db, "attempt")) == MOST_KILLS


async def test_a_worker_whose_connections_are_cut_works_again_soon(db: Database, start: Start) -> None:
    await start()
    await shop.enqueue(db, Greet(number=PAUSES))  # runs while the connections go
    await shop.eventually(left(db, "attempt", PAUSES))

    async def cut(tx: Tx) -> int:
        ours = "datname = current_database() AND usename = current_user"
        victims = f"FROM pg_stat_activity WHERE {ours} AND pid <> pg_backend_pid()"
        return len((await tx.execute(text(f"SELECT pg_terminate_backend(pid) {victims}"))).all())

    assert await db.run(cut) >= 3
    await db.engine.dispose()
    await shop.enqueue(db, Greet(number=1))

    await shop.eventually(left(db, "effect", 1), within=10)
    await shop.eventually(lambda: shop.nothing_left(db))
    assert await traces(db, "effect") == [1, PAUSES]


async def test_a_worker_that_hears_nothing_says_so_in_time_and_works_on_as_soon_as_it_does(
    db: Database, start: Start, settings: Settings
) -> None:
    direct = urlsplit(settings.database.url.get_secret_value())
    with Proxy(Path(direct.query.removeprefix("host=")) / ".s.PGSQL.5432").running() as proxy:
        through = f"{direct.username}:{direct.password}@127.0.0.1:{proxy.port}{direct.path}?sslmode=disable"
        worker = await start(
            THREADLY_DATABASE__URL=f"postgresql://{through}",
            THREADLY_DATABASE__STATEMENT_TIMEOUT="PT0.5S",
            THREADLY_DATABASE__POOL_WAIT="PT1S",
            **SHORT_LEASE,
        )
        assert worker.stdout is not None
        await shop.enqueue(db, Greet(number=1))
        await shop.eventually(left(db, "effect", 1))
        with proxy.suffering(Fault(holds=True)):
            await shop.enqueue(db, Greet(number=2))
            # A statement's time and a second of silence, within 5 s; twice that for a slow machine.
            async with asyncio.timeout(10):
                while b"has lost the database" not in await worker.stdout.readline():
                    pass
            await asyncio.sleep(1)  # four times that it would renew what it held
        await shop.eventually(left(db, "effect", 2), within=10)
        worker.terminate()
        assert await asyncio.wait_for(worker.wait(), 20) == 0
        said = await worker.stdout.read()

    # Told once for each time, not for each of its attempts; a slow machine's statements may be late once more.
    assert said.count(b"has its database again") == 1 + said.count(b"has lost the database")
    await shop.eventually(lambda: shop.nothing_left(db))
    assert sorted(await traces(db, "effect")) == [1, 2]


async def test_terminated_a_worker_puts_back_what_runs_for_another_and_exits_cleanly(
    db: Database, start: Start
) -> None:
    first = await start("shop_worker", THREADLY_JOBS__GRACE="PT0.5S")
    await shop.enqueue(db, Greet(number=HANGS_ONCE))
    await shop.eventually(left(db, "effect", HANGS_ONCE))

    first.terminate()

    assert await asyncio.wait_for(first.wait(), 20) == 0  # the job hangs for a minute
    assert first.stdout is not None
    assert b'"put_back":1' in await first.stdout.read()
    assert await shop.count(db, "jobs WHERE worker IS NULL AND attempts = 0 AND due_at <= now()") == 1


async def test_a_worker_that_was_paused_finds_its_job_done_and_has_no_effect(db: Database, start: Start) -> None:
    paused = await start(**SHORT_LEASE)
    await shop.enqueue(db, Greet(number=PAUSES))
    await shop.eventually(left(db, f"attempt by {paused.pid}", PAUSES))
    paused.send_signal(signal.SIGSTOP)
    await start(**SHORT_LEASE)
    await shop.eventually(lambda: shop.nothing_left(db))
    assert await traces(db, "effect") == [PAUSES]

    paused.send_signal(signal.SIGCONT)
    await shop.enqueue(db, *(Greet(number=number) for number in range(50)))
    await shop.eventually(left(db, f"attempt by {paused.pid}", PAUSES))
    paused.terminate()
    assert await asyncio.wait_for(paused.wait(), 20) == 0

    await shop.eventually(lambda: shop.nothing_left(db))
    assert sorted(await traces(db, "effect")) == [*range(50), PAUSES]
