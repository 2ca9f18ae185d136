"""What is done from time to time: counts are compared with hearts, and trends are found anew."""

from typing import ClassVar, Final
from uuid import UUID

import structlog

from threadly.core import clock
from threadly.core.database.jobs import HasDatabase, Run
from threadly.core.database.outbox import Job
from threadly.marketplace.favourites import service

_log: Final = structlog.get_logger(__name__)


class MendCounts(Job, frozen=True):
    """Every `listings.favourites` is to be compared with the hearts."""

    name: ClassVar[str] = "favourites.mend_counts"


class RefreshTrends(Job, frozen=True):
    """What is loved lately is to be found anew."""

    name: ClassVar[str] = "favourites.refresh_trends"


async def mend_counts(context: HasDatabase, _job: MendCounts, _run: Run) -> None:
    """Compares and mends, a short transaction a batch; says so where anything differed, since nothing should."""
    after: UUID | None = None
    mended = 0
    while True:
        looked = await context.db.run(service.mend, after=after)
        mended += looked.mended
        after = looked.last
        if after is None:
            break
    if mended:
        _log.warning("Counts of hearts were wrong, and are mended.", listings=mended)


async def refresh_trends(context: HasDatabase, _job: RefreshTrends, _run: Run) -> None:
    """Finds them in one transaction, so that readers see the old ones until the new are there."""
    await context.db.run(service.find_trends, now=clock.now())
