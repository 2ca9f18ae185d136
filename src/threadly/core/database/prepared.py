"""The hot path: a select that is compiled once, and then goes straight to the driver.

For the few statements that a site lives on. On a page of 24 rows, what SQLAlchemy does for each call (cache key,
cursor, result, rows) takes as long as PostgreSQL and the driver together. What it would guarantee is kept: listeners of
`before_cursor_execute` see the statement, a lost connection leaves the pool and is typed, one that was cancelled in the
middle is never used again. Values come as the driver gives them: an enum is text.
"""

from collections.abc import Mapping, Sequence
from time import perf_counter
from typing import Any, Final

import asyncpg
from sqlalchemy import Select
from sqlalchemy.dialects.postgresql.asyncpg import PGDialect_asyncpg
from sqlalchemy.ext.asyncio import AsyncConnection

from threadly.core.database import tracing
from threadly.core.database.errors import refused
from threadly.core.database.instruments import READ, failed
from threadly.core.database.sessions import ReadSession

_NOTHING: Final[Mapping[str, object]] = {}


class Prepared:
    """A select, with `bindparam`s for what varies (none of them `literal_execute`).

    Args:
        planned_anew: Has PostgreSQL plan each call for its own values, and keep no plan for all: where the best one
            depends on them. Costs a round trip, and the planning.
    """

    def __init__(self, statement: Select[*tuple[Any, ...]], *, planned_anew: bool = False) -> None:
        self._planned_anew = planned_anew
        compiled = statement.compile(dialect=PGDialect_asyncpg())  # type: ignore[no-untyped-call]
        self._statement = statement
        self._sql = str(compiled)
        self._names = tuple(compiled.positiontup or ())
        self._written = {name: value for name, value in compiled.params.items() if value is not None}

    async def fetch(self, read: ReadSession, given: Mapping[str, object] = _NOTHING) -> Sequence[Sequence[Any]]:
        """All rows.

        Raises:
            DatabaseUnavailable: The connection was lost, or it took too long.
        """
        if not isinstance(read, AsyncConnection) or read.sync_connection is None:
            return (await read.execute(self._statement, given)).all()  # within a transaction of the ORM's

        values = [given[name] if name in given else self._written[name] for name in self._names]
        connection = read.sync_connection
        driver: Any = connection.connection.driver_connection
        connection.dispatch.before_cursor_execute(connection, None, self._sql, values, None, False)
        under_way = tracing.asked(connection, self._sql)
        sql = self._sql if under_way is None else under_way.sql
        began = perf_counter()
        try:
            rows: Sequence[Sequence[Any]]
            if self._planned_anew:  # a statement of its own: PostgreSQL keeps a plan only from the sixth use of one on
                rows = await (await driver.prepare(sql)).fetch(*values)
            elif sql is not self._sql:  # it says who asks, and never comes again: kept in no cache
                rows = await (await driver.prepare(sql, name="")).fetch(*values)
            else:
                rows = await driver.fetch(self._sql, *values)
        except (asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError, OSError) as failure:
            failed(failure)
            if under_way is not None:
                under_way.failed(failure)
            # InternalClientError is how asyncpg says that the server's farewell crossed our question.
            is_lost = isinstance(failure, (asyncpg.InternalClientError, OSError)) or driver.is_closed()
            if isinstance(failure, TimeoutError):
                driver.terminate()  # silent for longer than any statement may run: it hears no farewell either
            typed = refused(getattr(failure, "sqlstate", None), is_lost=is_lost)
            if typed is None:
                raise
            await read.invalidate()
            raise typed from failure
        except BaseException:
            await read.invalidate()  # cancelled in the middle: whose answer comes next, nobody knows
            raise
        READ.observe(perf_counter() - began)
        if under_way is not None:
            under_way.answered(connection)
        return rows
