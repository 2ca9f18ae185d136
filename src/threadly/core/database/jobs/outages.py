"""Waits the database's absence out: steps are tried again; the log says once that it went, and once that it came.

Guaranteed: only trouble with the database is waited out; a defect ends whoever made it.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final, TypeVar

import asyncpg
import structlog
from sqlalchemy.exc import DBAPIError

from threadly.core.errors import Unavailable

T = TypeVar("T")

_log: Final = structlog.get_logger(__name__)
_LONGEST_SECONDS: Final = 0.5
_PASSING: Final = (
    "08",  # connection exception
    "0A000",  # a cached plan that a migration has outdated
    "25006",  # read-only, as a standby is until it takes over
    "40",  # rolled back: a conflict
    "53",  # too few resources
    "55",  # not in a state for this, or locked
    "57",  # an operator intervened
    "58",  # the system under it failed
)
"""How PostgreSQL's codes (its appendix A) begin when nothing is wrong with what was asked."""


def is_trouble(failure: Exception) -> bool:
    """Whether the database is absent or ailing, so that the same step may do later; else the step itself is wrong."""
    if isinstance(failure, DBAPIError):
        sqlstate = getattr(failure.orig, "sqlstate", None)
        if failure.connection_invalidated or sqlstate is None:  # without a code, it is the driver that has lost its way
            return True
        return str(sqlstate).startswith(_PASSING)
    # InternalClientError is how asyncpg says that the server's farewell crossed our question.
    return isinstance(failure, (Unavailable, OSError, TimeoutError, asyncpg.InternalClientError))


class Outages:
    """What all steps of one worker know of the database."""

    def __init__(self) -> None:
        self._in_a_row = 0

    async def attempt(self, step: Callable[[], Awaitable[T]]) -> T | None:
        """What the step, which asks the database, returns; None, after a moment, if the database was in trouble."""
        try:
            result = await step()
        except Exception as trouble:
            if not is_trouble(trouble):
                raise
            if not self._in_a_row:
                _log.warning("The worker has lost the database; it keeps trying.", failure=type(trouble).__name__)
            self._in_a_row += 1
            # The first is often a connection that has died in the pool: a new one may do.
            await asyncio.sleep(min(0.02 * 2 ** min(self._in_a_row, 10), _LONGEST_SECONDS))
            return None
        if self._in_a_row:
            _log.info("The worker has its database again.")
        self._in_a_row = 0
        return result

    async def again(self, step: Callable[[], Awaitable[object]], seconds: float) -> None:
        """Makes the step again and again, so many seconds apart, until cancelled."""
        while True:
            await self.attempt(step)
            await asyncio.sleep(seconds)
