"""A worker of the core alone, for tests that kill it: `python -m tests.faults.core_worker`. It starts in no time."""

import asyncio
import os
import signal
import sys
from datetime import timedelta
from typing import Any

from tests.core.database.jobs import shop
from tests.core.database.jobs.shop import Greet, Shop, Sold
from threadly.core.database import Database, DatabaseSettings, Tx, driver_url
from threadly.core.database.jobs import OWN_CONNECTIONS, RELAXED, Handlers, JobsSettings, Retry, Run, Runner
from threadly.core.database.jobs.handlers import HasDatabase

HANGS_ONCE = 1_000
"""From this number on, a job's first attempt hangs after its effect."""
PAUSES = 2_000
"""From this number on, a job waits for three seconds before its effect if it is the first attempt."""
KILLS = 3_000
"""From this number on, each attempt kills its worker."""
MOST_KILLS = 2
WORKS = "A worker works."


async def greet(context: HasDatabase, job: Greet, run: Run) -> None:
    """Leaves one trace a job, and one an attempt at those that are special."""
    if job.number >= HANGS_ONCE:
        await context.db.run(shop.leave, f"attempt by {os.getpid()}", job.number)
    if job.number >= KILLS:
        os.kill(os.getpid(), signal.SIGKILL)
    elif job.number >= PAUSES and run.attempt == 1:
        # In steps, so that a process that was stopped goes on soon after it continues.
        for _ in range(30):
            await asyncio.sleep(0.1)
    await context.db.run(once, job, run)
    if HANGS_ONCE <= job.number < PAUSES and run.attempt == 1:
        await asyncio.sleep(60)


async def once(tx: Tx, job: Greet, run: Run) -> None:
    """The effect."""
    if await run.first_time(tx):
        await shop.leave(tx, f"effect by {os.getpid()}", job.number)


def handlers() -> Handlers[Any]:
    """The shop's, for whatever has a database."""
    table = Handlers[Any]()
    table.job(Greet, greet, retry=Retry(attempts=MOST_KILLS, first=timedelta(milliseconds=100)))
    table.once(Sold, shop.sold, name="shop.keeps_order")
    return table


async def main() -> None:
    """Works until SIGTERM."""
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    database = DatabaseSettings.model_validate(told("THREADLY_DATABASE__"))
    db = Database(database)
    own = Database(database.model_copy(update={"pool_size": OWN_CONNECTIONS}), server_settings=RELAXED)
    runner = Runner(
        own,
        url=driver_url(database.url.get_secret_value()),
        handlers=handlers(),
        context=Shop(db),
        settings=JobsSettings.model_validate(told("THREADLY_JOBS__")),
    )
    sys.stdout.write(f"{WORKS}\n")
    sys.stdout.flush()
    await runner.run(stop)
    await own.close()
    await db.close()


def told(prefix: str) -> dict[str, str]:
    """What the environment says of one section."""
    return {name.removeprefix(prefix).lower(): value for name, value in os.environ.items() if name.startswith(prefix)}


if __name__ == "__main__":
    asyncio.run(main())
