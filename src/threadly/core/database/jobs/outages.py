"""Waits the database's absence out: steps are tried again; the log says once that it went, and once that it came.

Guaranteed: only trouble with the database is waited out; a defect ends whoever made it.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Final, TypeVar

from sqlalchemy.exc import SQLAlchemyError

from threadly.core.errors import Unavailable

T = TypeVar("T")

TROUBLE: Final = (Unavailable, SQLAlchemyError, OSError, TimeoutError)

_log: Final = logging.getLogger(__name__)
_LONGEST_SECONDS: Final = 0.5


class Outages:
    """What all steps of one worker know of the database."""

    def __init__(self) -> None:
        self._in_a_row = 0

    async def attempt(self, step: Callable[[], Awaitable[T]]) -> T | None:
        """What the step returns; None, after a moment, if the database was in trouble."""
        try:
            result = await step()
        except TROUBLE as trouble:
            if not self._in_a_row:
                _log.warning("The worker has lost the database (%s); it keeps trying.", type(trouble).__name__)
            self._in_a_row += 1
            # The first is often a connection that has died in the pool: a new one may do.
            await asyncio.sleep(min(0.02 * 2 ** min(self._in_a_row, 10), _LONGEST_SECONDS))
            return None
        if self._in_a_row:
            _log.warning("The worker has its database again.")
        self._in_a_row = 0
        return result

    async def again(self, step: Callable[[], Awaitable[object]], seconds: float) -> None:
        """Makes the step again and again, so many seconds apart, until cancelled."""
        while True:
            await self.attempt(step)
            await asyncio.sleep(seconds)
