"""Whom a migration waits for, and how long: a moment, because everybody who comes later waits behind it.

PostgreSQL serves locks in turn. An ALTER TABLE that waits for one long query keeps all who come after it from the
table, though that query alone would not. So it gives up after `Patience.lock`, lets them through, and tries again.
"""

import asyncio
import random
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final, Protocol

import structlog
from sqlalchemy import Connection, event, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection

from threadly.core.database.engine import Database
from threadly.core.database.hazards import is_concurrent, statements
from threadly.core.database.slow import redacted
from threadly.core.errors import Problem

_log: Final = structlog.get_logger(__name__)
_LONGEST: Final = 90
_LOOKS_EVERY_SECONDS: Final = 0.2
_WAITED_FOR: Final = text(
    """
    SELECT own.query, other.pid, other.application_name, other.state, other.query AS doing,
        extract(epoch FROM clock_timestamp() - other.xact_start)::float8 AS seconds
    FROM pg_stat_activity own, unnest(pg_blocking_pids(own.pid)) blocking
    LEFT JOIN pg_stat_activity other ON other.pid = blocking
    WHERE own.pid = :pid AND blocking <> pg_backend_pid()
    ORDER BY other.xact_start
    """
)


class Telling(Protocol):
    """Who is told what a migration does."""

    def doing(self, what: str, /) -> None:
        """It does this now."""

    def advance(self, done: int, total: int, /) -> None:
        """So much of it is done."""

    def note(self, sentence: str, /) -> None:
        """Something that whoever looks on should know."""


class ToLog:
    """Tells the log."""

    def doing(self, what: str, /) -> None:
        """What it does is of no interest there."""

    def advance(self, done: int, total: int, /) -> None:
        """Nor how far it is."""

    def note(self, sentence: str, /) -> None:
        """This is."""
        _log.warning(sentence)


TO_LOG: Final[Telling] = ToLog()


@dataclass(frozen=True, slots=True)
class Patience:
    """How long, and how often."""

    lock: timedelta = timedelta(seconds=1)
    """Others wait behind a statement that waits for a lock: no longer than this."""
    concurrent: timedelta = timedelta(minutes=10)
    """The same for what is done CONCURRENTLY: it waits for transactions to end, and nobody waits behind it."""
    attempts: int = 10
    first_pause: timedelta = timedelta(seconds=0.5)
    longest_pause: timedelta = timedelta(seconds=15)
    replica_bytes: int = 64 * 1024 * 1024
    """A backfill pauses while a replica has still so much to replay."""
    replica_wait: timedelta = timedelta(minutes=10)
    """For so long, if it does not catch up."""

    def pause(self, attempt: int) -> float:
        """Seconds until the next attempt after this one; the first is 1."""
        longest: float = min(self.first_pause.total_seconds() * 2 ** (attempt - 1), self.longest_pause.total_seconds())
        return longest * random.uniform(0.75, 1)  # noqa: S311 - spreads rivals, hides nothing


class Watch:
    """Looks at what one session waits for, while it works."""

    def __init__(self, pid: int, telling: Telling) -> None:
        self._pid = pid
        self._telling = telling
        self._told: set[tuple[str, tuple[int, ...]]] = set()
        self.last = "somebody who uses the same table"
        """Whom it waited for, as far as is known."""

    async def look(self, connection: AsyncConnection) -> None:
        """Tells once of each statement that waits, and for whom."""
        found = (await connection.execute(_WAITED_FOR, {"pid": self._pid})).all()
        if not found:
            return
        self.last = _named(found)
        statement = shortened(found[0].query)
        if (key := (statement, tuple(row.pid or 0 for row in found))) not in self._told:
            self._told.add(key)
            self._telling.note(f"{statement} waits for {self.last}.")


@asynccontextmanager
async def watched(db: Database, connection: AsyncConnection, telling: Telling) -> AsyncIterator[Watch]:
    """Looks on meanwhile, by a connection of its own: what it sees is told, and nothing depends on it."""
    pid = await connection.scalar(text("SELECT pg_backend_pid()"))
    await connection.commit()
    watch = Watch(pid, telling)
    looking = asyncio.create_task(_look(db, watch))
    try:
        yield watch
    finally:
        looking.cancel()
        await asyncio.gather(looking, return_exceptions=True)


async def _look(db: Database, watch: Watch) -> None:
    try:
        async with db.engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
            while True:
                await watch.look(connection)
                await asyncio.sleep(_LOOKS_EVERY_SECONDS)
    except (SQLAlchemyError, OSError, Problem):
        # Stopped while it connects, it ends by an error of SQLAlchemy's instead.
        if (own := asyncio.current_task()) is not None and not own.cancelling():
            _log.info("nobody looks any more at what the migration waits for", exc_info=True)


def listen_for_concurrently(connection: Connection, patience: Patience) -> None:
    """From now on, what this connection does CONCURRENTLY has its own time to wait for locks."""

    def is_patient(sql: str) -> bool:
        return any(map(is_concurrent, statements(sql)))

    def set_before(own: Connection, _cursor: object, statement: str, *_: Any) -> None:  # noqa: ANN401 - SQLAlchemy's
        if is_patient(statement):
            own.exec_driver_sql(lock_timeout(patience.concurrent))

    def set_after(own: Connection, _cursor: object, statement: str, *_: Any) -> None:  # noqa: ANN401 - SQLAlchemy's
        if is_patient(statement):
            own.exec_driver_sql(lock_timeout(patience.lock))

    event.listen(connection, "before_cursor_execute", set_before)
    event.listen(connection, "after_cursor_execute", set_after)


async def set_lock_timeout(connection: AsyncConnection, patience: Patience) -> None:
    """Sets how long statements wait for locks; again before each attempt, since one that fails leaves it as it was."""
    await connection.exec_driver_sql(lock_timeout(patience.lock))
    await connection.commit()


def shortened(statement: str) -> str:
    """A statement in one line, without its values: it may be somebody else's."""
    line = redacted(statement)
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1]}…"


def lock_timeout(wait: timedelta) -> str:
    """The statement that sets it for a session."""
    return f"SET lock_timeout = {round(wait.total_seconds() * 1000)}"


def _named(found: Sequence[Any]) -> str:
    return " and ".join(_session(row) for row in found)


def _session(row: Any) -> str:  # noqa: ANN401 - a row of `_WAITED_FOR`
    if row.pid is None:
        return "a session that has just ended"
    if row.seconds is None:  # of another role, which only a monitor may see
        return f"session {row.pid} ({row.application_name or 'without a name'})"
    does = shortened(row.doing) if row.state == "active" else f"{row.state}, after {shortened(row.doing)}"
    return f"session {row.pid} ({row.application_name or 'without a name'}, for {row.seconds:.0f} s: {does})"
