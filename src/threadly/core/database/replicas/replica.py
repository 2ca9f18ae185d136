"""One replica: its connections, how far it has come, and whether it is read from.

Guaranteed: what is known of its position is never ahead of it. Replay goes on only, except where a replica that crashed
starts anew from its last restart point; then all connections to it are new, and each new one asks before it is used.
"""

import asyncio
from typing import Any, Final

import structlog
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncEngine

from threadly.core.database.errors import DatabaseBusy, DatabaseTooSlow, DatabaseUnavailable, Trouble
from threadly.core.database.instruments import forget, measure
from threadly.core.database.lending import Lender, Lent
from threadly.core.database.replicas import instruments
from threadly.core.database.replicas.log import Log
from threadly.core.database.replicas.looking import REPLICA, Looking
from threadly.core.database.replicas.position import START, Position
from threadly.core.database.replicas.watching import Watch

RETURNS_AFTER: Final = 2
"""Looks in a row that must find it well, before a replica that failed is read from again."""
_AGAIN_SECONDS: Final = 0.05
_MOMENT_SECONDS: Final = 0.005
"""Replay of a commit takes a part of it; who waits for longer is sooner answered by the primary."""
_FAILING: Final = {Trouble.LOST, Trouble.SILENT}

_log: Final = structlog.get_logger(__name__)


class Replica:
    """A replica.

    Args:
        name: What it is called in logs, metrics and health; never its address.
        engine: Its connections.
        looking: Looks at it, by a connection beside those.
        log: The primary's.
        longest_wait: Seconds that a caller waits for a connection to it at most.
        most_waiting: Callers that may wait at once.
    """

    def __init__(
        self,
        name: str,
        engine: AsyncEngine,
        looking: Looking,
        log: Log,
        *,
        longest_wait: float,
        most_waiting: int,
        looks_every: float,
    ) -> None:
        self.name = name
        self.watch = Watch(self._look, every_seconds=looks_every)
        self.position = START
        """How far it has replayed the log, at least."""
        self.lag_bytes = 0
        self.lag_seconds = 0.0
        self.trouble: str | None = "it was not looked at yet"
        """Why it is not read from; None where it is."""
        self.is_primary = False
        """It was promoted, or it is the primary that is named as a replica as well."""
        self._engine = engine.execution_options(isolation_level="AUTOCOMMIT")
        self._looking = looking
        self._log = log
        self._near_seconds = looks_every
        self._lender = Lender(engine, longest_wait=longest_wait, most_waiting=most_waiting, bridged_seconds=0.0)
        self._lent: set[Lent] = set()
        self._good_looks = RETURNS_AFTER - 1  # the first one will do
        measure(self._lender, engine.sync_engine)
        event.listen(engine.sync_engine, "connect", self._ask_the_new)

    @property
    def is_usable(self) -> bool:
        """Whether it is read from."""
        return self.trouble is None

    @property
    def is_near(self) -> bool:
        """Whether it is read from, and may have come as far as the primary since the last look."""
        return self.trouble is None and self.lag_seconds < self._near_seconds

    def includes(self, position: Position) -> bool:
        """Whether it is read from, and has all that was written up to there."""
        return self.trouble is None and self.position.includes(position)

    async def lend(self) -> Lent:
        """A connection to it.

        Raises:
            DatabaseUnavailable: There is none to be had.
        """
        try:
            lent = await self._lender.lend(self._engine)
        except (DatabaseBusy, DatabaseTooSlow):  # the crowd, or the caller's own time, which are no news of the replica
            raise
        except Exception:
            if self._lender.pool.checkedout() < self._lender.pool.size():  # or else many want it, and it may be well
                self.doubt("it takes no connection")
            raise
        self._lent.add(lent)
        return lent

    async def give_back(self, lent: Lent) -> None:
        """The caller has it no more."""
        self._lent.discard(lent)
        await lent.give_back()

    def note(self, lent: Lent, failure: BaseException) -> Trouble | None:
        """What went wrong, as `Lent.note` says it; after a loss, nobody else is sent there."""
        trouble = lent.note(failure)
        if trouble in _FAILING:
            self.doubt("a connection was lost")
        return trouble

    async def comes_to(self, position: Position) -> bool:
        """Whether it has all up to there, after one more look, or some within a moment: replay is that far behind."""
        loop = asyncio.get_running_loop()
        ends = loop.time() + _MOMENT_SECONDS
        while await self.watch.looked(within_seconds=_AGAIN_SECONDS):
            if self.includes(position):
                return True
            if not self.is_near or loop.time() >= ends:
                break
        return False

    def doubt(self, why: str) -> None:
        """It has failed somebody: nobody is sent there until it was well for some looks, and who waits there leaves."""
        self._leave(why)
        for lent in tuple(self._lent):
            if not lent.is_gone:
                lent.driver.terminate()

    async def close(self) -> None:
        """Closes every connection."""
        self._looking.close()
        forget(self._lender)
        await self._lender.close()

    async def _look(self) -> None:
        try:
            row = await self._looking.look()
        except DatabaseUnavailable:
            self.doubt("it does not answer")
        except Exception:
            self.doubt("it could not be looked at")
            raise
        else:
            self._take(row)
            self._judge()
        instruments.USABLE.labels(self.name).set(self.is_usable)
        instruments.LAG_BYTES.labels(self.name).set(self.lag_bytes)
        instruments.LAG_SECONDS.labels(self.name).set(self.lag_seconds)

    def _judge(self) -> None:
        self.lag_bytes = self._log.bytes_behind(self.position.byte)
        self.lag_seconds = self._log.seconds_behind(self.position.byte)
        if self.is_primary:
            self._leave("it is no replica")
        elif why := self._log.left_by(self.position) or self._log.too_far(self.lag_bytes, self.lag_seconds):
            self._leave(why)
        else:
            self._good_looks += 1
            if self._good_looks >= RETURNS_AFTER and self.trouble is not None:
                self.trouble = None
                _log.info("A replica is read from.", replica=self.name)

    def _leave(self, why: str) -> None:
        self._good_looks = 0
        if self.trouble is None:
            instruments.GONE.inc()
            _log.warning("A replica is not read from.", replica=self.name, reason=why)
        self.trouble = why

    def _take(self, row: Any) -> None:  # noqa: ANN401 - the driver's row
        is_replica, timeline, byte = row
        self.is_primary = not is_replica
        self.position = Position(timeline, byte)

    def _ask_the_new(self, adapted: Any, _: object) -> None:  # noqa: ANN401 - the driver's
        self._take(adapted.run_async(lambda driver: driver.fetchrow(REPLICA)))
        if self.is_primary:
            self._leave("it is no replica")
