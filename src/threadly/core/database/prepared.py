"""The hot path: a select that is compiled once, and then goes straight to the driver.

For the few statements that a site lives on. On a page of 24 rows, what SQLAlchemy does for each call (cache key,
cursor, result, rows) takes as long as PostgreSQL and the driver together. What it would guarantee is kept: a lost
connection leaves the pool and is typed, one that was cancelled in the middle is never used again. SQLAlchemy's own
listeners do not hear of it; those of `overheard` do. Values and refusals come as the driver gives them: an enum is
text, and what is wrong with the question an `asyncpg.PostgresError`. Only within a transaction both are SQLAlchemy's.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from time import perf_counter
from typing import Any, Final, TypeAlias

from sqlalchemy import Engine, Select
from sqlalchemy.dialects.postgresql.asyncpg import PGDialect_asyncpg
from sqlalchemy.sql import visitors

from threadly.core.database import tracing
from threadly.core.database.instruments import answered, failed
from threadly.core.database.lending import Lent
from threadly.core.database.reading import CHANGES_SOMETHING, Reading
from threadly.core.database.sessions import ReadSession

Listener: TypeAlias = Callable[[Engine, str, Sequence[object]], None]
"""Called with the engine, the statement and its values."""
_listeners: Final[list[Listener]] = []
_NOTHING: Final[Mapping[str, object]] = {}


@contextmanager
def overheard(listener: Listener) -> Iterator[None]:
    """While the block lasts, the listener hears of each statement that goes past SQLAlchemy, before it is asked."""
    _listeners.append(listener)
    try:
        yield
    finally:
        _listeners.remove(listener)


class Prepared:
    """A select, with `bindparam`s for what varies (none of them `literal_execute`).

    Args:
        planned_anew: Has PostgreSQL plan each call for its own values, and keep no plan for all: where the best one
            depends on them. Costs a round trip, and the planning.

    Raises:
        TypeError: The statement changes something.
    """

    def __init__(self, statement: Select[*tuple[Any, ...]], *, planned_anew: bool = False) -> None:
        if any(getattr(part, "is_dml", False) for part in visitors.iterate(statement)):
            raise TypeError(CHANGES_SOMETHING)
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
            asyncpg.PostgresError: PostgreSQL refused; within a transaction, SQLAlchemy's DBAPIError.
        """
        if not isinstance(read, Reading):
            return (await read.execute(self._statement, given)).all()  # within a transaction of the ORM's
        values = [given[name] if name in given else self._written[name] for name in self._names]
        return await read.ask(partial(self._fetch, values))

    async def _fetch(self, values: list[object], lent: Lent) -> Sequence[Sequence[Any]]:
        driver, options = lent.driver, lent.options
        for hear in _listeners:
            hear(lent.engine, self._sql, values)
        under_way = tracing.asked(options, self._sql)
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
        except Exception as failure:
            failed(failure, options, self._sql, perf_counter() - began)
            if under_way is not None:
                under_way.failed(failure)
            raise
        except BaseException:
            lent.drop()  # cancelled in the middle: whose answer comes next, nobody knows
            raise
        answered(options, self._sql, perf_counter() - began)
        if under_way is not None:
            under_way.answered(driver)
        return rows
