"""`threadly db stats | advise`."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import groupby
from typing import Annotated, Any, Final

import msgspec
from cyclopts import Parameter
from cyclopts.validators import Number
from rich.console import Console
from rich.markup import escape
from rich.padding import Padding
from rich.table import Table

from threadly.commands.owning import owning
from threadly.commands.terminal import console, counted
from threadly.core.database.looking import Advised, Statistics, advise, statistics
from threadly.settings import database_from_environment

_INDENT: Final = 4
_LONGEST: Final = 200
_WORDS: Final = {
    "index-invalid": "Indexes that were never finished",
    "index-redundant": "Indexes that others make needless",
    "index-unused": "Indexes that nobody uses",
    "index-missing": "Indexes that were tried, and help",
    "foreign-key-unindexed": "Foreign keys without an index",
    "table-bloated": "Tables that are larger than they need be; VACUUM FULL keeps everybody out",
    "index-bloated": "Indexes that are larger than they need be",
    "never-analysed": "Tables that nobody has counted",
    "sequence-near-end": "Numbers that run out",
}


async def stats(
    *,
    most: Annotated[int, Parameter(validator=Number(gte=1, lte=1000))] = 10,
    json: Annotated[bool, Parameter(negative=())] = False,
) -> None:
    """Say what the database holds and is asked: sizes, dead rows, hits, statements, connections, locks, slots.

    Example: `threadly db stats --most 20`

    Parameters
    ----------
    most
        Rows of each kind.
    json
        Print one object, for programs.
    """
    async with owning(database_from_environment(), application_name="threadly db", changes=False) as target:
        found = await statistics(target, most=most)
    if json:
        console().out(msgspec.json.encode(found).decode(), highlight=False)
    else:
        tell_statistics(found, console())


async def advice(
    *,
    rows: Annotated[int, Parameter(validator=Number(gte=0, lte=1_000_000))] = 20_000,
    seconds: Annotated[float, Parameter(validator=Number(gt=0, lte=3600))] = 60.0,
    json: Annotated[bool, Parameter(negative=())] = False,
) -> int:
    """Say what should be otherwise in the database, with the statement that mends it. Changes nothing.

    Missing indexes are really tried, on a copy of the tables that nobody else sees and that is undone. Exits with 1 if
    there is any advice.

    Example: `threadly db advise --rows 100000`

    Parameters
    ----------
    rows
        Of each table that are copied to try on; 0: nothing is tried.
    seconds
        For trying.
    json
        Print one object, for programs.
    """
    async with owning(database_from_environment(), application_name="threadly db", changes=False) as target:
        found = await advise(target, most_rows=rows, most_seconds=seconds)
    if json:
        console().out(msgspec.json.encode(found).decode(), highlight=False)
    else:
        tell_advice(found, console())
    return 1 if found.advice else 0


def tell_statistics(found: Statistics, to: Console) -> None:
    """Prints it."""
    to.print(f"[bold]{escape(found.name)}[/]  PostgreSQL {escape(found.version)}, {_size(found.bytes)}")
    hits = "nothing was asked for" if found.cache_hit_percent is None else f"{found.cache_hit_percent:g} % in memory"
    to.print(f"Pages: {hits}. Sorts and hashes that went to disk: {_size(found.temp_bytes)}.")
    ended = f"{found.commits:,} committed, {found.rollbacks:,} undone"
    since = "" if found.since is None else f" since {found.since:%Y-%m-%d %H:%M}"
    to.print(f"Transactions{since}: {ended}, {counted(found.deadlocks, 'deadlock')}.")
    _table(
        to,
        "Tables",
        ("table", "rows", "dead", "size", "indexes", "vacuumed"),
        [
            (
                each.name,
                f"{each.rows:,}",
                f"{each.dead_rows:,}",
                _size(each.bytes),
                _size(each.index_bytes),
                "never" if each.vacuumed_at is None else f"{each.vacuumed_at:%m-%d %H:%M}",
            )
            for each in found.tables
        ],
    )
    _tell_statements(found, to)
    _table(
        to,
        f"Connections: {found.connections} of {found.most_connections}",
        ("application", "state", "number", "longest"),
        [
            (each.application, each.state, str(each.connections), _time(each.longest_seconds))
            for each in found.connected
        ],
    )
    if (longest := found.longest_transaction) is not None:
        to.print(f"\n[bold]Longest transaction[/]  {_time(longest.seconds)}, of {escape(longest.application)}")
        _indented(to, _cut(longest.statement))
    for waiting in found.waiting:
        blockers = ", ".join(map(str, waiting.blocked_by)) or "nobody any more"
        who = f"{waiting.pid} ({escape(waiting.application)})"
        to.print(f"\n[yellow]![/] {who} waits for {blockers}: {_time(waiting.seconds)}")
        _indented(to, _cut(waiting.statement))
    if found.slots:
        _table(
            to,
            "Replication slots",
            ("slot", "in use", "state", "kept for it"),
            [
                (each.name, "yes" if each.is_active else "no", each.status or "?", _size(each.kept_bytes or 0))
                for each in found.slots
            ],
        )


def tell_advice(found: Advised, to: Console) -> None:
    """Prints it."""
    order = list(_WORDS)
    advice = sorted(found.advice, key=lambda one: order.index(one.code))
    for code, several in groupby(advice, key=lambda one: one.code):
        to.print(f"[bold]{escape(_WORDS[code])}[/]")
        for one in several:
            about = f" ({_size(one.measured['bytes'])})" if "bytes" in one.measured else ""
            to.print(f"  [yellow]![/] {escape(one.about)}{about}")
            _indented(to, one.why)
            _indented(to, f"{one.do};", style="cyan")
        to.print()
    for line in _how(found):
        to.print(f"[dim]{escape(line)}[/]")
    if advice:
        to.print(f"[yellow]![/] {counted(len(advice), 'thing')} to consider. Nothing was changed.")
    else:
        to.print("[green]✓[/] Nothing to advise.")


def _how(found: Advised) -> Iterator[str]:
    """What was done for it."""
    if found.since is not None and not found.is_seasoned:
        yield f"Statistics begin on {found.since:%Y-%m-%d}: too late to say which indexes nobody uses."
    if found.not_tried is not None:
        yield f"Nothing was tried on a copy: {found.not_tried}"
    elif found.tables_copied:
        cut = "; there was no time for more" if found.is_cut_short else ""
        yield (
            f"Tried {counted(found.indexes_tried, 'time')} on a copy of {counted(found.tables_copied, 'table')} with "
            f"{counted(found.rows_copied, 'row')}{cut}."
        )


def _tell_statements(found: Statistics, to: Console) -> None:
    if found.statements is None:
        to.print(f"\n[bold]Statements[/]  {escape(found.no_statements or '')}")
        return
    to.print("\n[bold]Statements, by the time they took in all[/]")
    for each in found.statements:
        figures = f"{each.percent:g} %, {counted(each.calls, 'call')} of {each.mean_ms:,.2f} ms"
        to.print(f"  {figures}  [dim]{each.fingerprint}[/]")
        _indented(to, _cut(each.statement))


def _table(to: Console, title: str, head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    to.print(f"\n[bold]{escape(title)}[/]")
    if not rows:
        _indented(to, "none but this one")
        return
    grid = Table(box=None, padding=(0, 2, 0, 0), header_style="dim", pad_edge=False)
    for number, name in enumerate(head):
        grid.add_column(name, justify="left" if number == 0 or not _has_figures(rows, number) else "right")
    for row in rows:
        grid.add_row(*map(escape, row))
    to.print(Padding(grid, (0, 0, 0, 2)))


def _has_figures(rows: Sequence[Sequence[str]], number: int) -> bool:
    return any(row[number][:1].isdigit() for row in rows)


def _indented(to: Console, text: str, **style: Any) -> None:  # noqa: ANN401 - Rich's own
    if to.is_terminal:
        to.print(Padding(escape(text), (0, 0, 0, _INDENT)), **style)
    else:  # in one line, to be found and copied
        to.print(f"{' ' * _INDENT}{escape(text)}", **style)


def _cut(statement: str) -> str:
    return statement if len(statement) <= _LONGEST else f"{statement[: _LONGEST - 1]}…"


def _size(number: int) -> str:
    value, unit = float(number), "B"
    for unit in ("B", "KiB", "MiB", "GiB", "TiB"):
        if value < 1024 or unit == "TiB":
            break
        value /= 1024
    return f"{value:,.0f} {unit}" if unit in {"B", "KiB"} or value >= 10 else f"{value:,.1f} {unit}"


def _time(seconds: float) -> str:
    return f"{seconds:.1f} s" if seconds < 60 else str(timedelta(seconds=round(seconds)))
