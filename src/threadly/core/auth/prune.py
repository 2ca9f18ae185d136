"""Forgets sessions that have ended by themselves."""

from typing import ClassVar, Final

from sqlalchemy import delete, select

from threadly.core import clock
from threadly.core.auth.sessions import Session
from threadly.core.database import Tx
from threadly.core.database.jobs import HasDatabase, Run
from threadly.core.database.outbox import Job

_BATCH: Final = 10_000


class PruneSessions(Job, frozen=True):
    """Sessions that have expired are to go."""

    name: ClassVar[str] = "sessions.prune"


async def prune_sessions(context: HasDatabase, _job: PruneSessions, _run: Run) -> None:
    """Forgets them, in short transactions."""
    while await context.db.run(forget) == _BATCH:
        pass


async def forget(tx: Tx) -> int:
    """Forgets up to 10,000 sessions, and says how many."""
    expired = select(Session.id).where(Session.expires_at <= clock.now()).limit(_BATCH)
    gone = await tx.execute(delete(Session).where(Session.id.in_(expired)).returning(Session.id))
    return len(gone.all())
