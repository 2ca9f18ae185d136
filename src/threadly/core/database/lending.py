"""Who has a connection, for how long, and what becomes of it.

Guaranteed: a caller has one in time, or hears in time that there is none; at its deadline (`threadly.core.deadlines`)
whatever it waits for ends, within milliseconds, since the connection is cut off and no farewell is said; a connection
that is known to be dead is lent to nobody. The server notices such an end within a second, and ends what still runs.
Nor is anybody kept by saying farewell to a server that hangs: it hears none.
"""

import asyncio
import time
from collections.abc import Mapping
from contextlib import suppress
from time import perf_counter
from typing import Any, Final, cast

import asyncpg
import structlog
from sqlalchemy import event
from sqlalchemy.dialects.postgresql.asyncpg import AsyncAdapt_asyncpg_dbapi
from sqlalchemy.engine import Connection, Engine, ExceptionContext
from sqlalchemy.exc import DisconnectionError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as NoConnectionInTime
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from sqlalchemy.pool import PoolProxiedConnection, QueuePool

from threadly.core import deadlines
from threadly.core.database.errors import (
    DatabaseBusy,
    DatabaseUnavailable,
    Trouble,
    sqlstate_of,
    told,
    trouble_at_connecting,
    trouble_of,
)
from threadly.core.database.instruments import BRIDGED, CHECKOUTS, EXPIRED, REFUSED, UNREACHED

_AGAIN_SECONDS: Final = 0.05
_FAREWELL_SECONDS: Final = 0.5
"""For all of a pool together: what has not said farewell by then is cut off."""
_REFUSALS: Final = (OSError, AsyncAdapt_asyncpg_dbapi.Error, asyncpg.InternalClientError)
_FINAL: Final = {Trouble.LOST, Trouble.SILENT}
"""What a connection does not survive."""
_SHUT_OUT: Final = {Trouble.NOT_FOR_US, Trouble.MISSING}
"""The server is there, and no waiting helps."""

_log: Final = structlog.get_logger(__name__)


class Lent:
    """A connection, in the hands of one caller until it is given back.

    SQLAlchemy's `connection` is made around it when it is first asked for: `Prepared` needs the driver's alone.
    """

    __slots__ = ("_connection", "_engine", "_lender", "_raw", "_timer", "is_late")

    def __init__(
        self, lender: "Lender", engine: AsyncEngine, raw: PoolProxiedConnection, seconds: float | None
    ) -> None:
        self._lender = lender
        self._engine = engine
        self._raw = raw
        self._connection: AsyncConnection | None = None
        self.is_late = False
        """Its caller's deadline has passed, and it was cut off."""
        self._timer = None if seconds is None else asyncio.get_running_loop().call_later(seconds, self._cut_off)

    @property
    def connection(self) -> AsyncConnection:
        """SQLAlchemy's."""
        if self._connection is None:
            self._connection = AsyncConnection(self._engine, Connection(self._engine.sync_engine, self._raw))
        return self._connection

    @property
    def driver(self) -> Any:  # noqa: ANN401 - asyncpg's, which has no types
        """The driver's own; None when it is gone."""
        return self._raw.driver_connection

    @property
    def is_gone(self) -> bool:
        """It was dropped."""
        return not self._raw.is_valid

    @property
    def options(self) -> Mapping[str, Any]:
        """What its engine was told of it."""
        return self._engine.sync_engine.get_execution_options()

    @property
    def engine(self) -> Engine:
        """Over whose pool it is."""
        return self._engine.sync_engine

    def _cut_off(self) -> None:
        left = deadlines.left()
        if left:  # it was renewed
            self._timer = asyncio.get_running_loop().call_later(left, self._cut_off)
        elif left is not None and not self.is_gone:
            self.is_late = True
            EXPIRED.inc()
            self.driver.terminate()

    def note(self, failure: BaseException) -> Trouble | None:
        """What went wrong with the database, and for the connection; None: with the question."""
        if self.is_late:
            return Trouble.LATE
        trouble = trouble_of(failure)
        if isinstance(failure, asyncpg.InterfaceError) and not self.is_gone and self.driver.is_closed():
            trouble = Trouble.LOST
        if trouble is Trouble.LOST:
            self._lender.note_loss()
        if trouble in _FINAL:
            self.drop()
        return trouble

    def drop(self) -> None:
        """It goes back to nobody, and hears no farewell."""
        if not self.is_gone:
            self._raw.invalidate()

    async def give_back(self) -> None:
        """The caller has it no more. What was begun on it is undone, by its deadline."""
        try:
            if self._connection is not None:
                await self._connection.close()
            else:
                self._raw.close()  # nothing was begun on it that would have to be ended, so nothing is waited for
        except (*_REFUSALS, SQLAlchemyError):
            self.drop()  # whatever was begun ends with it, and who has been answered has been answered
        finally:
            if self._timer is not None:
                self._timer.cancel()


class Lender:
    """Lends the connections of one pool.

    Args:
        longest_wait: Seconds that a caller waits for one at most.
        most_waiting: Callers that may wait at once.
        bridged_seconds: For so long from its beginning an absence is waited out.
    """

    def __init__(self, engine: AsyncEngine, *, longest_wait: float, most_waiting: int, bridged_seconds: float) -> None:
        self._engine = engine
        self.pool = cast("QueuePool", engine.pool)
        self.waiting = 0
        """Callers that wait for a connection."""
        self._longest_wait = longest_wait
        self._most_waiting = most_waiting
        self._bridged_seconds = bridged_seconds
        self._lost_at = 0.0
        self._absent_since: float | None = None
        self._farewells_until = 0.0
        self._is_shut_out = False
        for name, heard in (
            ("connect", self._note_new),
            ("checkout", self._refuse_dead),
            ("invalidate", _say_no_farewell),
            ("close", self._say_farewell),
        ):
            event.listen(engine.sync_engine, name, heard)
        event.listen(engine.sync_engine, "handle_error", _give_up_the_silent)

    async def lend(self, engine: AsyncEngine) -> Lent:
        """A connection.

        Args:
            engine: Over this pool, with what else the caller wants of a connection.

        Raises:
            DatabaseUnavailable: None in time, or too many wait for one; or the caller's deadline has passed.
        """
        is_full = self.pool.checkedout() >= self.pool.size() or self._absent_since is not None
        if self.waiting >= self._most_waiting and is_full:
            REFUSED.inc()
            raise DatabaseBusy
        left = deadlines.left()
        # For a place in the pool and for the server, together.
        limit = asyncio.timeout(self._longest_wait if left is None else min(left, self._longest_wait))
        began = perf_counter()
        self.waiting += 1
        try:
            async with limit:
                raw = await self._connected(engine)
        except NoConnectionInTime as busy:
            UNREACHED.inc()
            raise DatabaseUnavailable from busy
        except Exception as refusal:  # whatever comes of cutting off SQLAlchemy in the middle of its first connection
            UNREACHED.inc()
            trouble = trouble_at_connecting(refusal) if isinstance(refusal, _REFUSALS) else None
            if limit.expired():
                trouble = Trouble.SILENT if left is None or left > self._longest_wait else Trouble.LATE
                EXPIRED.inc(trouble is Trouble.LATE)
            if trouble in _SHUT_OUT:
                self._note_shut_out(refusal)
            if trouble is None:
                raise
            raise told(trouble) from refusal
        finally:
            self.waiting -= 1
            CHECKOUTS.observe(perf_counter() - began)
        return Lent(self, engine, raw, None if left is None else left - (perf_counter() - began))

    async def _connected(self, engine: AsyncEngine) -> PoolProxiedConnection:
        while True:
            try:
                raw = await engine.raw_connection()
            except _REFUSALS as absence:
                if not self._is_bridged(absence):
                    raise
            else:
                self._absent_since = None
                return raw
            BRIDGED.inc()
            await asyncio.sleep(_AGAIN_SECONDS)

    def _is_bridged(self, absence: BaseException) -> bool:
        if trouble_of(absence) is not Trouble.LOST:
            return False
        now = time.monotonic()
        if self._absent_since is None:
            self._absent_since = now
        return now - self._absent_since < self._bridged_seconds

    async def close(self) -> None:
        """Closes what is lent to nobody, soon, whatever the server does. Who asks afterwards has a new connection."""
        self._farewells_until = time.monotonic() + _FAREWELL_SECONDS
        await self._engine.dispose()
        self.pool = cast("QueuePool", self._engine.pool)

    def note_loss(self) -> None:
        """A connection was lost: those that were there before may be, too."""
        self._lost_at = time.monotonic()

    def _note_shut_out(self, refusal: BaseException) -> None:
        """Says so once: by the code alone, since PostgreSQL's words name the role."""
        if not self._is_shut_out:
            self._is_shut_out = True
            _log.error(
                "PostgreSQL answers, and does not let us in: it refuses the role, its password or the database's name. "
                "Connections that were made before go on.",
                sqlstate=sqlstate_of(refusal),
            )

    def _note_new(self, _: object, record: Any) -> None:  # noqa: ANN401 - SQLAlchemy's
        record.info["since"] = time.monotonic()
        if self._is_shut_out:
            self._is_shut_out = False
            _log.warning("PostgreSQL lets us in again.")

    def _refuse_dead(self, adapted: Any, record: Any, _: object) -> None:  # noqa: ANN401 - the driver's, SQLAlchemy's
        if adapted.driver_connection.is_closed() or record.info["since"] <= self._lost_at:
            raise DisconnectionError  # has the pool replace it

    def _say_farewell(self, adapted: Any, _: object) -> None:  # noqa: ANN401 - the driver's
        left = self._farewells_until - time.monotonic()
        if left <= 0:
            adapted.driver_connection.terminate()
            return
        with suppress(OSError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError):
            adapted.run_async(lambda driver: driver.close(timeout=left))  # cuts itself off if that fails


def _say_no_farewell(adapted: Any, *_: object) -> None:  # noqa: ANN401 - the driver's
    """Whatever leaves the pool is lost, silent, or was left in the middle: a farewell would take seconds."""
    adapted.driver_connection.terminate()


def _give_up_the_silent(context: ExceptionContext) -> Exception | None:
    if context.connection is None or not isinstance(context.original_exception, TimeoutError):
        return None
    context.is_disconnect = True
    return told(Trouble.SILENT)
