"""What PostgreSQL knows of one database: sizes, dead rows, hits, what is asked most, who holds and who waits.

Guaranteed: it only looks, within one snapshot, and no value of a statement is in what it tells.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

import msgspec
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from threadly.core.database.engine import Database
from threadly.core.database.slow import fingerprint, redacted

_LONGEST_STATEMENT: Final = 2000
_LOCKED: Final = "55P03"

_WHOLE: Final = """
    SELECT current_database() AS name, current_setting('server_version') AS version,
        pg_database_size(current_database()) AS bytes,
        coalesce(stats_reset, (SELECT stats_reset FROM pg_stat_bgwriter)) AS since,
        round(100.0 * blks_hit / nullif(blks_hit + blks_read, 0), 2)::float AS cache_hit_percent,
        xact_commit AS commits, xact_rollback AS rollbacks, deadlocks, temp_bytes,
        (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend') AS connections,
        current_setting('max_connections')::int AS most_connections
    FROM pg_stat_database WHERE datname = current_database()
"""
_TABLES: Final = """
    SELECT s.relid::regclass::text AS name, s.n_live_tup AS rows, s.n_dead_tup AS dead_rows,
        {own} AS bytes, {indexes} AS index_bytes,
        coalesce(s.seq_scan, 0) AS sequential_scans, coalesce(s.idx_scan, 0) AS index_scans,
        greatest(s.last_vacuum, s.last_autovacuum) AS vacuumed_at,
        greatest(s.last_analyze, s.last_autoanalyze) AS analysed_at
    FROM pg_stat_user_tables s JOIN pg_class c ON c.oid = s.relid
    ORDER BY {own} + {indexes} DESC, 1 LIMIT :most
"""
_EXACT: Final = _TABLES.format(own="pg_table_size(s.relid)", indexes="pg_indexes_size(s.relid)")
_ABOUT: Final = _TABLES.format(
    own="""(c.relpages + coalesce((SELECT t.relpages FROM pg_class t WHERE t.oid = c.reltoastrelid), 0))
        * current_setting('block_size')::bigint""",
    indexes="""coalesce((SELECT sum(x.relpages) FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid
        WHERE i.indrelid = c.oid), 0)::bigint * current_setting('block_size')::bigint""",
)
"""As of the last VACUUM: to ask for the exact size waits for whoever keeps everybody out of the table."""
_STATEMENTS: Final = """
    SELECT query AS statement, calls, mean_exec_time AS mean_ms, total_exec_time / 1000 AS total_seconds,
        round((100 * total_exec_time / nullif(sum(total_exec_time) OVER (), 0))::numeric, 1)::float AS percent,
        rows
    FROM pg_stat_statements
    WHERE dbid = (SELECT oid FROM pg_database WHERE datname = current_database())
    ORDER BY total_exec_time DESC LIMIT :most
"""
_CONNECTIONS: Final = """
    SELECT coalesce(nullif(application_name, ''), '?') AS application, coalesce(state, '?') AS state,
        count(*) AS connections,
        coalesce(max(extract(epoch FROM clock_timestamp() - state_change)), 0)::float AS longest_seconds
    FROM pg_stat_activity
    WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()
    GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2
"""
_TRANSACTION: Final = """
    SELECT pid, coalesce(nullif(application_name, ''), '?') AS application, coalesce(state, '?') AS state,
        extract(epoch FROM clock_timestamp() - xact_start)::float AS seconds, query AS statement
    FROM pg_stat_activity
    WHERE datname = current_database() AND xact_start IS NOT NULL AND pid <> pg_backend_pid()
        AND backend_type = 'client backend'
    ORDER BY xact_start LIMIT 1
"""
_WAITING: Final = """
    SELECT pid, coalesce(nullif(application_name, ''), '?') AS application, pg_blocking_pids(pid) AS blocked_by,
        coalesce(extract(epoch FROM clock_timestamp() - (
            SELECT min(waitstart) FROM pg_locks WHERE pg_locks.pid = pg_stat_activity.pid AND NOT granted
        )), 0)::float AS seconds, query AS statement
    FROM pg_stat_activity
    WHERE datname = current_database() AND wait_event_type = 'Lock' ORDER BY 4 DESC LIMIT :most
"""
_SLOTS: Final = """
    SELECT slot_name::text AS name, active AS is_active, wal_status AS status,
        pg_wal_lsn_diff(
            CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() ELSE pg_current_wal_lsn() END, restart_lsn
        )::bigint AS kept_bytes
    FROM pg_replication_slots ORDER BY 4 DESC NULLS LAST, 1
"""


class Table(msgspec.Struct, frozen=True):
    """A table, as the collector of statistics sees it; rows are estimates."""

    name: str
    rows: int
    dead_rows: int
    bytes: int
    """With what is stored out of line; without its indexes."""
    index_bytes: int
    sequential_scans: int
    index_scans: int
    vacuumed_at: datetime | None
    analysed_at: datetime | None


class Asked(msgspec.Struct, frozen=True):
    """One kind of statement, as pg_stat_statements has seen it."""

    statement: str
    """Without values."""
    fingerprint: str
    """As in the log of slow statements."""
    calls: int
    mean_ms: float
    total_seconds: float
    percent: float
    """Of all time that PostgreSQL spent on statements of this database."""
    rows: int


class Connections(msgspec.Struct, frozen=True):
    """Those of one application in one state."""

    application: str
    state: str
    connections: int
    longest_seconds: float
    """In this state."""


class Transaction(msgspec.Struct, frozen=True):
    """One that is open."""

    pid: int
    application: str
    state: str
    seconds: float
    statement: str
    """Its last, without values."""


class Waiting(msgspec.Struct, frozen=True):
    """Who waits for a lock."""

    pid: int
    application: str
    blocked_by: list[int]
    seconds: float
    statement: str
    """Without values."""


class Slot(msgspec.Struct, frozen=True):
    """A replication slot: what a replica has yet to fetch is kept for it, without end if it never comes."""

    name: str
    is_active: bool
    status: str | None
    kept_bytes: int | None


class Statistics(msgspec.Struct, frozen=True):
    """What was found."""

    name: str
    version: str
    bytes: int
    since: datetime | None
    """Since when it has been counted."""
    cache_hit_percent: float | None
    """Of pages that were asked for; None: none was. What the operating system had in memory counts as a miss."""
    commits: int
    rollbacks: int
    deadlocks: int
    temp_bytes: int
    """Written by sorts and hashes that did not fit into work_mem."""
    connections: int
    """Of the whole server."""
    most_connections: int
    tables: Sequence[Table]
    """The largest."""
    statements: Sequence[Asked] | None
    """Those that took most time in all."""
    no_statements: str | None
    """Why there are none."""
    connected: Sequence[Connections]
    longest_transaction: Transaction | None
    waiting: Sequence[Waiting]
    slots: Sequence[Slot]


async def statistics(db: Database, *, most: int = 20) -> Statistics:
    """Asks for all of it; up to so many of each kind."""
    async with db.engine.connect() as connection:
        whole = (await connection.execute(text(_WHOLE))).mappings().one()
        statements, why = await asked(connection, most=most)
        return Statistics(
            **whole,
            tables=await _tables(connection, most),
            statements=statements,
            no_statements=why,
            connected=[Connections(**row) for row in await _rows(connection, _CONNECTIONS)],
            longest_transaction=next((Transaction(**row) for row in await _rows(connection, _TRANSACTION)), None),
            waiting=[Waiting(**row) for row in await _rows(connection, _WAITING, most=most)],
            slots=[Slot(**row) for row in await _rows(connection, _SLOTS)],
        )


async def asked(connection: AsyncConnection, *, most: int) -> tuple[Sequence[Asked] | None, str | None]:
    """Those kinds of statements that took most time in all; or why nobody knows."""
    if await connection.scalar(text("SELECT to_regclass('pg_stat_statements')")) is None:
        return None, "pg_stat_statements is not there: CREATE EXTENSION pg_stat_statements"
    try:
        async with connection.begin_nested():
            rows = await _rows(connection, _STATEMENTS, most=most)
    except DBAPIError:  # as where it is no more in shared_preload_libraries
        return None, "pg_stat_statements does not answer: is it in shared_preload_libraries, and may we read it?"
    return [Asked(**row, fingerprint=fingerprint(row["statement"])) for row in rows], None


async def _tables(connection: AsyncConnection, most: int) -> list[Table]:
    try:
        async with connection.begin_nested():
            await connection.execute(text("SET LOCAL lock_timeout = '50ms'"))
            rows = await _rows(connection, _EXACT, most=most)
    except DBAPIError as refusal:
        if getattr(refusal.orig, "sqlstate", None) != _LOCKED:
            raise
        rows = await _rows(connection, _ABOUT, most=most)
    return [Table(**row) for row in rows]


async def _rows(connection: AsyncConnection, sql: str, **values: object) -> list[dict[str, Any]]:
    found = [dict(row) for row in (await connection.execute(text(sql), values)).mappings()]
    for row in found:
        if (statement := row.get("statement")) is not None:
            row["statement"] = redacted(statement)[:_LONGEST_STATEMENT]
    return found
