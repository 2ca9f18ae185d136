"""`threadly db plan | upgrade | verify | downgrade | status`, and what else there is to know of a database."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Annotated

from cyclopts import App, Parameter
from rich.console import Console

from threadly.commands import catalogue
from threadly.commands.acts import DatabaseDowngraded, DatabaseUpgraded, commanding, note_migration
from threadly.commands.installation import let_serve
from threadly.commands.observation import advice, stats
from threadly.commands.owning import note_one_role, owning
from threadly.commands.plans import refuse_hurting, tell_plan
from threadly.commands.terminal import Steps, console
from threadly.commands.verdicts import refuse_losing, tell_examined, tell_findings
from threadly.core.database import Database, migrate, planning
from threadly.core.database.migrating import integrity
from threadly.core.database.migrating.integrity import Examined
from threadly.core.database.migrating.losses import losses
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
    async with _database("plan", changes=True) as target:
        found = await planning.plan(target, MIGRATIONS, revision)
        current = (await migrate.status(target, MIGRATIONS)).current
    return tell_plan(found, current, console(), sql=sql)


@db.command
async def upgrade(
    revision: Annotated[str, Parameter(show_default=False)] = "head",
    *,
    anyway: Annotated[bool, Parameter(negative=())] = False,
) -> int:
    """Run the migrations that are missing, then bring the catalogue in. Run again, it finds nothing to do.

    What would keep people waiting, or break the release that still runs, is refused before anything has run. Each
    migration waits a second for locks, lets others through and tries again. Interrupted anywhere, even by a power cut,
    it is simply run again. Before and after, the database is examined; it exits with 2 if something is wrong then.

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
    async with _database("upgrade", changes=True) as target:
        before = await migrate.status(target, MIGRATIONS)
        if not anyway and before.missing:
            refuse_hurting(await planning.plan(target, MIGRATIONS, revision))
        held = await integrity.examine(target, MIGRATIONS) if before.missing else None
        async with _telling_of_interruption(target, steps.to):
            with steps.step("Migrations") as step:
                if before.missing:
                    await note_migration(target, DatabaseUpgraded, before=before.current, after=None)
                # What hurts was refused above, before anything was noted.
                after = await migrate.upgrade(target, MIGRATIONS, revision, anyway=True, telling=step)
                if after.current != before.current:
                    await note_migration(target, DatabaseUpgraded, before=before.current, after=after.current)
                ran = before.missing[: len(before.missing) - len(after.missing)]
                step.outcome = f"{', '.join(ran) or 'nothing to do'}; the database is at {after.current}"
            await let_serve(database_from_environment(), target, steps)
            if not after.missing:
                await note_one_role(database_from_environment(), target, steps)
            if not after.missing:  # the catalogue of this release needs its tables
                await catalogue.install(target, steps, site)
        return 0 if held is None else _tell_what_changed(held, await integrity.examine(target, MIGRATIONS))


@db.command
async def downgrade(revision: str, /, *, anyway: Annotated[bool, Parameter(negative=())] = False) -> None:
    """Take migrations back: stop the shop first. What would lose data is refused, and says what and how much.

    While a process of the shop is connected it is refused as well, since that may need what goes.

    Example: `threadly db downgrade 0001`

    Parameters
    ----------
    revision
        The last revision that stays; `base` takes back all.
    anyway
        Lose what the tables and columns that go hold, after a backup; and go on while the shop is connected.
    """
    async with _database("downgrade", changes=True) as target:
        if not anyway:
            await migrate.refuse_connected(target, MIGRATIONS, revision)  # before who would lose is told of --anyway
            refuse_losing(await losses(target, MIGRATIONS, revision))
        steps = Steps()
        async with _telling_of_interruption(target, steps.to):
            with steps.step("Migrations") as step:
                before = await migrate.status(target, MIGRATIONS)
                await note_migration(target, DatabaseDowngraded, before=before.current, after=None)
                after = await migrate.downgrade(target, MIGRATIONS, revision, anyway=anyway, telling=step)
                await note_migration(target, DatabaseDowngraded, before=before.current, after=after.current or "base")
                step.outcome = f"the database is at {after.current or 'base, and empty'}"


@db.command
async def verify(*, thorough: Annotated[bool, Parameter(negative=())] = False) -> int:
    """Say whether the database is whole. Changes nothing; exits with 2 if something is wrong, 1 if it could become so.

    Looks for constraints that were never checked and rows that break them, unfinished indexes, rules that are switched
    off, and a schema that is not this release's. `threadly db upgrade` does the same before and after.

    Example: `threadly db verify --thorough`

    Parameters
    ----------
    thorough
        Look up also what PostgreSQL takes for checked: every row that points to another one.
    """
    async with _database("verify") as target:
        return tell_examined(await integrity.examine(target, MIGRATIONS, thorough=thorough), console())


@db.command
async def status() -> None:
    """Say which revision the database is at, and which are missing.

    Example: `threadly db status`
    """
    async with _database("status") as target:
        found = await migrate.status(target, MIGRATIONS)
    to = console()
    to.print(f"The database is at revision [bold]{found.current or 'none: nothing has run yet'}[/].")
    if found.missing:
        to.print(f"[yellow]Missing:[/] {', '.join(found.missing)}. Run `threadly db upgrade`.")
    else:
        to.print("[green]Up to date.[/]")


def _tell_what_changed(before: Examined, after: Examined) -> int:
    known = {finding.what for finding in before.findings}
    came = [finding for finding in after.findings if finding.what not in known]
    tell_findings([*integrity.compared(before, after), *came], console())
    if after.findings and not came:
        console().print("[yellow]![/] What was wrong before still is: `threadly db verify` says what.")
    return 2 if any(finding.is_broken for finding in came) else 0


@asynccontextmanager
async def _telling_of_interruption(target: Database, to: Console) -> AsyncIterator[None]:
    """Says after Ctrl-C where the database is then, as far as it answers."""
    try:
        yield
    except asyncio.CancelledError:
        at = ""
        with suppress(Exception):  # it may be what Ctrl-C was pressed for
            current = (await migrate.status(target, MIGRATIONS)).current
            at = f"; the database is at {current or 'base, and empty'}"
        to.print(f"[yellow]![/] Interrupted{at}. Run it again.")
        raise


@asynccontextmanager
async def _database(command: str, *, changes: bool = False) -> AsyncIterator[Database]:
    with commanding(f"db {command}"):
        async with owning(database_from_environment(), application_name="threadly db", changes=changes) as target:
            yield target
