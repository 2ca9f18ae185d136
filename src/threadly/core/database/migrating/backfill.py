"""Fills rows that exist already, a thousand at a time, while people use the table. For revisions:

    def upgrade() -> None:
        op.execute("ALTER TABLE listings ADD COLUMN IF NOT EXISTS slug text")
        backfill("listings", "slug = lower(title)", where="slug IS NULL")

What stands before it is committed before its first batch, and runs again if that is interrupted: IF NOT EXISTS.

Each batch is a transaction of its own, by the order of the primary key. It pauses where somebody else has one of its
rows, and while a replica is behind. Interrupted anywhere, it goes on where it was, since what is filled is no longer
what `where` asks for; a change that does not make `where` false is refused before anything stays changed.

Not guaranteed: that it ends while an older release goes on writing rows that have to be filled; first ship the release
that fills them itself. That replicas are spared needs a role that may look at them (`pg_monitor`).
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final

from alembic import op
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.util import await_only

from threadly.core.database.hazards import IN_BATCHES
from threadly.core.database.migrating.errors import MigrationRefused
from threadly.core.database.migrating.waiting import TO_LOG, Patience, Telling, lock_timeout

_IN_THE_WAY: Final = {"55P03", "40P01"}  # lock_not_available, deadlock_detected
_LOCK: Final = timedelta(seconds=0.5)
"""Shorter than PostgreSQL's deadlock_timeout: of two who wait for each other, we are the one that gives way."""
_PASSES: Final = 5
_USUAL: Final = Patience()
_KEY: Final = """
    SELECT quote_ident(a.attname), format_type(a.atttypid, a.atttypmod)
    FROM pg_index i
    CROSS JOIN unnest(i.indkey::int[]) WITH ORDINALITY AS k (number, place)
    JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.number
    WHERE i.indrelid = to_regclass($1) AND i.indisprimary
    ORDER BY k.place
"""
_BEHIND: Final = """
    SELECT application_name, pg_wal_lsn_diff(pg_current_wal_insert_lsn(), replay_lsn)::bigint,
        pg_has_role('pg_read_all_stats', 'USAGE')
    FROM pg_stat_replication WHERE state IN ('streaming', 'catchup') OR state IS NULL ORDER BY 2 DESC NULLS LAST LIMIT 1
"""
"""Inserted, not written: without synchronous_commit, a batch is committed before it is written. One that was away, and
is being sent what it missed, is in catchup; what takes a copy is neither. A role that may not look is shown nothing but
names."""


def backfill(table: str, change: str, *, where: str, rows: int = 1000) -> None:
    """Changes all rows of `table` that `where` asks for. Ends the revision's transaction, and begins one after it.

    Args:
        table: Its name, as SQL writes it; it has a primary key.
        change: As after SET.
        where: Which rows are still to be changed: must be false of a row that is.
        rows: In each batch.

    Raises:
        MigrationRefused: A row that is changed would be changed again; somebody keeps rows, or a replica stays behind,
            for longer than we wait; or rows that are to be changed keep coming.
    """
    context = op.get_context()
    with context.autocommit_block():
        if context.as_sql:
            whole = f"UPDATE {IN_BATCHES} {table} SET {change} WHERE ({where})"  # noqa: S608  it is the revision's own
            op.execute(whole)  # habit: sql-is-constant - it is the revision's own
            return
        told = context.config.attributes if context.config is not None else {}
        connection: Connection = op.get_bind()
        key = [(name, of) for name, of in connection.exec_driver_sql(_KEY, (table,))]
        if not key:
            raise MigrationRefused(f"{table} cannot be filled in batches: it has no primary key.")
        patience = told.get("patience", _USUAL)
        filling = _Filling(connection, table, change, where, rows, key, told.get("telling", TO_LOG), patience)
        connection.exec_driver_sql(lock_timeout(_LOCK))
        try:
            filling.fill()
        finally:
            connection.exec_driver_sql(lock_timeout(patience.lock))


@dataclass(slots=True)
class _Filling:
    """One backfill under way."""

    connection: Connection
    table: str
    change: str
    where: str
    rows: int
    key: Sequence[tuple[str, str]]
    """Names and types of the columns of the primary key."""
    telling: Telling
    patience: Patience
    done: int = 0
    last: tuple[str, ...] | None = None
    """The greatest key that is done, as text."""
    told: set[str] = field(default_factory=set)

    def fill(self) -> None:
        self.telling.doing(f"filling {self.table}")
        self._refuse_endless()
        for _ in range(_PASSES):
            if not (total := self._left()):
                return
            self.last, total = None, self.done + total
            while self._batch(self.rows):
                self.telling.advance(min(self.done, total), total)
                self._spare_replicas()
        if left := self._left():
            raise MigrationRefused(
                f"{left:,} rows of {self.table} are still to be filled, though all were, {_PASSES} times: somebody "
                f"writes such rows. First let the release run that fills them itself; then run this again."
            )

    def _left(self) -> int:
        count = f"SELECT count(*) FROM {self.table} WHERE {self.where}"  # noqa: S608  it is the revision's own
        return int(self.connection.exec_driver_sql(count).scalar_one())  # habit: sql-is-constant - the revision's

    def _refuse_endless(self) -> None:
        """Changes one row, looks whether it would be changed again, and undoes it."""
        self.connection.exec_driver_sql("BEGIN")
        try:
            self._batch(1)
        finally:
            self.connection.exec_driver_sql("ROLLBACK")
            self.done, self.last = 0, None

    def _batch(self, rows: int) -> bool:
        """Changes so many; False if none is left."""
        statement, values = self._statement(rows), self.last or ()
        found = self._patiently(statement, values)
        if found is None:
            return False
        changed, again, *last = found
        if again:
            raise MigrationRefused(
                f"The change of {self.table} leaves “{self.where}” true, so it would be done again after each "
                "interruption. Let it ask for what is still to be changed, for instance by a new column that is NULL."
            )
        self.done += changed
        self.last = tuple(last)
        return True

    def _patiently(self, statement: str, values: tuple[str, ...]) -> Sequence[Any] | None:
        for attempt in range(1, self.patience.attempts + 1):
            try:
                return self.connection.exec_driver_sql(statement, values).first()
            except DBAPIError as refusal:
                if getattr(refusal.orig, "sqlstate", None) not in _IN_THE_WAY or self.connection.invalidated:
                    raise
            self._tell_once(
                f"Somebody else has rows of {self.table} that are to be filled: pausing until they are free."
            )
            await_only(asyncio.sleep(self.patience.pause(attempt)))
        raise MigrationRefused(
            f"Rows of {self.table} were kept by somebody else for too long. {self.done:,} are filled; run it again, "
            "and it goes on from there."
        )

    def _statement(self, rows: int) -> str:
        names = ", ".join(name for name, _ in self.key)
        after = ""
        if self.last is not None:
            bounds = ", ".join(f"CAST(CAST(${at} AS text) AS {of})" for at, (_, of) in enumerate(self.key, 1))
            after = f" AND ({names}) > ({bounds})"
        texts = ", ".join(f"CAST({name} AS text)" for name, _ in self.key)
        backwards = ", ".join(f"{name} DESC" for name, _ in self.key)
        return f"""
            WITH batch AS MATERIALIZED (
                SELECT {names} FROM {self.table} WHERE ({self.where}){after}
                ORDER BY {names} LIMIT {rows} FOR NO KEY UPDATE
            ), changed AS (
                UPDATE {self.table} SET {self.change}
                WHERE ({names}) IN (SELECT {names} FROM batch) AND ({self.where})
                RETURNING ({self.where}) IS TRUE AS again
            )
            SELECT (SELECT count(*) FROM changed), (SELECT count(*) FROM changed WHERE again), {texts}
            FROM batch ORDER BY {backwards} LIMIT 1
        """  # noqa: S608  it is the revision's own

    def _spare_replicas(self) -> None:
        waited = 0.0
        while (behind := self.connection.exec_driver_sql(_BEHIND).first()) is not None:
            name, size, is_visible = behind
            if size is None and not is_visible:
                self._tell_once("How far replicas are is hidden from this role, so none is spared: GRANT pg_monitor.")
            if size is None or size <= self.patience.replica_bytes:
                return
            if waited > self.patience.replica_wait.total_seconds():
                raise MigrationRefused(
                    f"The replica {name} has been behind for too long. {self.done:,} rows of {self.table} are filled; "
                    "run it again when the replica has caught up, and it goes on from there."
                )
            self._tell_once(f"The replica {name} is {size // 1024**2:,} MiB behind: pausing until it has caught up.")
            pause = self.patience.first_pause.total_seconds()
            await_only(asyncio.sleep(pause))
            waited += pause

    def _tell_once(self, sentence: str) -> None:
        if (about := sentence.partition(" is ")[0]) not in self.told:
            self.told.add(about)
            self.telling.note(sentence)
