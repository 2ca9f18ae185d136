"""A worker as a process of its own, for tests that kill it: `python -m tests.faults.shop_worker`."""

import asyncio
import os
import signal
from datetime import timedelta

from tests.core.database.jobs import shop
from tests.core.database.jobs.shop import Greet, Sold
from threadly.core.database import Tx
from threadly.core.database.jobs import Handlers, Retry, Run
from threadly.core.observability import set_up_logs
from threadly.settings import Settings
from threadly.wiring import Services
from threadly.worker import main

HANGS_ONCE = 1_000
"""From this number on, a job's first attempt hangs after its effect."""
PAUSES = 2_000
"""From this number on, a job waits for half a minute before its effect if it is the first attempt."""
KILLS = 3_000
"""From this number on, each attempt kills its worker."""
MOST_KILLS = 2


async def greet(services: Services, job: Greet, run: Run) -> None:
    """Leaves one trace a job, and one an attempt at those that are special."""
    if job.number >= HANGS_ONCE:
        await services.db.run(shop.leave, f"attempt by {os.getpid()}", job.number)
    if job.number >= KILLS:
        os.kill(os.getpid(), signal.SIGKILL)
    elif job.number >= PAUSES and run.attempt == 1:
        # In steps, so that a process that was stopped goes on soon after it continues.
        for _ in range(30):
            await asyncio.sleep(0.1)
    await services.db.run(once, job, run)
    if HANGS_ONCE <= job.number < PAUSES and run.attempt == 1:
        await asyncio.sleep(60)


async def once(tx: Tx, job: Greet, run: Run) -> None:
    """The effect."""
    if await run.first_time(tx):
        await shop.leave(tx, f"effect by {os.getpid()}", job.number)


def handlers() -> Handlers[Services]:
    """The shop's."""
    table = Handlers[Services]()
    table.job(Greet, greet, retry=Retry(attempts=MOST_KILLS, first=timedelta(milliseconds=100)))
    table.once(Sold, shop.sold, name="shop.keeps_order")
    return table


if __name__ == "__main__":
    settings = Settings.from_environment()
    set_up_logs(settings.observability.logs)
    asyncio.run(main(settings, handlers=handlers))
