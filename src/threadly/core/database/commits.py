"""What waits for the commit: done when a transaction has been committed, and not at all when it was undone.

For speed, as a cache that forgets what has changed. Not guaranteed: that it is done, since the process may end between
the commit and it; what must happen goes into the outbox, in the transaction.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final, TypeAlias

import structlog
from sqlalchemy import event
from sqlalchemy.orm import Session, SessionTransaction

from threadly.core.database.sessions import Tx

Step: TypeAlias = Callable[[], Awaitable[object]]
_Asked: TypeAlias = tuple[SessionTransaction | None, Step]
"""A step, and the savepoint within which it was asked for."""

_KEY: Final = "after_commit"
_log: Final = structlog.get_logger(__name__)


def after_commit(tx: Tx, step: Step) -> None:
    """Has the step done once this transaction has been committed, in the order in which they were asked for.

    What is asked for within a savepoint that is undone is not done. Whoever called `run` waits for it. One that fails
    is told in the log, and neither undoes anything nor keeps the others from being done.
    """
    session = tx.sync_session
    if _KEY not in tx.info:
        tx.info[_KEY] = []
        event.listen(session, "after_soft_rollback", _forget_undone)
    tx.info[_KEY].append((session.get_nested_transaction(), step))


async def committed(tx: Tx) -> None:
    """Does what waits for this commit."""
    asked: list[_Asked] = tx.info.pop(_KEY, [])
    for _, step in asked:
        try:
            await step()
        except asyncio.CancelledError:
            if (own := asyncio.current_task()) is None or own.cancelling():
                raise
            _log.exception("What waited for a commit was cancelled. The commit holds.")
        except Exception:  # noqa: BLE001 - whatever it is, it undoes nothing
            _log.exception("What waited for a commit has failed. The commit holds.")


def _forget_undone(session: Session, undone: SessionTransaction) -> None:
    asked: list[_Asked] = session.info.get(_KEY, [])
    asked[:] = [(savepoint, step) for savepoint, step in asked if not _is_within(savepoint, undone)]


def _is_within(savepoint: SessionTransaction | None, undone: SessionTransaction) -> bool:
    while savepoint is not None and savepoint is not undone:
        savepoint = savepoint.parent
    return savepoint is undone
