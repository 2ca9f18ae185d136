"""Waits the database's absence out: steps are tried again; the log says once that it went, and once that it came.

Guaranteed: only trouble with the database is waited out; a defect ends whoever made it.
"""

import asyncio
from collections.abc import Awaitable, Callable
from time import monotonic
from typing import Final, TypeVar

import structlog

from threadly.core.database.errors import reason_of, trouble_of
from threadly.core.errors import Unavailable

T = TypeVar("T")

_log: Final = structlog.get_logger(__name__)
_SHORTEST_SECONDS: Final = 0.02
_LONGEST_SECONDS: Final = 0.5


def is_trouble(failure: Exception) -> bool:
    """Whether the database is absent or ailing, so that the same step may do later; else the step itself is wrong."""
    return isinstance(failure, Unavailable) or trouble_of(failure) is not None


class Outages:
    """What all steps of one worker know of the database."""

    def __init__(self) -> None:
        self._in_a_row = 0
        self._answered_at = 0.0

    async def attempt(self, step: Callable[[], Awaitable[T]]) -> T | None:
        """What the step, which asks the database, returns; None, after a moment, if the database was in trouble."""
        began = monotonic()
        try:
            result = await step()
        except Exception as trouble:
            if not is_trouble(trouble):
                raise
            if began < self._answered_at:  # it was asked before another was answered: the end of an outage that is over
                await asyncio.sleep(_SHORTEST_SECONDS)
                return None
            if not self._in_a_row:
                _log.warning("The worker has lost the database; it keeps trying.", failure=reason_of(trouble))
            self._in_a_row += 1
            # The first is often a connection that has died in the pool: a new one may do.
            await asyncio.sleep(min(_SHORTEST_SECONDS * 2 ** min(self._in_a_row, 10), _LONGEST_SECONDS))
            return None
        if self._in_a_row:
            _log.info("The worker has its database again.")
        self._in_a_row = 0
        self._answered_at = monotonic()
        return result

    async def again(self, step: Callable[[], Awaitable[object]], seconds: float) -> None:
        """Makes the step again and again, so many seconds apart, until cancelled."""
        while True:
            await self.attempt(step)
            await asyncio.sleep(seconds)
