"""Looks at a server, one question at a time, on a connection of its own.

Guaranteed: a look ends within its time, whatever the server does: then the connection is cut off, and no farewell said.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

import asyncpg

from threadly.core.database.errors import DatabaseUnavailable

LONGEST_SECONDS: Final = 0.8
"""For one look, a new connection included."""

PRIMARY: Final = """
    SELECT ('x' || left(pg_walfile_name(pg_current_wal_insert_lsn()), 8))::bit(32)::int,
           pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::int8
"""
"""Where the log ends. Inserted, not flushed: without synchronous_commit, a commit is seen before it is flushed."""
REPLICA: Final = """
    SELECT pg_is_in_recovery(),
           coalesce((SELECT received_tli FROM pg_stat_wal_receiver), (SELECT timeline_id FROM pg_control_checkpoint())),
           coalesce(pg_wal_lsn_diff(pg_last_wal_replay_lsn(), '0/0'), 0)::int8
"""
"""Whether it is a replica, and how far it has replayed the log. The timeline of the last checkpoint, which may be late
but is never ahead, is for roles that are not in pg_monitor."""

REFUSALS: Final = (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError)


class Looking:
    """Asks one question again and again.

    Args:
        connect_args: How the driver connects.
        connect: What connects so.
    """

    def __init__(
        self,
        connect_args: Mapping[str, Any],
        question: str,
        *,
        connect: Callable[..., Awaitable[Any]] = asyncpg.connect,
    ) -> None:
        self._connect = connect
        self._connect_args = connect_args
        self._question = question
        self._connection: Any = None

    async def look(self) -> Any:  # noqa: ANN401 - the driver's row
        """The row that answers.

        Raises:
            DatabaseUnavailable: No answer in time, or none at all.
        """
        loop = asyncio.get_running_loop()
        ends = loop.time() + LONGEST_SECONDS
        try:
            if self._connection is None or self._connection.is_closed():
                async with asyncio.timeout_at(ends):
                    self._connection = await self._connect(**self._connect_args)
            # Not `asyncio.timeout`: the driver would connect once more then, to have the question cancelled.
            timer = loop.call_at(ends, self._connection.terminate)
            try:
                return await self._connection.fetchrow(self._question)
            finally:
                timer.cancel()
        except REFUSALS as refusal:
            self.close()
            raise DatabaseUnavailable from refusal
        except asyncio.CancelledError:
            self.close()
            raise

    def close(self) -> None:
        """Drops the connection; the next look makes a new one."""
        if self._connection is not None:
            self._connection.terminate()
            self._connection = None
