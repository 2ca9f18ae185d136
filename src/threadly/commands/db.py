"""`threadly db plan | upgrade | downgrade | status`."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated

from cyclopts import App, Parameter

from threadly.commands import catalogue
from threadly.commands.installation import database
from threadly.commands.observation import advice, stats
from threadly.commands.plans import refuse_hurting, tell_plan
from threadly.commands.terminal import Steps, console
from threadly.core.database import Database, migrate, planning
from threadly.migrations import MIGRATIONS
from threadly.settings import database_from_environment, site_from_environment

db = App(
    name="db",
    help_epilogue="",
    help="Bring the database to another release, or see where it is and how it does.",
    help_format="markdown",
)

db.command(stats)
db.command(advice, name="advise")


@db.command
async def plan(
    revision: Annotated[str, Parameter(show_default=False)] = "head",
    *,
    sql: Annotated[bool, Parameter(negative=())] = False,
) -> int:
    """Say what an upgrade would run, and whom it would hurt. Changes nothing; exits with 2 if it would be refused.

    Example: `threadly db plan --sql`

    Parameters
    ----------
    revision
        The last revision to look at; all, if not said.
    sql
        Print the statements as well.
    """
    async with _database() as target:
        found = await planning.plan(target, MIGRATIONS, revision)
    return tell_plan(found, console(), sql=sql)


@db.command
async def upgrade(
    revision: Annotated[str, Parameter(show_default=False)] = "head",
    *,
    anyway: Annotated[bool, Parameter(negative=())] = False,
) -> None:
    """Run the migrations that are missing, then bring the catalogue in. Run again, it finds nothing to do.

    What would keep people waiting, or break the release that still runs, is refused before anything has run.

    Example: `threadly db upgrade`

    Parameters
    ----------
    revision
        The last revision to run; all, if not said.
    anyway
        Run also what `threadly db plan` warns of: while the shop is stopped.
    """
    steps = Steps()
    site = site_from_environment()
    async with _database() as target:
        before = await migrate.status(target, MIGRATIONS)
        if not anyway and before.missing:
            refuse_hurting(await planning.plan(target, MIGRATIONS, revision))
        with steps.step("Migrations") as step:
            after = await migrate.upgrade(target, MIGRATIONS, revision, telling=step)
            ran = before.missing[: len(before.missing) - len(after.missing)]
            step.outcome = f"{', '.join(ran) or 'nothing to do'}; the database is at {after.current}"
        if not after.missing:  # the catalogue of this release needs its tables
            await catalogue.install(target, steps, site)


@db.command
async def downgrade(revision: str) -> None:
    """Take migrations back. What the tables and columns that go hold is lost.

    Example: `threadly db downgrade 0001`

    Parameters
    ----------
    revision
        The last revision that stays; `base` takes back all.
    """
    async with _database() as target:
        with Steps().step("Migrations") as step:
            after = await migrate.downgrade(target, MIGRATIONS, revision, telling=step)
            step.outcome = f"the database is at {after.current or 'base, and empty'}"


@db.command
async def status() -> None:
    """Say which revision the database is at, and which are missing.

    Example: `threadly db status`
    """
    async with _database() as target:
        found = await migrate.status(target, MIGRATIONS)
    to = console()
    to.print(f"The database is at revision [bold]{found.current or 'none: nothing has run yet'}[/].")
    if found.missing:
        to.print(f"[yellow]Missing:[/] {', '.join(found.missing)}. Run `threadly db upgrade`.")
    else:
        to.print("[green]Up to date.[/]")


@asynccontextmanager
async def _database() -> AsyncIterator[Database]:
    async with database(database_from_environment(), application_name="threadly db") as target:
        yield target
