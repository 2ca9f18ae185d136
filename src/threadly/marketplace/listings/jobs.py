"""What is done beside requests: looks are counted every few seconds, and forgotten after two days."""

import asyncio
import logging
from datetime import timedelta
from typing import ClassVar, Final

from sqlalchemy.exc import DBAPIError

from threadly.core import clock
from threadly.core.database import DatabaseUnavailable
from threadly.core.database.jobs import HasDatabase, Run
from threadly.core.database.outbox import Job
from threadly.marketplace.listings import audience
from threadly.marketplace.listings.audience import Audience

_log: Final = logging.getLogger(__name__)
COUNTED_EVERY: Final = timedelta(seconds=5)


class ForgetLooks(Job, frozen=True):
    """Who looked at what on days gone by is to go."""

    name: ClassVar[str] = "listings.forget_looks"


async def forget_looks(context: HasDatabase, _job: ForgetLooks, _run: Run) -> None:
    """Forgets them, in short transactions."""
    today = clock.now().date()
    while await context.db.run(audience.forget, today=today) == audience.FORGOTTEN_AT_ONCE:
        pass


async def keep_counting(context: HasDatabase, looks: Audience, *, every: timedelta = COUNTED_EVERY) -> None:
    """Counts what has gathered, again and again, until it is cancelled. An outage of the database is waited out."""
    dropped = 0
    while True:
        await asyncio.sleep(every.total_seconds())
        await count_now(context, looks)
        if looks.dropped != dropped:
            _log.warning("%d looks at listings found no room and are not counted.", looks.dropped - dropped)
            dropped = looks.dropped


async def count_now(context: HasDatabase, looks: Audience) -> bool:
    """Counts what has gathered; whether that worked. What did not is kept for the next time."""
    gathered = looks.take()
    if not gathered:
        return True
    try:
        await context.db.run(audience.count, gathered)
    except (DatabaseUnavailable, DBAPIError) as failure:
        _log.warning("Looks at listings cannot be counted now: %s", type(failure).__name__)
        looks.put_back(gathered)
        return False
    except BaseException:
        looks.put_back(gathered)  # cancelled on the way
        raise
    return True
