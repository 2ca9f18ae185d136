"""What is done beside requests: looks are counted every few seconds, and forgotten after two days."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from typing import ClassVar, Final

import structlog
from sqlalchemy.exc import DBAPIError

from threadly.core import clock
from threadly.core.database import DatabaseUnavailable
from threadly.core.database.jobs import HasDatabase, Run
from threadly.core.database.outbox import Job
from threadly.marketplace.listings import audience
from threadly.marketplace.listings.audience import Audience

_log: Final = structlog.get_logger(__name__)
COUNTED_EVERY: Final = timedelta(seconds=5)
_LAST_COUNT_SECONDS: Final = 5


class ForgetLooks(Job, frozen=True):
    """Who looked at what on days gone by is to go."""

    name: ClassVar[str] = "listings.forget_looks"


async def forget_looks(context: HasDatabase, _job: ForgetLooks, _run: Run) -> None:
    """Forgets them, in short transactions."""
    today = clock.now().date()
    while await context.db.run(audience.forget, today=today) == audience.FORGOTTEN_AT_ONCE:
        pass


@asynccontextmanager
async def counting(context: HasDatabase, looks: Audience, *, every: timedelta = COUNTED_EVERY) -> AsyncIterator[None]:
    """Counts what gathers while the block lasts, and what is left at its end, if the database answers in time."""
    going_on = asyncio.create_task(_keep_counting(context, looks, every))
    try:
        yield
    finally:
        going_on.cancel()
        await asyncio.wait([going_on])
        with suppress(TimeoutError):
            async with asyncio.timeout(_LAST_COUNT_SECONDS):
                await count_now(context, looks)


async def _keep_counting(context: HasDatabase, looks: Audience, every: timedelta) -> None:
    """Counts what has gathered, again and again, whatever goes wrong, until it is cancelled."""
    dropped = 0
    while True:
        await asyncio.sleep(every.total_seconds())
        try:
            await count_now(context, looks)
        except Exception:  # noqa: BLE001  whatever it is, it must not end the counting
            _log.exception("Looks at listings could not be counted; they wait for the next time.")
        if looks.dropped != dropped:
            _log.warning("Looks at listings found no room and are not counted.", looks=looks.dropped - dropped)
            dropped = looks.dropped


async def count_now(context: HasDatabase, looks: Audience) -> bool:
    """Counts what has gathered; whether that is known to have worked. What is not is kept for the next time.

    Also where the connection was lost at the commit: what that may have counted adds nothing then.
    """
    gathered = looks.take()
    if not gathered:
        return True
    try:
        await context.db.run(audience.count, gathered)
    except (DatabaseUnavailable, DBAPIError) as failure:
        _log.warning("Looks at listings cannot be counted now.", failure=type(failure).__name__)
        looks.put_back(gathered)
        return False
    except BaseException:
        looks.put_back(gathered)  # cancelled on the way
        raise
    return True
