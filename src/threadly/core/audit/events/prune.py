"""Forgets events that are older than is wanted."""

from datetime import timedelta
from typing import ClassVar, Final, Protocol

from sqlalchemy import delete, select, tuple_

from threadly.core import clock
from threadly.core.audit.events.models import EventRow
from threadly.core.database import Tx
from threadly.core.database.jobs import HasDatabase, Run
from threadly.core.database.outbox import Job
from threadly.core.security.events.recorder import SecurityEvents

_BATCH: Final = 10_000


class PruneEvents(Job, frozen=True):
    """Events that are older than `THREADLY_SECURITY__EVENTS__KEPT` are to go."""

    name: ClassVar[str] = "security_events.prune"


class HasEvents(HasDatabase, Protocol):
    """What the job works with."""

    @property
    def events(self) -> SecurityEvents:
        """Who knows how long they are kept."""


async def prune_events(context: HasEvents, _job: PruneEvents, _run: Run) -> None:
    """Forgets them, in short transactions."""
    while await context.db.run(forget, older_than=context.events.settings.kept) == _BATCH:
        pass


async def forget(tx: Tx, *, older_than: timedelta) -> int:
    """Forgets up to 10,000 rows, and says how many."""
    key = (EventRow.window_at, EventRow.kind, EventRow.fingerprint)
    old = select(*key).where(EventRow.window_at < clock.now() - older_than).limit(_BATCH)
    gone = await tx.execute(delete(EventRow).where(tuple_(*key).in_(old)).returning(EventRow.window_at))
    return len(gone.all())
