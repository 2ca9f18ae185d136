"""`threadly audit`."""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Final

import msgspec
from cyclopts import Parameter
from cyclopts.validators import Number
from rich.console import Console
from rich.markup import escape

from threadly.commands import acts
from threadly.commands.asked import member_meant, opened, sealed
from threadly.commands.asked import since as moment
from threadly.commands.errors import OptionInvalid
from threadly.commands.installation import database, refuse_missing_migrations
from threadly.commands.recorded import told
from threadly.commands.terminal import console, counted
from threadly.core.audit import Recorded, every_act, search
from threadly.core.database import ReadSession
from threadly.marketplace import catalog, listings, members
from threadly.settings import database_from_environment

_ACTING: Final = (acts, catalog, listings, members)
"""Where acts are declared: imported, they are known by name."""
_ACTOR: Final = re.compile(r"(member|operator) .+|system|unknown")


class _Key(msgspec.Struct, frozen=True, array_like=True):
    at: datetime
    id: int


async def audit(
    *,
    actor: Annotated[str | None, Parameter(show_default=False)] = None,
    target: Annotated[str | None, Parameter(show_default=False)] = None,
    act: Annotated[str | None, Parameter(show_default=False)] = None,
    since: Annotated[str | None, Parameter(show_default=False)] = None,
    most: Annotated[int, Parameter(validator=Number(gte=1, lte=10_000))] = 50,
    after: Annotated[str | None, Parameter(show_default=False)] = None,
    json: Annotated[bool, Parameter(negative=())] = False,
) -> None:
    """Lists acts, newest first.

    Parameters
    ----------
    actor
        Whose: `member ID` or `member USERNAME`, `operator NAME@HOST`, `system`.
    target
        On what: `member ID` or `member USERNAME`, `listing ID`, `catalogue`, `database`, `settings serve`.
    act
        Of one kind: `member.password_changed`; docs/reference/security-events.md has all.
    since
        `2h`, `7d`, or a time as 2026-11-27T08:00, in UTC.
    most
        How many.
    after
        The next page: what the page before says.
    json
        Print one object, for programs.
    """
    if act is not None and act not in (known := [each.name for each in every_act()]):
        raise OptionInvalid("--act", f"one of: {', '.join(known)}")
    if actor is not None and not _ACTOR.fullmatch(actor):
        raise OptionInvalid("--actor", "`member ID` or `member USERNAME`, `operator NAME@HOST`, or `system`")
    key = opened(after, _Key)
    begun = moment(since)
    settings = database_from_environment()
    await refuse_missing_migrations(settings)
    async with database(settings, application_name="threadly audit") as db, db.read() as read:
        found = await search(
            read,
            actor=await _by_id(read, actor, option="--actor"),
            target=await _by_id(read, target, option="--target"),
            act=act,
            since=begun,
            before=None if key is None else (key.at, key.id),
            limit=most,
        )
    more = sealed(_Key(found[-1].at, found[-1].id)) if len(found) == most else None
    to = console()
    if json:
        to.out(msgspec.json.encode({"acts": found, "next": more}).decode(), highlight=False)
    else:
        _tell(found, more, to)


async def _by_id(read: ReadSession, text: str | None, *, option: str) -> str | None:
    """Members are recorded by their ids, and known to people by their usernames."""
    kind, _, name = (text or "").partition(" ")
    return f"{kind} {await member_meant(read, name, option=option)}" if kind == "member" else text


def _tell(found: Sequence[Recorded], more: str | None, to: Console) -> None:
    if not found:
        to.print("[green]✓[/] Nothing was recorded.")
        return
    for row in found:
        to.print(f"[dim]{row.at:%Y-%m-%d %H:%M:%S}[/]  [bold]{row.act}[/]  {escape(row.target)}")
        to.print(f"  by {escape(row.actor)}, {escape(row.cause)}{f', request {row.request_id}' * bool(row.request_id)}")
        for line in told(row):
            to.print(f"  {escape(line)}")
    if more is not None:
        to.print(f"  {counted(len(found), 'act')}; the next page: --after {more}")
