"""Moves a database's schema from one release to another, with Alembic.

Guaranteed: one migration at a time per database, by an advisory lock of the session that does it, which ends when that
session ends, and not before; each revision in a transaction of its own. A statement that waits for a lock gives up
after a second, so that nobody waits behind it for longer, and its revision is tried again, a bounded number of times.
Killed anywhere, the next run leads to the same schema: a revision that was under way runs again, and indexes that
nobody finished are taken away first. A database that cannot compare text in every language is refused untouched, and so
is an upgrade that would hurt whoever uses it meanwhile, as `planning` knows.

Not guaranteed: that of a revision which leaves its transaction (`autocommit_block`, `backfill`), unless each statement
that is committed before its end can be run twice; `planning` refuses those that cannot.
"""

from collections.abc import Sequence
from typing import Final

from alembic import command

from threadly.core.database.engine import Database
from threadly.core.database.migrating.errors import MigrationRefused, MigrationsHurt
from threadly.core.database.migrating.moving import Steps, alone
from threadly.core.database.migrating.releases import refuse_while_connected
from threadly.core.database.migrating.revisions import (
    Migrations,
    Status,
    between,
    chain,
    count,
    refuse_unknown,
    status,
)
from threadly.core.database.migrating.waiting import TO_LOG, Patience, Telling
from threadly.core.database.planning import plan, refuse_hurting

__all__ = [
    "MigrationRefused",
    "Migrations",
    "MigrationsHurt",
    "Status",
    "between",
    "chain",
    "downgrade",
    "refuse_connected",
    "refuse_unknown",
    "status",
    "upgrade",
]

_USUAL: Final = Patience()


async def upgrade(
    db: Database,
    migrations: Migrations,
    revision: str = "head",
    *,
    anyway: bool = False,
    telling: Telling = TO_LOG,
    patience: Patience = _USUAL,
) -> Status:
    """Runs what is missing up to `revision`; returns where the database is then.

    Args:
        anyway: Also what would keep people waiting, or break the release that still runs: while nobody is there.

    Raises:
        MigrationsHurt: It would. None has run.
        MigrationRefused: No such revision, the database's character type is C, another migration does not end, or
            a revision fails, waits for longer than `patience`, or takes away what a release still uses that is
            connected. Those before it have run. No value of a row is told.
    """

    def steps(known: Sequence[str], current: str | None) -> Steps:
        return [(each, each) for each in between(known, current, revision)]

    async with alone(db, migrations, revision, telling, patience) as mover:
        if not anyway:
            refuse_hurting(await plan(db, migrations, revision))
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
        last, first = count(known, revision), count(known, current)
        if last > first:
            raise MigrationRefused(f"{revision} is not a valid downgrade target: it has not run.")
        return [(known[at], known[at - 1] if at else "base") for at in reversed(range(last, first))]

    async with alone(db, migrations, revision, telling, patience) as mover:
        return await mover.move(command.downgrade, steps, is_up=False, anyway=anyway)


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
