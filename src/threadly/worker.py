"""The worker: does what requests have put off, and what is to be done from time to time.

Any number of them may run; `threadly work` starts one. Every handler and schedule of Threadly is named in `handlers`.
"""

import asyncio
import signal
from collections.abc import Callable
from contextlib import AsyncExitStack
from datetime import timedelta
from importlib.metadata import version
from typing import Final

import structlog
from opentelemetry.trace import get_current_span

from threadly import ops
from threadly.core.audit.events import PruneEvents, prune_events
from threadly.core.auth import PruneSessions, prune_sessions
from threadly.core.database import Database, driver_url
from threadly.core.database.jobs import (
    OWN_CONNECTIONS,
    RELAXED,
    Handlers,
    JobsSettings,
    PruneInbox,
    Run,
    Runner,
    prune_inbox,
)
from threadly.core.database.migrating.releases import session_name
from threadly.core.observability import Work
from threadly.core.observability.errors import Tracker
from threadly.core.observability.health import Health
from threadly.marketplace import favourites, listings, media, search
from threadly.settings import Settings
from threadly.tables import metadata
from threadly.wiring import Services, services

_log: Final = structlog.get_logger(__name__)
PROCESS: Final = "work"
"""What a worker is called, wherever it is told of."""
_STOPPING: Final = (signal.SIGTERM, signal.SIGINT)


def handlers() -> Handlers[Services]:
    """Who does what."""
    table = Handlers[Services]()
    table.job(PruneInbox, prune_inbox, timeout=timedelta(minutes=10))
    table.every(timedelta(hours=1), PruneInbox())
    table.job(media.SweepPictures, media.sweeper(metadata), timeout=timedelta(hours=1))
    table.every(timedelta(hours=6), media.SweepPictures())
    table.job(listings.ForgetLooks, listings.forget_looks, timeout=timedelta(minutes=10))
    table.every(timedelta(hours=6), listings.ForgetLooks())
    table.job(PruneSessions, prune_sessions, timeout=timedelta(minutes=10))
    table.every(timedelta(hours=1), PruneSessions())
    table.job(PruneEvents, prune_events, timeout=timedelta(minutes=10))
    table.every(timedelta(hours=1), PruneEvents())
    table.job(search.RefreshTerms, search.refresh_terms, timeout=timedelta(minutes=10))
    table.every(timedelta(hours=1), search.RefreshTerms())
    table.job(search.RewriteDocuments, search.rewrite_documents, timeout=timedelta(minutes=10))
    table.job(favourites.MendCounts, favourites.mend_counts, timeout=timedelta(minutes=30))
    table.every(timedelta(hours=6), favourites.MendCounts())
    table.job(favourites.RefreshTrends, favourites.refresh_trends)
    table.every(timedelta(minutes=5), favourites.RefreshTrends())
    return table


async def work(
    services: Services,
    *,
    stop: asyncio.Event,
    handlers: Handlers[Services],
    settings: JobsSettings | None = None,
) -> None:
    """Works until `stop` is set and what runs has ended or been put back. The database may come and go meanwhile."""
    database = services.settings.database
    own = Database(
        database.model_copy(update={"pool_size": OWN_CONNECTIONS}),
        application_name=session_name("threadly", version("threadly"), PROCESS),
        server_settings=RELAXED,
    )
    try:
        runner = Runner(
            own,
            url=driver_url(database.url.get_secret_value()),
            handlers=handlers,
            context=services,
            settings=settings or services.settings.jobs,
            around=_as_work,
            failed=lambda _, failure: services.errors.capture(failure),
        )
        _log.info("A worker works.", worker=runner.name)
        stopped = await runner.run(stop)
        _log.info(
            "A worker has stopped.",
            worker=runner.name,
            done=stopped.done,
            failed=stopped.failed,
            put_back=stopped.put_back,
        )
    finally:
        await own.close()


def _as_work(run: Run) -> Work:
    span = get_current_span().get_span_context()
    return Work(
        job=run.name,
        job_id=run.id,
        trace_id=f"{span.trace_id:032x}" if span.is_valid else None,
        span_id=f"{span.span_id:016x}" if span.is_valid else None,
    )


async def main(
    settings: Settings,
    *,
    handlers: Callable[[], Handlers[Services]] = handlers,
    stop: asyncio.Event | None = None,
    on_health: Callable[[Health], None] | None = None,
    on_errors: Callable[[Tracker], None] | None = None,
) -> None:
    """A worker as a process: runs until SIGTERM or SIGINT, or until the caller sets `stop`.

    Args:
        on_health: Called once with how this process does, which is then watched.
        on_errors: Called once with who is told of its failures.
    """
    stopping = stop or asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in _STOPPING:
        loop.add_signal_handler(number, stopping.set)
    try:
        longest = settings.jobs.statement_timeout
        async with AsyncExitStack() as living:
            built = services(settings, process=PROCESS, statement_timeout=longest)
            ready = await living.enter_async_context(built)
            living.enter_context(ready.errors.watching(loop))
            if on_errors is not None:
                on_errors(ready.errors)
            if on_health is None:
                await work(ready, stop=stopping, handlers=handlers())
                return
            others = {"jobs:workers"}  # it is one itself
            watching = ops.watching(ready, description="job worker", stopping=stopping.is_set, without=others)
            on_health(await living.enter_async_context(watching))
            await work(ready, stop=stopping, handlers=handlers())
    finally:
        for number in _STOPPING:
            loop.remove_signal_handler(number)
