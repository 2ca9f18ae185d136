"""Which replica answers a read, or that the primary has to.

Guaranteed: a read goes to a replica only if that has replayed everything up to the position that the caller has seen,
and is not too far behind; who has written within the same request, or does not show what they have seen, reads from
the primary, and so does who is no request. A read that fails at a replica is made once more at the primary. A replica
that hangs is noticed within `looking.LONGEST_SECONDS` and the interval of looks; then whoever waits there is sent on.
Not guaranteed: that two reads of somebody who has written nothing see the same, or go forward: replicas differ.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from itertools import count
from typing import Any, Final, Self

import asyncpg
from sqlalchemy.ext.asyncio import AsyncEngine

from threadly.core.database.errors import DatabaseUnavailable
from threadly.core.database.lending import Lender
from threadly.core.database.primary import Primary
from threadly.core.database.reading import Reading
from threadly.core.database.replicas import instruments
from threadly.core.database.replicas.log import Log
from threadly.core.database.replicas.looking import LONGEST_SECONDS, PRIMARY, REPLICA, Looking
from threadly.core.database.replicas.position import Position, seen
from threadly.core.database.replicas.reading import Offloaded
from threadly.core.database.replicas.replica import Replica
from threadly.core.database.replicas.watching import Watch
from threadly.core.database.settings import DatabaseSettings

LOOKS_EVERY_SECONDS: Final = 0.25
_LONGEST_WAIT_SECONDS: Final = 1.0
"""For a connection to a replica: then the primary is asked for one."""


class Replicas:
    """All replicas of one database.

    Args:
        replicas: Each with its connections.
        primary: The primary.
        looking: Looks at it.
        log: How far behind one may be that is read from.
    """

    def __init__(self, replicas: Sequence[Replica], primary: Primary, looking: Looking, log: Log) -> None:
        self.all = tuple(replicas)
        self._log = log
        self._primary = primary
        self._looking = looking
        self._end: Position | None = None
        self._watch = Watch(self._look_at_primary, every_seconds=LOOKS_EVERY_SECONDS)
        self._turns = count()

    @classmethod
    def reached(
        cls,
        urls: Sequence[str],
        pooled: Callable[..., AsyncEngine],
        primary: Primary,
        connect_args: Mapping[str, Any],
        settings: DatabaseSettings,
    ) -> Self:
        """Those at these addresses.

        Args:
            pooled: Makes a pool, with changes to how it connects.
            primary: The primary.
            connect_args: How connections are made to it.
        """
        wait = min(settings.pool_wait.total_seconds(), _LONGEST_WAIT_SECONDS)
        log = Log(most_bytes=settings.replica_lag_mib << 20, most_seconds=settings.replica_lag.total_seconds())
        replicas = [
            Replica(
                f"replica{number}",
                pooled(asyncpg.connect, dsn=url, timeout=wait),
                Looking({**connect_args, "dsn": url}, REPLICA),
                log,
                longest_wait=wait,
                most_waiting=settings.pool_waiters,
                looks_every=LOOKS_EVERY_SECONDS,
            )
            for number, url in enumerate(urls, start=1)
        ]
        return cls(replicas, primary, Looking(connect_args, PRIMARY, connect=primary.connect), log)

    @property
    def is_watching(self) -> bool:
        """Whether anybody looks at them; if not, none is read from."""
        return self._watch.is_on

    def reading(self, lender: Lender, engine: AsyncEngine) -> Reading:
        """A way to read: at a replica, if one will do; else at the primary, whose lender and engine these are."""
        asked_by = seen()
        if asked_by is None:
            return Reading(lender, engine)
        if asked_by.has_written or asked_by.position is None:
            (instruments.WRITTEN if asked_by.has_written else instruments.UNKNOWN).inc()
            return Reading(lender, engine)
        self._primary.suspect(asked_by.position.timeline)
        return Offloaded(self.chosen, asked_by.position, lender, engine)

    async def chosen(self, position: Position) -> Replica | None:
        """A replica that has come so far, each in its turn; None where there is none."""
        turn = next(self._turns)
        if able := [replica for replica in self.all if replica.includes(position)]:
            return able[turn % len(able)]
        if near := [replica for replica in self.all if replica.is_near]:
            replica = near[turn % len(near)]
            if await replica.comes_to(position):
                return replica
        return None

    async def position(self) -> Position | None:
        """A position that includes all that is committed by now; None if the primary does not say.

        All who ask while a look is under way share the next one.
        """
        return self._end if await self._watch.looked(within_seconds=2 * LONGEST_SECONDS) else None

    @asynccontextmanager
    async def watching(self) -> AsyncIterator[None]:
        """Looks at all of them for the length of the block; without that, none is read from."""
        async with AsyncExitStack() as watches:
            for watch in (self._watch, *(replica.watch for replica in self.all)):
                await watches.enter_async_context(watch.watching())
            yield

    async def close(self) -> None:
        """Closes every connection."""
        self._looking.close()
        await asyncio.gather(*(replica.close() for replica in self.all))

    async def _look_at_primary(self) -> None:
        for replica in self.all:
            if replica.is_primary:
                self._primary.suspect(replica.position.timeline)
        try:
            end = Position(*await self._looking.look())
        except DatabaseUnavailable:
            self._end = None
            return
        if end.timeline < self._primary.timeline:
            self._end = None
            self._looking.close()  # it is an old one: the next look finds the new
        else:
            self._end = end  # not before: whoever waited for the look before this one may be about to take it
            self._log.note(end)
