"""Moves a database's schema from one release to another, with Alembic.

Guaranteed: one migration at a time per database, by an advisory lock; each revision in a transaction of its own, under
a lock timeout; a database that cannot compare text in every language is refused before anything changes.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, MetaData, text
from sqlalchemy.ext.asyncio import AsyncConnection

from threadly.core.database.engine import Database

_LOCK: Final = 0x7468_7265_6164  # "thread": any number that nobody else uses in this database
_LOCK_POLLS: Final = 300
_LOCK_POLL_SECONDS: Final = 0.1


class MigrationRefused(Exception):
    """The database cannot be migrated as it is; the message says why, and what to do."""

    code = "migration_refused"


@dataclass(frozen=True, slots=True)
class Migrations:
    """Where a product keeps its revisions (a folder with Alembic's `env.py`), and the tables they lead to."""

    folder: Path
    metadata: MetaData

    def config(self, connection: Connection | None = None) -> Config:
        """Alembic's view of this; `env.py` finds `connection` and `metadata` in its attributes."""
        config = Config()
        config.set_main_option("script_location", str(self.folder).replace("%", "%%"))
        config.attributes["connection"] = connection
        config.attributes["metadata"] = self.metadata
        return config


@dataclass(frozen=True, slots=True)
class Status:
    """Which revision a database is at, and which are missing, in the order in which they would run."""

    current: str | None
    missing: tuple[str, ...]


async def upgrade(db: Database, migrations: Migrations, revision: str = "head") -> Status:
    """Runs what is missing up to `revision`; returns where the database is then.

    Raises:
        MigrationRefused: No such revision, the database's character type is C, or another migration does not end.
    """
    return await _alone(db, migrations, command.upgrade, revision)


async def downgrade(db: Database, migrations: Migrations, revision: str) -> Status:
    """Takes revisions back until `revision` is the last that remains; `base` takes back all.

    Raises:
        MigrationRefused: As for `upgrade`; or the revision has not run yet.
    """
    return await _alone(db, migrations, command.downgrade, revision)


async def status(db: Database, migrations: Migrations) -> Status:
    """Where the database is."""
    async with db.engine.connect() as connection:
        return await connection.run_sync(_status, migrations)


async def _alone(db: Database, migrations: Migrations, move: Callable[[Config, str], None], revision: str) -> Status:
    refuse_unknown(migrations, revision)
    autocommit = db.engine.execution_options(isolation_level="AUTOCOMMIT")
    async with autocommit.connect() as guard:  # in no transaction, so that it blocks nothing that the revisions do
        await _locked(guard)
        try:
            await _fit(guard)
            async with db.unhurried.connect() as connection:
                await connection.execute(text("SET lock_timeout = '5s'"))
                await connection.commit()
                await connection.run_sync(lambda sync: move(migrations.config(sync), revision))
                await connection.commit()
                return await connection.run_sync(_status, migrations)
        except CommandError as refusal:
            raise MigrationRefused(f"{refusal}.") from None
        finally:
            await guard.execute(text("SELECT pg_advisory_unlock(:lock)"), {"lock": _LOCK})


def refuse_unknown(migrations: Migrations, revision: str) -> None:
    """Returns if there is such a revision.

    Raises:
        MigrationRefused: There is not.
    """
    scripts = ScriptDirectory.from_config(migrations.config())
    known = [script.revision for script in scripts.walk_revisions()][::-1]
    if revision not in {*known, "head", "base"}:
        raise MigrationRefused(f"There is no revision {revision}; there are {', '.join(known)}.")


async def _locked(guard: AsyncConnection) -> None:
    for _ in range(_LOCK_POLLS):
        if await guard.scalar(text("SELECT pg_try_advisory_lock(:lock)"), {"lock": _LOCK}):
            return
        await asyncio.sleep(_LOCK_POLL_SECONDS)
    raise MigrationRefused(
        "Another migration of this database has been running for half a minute. Try again when it ends."
    )


async def _fit(guard: AsyncConnection) -> None:
    # Two settings, and both can be C: `lower` follows the collation provider, trigrams follow the character type.
    ctype = await guard.scalar(text("SELECT datctype FROM pg_database WHERE datname = current_database()"))
    lower = await guard.scalar(text("SELECT lower('РОКЛЯ É')"))
    if ctype in {"C", "POSIX"} or lower != "рокля é":
        raise MigrationRefused(
            f"This database knows the letters of English only (its character type is {ctype}), so searches in other "
            "languages would silently find nothing. Create it anew with a Unicode locale, for instance: "
            "CREATE DATABASE threadly TEMPLATE template0 ENCODING 'UTF8' "
            "LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8' LOCALE 'C.UTF-8';"
        )


def _status(connection: Connection, migrations: Migrations) -> Status:
    current = MigrationContext.configure(connection).get_current_revision()
    scripts = ScriptDirectory.from_config(migrations.config())
    missing = [script.revision for script in scripts.iterate_revisions("head", current or "base")]
    return Status(current=current, missing=tuple(reversed(missing)))
