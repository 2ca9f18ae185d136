"""`threadly jobs status | dead | replay | discard`."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Annotated, Final

import msgspec
from cyclopts import App, Parameter
from cyclopts.validators import Number
from rich.console import Console
from rich.markup import escape
from rich.padding import Padding
from rich.table import Table
from sqlalchemy import func, select

from threadly.commands.acts import JobsDiscarded, JobsReplayed, commanding
from threadly.commands.installation import database, refuse_missing_migrations
from threadly.commands.terminal import console, counted
from threadly.core import audit
from threadly.core.database import Database, Tx
from threadly.core.database import jobs as queue
from threadly.core.database.jobs import DeadLetter, RefusedMessage
from threadly.settings import database_from_environment

_FINE, _NOT_ALL, _REFUSED = range(3)
_BATCH: Final = 1_000

jobs = App(
    name="jobs",
    help_epilogue="",
    help="See what waits to be done, and try again what has failed.",
    help_format="markdown",
)


@jobs.command
async def status(*, json: Annotated[bool, Parameter(negative=())] = False) -> None:
    """Say how much waits, runs and has failed for good.

    Example: `threadly jobs status`

    Parameters
    ----------
    json
        Print one object, for programs.
    """
    async with _database("status") as db, db.read() as read:
        found = await queue.backlog(read)
    to = console()
    if json:
        to.out(msgspec.json.encode(found).decode(), highlight=False)
        return
    late = f", the first for {found.late_seconds:.1f} s" if found.late_seconds > 0 else ""
    to.print(f"{counted(found.waiting, 'job')} wait{'s' if found.waiting == 1 else ''}{late}; {found.running:,} run.")
    if found.dead or found.refused:
        dead, refused = counted(found.dead, "job"), counted(found.refused, "message")
        to.print(f"[yellow]![/] {dead} failed for good, {refused} refused: `threadly jobs dead`.")
    else:
        to.print("[green]✓[/] Nothing has failed for good.")


@jobs.command
async def dead(
    *,
    name: Annotated[str | None, Parameter(show_default=False)] = None,
    most: Annotated[int, Parameter(validator=Number(gte=1, lte=10_000))] = 50,
    json: Annotated[bool, Parameter(negative=())] = False,
) -> None:
    """List jobs that have failed for good, newest first, and messages that could not become jobs. Shows no payload.

    Example: `threadly jobs dead --name mail.offer_made`

    Parameters
    ----------
    name
        Of the jobs; all, if not said.
    most
        How many to list.
    json
        Print one object, for programs.
    """
    async with _database("dead") as db, db.read() as read:
        letters = await queue.letters(read, name=name, limit=most)
        refused = await queue.refused_messages(read, limit=most) if name is None else []
    to = console()
    if json:
        to.out(msgspec.json.encode({"dead": letters, "refused": refused}).decode(), highlight=False)
    else:
        tell_dead(letters, refused, to)


@jobs.command
async def replay(
    *ids: int,
    all: Annotated[bool, Parameter(negative=())] = False,  # noqa: A002 - as it is called on the command line
    name: Annotated[str | None, Parameter(show_default=False)] = None,
    refused: Annotated[bool, Parameter(negative=())] = False,
) -> int:
    """Have jobs that failed for good tried again, with all their attempts; best after the cause is gone.

    They have lost their place: jobs of the same key that came after them may have run. Exits with 1 if one of them is
    not there, with 2 if it is not said which.

    Example: `threadly jobs replay 4711 4712`

    Parameters
    ----------
    ids
        Those of `threadly jobs dead`.
    all
        All of them.
    name
        All of this name.
    refused
        Have messages that could not become jobs handed on again.
    """
    to = console()
    if not (ids or all or name is not None or refused):
        to.print("[red]✗[/] Say which: `threadly jobs replay ID…`, `--all`, `--name NAME` or `--refused`.")
        return _REFUSED
    missing: list[int] = []
    async with _database("replay") as db:
        replayed = 0
        for id in ids:  # first, or they would be missing among those that are tried again already
            if await db.run(_revived, id):
                replayed += 1
            else:
                missing.append(id)
        if all or name is not None:
            async with db.read() as read:
                now = await read.scalar(select(func.clock_timestamp()))
            while (some := await db.run(_revived_some, name, now)) > 0:
                replayed += some
        handed = await db.run(_handed_on) if refused else 0
    told = [counted(replayed, "job"), *([counted(handed, "message")] if refused else [])]
    to.print(f"[green]✓[/] {' and '.join(told)} will be tried again.")
    return _tell_missing(missing, to)


@jobs.command
async def discard(*ids: int) -> int:
    """Throw jobs away that failed for good. Exits with 1 if one of them is not there, with 2 if none is named.

    Example: `threadly jobs discard 4711`

    Parameters
    ----------
    ids
        Those of `threadly jobs dead`.
    """
    to = console()
    if not ids:
        to.print("[red]✗[/] Say which: `threadly jobs discard ID…`.")
        return _REFUSED
    async with _database("discard") as db:
        missing = [id for id in ids if not await db.run(_discarded, id)]
    to.print(f"[green]✓[/] {counted(len(ids) - len(missing), 'job')} thrown away.")
    return _tell_missing(missing, to)


async def _revived(tx: Tx, id: int) -> bool:
    is_there = await queue.revive(tx, id)
    if is_there:
        await audit.record(tx, JobsReplayed, target=f"job {id}")
    return is_there


async def _revived_some(tx: Tx, name: str | None, died_until: datetime) -> int:
    revived = await queue.revive_some(tx, name=name, died_until=died_until, limit=_BATCH)
    if revived:
        await audit.record(tx, JobsReplayed, target=f"jobs {name or 'all'}", after={"jobs": revived})
    return revived


async def _handed_on(tx: Tx) -> int:
    handed = await queue.hand_on_again(tx)
    if handed:
        await audit.record(tx, JobsReplayed, target="messages refused", after={"messages": handed})
    return handed


async def _discarded(tx: Tx, id: int) -> bool:
    is_there = await queue.discard(tx, id)
    if is_there:
        await audit.record(tx, JobsDiscarded, target=f"job {id}")
    return is_there


def tell_dead(letters: Sequence[DeadLetter], refused: Sequence[RefusedMessage], to: Console) -> None:
    """Prints them."""
    if not letters and not refused:
        to.print("[green]✓[/] Nothing has failed for good.")
        return
    if letters:
        grid = _grid("id", "job", "attempts", "died", "last error")
        for letter in letters:
            died = f"{letter.dead_at:%m-%d %H:%M}"
            grid.add_row(str(letter.id), escape(letter.name), str(letter.attempts), died, escape(letter.last_error))
        to.print("[bold]Failed for good[/]", Padding(grid, (0, 0, 0, 2)))
        to.print("  Once the cause is gone: `threadly jobs replay ID…`, or `--all`.")
    if refused:
        grid = _grid("position", "message", "written", "refused by PostgreSQL with")
        for message in refused:
            written = f"{message.created_at:%m-%d %H:%M}"
            grid.add_row(str(message.position), escape(message.name), written, escape(message.refusal))
        to.print("[bold]Could not become jobs[/]", Padding(grid, (0, 0, 0, 2)))
        to.print("  Once the cause is gone: `threadly jobs replay --refused`.")


def _grid(*head: str) -> Table:
    grid = Table(box=None, padding=(0, 2, 0, 0), header_style="dim", pad_edge=False)
    for name in head:
        grid.add_column(name, overflow="fold")
    return grid


def _tell_missing(missing: Sequence[int], to: Console) -> int:
    for id in missing:
        to.print(f"[yellow]![/] No job {id} has failed for good.")
    return _NOT_ALL if missing else _FINE


@asynccontextmanager
async def _database(command: str) -> AsyncIterator[Database]:
    settings = database_from_environment()
    await refuse_missing_migrations(settings)
    with commanding(f"jobs {command}"):
        async with database(settings, application_name="threadly jobs") as db:
            yield db
