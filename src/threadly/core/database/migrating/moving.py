"""Moves one revision after another, by a session that has the lock of its database to itself."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from functools import partial
from typing import Final, TypeAlias

from alembic.config import Config
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection

from threadly.core.database.engine import Database
from threadly.core.database.migrating.errors import MigrationRefused
from threadly.core.database.migrating.failing import reason, told_by_its_line
from threadly.core.database.migrating.releases import first_without, refuse_while_connected, refuse_while_used
from threadly.core.database.migrating.remains import clear
from threadly.core.database.migrating.revisions import Migrations, Status, chain, refuse_unknown, status_seen_by
from threadly.core.database.migrating.waiting import (
    Patience,
    Telling,
    Watch,
    listen_for_concurrently,
    set_lock_timeout,
    watched,
)

_LOCK: Final = 0x7468_7265_6164  # "thread": any number that nobody else uses in this database
_LOCK_POLLS: Final = 300
_LOCK_POLL_SECONDS: Final = 0.1
_LOCKED_BY: Final = """
    SELECT pid FROM pg_locks
    WHERE locktype = 'advisory' AND objsubid = 1 AND granted AND (classid::bigint << 32) + objid::bigint = :lock
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""
_IN_THE_WAY: Final = {"55P03", "40P01"}  # lock_not_available, deadlock_detected

Steps: TypeAlias = Sequence[tuple[str, str]]
"""Revisions to move, each with what to ask of Alembic for it."""


@dataclass(frozen=True, slots=True)
class Mover:
    """Moves one revision after another, by a session that has the lock."""

    migrations: Migrations
    connection: AsyncConnection
    telling: Telling
    patience: Patience
    watch: Watch

    async def move(
        self,
        does: Callable[[Config, str], None],
        steps: Callable[[Sequence[str], str | None], Steps],
        *,
        is_up: bool,
        anyway: bool = False,
    ) -> Status:
        """Returns where the database is then."""
        scripts = ScriptDirectory.from_config(self.migrations.config())
        now = (await self.connection.run_sync(status_seen_by, self.migrations)).current
        await self.connection.commit()
        before = ""
        for revision, asked in steps(chain(self.migrations), now):
            script = scripts.get_revision(revision)
            if is_up and (first := first_without(script.module)):
                await refuse_while_used(self.connection, self.migrations.product, revision, first, before)
            if not is_up and not anyway:
                await refuse_while_connected(self.connection, self.migrations.product, revision)
            self.telling.doing(f"{revision} {script.doc}")
            await self._patiently(revision, partial(self._ask, does, asked), before)
            before = "Those before it have run. " if is_up else "Those after it are taken back. "
        return await self.connection.run_sync(status_seen_by, self.migrations)

    def _ask(self, does: Callable[[Config, str], None], asked: str, connection: Connection) -> None:
        config = self.migrations.config(connection)
        config.attributes.update(telling=self.telling, patience=self.patience)
        with told_by_its_line(self.migrations.folder):
            does(config, asked)

    async def _patiently(self, revision: str, move: Callable[[Connection], None], before: str) -> None:
        for attempt in range(1, self.patience.attempts + 1):
            try:
                await set_lock_timeout(self.connection, self.patience)
                await clear(self.connection, self.telling)
                await self.connection.run_sync(move)
                await self.connection.commit()
            except SQLAlchemyError as refusal:
                await self._recover(revision, refusal)
                if getattr(getattr(refusal, "orig", None), "sqlstate", None) not in _IN_THE_WAY:
                    raise _failed(revision, refusal, before) from refusal
            else:
                return
            if attempt < self.patience.attempts:
                pause = self.patience.pause(attempt)
                self.telling.note(
                    f"{revision} let others through; it tries again in {pause:.1f} s "
                    f"({attempt} of {self.patience.attempts} attempts)."
                )
                await asyncio.sleep(pause)
        raise MigrationRefused(
            f"{revision} has not run: it waited {self.patience.attempts} times for {self.watch.last}, each time for "
            f"{self.patience.lock.total_seconds():g} s and no longer, since others wait behind it. {before}"
            "Try again when that has ended, or end it: SELECT pg_terminate_backend(…)."
        )

    async def _recover(self, revision: str, refusal: SQLAlchemyError) -> None:
        """Leaves nothing half done; what a lost connection leaves is for the next run."""
        if self.connection.invalidated:
            raise MigrationRefused(
                f"The connection to PostgreSQL was lost while {revision} ran. Run it again: it goes on from there."
            ) from refusal
        await self.connection.rollback()
        with suppress(SQLAlchemyError):  # it will be tried again, before the next attempt or in the next run
            await set_lock_timeout(self.connection, self.patience)
            await clear(self.connection, self.telling)


@asynccontextmanager
async def alone(
    db: Database, migrations: Migrations, revision: str, telling: Telling, patience: Patience
) -> AsyncIterator[Mover]:
    """What moves revisions of this database, while nobody else does.

    Raises:
        MigrationRefused: No such revision, the database is not fit for any, or another migration does not end.
    """
    refuse_unknown(migrations, revision)
    async with db.unhurried.connect() as connection:
        await _locked(connection, telling)
        try:
            await _fit(connection)
            await connection.run_sync(listen_for_concurrently, patience)
            async with watched(db, connection, telling) as watch:
                yield Mover(migrations, connection, telling, patience, watch)
        except CommandError as refusal:
            raise MigrationRefused(f"{refusal}.") from None
        finally:
            if not connection.invalidated:  # where the session is lost, so is its lock
                await connection.rollback()
                await connection.execute(text("SELECT pg_advisory_unlock(:lock)"), {"lock": _LOCK})
                await connection.commit()


async def _locked(connection: AsyncConnection, telling: Telling) -> None:
    for poll in range(_LOCK_POLLS):
        has_it = await connection.scalar(text("SELECT pg_try_advisory_lock(:lock)"), {"lock": _LOCK})
        other = None if has_it or poll else await connection.scalar(text(_LOCKED_BY), {"lock": _LOCK})
        await connection.commit()  # in a transaction it would block what the other does CONCURRENTLY
        if has_it:
            return
        if other is not None:
            telling.note(f"Another migration is running (session {other}): waiting for its end.")
        await asyncio.sleep(_LOCK_POLL_SECONDS)
    raise MigrationRefused(
        "Another migration of this database has been running for half a minute. Try again when it ends."
    )


async def _fit(connection: AsyncConnection) -> None:
    # Two settings, and both can be C: `lower` follows the collation provider, trigrams follow the character type.
    ctype = await connection.scalar(text("SELECT datctype FROM pg_database WHERE datname = current_database()"))
    lower = await connection.scalar(text("SELECT lower('РОКЛЯ É')"))
    await connection.commit()
    if ctype in {"C", "POSIX"} or lower != "рокля é":
        raise MigrationRefused(
            f"This database knows the letters of English only (its character type is {ctype}), so searches in other "
            "languages would silently find nothing. Create it anew with a Unicode locale, for instance: "
            "CREATE DATABASE threadly TEMPLATE template0 ENCODING 'UTF8' "
            "LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8' LOCALE 'C.UTF-8';"
        )


def _failed(revision: str, refusal: SQLAlchemyError, before: str) -> MigrationRefused:
    return MigrationRefused(
        f"{revision} failed: {reason(refusal)}\n{before}What it had changed within a transaction is undone."
    )
