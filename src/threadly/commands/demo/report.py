"""What `threadly demo` prints once the shop stands, and what `--check` saw."""

from dataclasses import dataclass
from shlex import quote
from typing import Final

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from threadly.commands.demo.processes import Process
from threadly.commands.demo.shop import Shop
from threadly.commands.demo.visits import Seen
from threadly.commands.terminal import counted

_LONGEST_PATH: Final = 46


@dataclass(frozen=True, slots=True)
class Figures:
    """How the shop started, stood and stopped."""

    first_page_seconds: float
    """From the command to the last byte of the home page."""
    stop_seconds: float
    largest_web_worker_bytes: int
    """Resident; 0 where the system does not tell."""
    processes: int
    left: tuple[Process, ...]
    """Those that lived on after the stop."""


def welcome(to: Console, shop: Shop, *, ephemeral: bool) -> None:
    """Where the shop is, what is in it, where it lies, how it ends."""
    prepared = shop.prepared
    facts = Table.grid(padding=(0, 2))
    facts.add_column(style="dim", no_wrap=True)
    facts.add_column(overflow="fold")
    facts.add_row("Shop", f"[bold green]{shop.url}[/]")
    facts.add_row("API", f"{shop.url}/api/v1/docs")
    if shop.metrics:
        facts.add_row("Metrics", shop.metrics)
    facts.add_row("Holds", f"{counted(prepared.listings, 'listing')} of {counted(prepared.sellers, 'member')}")
    facts.add_row("Accounts", f"Sign up with any address: nothing is sent. {_some(prepared.some_sellers)}")
    facts.add_row("Data", f"{escape(str(shop.data))}{', removed when you stop' if ephemeral else ''}")
    facts.add_row("Logs", "web.log, work.log, postgresql.log and valkey.log, in the same folder")
    facts.add_row("Commands", f"export THREADLY_ENV_FILE={escape(quote(str(shop.data / 'env')))} in another terminal")
    facts.add_row("Stop", "Ctrl-C")
    to.print()
    to.print(facts)
    to.print()


def report(to: Console, seen: list[Seen], figures: Figures) -> bool:
    """Prints every visit and the figures; whether all is well."""
    to.print()
    to.print(_table(seen))
    to.print()
    wrong = [visit for visit in seen if visit.wrong]
    _line(to, not wrong, f"{len(seen) - len(wrong)} of {len(seen)} answers were as they should be.")
    _line(to, True, f"First page after {figures.first_page_seconds:.1f} s.")
    if figures.largest_web_worker_bytes:
        _line(to, True, f"The largest web worker takes {figures.largest_web_worker_bytes / 2**20:.0f} MiB.")
    if figures.processes:
        left = ", ".join(f"{process.name} ({process.pid})" for process in figures.left)
        ended = f"{figures.processes} processes ended within {figures.stop_seconds:.1f} s; {left or 'none'} is left."
        _line(to, not figures.left, ended)
    return not wrong and not figures.left


def _table(seen: list[Seen]) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    table.add_column("")
    table.add_column("Visit", no_wrap=True)
    table.add_column("Where", no_wrap=True)
    table.add_column("Answer", justify="right", no_wrap=True)
    table.add_column("Bytes", justify="right", no_wrap=True)
    table.add_column("ms", justify="right", no_wrap=True)
    for visit in seen:
        table.add_row(
            "[red]✗[/]" if visit.wrong else "[green]✓[/]",
            visit.what,
            escape(_shortened(visit.path)),
            visit.status,
            f"{visit.size_bytes:,}" if visit.size_bytes else "",
            f"{visit.seconds * 1000:.1f}",
        )
        if visit.wrong:
            table.add_row("", "", f"[red]{escape(visit.wrong)}[/]")
    return table


def _shortened(path: str) -> str:
    return path if len(path) <= _LONGEST_PATH else f"{path[: _LONGEST_PATH - 1]}…"


def _line(to: Console, well: bool, text: str) -> None:
    to.print(f"{'[green]✓[/]' if well else '[red]✗[/]'} {escape(text)}")


def _some(sellers: tuple[str, ...]) -> str:
    return f"Some of the sellers: {', '.join(escape(name) for name in sellers)}." if sellers else ""
