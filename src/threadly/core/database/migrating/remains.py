"""Indexes that nobody finished: what CONCURRENTLY leaves behind when it is interrupted.

Such an index is kept up to date by every write and used by no query, and CREATE INDEX … IF NOT EXISTS takes it for the
one that is wanted. One that a session builds right now is no remains, whoever's it is, nor one that belongs to a
constraint or a partitioned table.
"""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from threadly.core.database.migrating.waiting import Telling

_INVALID: Final = text(
    """
    SELECT format('%I.%I', n.nspname, c.relname) AS name, i.indrelid::regclass::text AS of_table
    FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE NOT i.indisvalid AND c.relkind = 'i' AND n.nspname = current_schema()
    AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = c.oid)
    AND NOT EXISTS (
        SELECT FROM pg_stat_progress_create_index p LEFT JOIN pg_locks l ON l.pid = p.pid AND l.granted
        WHERE p.datname = current_database()
        AND (p.index_relid = c.oid OR p.index_relid IS NULL AND l.relation = i.indrelid AND l.database = p.datid)
    )
    ORDER BY 1
    """
)
"""Which index it is that a session of another role builds is hidden from whoever is no monitor; not so its locks."""


async def unfinished(connection: AsyncConnection) -> Sequence[tuple[str, str]]:
    """Each unfinished index, as SQL names it, and its table."""
    return [(row.name, row.of_table) for row in await connection.execute(_INVALID)]


async def clear(connection: AsyncConnection, telling: Telling) -> None:
    """Takes them away, in nobody's way. The connection must be in no transaction, and is in none afterwards.

    Waits for locks for as long as the session does.
    """
    found = await unfinished(connection)
    await connection.commit()
    if not found:
        return
    await connection.execution_options(isolation_level="AUTOCOMMIT")
    try:
        for name, of_table in found:
            if not await _is_left(connection, name, of_table):
                continue
            telling.note(f"An interrupted run had left the index {name} on {of_table} unfinished; it is taken away.")
            drop = f"DROP INDEX CONCURRENTLY IF EXISTS {name}"
            await connection.exec_driver_sql(drop)  # habit: sql-is-constant - PostgreSQL has quoted the name
    finally:
        await connection.rollback()
        await connection.execution_options(isolation_level="READ COMMITTED")


async def _is_left(connection: AsyncConnection, name: str, of_table: str) -> bool:
    """Looks again while nobody can be building it, nor just have ended: who does has this lock of the table."""
    await connection.exec_driver_sql("BEGIN")
    try:
        lock = f"LOCK TABLE {of_table} IN SHARE UPDATE EXCLUSIVE MODE"
        await connection.exec_driver_sql(lock)  # habit: sql-is-constant - quoted
        return name in {left for left, _ in await unfinished(connection)}
    finally:
        await connection.exec_driver_sql("ROLLBACK")
