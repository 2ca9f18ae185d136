"""The way into PostgreSQL: `read` looks, `run` changes.

Guaranteed: what `run` was given is committed when it returns, and undone when it raises; a conflict with another
transaction (serialisation failure, deadlock) is retried as a whole. Nothing connects before the first use. A server
that hangs, or a network that swallows what it says, keeps nobody waiting: a statement has its time and a second more,
then the connection is dropped. Not guaranteed: a time for several statements together.
"""

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from functools import cached_property
from time import perf_counter
from typing import Any, Concatenate, Final, ParamSpec, TypeVar, cast

from sqlalchemy import event
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnectionInTime
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, AsyncSession, create_async_engine
from sqlalchemy.pool import NullPool, QueuePool

from threadly.core.database import tracing
from threadly.core.database.errors import DatabaseBusy, DatabaseUnavailable, refused
from threadly.core.database.instruments import CHECKOUTS, REFUSED, RETRIES, UNREACHED, forget, measure
from threadly.core.database.sessions import ReadSession, Tx
from threadly.core.database.settings import DatabaseSettings

P = ParamSpec("P")
T = TypeVar("T")

_ATTEMPTS: Final = 3
_CONFLICTS: Final = {"40001", "40P01"}  # serialization_failure, deadlock_detected
_SCHEME: Final = "postgresql+asyncpg://"
_SILENCE_SECONDS: Final = 1.0
"""Beyond the time that a statement has by the server's clock, for the server to say that it has ended it."""


class Database:
    """One PostgreSQL, reached through a bounded pool of connections.

    Args:
        server_settings: PostgreSQL's own, for each connection; as `{"synchronous_commit": "off"}`.
        tags: What statements of sampled traces say of who asks, beside the trace: `{"route": "/listings/{id}"}`.
    """

    def __init__(
        self,
        settings: DatabaseSettings,
        *,
        application_name: str = "threadly",
        server_settings: Mapping[str, str] | None = None,
        tags: tracing.Tags | None = None,
    ) -> None:
        self._longest_wait = settings.pool_wait.total_seconds()
        self._most_waiting = settings.pool_waiters
        longest = settings.statement_timeout.total_seconds()
        self._connect_args: dict[str, Any] = {
            # asyncpg reads the address itself, and knows all that libpq does: sockets, several hosts, TLS.
            "dsn": driver_url(settings.url.get_secret_value()),
            "timeout": self._longest_wait,
            "command_timeout": longest + _SILENCE_SECONDS,
            "server_settings": {
                "application_name": application_name,
                "statement_timeout": str(round(longest * 1000)),
                "timezone": "UTC",
                **(server_settings or {}),
            },
        }
        self.engine: AsyncEngine = create_async_engine(
            _SCHEME,
            connect_args=self._connect_args,
            pool_size=settings.pool_size,
            max_overflow=0,
            pool_timeout=self._longest_wait,
            pool_use_lifo=True,
            hide_parameters=True,  # in the text of errors: they are what people wrote
            execution_options={tracing.TAGS: tags},
        )
        self.waiting = 0
        """Tasks that wait for a connection."""
        measure(self, self.engine.sync_engine)
        tracing.watch(self.engine.sync_engine)
        event.listen(self.engine.sync_engine, "handle_error", _drop_the_silent)
        self._autocommit = self.engine.execution_options(isolation_level="AUTOCOMMIT")

    @cached_property
    def unhurried(self) -> AsyncEngine:
        """Connections beside the pool, whose statements take as long as they take: for migrations, and to fill a shop.

        Not guaranteed: an end, where the server hangs.
        """
        own = self._connect_args["server_settings"] | {"statement_timeout": "0"}
        unlimited = self._connect_args | {"command_timeout": None, "server_settings": own}
        return create_async_engine(_SCHEME, connect_args=unlimited, poolclass=NullPool, hide_parameters=True)

    @property
    def pool(self) -> QueuePool:
        """The connections."""
        return cast("QueuePool", self.engine.pool)

    async def close(self) -> None:
        """Closes every connection. Using the database afterwards connects anew."""
        forget(self)
        await self.engine.dispose()

    @asynccontextmanager
    async def read(self) -> AsyncIterator[ReadSession]:
        """Looks at what is committed, each statement on its own (autocommit: no BEGIN, no second round trip).

        Raises:
            DatabaseUnavailable: No connection in time, or too many wait for one; or it was lost, or a statement took
                too long.
        """
        with _loss_is_typed():
            connection = await self._connected(self._autocommit)
            try:
                yield cast("ReadSession", connection)
            finally:
                await connection.close()

    async def run(self, function: Callable[Concatenate[Tx, P], Awaitable[T]], *args: P.args, **kwargs: P.kwargs) -> T:
        """Calls `function(tx, …)` in one transaction and commits it; tries the whole again on a conflict.

        The function may so be called more than once, and must have no effect outside its transaction.

        Raises:
            DatabaseUnavailable: No connection in time, or too many wait for one; or it was lost, and whether a lost
                commit took effect is unknown; or a statement took too long.
            DBAPIError: PostgreSQL refused, or the conflict lasted for all attempts.
        """
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                return await self._attempt(function, *args, **kwargs)
            except DBAPIError as refusal:
                if attempt == _ATTEMPTS or _sqlstate(refusal) not in _CONFLICTS:
                    raise
            RETRIES.inc()
            await asyncio.sleep(random.uniform(0, 0.02 * 2**attempt))  # noqa: S311 - spreads rivals, hides nothing
        raise AssertionError("the last attempt returns or raises")

    async def _attempt(
        self, function: Callable[Concatenate[Tx, P], Awaitable[T]], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        with _loss_is_typed():
            connection = await self._connected(self.engine)
            try:
                async with AsyncSession(connection, expire_on_commit=False) as session, session.begin():
                    return await function(Tx(session), *args, **kwargs)
            finally:
                await connection.close()

    async def _connected(self, engine: AsyncEngine) -> AsyncConnection:
        if self.waiting >= self._most_waiting and self.pool.checkedout() >= self.pool.size():
            REFUSED.inc()
            raise DatabaseBusy
        began = perf_counter()
        self.waiting += 1
        try:
            async with asyncio.timeout(self._longest_wait):  # for a place in the pool and for the server, together
                return await engine.connect().start()
        except (OSError, TimeoutError, NoConnectionInTime) as unreachable:
            UNREACHED.inc()
            raise DatabaseUnavailable from unreachable
        finally:
            self.waiting -= 1
            CHECKOUTS.observe(perf_counter() - began)


def driver_url(url: str) -> str:
    """The address as the driver wants it: SQLAlchemy's spelling of the scheme is understood as well."""
    scheme, separator, rest = url.partition("://")
    return f"postgresql{separator}{rest}" if scheme.partition("+")[0] in {"postgres", "postgresql"} else url


@contextmanager
def _loss_is_typed() -> Iterator[None]:
    try:
        yield
    except DBAPIError as refusal:
        if (typed := refused(_sqlstate(refusal), is_lost=refusal.connection_invalidated)) is not None:
            raise typed from refusal
        raise


def _drop_the_silent(context: ExceptionContext) -> Exception | None:
    """A server that has not even said that the statement's time is over hears no farewell, which would take seconds."""
    if context.connection is None or not isinstance(context.original_exception, TimeoutError):
        return None
    driver: Any = context.connection.connection.driver_connection
    driver.terminate()
    context.is_disconnect = True
    return DatabaseUnavailable()


def _sqlstate(refusal: DBAPIError) -> str | None:
    return getattr(refusal.orig, "sqlstate", None)
