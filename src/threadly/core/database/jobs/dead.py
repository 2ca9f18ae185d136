"""Dead letters: jobs that failed for good are kept, to be looked at, tried again or thrown away; and so are messages
that could not even become jobs."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Final

from sqlalchemy import delete, func, select, update

from threadly.core.database.jobs import queue
from threadly.core.database.jobs.models import QueuedJob
from threadly.core.database.outbox import OutboxMessage
from threadly.core.database.sessions import ReadSession, Tx


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A job that failed for good. Its payload stays in the database: it may be personal."""

    id: int
    name: str
    key: str | None
    attempts: int
    last_error: str
    created_at: datetime
    dead_at: datetime


_LETTER: Final = [getattr(QueuedJob, field.name) for field in fields(DeadLetter)]


@dataclass(frozen=True, slots=True)
class RefusedMessage:
    """A message that PostgreSQL did not let become a job. Its payload stays in the database."""

    position: int
    name: str
    key: str | None
    refusal: str
    """PostgreSQL's code, and the constraint if it was one."""
    created_at: datetime


_REFUSED: Final = [getattr(OutboxMessage, field.name) for field in fields(RefusedMessage)]


@dataclass(frozen=True, slots=True)
class Backlog:
    """How much there is to do."""

    waiting: int
    running: int
    dead: int
    late_seconds: float
    """For how long the first of the waiting has been due."""
    refused: int
    """Messages that lie in the outbox since PostgreSQL did not let them become jobs."""


async def letters(
    read: ReadSession, *, name: str | None = None, before: int | None = None, limit: int = 50
) -> Sequence[DeadLetter]:
    """One page, newest job first, of all or of one name; `before` is the id of the last one above."""
    statement = select(*_LETTER).where(QueuedJob.dead_at.is_not(None)).order_by(QueuedJob.id.desc()).limit(limit)
    if name is not None:
        statement = statement.where(QueuedJob.name == name)
    if before is not None:
        statement = statement.where(QueuedJob.id < before)
    return [DeadLetter(*row) for row in await read.execute(statement)]


async def revive(tx: Tx, id: int) -> bool:
    """Has a dead letter tried again at once, with all its attempts; False if there is none of this id.

    It has lost its place: jobs of its key that came after it may have run, or run beside it.
    """
    alive = (
        update(QueuedJob)
        .where(QueuedJob.id == id, QueuedJob.dead_at.is_not(None))
        .values(dead_at=None, attempts=0, due_at=func.now())
        .returning(QueuedJob.id)
    )
    if await tx.scalar(alive) is None:
        return False
    await queue.wake(tx)
    return True


async def revive_some(
    tx: Tx, *, name: str | None = None, died_until: datetime | None = None, limit: int = 1_000
) -> int:
    """The same for up to so many, of all or of one name, oldest first; how many there were.

    Args:
        died_until: By PostgreSQL's clock; so that one that fails at once again is not taken twice.
    """
    chosen = select(QueuedJob.id).where(QueuedJob.dead_at.is_not(None)).order_by(QueuedJob.id).limit(limit)
    if name is not None:
        chosen = chosen.where(QueuedJob.name == name)
    if died_until is not None:
        chosen = chosen.where(QueuedJob.dead_at <= died_until)
    alive = (
        update(QueuedJob)
        .where(QueuedJob.id.in_(chosen.with_for_update(skip_locked=True)))
        .values(dead_at=None, attempts=0, due_at=func.now())
        .returning(QueuedJob.id)
    )
    revived = len((await tx.execute(alive)).all())
    if revived:
        await queue.wake(tx)
    return revived


async def discard(tx: Tx, id: int) -> bool:
    """Throws a dead letter away; False if there is none of this id."""
    forget = delete(QueuedJob).where(QueuedJob.id == id, QueuedJob.dead_at.is_not(None)).returning(QueuedJob.id)
    return await tx.scalar(forget) is not None


async def refused_messages(read: ReadSession, *, after: int = 0, limit: int = 50) -> Sequence[RefusedMessage]:
    """One page, oldest first; `after` is the position of the last one above."""
    statement = (
        select(*_REFUSED)
        .where(OutboxMessage.refusal.is_not(None), OutboxMessage.position > after)
        .order_by(OutboxMessage.position)
        .limit(limit)
    )
    return [RefusedMessage(*row) for row in await read.execute(statement)]


async def hand_on_again(tx: Tx) -> int:
    """Has all messages that were refused handed on once more, in their order among themselves; how many there are."""
    again = (
        update(OutboxMessage)
        .where(OutboxMessage.refusal.is_not(None))
        .values(refusal=None)
        .returning(OutboxMessage.position)
    )
    waiting = len((await tx.execute(again)).all())
    if waiting:
        await queue.wake(tx)
    return waiting


async def backlog(read: ReadSession) -> Backlog:
    """Counts every job; what is on its way in the outbox is not counted."""
    alive, held, now = QueuedJob.dead_at.is_(None), QueuedJob.worker.is_not(None), func.clock_timestamp()
    late = func.extract("epoch", now - func.min(QueuedJob.due_at).filter(alive, QueuedJob.due_at <= now))
    row = (
        await read.execute(
            select(
                func.count().filter(alive, ~held),
                func.count().filter(alive, held),
                func.count().filter(~alive),
                func.coalesce(late, 0),
                select(func.count()).where(OutboxMessage.refusal.is_not(None)).scalar_subquery(),
            ).select_from(QueuedJob)
        )
    ).one()
    waiting, running, dead, seconds, refused = row
    return Backlog(waiting, running, dead, late_seconds=float(seconds), refused=refused)
