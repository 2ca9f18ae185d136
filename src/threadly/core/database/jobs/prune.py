"""Forgets what the inbox need not remember any more."""

from datetime import timedelta
from typing import ClassVar, Final

from sqlalchemy import String, cast, delete, exists, func, select

from threadly.core.database import inbox
from threadly.core.database.inbox import InboxMessage
from threadly.core.database.jobs.handlers import HasDatabase, Run
from threadly.core.database.jobs.models import QueuedJob
from threadly.core.database.outbox import Job
from threadly.core.database.sessions import Tx

_BATCH: Final = 10_000


class PruneInbox(Job, frozen=True):
    """Rows of the inbox that are older than `inbox.KEPT` are to go."""

    name: ClassVar[str] = "inbox.prune"


async def prune_inbox(context: HasDatabase, _job: PruneInbox, _run: Run) -> None:
    """Forgets them, in short transactions."""
    while await context.db.run(forget, older_than=inbox.KEPT) == _BATCH:
        pass


async def forget(tx: Tx, *, older_than: timedelta) -> int:
    """Forgets up to 10,000 messages, and says how many; those of jobs that may still run are kept, however old."""
    may_still_run = exists().where(
        QueuedJob.name == InboxMessage.consumer, cast(QueuedJob.id, String) == InboxMessage.message_id
    )
    old = (
        select(InboxMessage.consumer, InboxMessage.message_id)
        .where(InboxMessage.received_at < func.now() - older_than, ~may_still_run)
        .limit(_BATCH)
        .cte("old")
    )
    gone = await tx.execute(
        delete(InboxMessage)
        .where(InboxMessage.consumer == old.c.consumer, InboxMessage.message_id == old.c.message_id)
        .returning(InboxMessage.message_id)
    )
    return len(gone.all())
