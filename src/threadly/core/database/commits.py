"""What waits for the commit: done when a transaction has been committed, and not at all when it was undone.

For speed, as a cache that forgets what has changed. Not guaranteed: that it is done, since the process may end between
the commit and it; what must happen goes into the outbox, in the transaction.
"""

from collections.abc import Awaitable, Callable
from typing import Final, TypeAlias

import structlog

from threadly.core.database.sessions import Tx

Step: TypeAlias = Callable[[], Awaitable[object]]

_KEY: Final = "after_commit"
_log: Final = structlog.get_logger(__name__)


def after_commit(tx: Tx, step: Step) -> None:
    """Has the step done once this transaction has been committed, in the order in which they were asked for.

    Whoever called `run` waits for it. One that fails is told in the log, and neither undoes anything nor keeps the
    others from being done.
    """
    tx.info.setdefault(_KEY, []).append(step)


async def committed(tx: Tx) -> None:
    """Does what waits for this commit."""
    steps: list[Step] = tx.info.pop(_KEY, [])
    for step in steps:
        try:
            await step()
        except Exception:  # noqa: BLE001 - whatever it is, it undoes nothing
            _log.exception("What waited for a commit has failed. The commit holds.")
