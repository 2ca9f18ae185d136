"""The way into PostgreSQL: `read` looks, `run` changes.

Guaranteed: what `run` was given is committed when it returns, and undone when it raises, which it also does where the
function has swallowed a refusal of PostgreSQL, since that undoes the whole, and where it would commit or roll back by
itself; a conflict with another transaction (serialisation failure, deadlock) is retried as a whole, and so is one that
lost its connection before its commit was sent. Nothing connects before the first use. Nobody waits beyond the deadline
that they had when they were lent a connection (`threadly.core.deadlines`); nor without one for a server that hangs, or
a network that swallows what it says: a statement has its time and a second more, then the connection is dropped. Not
guaranteed: an end other than that by time, where those who hold all connections each wait for one more: within a
transaction, ask by its `tx` (`threadly.core.database.guard` tells tests of whoever does not).
"""

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from functools import cached_property, partial
from typing import Any, Concatenate, Final, ParamSpec, TypeVar, cast
from urllib.parse import parse_qsl, urlsplit

import asyncpg
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool, QueuePool

from threadly.core.database import tracing
from threadly.core.database.commits import committed
from threadly.core.database.driver import Honest
from threadly.core.database.errors import DatabaseUnavailable, Trouble, told, trouble_at_connecting
from threadly.core.database.instruments import RETRIES, WATCH, forget, measure
from threadly.core.database.lending import Lender
from threadly.core.database.primary import Primary
from threadly.core.database.reading import Reading
from threadly.core.database.replicas.position import note_write
from threadly.core.database.replicas.routing import Replicas
from threadly.core.database.sessions import ReadSession, Tx, TxSession
from threadly.core.database.settings import DatabaseSettings
from threadly.core.database.slow import SlowStatements

P = ParamSpec("P")
T = TypeVar("T")

_ATTEMPTS: Final = 3
_UNKNOWN: Final = {Trouble.LOST, Trouble.SILENT, Trouble.LATE}
"""After these, nobody knows whether a commit that was sent took effect."""
_TRIED_AGAIN: Final = {Trouble.CONFLICT, Trouble.OUTDATED, Trouble.LOST}
_OF_DATABASE: Final = (SQLAlchemyError, asyncpg.InternalClientError)
_SCHEME: Final = "postgresql+asyncpg://"
_ATTRIBUTE: Final = "target_session_attrs"
_SILENCE_SECONDS: Final = 1.0
"""Beyond the time that a statement has by the server's clock, for the server to say that it has ended it."""
_ORPHAN_MILLISECONDS: Final = "1000"
"""How often the server looks, during a statement, whether whoever asked is still there."""


class Database:
    """One PostgreSQL, reached through a bounded pool of connections.

    Args:
        server_settings: PostgreSQL's own, for each connection; as `{"synchronous_commit": "off"}`.
        tags: What statements of sampled traces say of who asks, beside the trace: `{"route": "/listings/{id}"}`.
        bridged_seconds: For so long from its beginning an absence of the server is waited out, as a restart is; whoever
            comes later hears at once. 0 is for who wants to know whether it is there.
        primary: As another way in to the same servers knows it; by itself, if not said.
    """

    def __init__(
        self,
        settings: DatabaseSettings,
        *,
        application_name: str = "threadly",
        server_settings: Mapping[str, str] | None = None,
        tags: tracing.Tags | None = None,
        bridged_seconds: float = 2.0,
        primary: Primary | None = None,
    ) -> None:
        self._lane = partial(
            Database,
            application_name=application_name,
            server_settings=server_settings,
            tags=tags,
            bridged_seconds=bridged_seconds,
        )
        self._settings = settings
        longest_wait = settings.pool_wait.total_seconds()
        longest = settings.statement_timeout.total_seconds()
        # asyncpg reads the address itself, and knows all that libpq does: sockets, several hosts, TLS.
        dsn = driver_url(settings.url.get_secret_value())
        self._primary = Primary(dsn) if primary is None else primary
        self._connect_args: dict[str, Any] = {
            "connection_class": Honest,
            "timeout": longest_wait,
            "command_timeout": longest + _SILENCE_SECONDS,
            "server_settings": {
                "application_name": application_name,
                "statement_timeout": str(round(longest * 1000)),
                "client_connection_check_interval": _ORPHAN_MILLISECONDS,
                "timezone": "UTC",
                **(server_settings or {}),
            },
        }
        self._slow: SlowStatements | None = None
        if settings.slow_after:
            self._slow = SlowStatements(dsn, after=settings.slow_after, tags=tags)

        def pooled(connect: Callable[..., Awaitable[Any]], **changed: object) -> AsyncEngine:
            engine = create_async_engine(
                _SCHEME,
                async_creator=partial(connect, **self._connect_args | changed),
                pool_size=settings.pool_size,
                max_overflow=0,
                pool_timeout=longest_wait,
                pool_use_lifo=True,
                hide_parameters=True,  # in the text of errors: they are what people wrote
                execution_options={tracing.TAGS: tags, WATCH: self._slow},
            )
            tracing.watch(engine.sync_engine)
            return engine

        self.engine: AsyncEngine = pooled(self._primary.connect)
        self.lender = Lender(
            self.engine,
            longest_wait=longest_wait,
            most_waiting=settings.pool_waiters,
            bridged_seconds=bridged_seconds,
        )
        self._primary.lenders.add(self.lender)
        measure(self.lender, self.engine.sync_engine)
        self._autocommit = self.engine.execution_options(isolation_level="AUTOCOMMIT")
        self._snapshot = self.engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        self._serializable = self.engine.execution_options(isolation_level="SERIALIZABLE")
        self.replicas: Replicas | None = None
        """Who answers reads besides; None, and so no detour, where there are none."""
        if settings.replicas:
            urls = [driver_url(url.get_secret_value()) for url in settings.replicas]
            self.replicas = Replicas.reached(urls, pooled, self._primary, self._connect_args, settings)

    @cached_property
    def unhurried(self) -> AsyncEngine:
        """Connections beside the pool, whose statements take as long as they take: for migrations, and to fill a shop.

        Not guaranteed: an end, where the server hangs.
        """
        own = self._connect_args["server_settings"] | {"statement_timeout": "0"}
        unlimited = self._connect_args | {"command_timeout": None, "server_settings": own}
        connect = partial(self._primary.connect, **unlimited)
        return create_async_engine(_SCHEME, async_creator=connect, poolclass=NullPool, hide_parameters=True)

    @property
    def pool(self) -> QueuePool:
        """The connections."""
        return self.lender.pool

    def lane(self, connections: int) -> "Database":
        """A way in beside this one, with so many connections that nobody else takes: for what must get through.

        While those who browse wait for theirs, whoever pays does not wait behind them. It looks at the primary alone,
        whose crowd it is spared; whoever writes there misses nothing at a replica afterwards. To be closed by who made
        it.

        Raises:
            ValueError: Fewer than one.
        """
        if connections < 1:
            raise ValueError("a lane has one connection at least")
        settings = self._settings.model_copy(update={"pool_size": connections, "replicas": ()})
        return self._lane(settings, primary=self._primary)

    async def knock(self) -> None:
        """Makes a connection beside the pool, and ends it: whether the server lets in who comes now.

        Connections that were made before a password was changed serve on, and so say nothing of it.

        Raises:
            DatabaseUnavailable: It does not; as `DatabaseNotForUs` or `DatabaseMissing`, where it says so.
        """
        try:
            async with self.unhurried.connect():
                pass
        except (*_OF_DATABASE, OSError) as refusal:
            raise told(trouble_at_connecting(refusal) or Trouble.LOST) from refusal

    async def close(self) -> None:
        """Closes every connection that nobody has, within a second, whatever the server does.

        Using the database afterwards connects anew.
        """
        forget(self.lender)
        if self._slow is not None:
            await self._slow.close()
        await asyncio.gather(self.lender.close(), *(() if self.replicas is None else (self.replicas.close(),)))

    def watching_replicas(self) -> AbstractAsyncContextManager[None]:
        """Looks at the replicas for the length of the block, if there are any; without that, none is read from."""
        return nullcontext() if self.replicas is None else self.replicas.watching()

    def read(self, *, latest: bool = False) -> AbstractAsyncContextManager[ReadSession]:
        """Looks at what is committed, each statement on its own (autocommit: no BEGIN, no second round trip).

        A statement that loses its connection is made once more, on a new one. Where there are replicas, and whoever
        asks misses nothing there (`threadly.core.database.replicas`), one of them answers.

        Args:
            latest: Nothing that anybody has committed may be missed, as where it is asked who may do something.

        Raises:
            DatabaseUnavailable: No connection in time, or too many wait for one; or it was lost twice, or a statement
                took too long.
        """
        if self.replicas is None or latest:
            return Reading(self.lender, self._autocommit)
        return self.replicas.reading(self.lender, self._autocommit)

    @asynccontextmanager
    async def consistent(self) -> AsyncIterator[ReadSession]:
        """Looks at one moment: all statements see what was committed when the first began (REPEATABLE READ READ ONLY).

        Raises:
            DatabaseUnavailable: As `read`; nothing is asked twice, since another connection sees another moment.
        """
        lent = await self.lender.lend(self._snapshot)
        try:
            yield cast("ReadSession", lent.connection)
        except _OF_DATABASE as failure:
            if (trouble := lent.note(failure)) is None:
                raise
            raise told(trouble) from failure
        finally:
            await lent.give_back()

    async def run(self, function: Callable[Concatenate[Tx, P], Awaitable[T]], *args: P.args, **kwargs: P.kwargs) -> T:
        """Calls `function(tx, …)` in one transaction and commits it; tries the whole again on a conflict.

        The function may so be called more than once, and must have no effect outside its transaction; what waits for
        the commit it gives to `after_commit`.

        Raises:
            DatabaseUnavailable: No connection in time, or too many wait for one; or it was lost, and then whether a
                commit took effect is unknown; or a statement took too long, or a conflict lasted for all attempts.
            DBAPIError: PostgreSQL refused, or had refused a statement before, and the function went on.
        """
        return await self._run(self.engine, lambda tx: function(tx, *args, **kwargs))

    async def run_serializable(
        self, function: Callable[Concatenate[Tx, P], Awaitable[T]], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """As `run`, and with the outcome of some order in which all such transactions ran one by one (SERIALIZABLE)."""
        return await self._run(self._serializable, lambda tx: function(tx, *args, **kwargs))

    async def _run(self, engine: AsyncEngine, function: Callable[[Tx], Awaitable[T]]) -> T:
        result, tx = await self._committed(engine, function)
        await committed(tx)
        return result

    async def _committed(self, engine: AsyncEngine, function: Callable[[Tx], Awaitable[T]]) -> tuple[T, Tx]:
        note_write()
        attempt = 1
        while True:
            lent = await self.lender.lend(engine)
            is_committing = False
            try:
                async with TxSession(lent.connection, expire_on_commit=False) as session, session.begin():
                    result = await function(Tx(session))
                    is_committing = True
            except _OF_DATABASE as failure:
                if (trouble := lent.note(failure)) is None:
                    raise
                is_unknown = is_committing and trouble in _UNKNOWN
                if is_unknown or attempt == _ATTEMPTS or trouble not in _TRIED_AGAIN:
                    raise DatabaseUnavailable if is_unknown else told(trouble) from failure
            else:
                return result, Tx(session)
            finally:
                await lent.give_back()
            RETRIES.inc()
            await asyncio.sleep(random.uniform(0, 0.02 * 2**attempt))  # noqa: S311 - spreads rivals, hides nothing
            attempt += 1


def driver_url(url: str) -> str:
    """The address as the driver wants it: SQLAlchemy's spelling of the scheme is understood as well.

    Of several servers, the driver is to find the one that takes what is written, after a failover as before.
    """
    scheme, separator, rest = url.partition("://")
    if scheme.partition("+")[0] not in {"postgres", "postgresql"}:
        return url
    asked = urlsplit(url)
    hosts = dict(parse_qsl(asked.query)).get("host") or asked.netloc.rpartition("@")[2]
    if "," in hosts and _ATTRIBUTE not in asked.query:
        rest += f"{'&' if asked.query else '?'}{_ATTRIBUTE}=primary"
    return f"postgresql{separator}{rest}"
