"""Moves a database's schema from one release to another, with Alembic.

Guaranteed: one migration at a time per database, by an advisory lock of the session that does it, which ends when that
session ends, and not before; each revision in a transaction of its own. A statement that waits for a lock gives up
after a second, so that nobody waits behind it for longer, and its revision is tried again, a bounded number of times.
Killed anywhere, the next run leads to the same schema: a revision that was under way runs again, and indexes that
nobody finished are taken away first. A database that cannot compare text in every language is refused untouched.

Not guaranteed: that of a revision which leaves its transaction (`autocommit_block`, `backfill`), unless each statement
that is committed before its end can be run twice; `planning` refuses those that cannot.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final, TypeAlias

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, MetaData, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection

from threadly.core.database.engine import Database
from threadly.core.database.migrating.errors import MigrationRefused
from threadly.core.database.migrating.failing import reason, told_by_its_line
from threadly.core.database.migrating.releases import first_without, refuse_while_connected, refuse_while_used
from threadly.core.database.migrating.remains import clear
from threadly.core.database.migrating.waiting import (
    TO_LOG,
    Patience,
    Telling,
    Watch,
    listen_for_concurrently,
    set_lock_timeout,
    watched,
)

__all__ = [
    "MigrationRefused",
    "Migrations",
    "Status",
    "between",
    "chain",
    "downgrade",
    "refuse_connected",
    "refuse_unknown",
    "status",
    "upgrade",
]

_LOCK: Final = 0x7468_7265_6164  # "thread": any number that nobody else uses in this database
_LOCK_POLLS: Final = 300
_LOCK_POLL_SECONDS: Final = 0.1
_LOCKED_BY: Final = """
    SELECT pid FROM pg_locks
    WHERE locktype = 'advisory' AND objsubid = 1 AND granted AND (classid::bigint << 32) + objid::bigint = :lock
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""
_IN_THE_WAY: Final = {"55P03", "40P01"}  # lock_not_available, deadlock_detected
_USUAL: Final = Patience()
_ENVIRONMENT: Final = Path(__file__).parent / "migrating" / "environment"


@dataclass(frozen=True, slots=True)
class Migrations:
    """Where a product keeps its revisions (`folder/versions`), and the tables they lead to.

    A folder with an `env.py` of its own has Alembic run that one.
    """

    folder: Path
    metadata: MetaData
    product: str = ""
    """How sessions of its processes call themselves (`releases.session_name`)."""

    def config(self, connection: Connection | None = None) -> Config:
        """Alembic's view of this; `env.py` finds `connection` and `metadata` in its attributes."""
        config = Config()
        scripts = self.folder if (self.folder / "env.py").exists() else _ENVIRONMENT
        config.set_main_option("script_location", str(scripts).replace("%", "%%"))
        config.set_main_option("version_locations", str(self.folder / "versions").replace("%", "%%"))
        config.set_main_option("path_separator", "newline")  # for there is one, whose name may hold any other
        config.attributes["connection"] = connection
        config.attributes["metadata"] = self.metadata
        return config


@dataclass(frozen=True, slots=True)
class Status:
    """Which revision a database is at, and which are missing, in the order in which they would run."""

    current: str | None
    missing: tuple[str, ...]


Steps: TypeAlias = Sequence[tuple[str, str]]
"""Revisions to move, each with what to ask of Alembic for it."""


async def upgrade(
    db: Database,
    migrations: Migrations,
    revision: str = "head",
    *,
    telling: Telling = TO_LOG,
    patience: Patience = _USUAL,
) -> Status:
    """Runs what is missing up to `revision`; returns where the database is then.

    Raises:
        MigrationRefused: No such revision, the database's character type is C, another migration does not end, or
            a revision fails, waits for longer than `patience`, or takes away what a release still uses that is
            connected. Those before it have run. No value of a row is told.
    """

    def steps(known: Sequence[str], current: str | None) -> Steps:
        return [(each, each) for each in between(known, current, revision)]

    async with _alone(db, migrations, revision, telling, patience) as mover:
        return await mover.move(command.upgrade, steps, is_up=True)


async def downgrade(
    db: Database,
    migrations: Migrations,
    revision: str,
    *,
    anyway: bool = False,
    telling: Telling = TO_LOG,
    patience: Patience = _USUAL,
) -> Status:
    """Takes revisions back until `revision` is the last that remains; `base` takes back all.

    Args:
        anyway: Also while processes of the product are connected, which may miss what goes.

    Raises:
        MigrationRefused: As for `upgrade`; or the revision has not run yet, or such processes are connected.
    """

    def steps(known: Sequence[str], current: str | None) -> Steps:
        last, first = _count(known, revision), _count(known, current)
        if last > first:
            raise MigrationRefused(f"{revision} is not a valid downgrade target: it has not run.")
        return [(known[at], known[at - 1] if at else "base") for at in reversed(range(last, first))]

    async with _alone(db, migrations, revision, telling, patience) as mover:
        return await mover.move(command.downgrade, steps, is_up=False, anyway=anyway)


async def status(db: Database, migrations: Migrations) -> Status:
    """Where the database is.

    Raises:
        MigrationRefused: At a revision that is not known; or the revisions have no order.
    """
    async with db.engine.connect() as connection:
        return await connection.run_sync(_status, migrations)


async def refuse_connected(db: Database, migrations: Migrations, revision: str) -> None:
    """Returns if a downgrade to `revision` would take nothing back, or nobody is connected who may need that.

    Raises:
        MigrationRefused: Somebody is; or there is no such revision.
    """
    refuse_unknown(migrations, revision)
    now = (await status(db, migrations)).current
    if back := between(chain(migrations), revision, now or "base"):
        async with db.engine.connect() as connection:
            await refuse_while_connected(connection, migrations.product, back[-1])


def refuse_unknown(migrations: Migrations, revision: str) -> None:
    """Returns if there is such a revision.

    Raises:
        MigrationRefused: There is not.
    """
    known = chain(migrations)
    if revision not in {*known, "head", "base"}:
        raise MigrationRefused(f"There is no revision {revision}; there are {', '.join(known)}.")


def chain(migrations: Migrations) -> Sequence[str]:
    """Every revision, in the order in which they run.

    Raises:
        MigrationRefused: They have no order: two follow the same one; or one is no Python that can be loaded.
    """
    scripts = ScriptDirectory.from_config(migrations.config())
    with told_by_its_line(migrations.folder):
        heads = sorted(scripts.get_heads())
    if len(heads) > 1:
        raise MigrationRefused(
            f"The revisions {' and '.join(heads)} are both the last: they were written at the same time. "
            "Let one of them follow the other, by its down_revision."
        )
    return [script.revision for script in scripts.walk_revisions()][::-1]


def between(known: Sequence[str], current: str | None, revision: str) -> Sequence[str]:
    """Those of `known` that an upgrade to `revision` would run; none where the database is beyond it.

    Raises:
        MigrationRefused: The database is at a revision that is not known.
    """
    return known[_count(known, current) : _count(known, revision)]


@dataclass(frozen=True, slots=True)
class _Mover:
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
        now = (await self.connection.run_sync(_status, self.migrations)).current
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
        return await self.connection.run_sync(_status, self.migrations)

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
async def _alone(
    db: Database, migrations: Migrations, revision: str, telling: Telling, patience: Patience
) -> AsyncIterator[_Mover]:
    refuse_unknown(migrations, revision)
    async with db.unhurried.connect() as connection:
        await _locked(connection, telling)
        try:
            await _fit(connection)
            await connection.run_sync(listen_for_concurrently, patience)
            async with watched(db, connection, telling) as watch:
                yield _Mover(migrations, connection, telling, patience, watch)
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


def _count(known: Sequence[str], revision: str | None) -> int:
    """How many have run when this is the last."""
    if revision in {None, "base"}:
        return 0
    if revision == "head":
        return len(known)
    if revision not in known:
        raise MigrationRefused(
            f"The database is at revision {revision}, which this release does not know: it was migrated by a later one."
        )
    return known.index(revision) + 1


def _status(connection: Connection, migrations: Migrations) -> Status:
    current = MigrationContext.configure(connection).get_current_revision()
    return Status(current=current, missing=tuple(between(chain(migrations), current, "head")))
