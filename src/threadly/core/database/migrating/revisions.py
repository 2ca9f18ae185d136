"""The revisions of a product, in their order, and which of them a database has."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, MetaData

from threadly.core.database.engine import Database
from threadly.core.database.migrating.errors import MigrationRefused
from threadly.core.database.migrating.failing import told_by_its_line

_ENVIRONMENT: Final = Path(__file__).parent / "environment"


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


async def status(db: Database, migrations: Migrations) -> Status:
    """Where the database is.

    Raises:
        MigrationRefused: At a revision that is not known; or the revisions have no order.
    """
    async with db.engine.connect() as connection:
        return await connection.run_sync(status_seen_by, migrations)


def status_seen_by(connection: Connection, migrations: Migrations) -> Status:
    """The same, within a transaction that is open."""
    current = MigrationContext.configure(connection).get_current_revision()
    return Status(current=current, missing=tuple(between(chain(migrations), current, "head")))


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
    return known[count(known, current) : count(known, revision)]


def count(known: Sequence[str], revision: str | None) -> int:
    """How many of them have run when this is the last.

    Raises:
        MigrationRefused: It is none of them.
    """
    if revision in {None, "base"}:
        return 0
    if revision == "head":
        return len(known)
    if revision not in known:
        raise MigrationRefused(
            f"The database is at revision {revision}, which this release does not know: it was migrated by a later one."
        )
    return known.index(revision) + 1
