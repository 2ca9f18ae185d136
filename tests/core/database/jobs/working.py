"""A worker of the shop, for the time of a block."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

from tests.conftest import database_settings
from tests.core.database.jobs.shop import Shop
from threadly.core.database import Database, driver_url
from threadly.core.database.jobs import Handlers, JobsSettings, Runner, Stopped

QUICK = JobsSettings(
    concurrency=16, lease=timedelta(seconds=10), poll=timedelta(milliseconds=200), grace=timedelta(seconds=10)
)


class Working:
    """A worker that runs."""

    def __init__(self, runner: Runner[Shop]) -> None:
        self.runner = runner
        self._stop = asyncio.Event()
        self._task = asyncio.create_task(runner.run(self._stop))

    async def stop(self) -> Stopped:
        """Tells it to stop, and waits."""
        self._stop.set()
        return await asyncio.shield(self._task)


@asynccontextmanager
async def working(
    db: Database,
    url: str,
    handlers: Handlers[Shop],
    settings: JobsSettings = QUICK,
    *,
    statement_timeout: timedelta | None = None,
) -> AsyncIterator[Working]:
    """A worker, until the block ends. `db` is for the handlers; the worker has connections of its own."""
    usual = database_settings(url)
    longest = {"statement_timeout": statement_timeout or usual.statement_timeout}
    own = Database(usual.model_copy(update=longest), application_name="worker")
    worker = Working(Runner(own, url=driver_url(url), handlers=handlers, context=Shop(db), settings=settings))
    try:
        yield worker
    finally:
        await worker.stop()
        await own.close()
