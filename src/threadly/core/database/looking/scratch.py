"""A copy of the tables to try things on: temporary ones of the same names, within a transaction that is undone.

Small tables are copied whole, of large ones some pages or rows at random, bounded in rows and in bytes; indexes,
checks, defaults and enums are the same, and so are plans, but for the size. Nobody else sees it, nothing of it reaches
the write-ahead log, and whatever ends the connection, be it kill -9, takes it away. The originals are locked as by any
SELECT. Until it is undone, VACUUM keeps what was deleted meanwhile, so it is bounded in time.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from math import ceil
from time import monotonic
from typing import Any, Final

_PATIENCE: Final = {"lock_timeout": "1s", "statement_timeout": "30s"}
_MOST_BYTES: Final = 32 * 1024 * 1024
"""Of a table, large values included, that are copied; twice as much where chance has it."""
_MANY_PAGES: Final = 1_000
_TABLES: Final = """
    SELECT c.oid, c.relname AS plain, quote_ident(c.relname) AS name, format('%I.%I', n.nspname, c.relname) AS original,
        greatest(c.reltuples, 0)::bigint AS rows, pg_relation_size(c.oid) AS bytes, pg_table_size(c.oid) AS all_bytes,
        pg_relation_size(c.oid) / current_setting('block_size')::int AS pages,
        (SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) FROM pg_attribute
            WHERE attrelid = c.oid AND attnum > 0 AND NOT attisdropped AND attgenerated = '') AS columns
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind = 'r' AND c.relpersistence = 'p' AND NOT c.relispartition AND pg_table_is_visible(c.oid)
        AND n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema'
        AND has_table_privilege(c.oid, 'SELECT') AND NOT c.relrowsecurity
    ORDER BY 1
"""


@dataclass(frozen=True, slots=True)
class Copied:
    """A table, and what its copy has of it."""

    plain: str
    name: str
    """Quoted, where it must be."""
    rows: int
    """About so many has the original."""
    pages: int
    bytes: int
    copied_rows: int
    copied_bytes: int

    @property
    def share(self) -> float:
        """Of the rows, that is in the copy."""
        return min(1.0, self.copied_rows / self.rows) if self.rows else 1.0


@asynccontextmanager
async def scratch(connection: Any, *, most_rows: int, ends_at: float) -> AsyncIterator[list[Copied]]:  # noqa: ANN401 - asyncpg's own
    """The copies, on this connection, until the block ends. After `ends_at` (monotonic) no more tables are copied.

    Raises:
        PostgresError: There was no time for a copy, or no right to make temporary tables.
    """
    transaction = connection.transaction()
    await transaction.start()
    try:
        for name, value in _PATIENCE.items():
            await connection.execute(f"SET LOCAL {name} = '{value}'")  # habit: sql-is-constant - constants
        tables = await connection.fetch(_TABLES)
        yield [await _copied(connection, table, most_rows) for table in tables if monotonic() < ends_at]
    finally:
        await transaction.rollback()


async def _copied(connection: Any, table: Any, most_rows: int) -> Copied:  # noqa: ANN401 - asyncpg's own
    name, columns = table["name"], table["columns"]
    created = f"CREATE TEMPORARY TABLE {name} (LIKE {table['original']} INCLUDING ALL) ON COMMIT DROP"
    await connection.execute(created)  # habit: sql-is-constant - PostgreSQL has quoted the names
    rows, most, sample = table["rows"], 2 * most_rows, ""
    share = min(most_rows / max(rows, 1), _MOST_BYTES / max(table["all_bytes"], 1))
    if share < 1:
        # Of few pages, since the values lie elsewhere (TOAST), single rows are taken, or it would be all or none.
        method = "SYSTEM" if table["pages"] > _MANY_PAGES else "BERNOULLI"
        sample = f" TABLESAMPLE {method} ({100 * share:.6f})"
        most = max(1, min(most, ceil(2 * share * rows))) if rows else most
    told = await connection.execute(  # habit: sql-is-constant - quoted
        f"INSERT INTO pg_temp.{name} ({columns}) OVERRIDING SYSTEM VALUE "  # noqa: S608 - names from the catalogue
        f"SELECT {columns} FROM {table['original']}{sample} LIMIT {most}"
    )
    await connection.execute(f"ANALYZE pg_temp.{name}")  # habit: sql-is-constant - quoted
    size = await connection.fetchval("SELECT pg_relation_size(CAST($1 AS text)::regclass)", f"pg_temp.{name}")
    copied = int(told.rpartition(" ")[2])
    return Copied(table["plain"], name, rows or copied, table["pages"], table["bytes"], copied, size)
