"""What is counted of databases, by prometheus_client: idle until somebody collects.

The pools are asked only then; a statement costs two looks at the clock and one observation, 3 µs in all.
"""

from collections.abc import Callable, Mapping
from time import perf_counter
from typing import Any, Final, Protocol
from weakref import WeakSet

from prometheus_client import Counter, Gauge, Histogram
from sqlalchemy import event
from sqlalchemy.engine import Connection, Engine, ExceptionContext
from sqlalchemy.pool import QueuePool

BOUNDS: Final = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)
STATEMENTS: Final = Histogram(
    "threadly_db_statement_seconds",
    "Seconds until a statement was answered: of one that only looks, or within a transaction.",
    ["kind"],
    buckets=BOUNDS,
)
READ: Final = STATEMENTS.labels("read")
TX: Final = STATEMENTS.labels("tx")
CHECKOUTS: Final = Histogram(
    "threadly_db_checkout_seconds", "Seconds until a connection was had, from the pool or anew.", buckets=BOUNDS
)
ERRORS: Final = Counter(
    "threadly_db_errors_total",
    "Statements that failed, by the class of PostgreSQL's code (its first two characters); `none` came without one.",
    ["sqlstate_class"],
)
UNREACHED: Final = Counter("threadly_db_unreached_total", "Connections that could not be had in time.")
REFUSED: Final = Counter("threadly_db_refused_total", "Who was refused at once, since too many waited.")
SLOW: Final = Counter(
    "threadly_db_slow_statements_total", "Statements that took longer than THREADLY_DATABASE__SLOW_AFTER."
)
RETRIES: Final = Counter(
    "threadly_db_retries_total", "Transactions that were tried again, after a conflict or a connection that was lost."
)
REPEATED: Final = Counter("threadly_db_repeated_total", "Looks that were made again, on a new connection.")
BRIDGED: Final = Counter("threadly_db_bridged_total", "Refusals, right after the server went, that were waited out.")
EXPIRED: Final = Counter("threadly_db_expired_total", "Callers whose deadline passed while the database had them wait.")
_CONNECTIONS: Final = Gauge(
    "threadly_db_connections", "Connections of the pools; `most` is how many they may have.", ["state"]
)
_WAITING: Final = Gauge("threadly_db_waiting", "Tasks that wait for a connection.")


WATCH: Final = "threadly_slow"
"""The engine's execution option under which it keeps who is told of what was slow."""


class Watch(Protocol):
    """Who is told of what was slow."""

    after_seconds: float

    def notice(self, sql: str, seconds: float, *, sqlstate: str | None = None) -> None:
        """Called for each statement that took so long."""


class Pooled(Protocol):
    """What has a pool, and knows who waits for it."""

    waiting: int

    @property
    def pool(self) -> QueuePool:
        """The pool."""


_pools: Final[WeakSet[Any]] = WeakSet()


def measure(pooled: Pooled, engine: Engine) -> None:
    """From now on, what this engine is asked is counted, and its pool for as long as it is used."""
    _pools.add(pooled)
    event.listen(engine, "before_cursor_execute", _begun)
    event.listen(engine, "after_cursor_execute", _answered)
    event.listen(engine, "handle_error", _failed)


def forget(pooled: Pooled) -> None:
    """Its pool is used no more."""
    _pools.discard(pooled)


def answered(options: Mapping[str, Any], sql: str, seconds: float) -> None:
    """Counts a statement that was answered after so long; `options` are its connection's or its engine's."""
    (READ if options.get("isolation_level") == "AUTOCOMMIT" else TX).observe(seconds)
    watch: Watch | None = options.get(WATCH)
    if watch is not None and seconds >= watch.after_seconds:
        watch.notice(sql, seconds)


def failed(failure: BaseException, options: Mapping[str, Any], sql: str | None, seconds: float) -> None:
    """Counts a statement that failed after so long."""
    sqlstate = getattr(failure, "sqlstate", None)
    ERRORS.labels(str(sqlstate)[:2] if sqlstate else "none").inc()
    if sql is None:
        return
    watch: Watch | None = options.get(WATCH)
    if watch is not None and seconds >= watch.after_seconds:
        watch.notice(sql, seconds, sqlstate=sqlstate or type(failure).__name__)


def _begun(connection: Connection, _cursor: object, _sql: str, _values: object, _context: object, _many: bool) -> None:
    connection.info["asked_at"] = perf_counter()


def _answered(
    connection: Connection, _cursor: object, sql: str, _values: object, _context: object, _many: bool
) -> None:
    answered(connection.get_execution_options(), sql, perf_counter() - connection.info["asked_at"])


def _failed(context: ExceptionContext) -> None:
    connection, seconds = context.connection, 0.0
    if connection is not None and context.execution_context is not None and not connection.invalidated:
        seconds = perf_counter() - connection.info.get("asked_at", perf_counter())
    options = connection.get_execution_options() if connection is not None else {}
    failed(context.original_exception, options, context.statement, seconds)


def _summed(of_one: Callable[[Pooled], int]) -> Callable[[], float]:
    return lambda: float(sum(map(of_one, list(_pools))))


_CONNECTIONS.labels("used").set_function(_summed(lambda pooled: pooled.pool.checkedout()))
_CONNECTIONS.labels("idle").set_function(_summed(lambda pooled: pooled.pool.checkedin()))
_CONNECTIONS.labels("most").set_function(_summed(lambda pooled: pooled.pool.size()))
_WAITING.set_function(_summed(lambda pooled: pooled.waiting))
