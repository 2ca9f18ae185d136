"""How PostgreSQL would run a statement, whatever its values: the generic plan. Nothing is run; no value is needed."""

import re
from contextlib import suppress
from itertools import count
from typing import Any, Final

import asyncpg

from threadly.core.database.hazards.statements import words_of

_numbers: Final = count(1)
_EXPLICABLE: Final = re.compile(r"\s*(SELECT|WITH|INSERT|UPDATE|DELETE|MERGE|VALUES)\b", re.IGNORECASE)


def without_comments(sql: str) -> str:
    """The statement as it was written, without what is remarked before it: who asked (sqlcommenter)."""
    for _, begins, _ in words_of(sql):
        return sql[begins:].strip()
    return ""


def is_explicable(sql: str) -> bool:
    """Whether PostgreSQL has a plan for such a statement."""
    return _EXPLICABLE.match(sql) is not None


async def generic_plan(connection: Any, sql: str, *, options: str = "FORMAT TEXT") -> list[Any]:  # noqa: ANN401 - asyncpg's own
    """The lines of the plan for `sql`, in which values are `$1`; or its one value, in another format.

    Args:
        connection: asyncpg's.
        options: Of EXPLAIN; ANALYZE, which would run it, is not for here.

    Raises:
        PostgresError: It is no statement of this database, or there was no time.
    """
    name = f"threadly_explained_{next(_numbers)}"
    await connection.execute("SET plan_cache_mode = force_generic_plan")
    await connection.execute(f"PREPARE {name} AS {sql}")  # habit: sql-is-constant - a statement of ours, to be seen
    try:
        counted = "SELECT cardinality(parameter_types) FROM pg_prepared_statements WHERE name = $1"
        values = ", ".join(["NULL"] * await connection.fetchval(counted, name))
        explained = f"EXPLAIN ({options}) EXECUTE {name}{f'({values})' if values else ''}"
        rows = await connection.fetch(explained)  # habit: sql-is-constant - our own name, and NULLs
    finally:
        with suppress(asyncpg.PostgresError):  # as in a transaction that has failed meanwhile
            await connection.execute(f"DEALLOCATE {name}")  # habit: sql-is-constant - our own name
    return [row[0] for row in rows]
