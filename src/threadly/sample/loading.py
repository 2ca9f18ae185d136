"""Fills empty tables by COPY within the caller's transaction, their indexes and foreign keys built after.

Guaranteed: when `unindexed` ends, each index and foreign key is as it was, by PostgreSQL's own definition of it, and
checked against every row; when it fails, the transaction cannot be committed. CHECKs, NOT NULLs, primary keys and
unique constraints hold throughout. Needs no more than ownership of the tables, so it works on a managed server.
"""

from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from typing import Any, Final, TypeAlias

from threadly.sample.encoding import HEADER, TRAILER

Driver: TypeAlias = Any
"""An asyncpg connection, in a transaction; the library has no types."""

_BUILDING_MEMORY: Final = "256MB"

_FOREIGN_KEYS: Final = """
    SELECT quote_ident(conname), conrelid::regclass::text, pg_get_constraintdef(oid)
    FROM pg_constraint
    WHERE contype = 'f' AND conparentid = 0
      AND (conrelid = ANY ($1::text[]::regclass[]) OR confrelid = ANY ($1::text[]::regclass[]))
    ORDER BY conname
"""
_INDEXES: Final = """
    SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid)
    FROM pg_index
    WHERE indrelid = ANY ($1::text[]::regclass[])
      AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid AND contype IN ('p', 'u', 'x'))
    ORDER BY 1
"""


@asynccontextmanager
async def unindexed(driver: Driver, tables: Sequence[str], built: Callable[[int, int], None]) -> AsyncIterator[None]:
    """Takes the indexes and foreign keys of `tables` away, and foreign keys to them; builds them when the block ends.

    The tables must be empty and locked. `built` hears how many of how many are built.
    """
    keys = await driver.fetch(_FOREIGN_KEYS, list(tables))
    indexes = await driver.fetch(_INDEXES, list(tables))
    for name, table, _ in keys:
        await driver.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")  # habit: sql-is-constant - quoted
    for name, _ in indexes:
        await driver.execute(f"DROP INDEX {name}")  # habit: sql-is-constant - quoted
    # Emptied in this very transaction, the tables take rows that are frozen from the start: nothing is left to vacuum.
    await driver.execute(f"TRUNCATE {', '.join(tables)}")  # habit: sql-is-constant - our own tables
    yield
    await driver.execute(f"SET LOCAL maintenance_work_mem = '{_BUILDING_MEMORY}'")
    statements = [definition for _, definition in indexes]
    statements += [f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}" for name, table, definition in keys]
    for number, statement in enumerate(statements, start=1):
        await driver.execute(statement)
        built(number, len(statements))


async def copy(
    driver: Driver, table: str, columns: Sequence[str], rows: Iterable[bytes], *, frozen: bool = False
) -> None:
    """Sends encoded rows. `frozen` saves a vacuum, and needs a table that this very transaction has emptied."""
    await driver.copy_to_table(table, source=_stream(rows), columns=columns, format="binary", freeze=frozen)


async def _stream(rows: Iterable[bytes]) -> AsyncIterator[bytes]:
    yield HEADER
    for piece in rows:
        yield piece
    yield TRAILER
