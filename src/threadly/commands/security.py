"""`threadly security events`."""

from collections.abc import Sequence
from typing import Annotated

import msgspec
from cyclopts import App, Parameter
from cyclopts.validators import Number
from msgspec import structs
from rich.console import Console
from rich.markup import escape
from rich.padding import Padding

from threadly.commands.asked import grid, member_meant, opened, sealed, since, unbroken
from threadly.commands.errors import OptionInvalid
from threadly.commands.installation import database, refuse_missing_migrations
from threadly.commands.terminal import console, counted
from threadly.core.audit.events.queries import EventKey, Found, Total, Wanted, search, totals
from threadly.core.database import ReadSession
from threadly.core.security.events import SignInFailed, digests, every_event, prefix_of
from threadly.marketplace import members
from threadly.settings import database_from_environment, security_reading

security = App(
    name="security",
    help_epilogue="",
    help="See what protections have seen.",
    help_format="markdown",
)


@security.command
async def events(
    *,
    kind: Annotated[str | None, Parameter(show_default=False)] = None,
    since: Annotated[str | None, Parameter(show_default=False)] = None,
    member: Annotated[str | None, Parameter(show_default=False)] = None,
    account: Annotated[str | None, Parameter(show_default=False)] = None,
    network: Annotated[str | None, Parameter(show_default=False)] = None,
    most: Annotated[int, Parameter(validator=Number(gte=1, lte=10_000))] = 50,
    after: Annotated[str | None, Parameter(show_default=False)] = None,
    json: Annotated[bool, Parameter(negative=())] = False,
) -> None:
    """List what protections have seen, newest first, and how often each kind has come.

    The same of the same subject within ten minutes is one line. Of addresses only the network is kept; of names of
    accounts a digest. docs/runbooks/security.md says what to do about each kind.

    Example: `threadly security events --kind sign_in_failed --since 2h`

    Parameters
    ----------
    kind
        `limit_hit`, `csrf_violation`, `suspicious_upload`, `sign_in_failed`, `permission_refused`, `csp_violation`,
        `unknown_host` or `body_refused`; all, if not said.
    since
        `2h`, `7d`, or a time as 2026-11-27T08:00, in UTC.
    member
        Those of one member who was signed in, by id or username.
    account
        Failed sign-ins by one username or address, whether or not somebody has it; of a member, by either. Events hold
        a digest of it under the keys of this installation, which this command needs too; it tells the name to nobody.
    network
        Those of one network, or of that which an address is in.
    most
        How many lines.
    after
        The next page: what the page before says.
    json
        Print one object, for programs.
    """
    if account is not None and (kind := kind or SignInFailed.kind) != SignInFailed.kind:
        raise OptionInvalid("--kind", f"{SignInFailed.kind} where --account is said; no other kind has an account")
    wanted = _wanted(kind, since, network)
    key = opened(after, EventKey)
    ring = None if account is None else security_reading().usable().ring
    settings = database_from_environment()
    await refuse_missing_migrations(settings)
    async with database(settings, application_name="threadly security") as db, db.read() as read:
        if member is not None:
            wanted = structs.replace(wanted, actor_id=await member_meant(read, member, option="--member"))
        if account is not None and ring is not None:
            digested = [each for name in await _names(read, account) for each in digests(name, ring)]
            wanted = structs.replace(wanted, accounts=digested)
        found = await search(read, wanted, before=key, limit=most)
        counts = await totals(read, wanted) if key is None else []
    more = sealed(found[-1].key) if len(found) == most else None
    found = sorted(found, key=lambda row: row.last_at, reverse=True)  # within a window, they come by kind
    to = unbroken(console())
    if json:
        told = {"totals": counts, "events": found, "next": more}
        to.out(msgspec.json.encode(told).decode(), highlight=False)
    elif not found:
        under = "" if ring is None else f" under the keys that are set here: {', '.join(key.id for key in ring.keys)}"
        to.print(f"[green]✓[/] Nothing was seen{under}.")
        if ring is not None:
            to.print(
                "What was recorded under another key, which is retired or set elsewhere alone, is not found by name."
            )
    else:
        _tell(found, counts, more, to)


async def _names(read: ReadSession, name: str) -> Sequence[str]:
    """Whatever somebody may type who means this account: of a member, the username and the address."""
    if not name.strip() or not name.isprintable():
        raise OptionInvalid("--account", "a username or an address, as people sign in by it")
    found = await members.candidate(read, name.strip())
    if found is None:
        return [name]
    own = await members.account(read, found.member_id)
    return [name, own.username, own.email]


def _wanted(kind: str | None, asked_since: str | None, network: str | None) -> Wanted:
    known = [each.kind for each in every_event()]
    if kind is not None and kind not in known:
        raise OptionInvalid("--kind", f"one of: {', '.join(known)}")
    prefix = None
    if network is not None and (prefix := prefix_of(network.partition("/")[0])) is None:
        raise OptionInvalid("--network", "an address, or a network, as 203.0.113.7 or 203.0.113.0/24")
    return Wanted(kind=kind, network=prefix, since=since(asked_since))


def _tell(found: Sequence[Found], counts: Sequence[Total], more: str | None, to: Console) -> None:
    if counts:
        table = grid("kind", "events", "subjects")
        for total in counts:
            table.add_row(total.kind, f"{total.count:,}", f"{total.subjects:,}")
        to.print("[bold]In all[/]", Padding(table, (0, 0, 1, 2), expand=False))
    table = grid("last", "kind", "events", "network", "member", "what")
    for row in found:
        what = ", ".join(f"{name} {value}" for name, value in row.facts.items())
        table.add_row(
            f"{row.last_at:%m-%d %H:%M:%S}",
            row.kind,
            f"{row.count:,}",
            escape(row.network or "–"),
            "–" if row.actor_id is None else str(row.actor_id),
            escape(what),
        )
    to.print("[bold]Newest first[/], in UTC", Padding(table, (0, 0, 0, 2), expand=False))
    if more is not None:
        to.print(f"  {counted(len(found), 'line')}; the next page: --after {more}")
