"""`threadly check`."""

from collections.abc import Iterable
from typing import Annotated, Any

import msgspec
from cyclopts import Parameter
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from threadly.commands.terminal import console, counted
from threadly.core.config import Mistake, Reading, by_section, mending
from threadly.settings import Settings, read

_FINE, _WARNED, _REFUSED = range(3)


def check(*, json: Annotated[bool, Parameter(negative=())] = False) -> int:
    """Reads all settings, and nothing else.

    Parameters
    ----------
    json
        Print one object, for programs.
    """
    reading = read()
    to = console()
    if json:
        to.out(msgspec.json.encode(_as_data(reading)).decode(), highlight=False)
    else:
        _tell(reading, to)
    return _REFUSED if reading.mistakes else _WARNED if reading.warnings else _FINE


def _tell(reading: Reading[Settings], to: Console) -> None:
    profile = reading.readable.get(reading.names.profile, "unknown")
    to_mend, to_consider = len(reading.mistakes), len(reading.warnings)
    if reading.mistakes:
        found = f"{counted(to_mend, 'thing')} to mend" + (f", {to_consider} to consider" if to_consider else "")
        to.print(f"[bold red]✗[/] Threadly does not start like this: {found}. Profile: {profile}.")
    else:
        to.print(f"[green]✓[/] {_sources(reading)} Profile: {profile}.")
    if reading.is_whole:  # what seems to be missing may stand in a file that is not read
        _note(reading, to)
    _list(reading, reading.mistakes, "[red]✗[/]", to)
    _list(reading, reading.warnings, "[yellow]![/]", to)
    if lines := list(mending(reading)):
        to.print("\n[bold]This would do. Put in what is yours:[/]\n")
        for line in lines:
            to.print(f"  {escape(line)}")
    if not reading.is_whole:
        _note(reading, to)


def _note(reading: Reading[Settings], to: Console) -> None:
    for note in reading.notes:
        to.print(f"\n{escape(note)}")


def _list(reading: Reading[Settings], mistakes: Iterable[Mistake], sign: str, to: Console) -> None:
    for section, found in by_section(reading.names, mistakes).items():
        to.print(f"\n[bold]{section.capitalize() or 'Names and files'}[/]")
        grid = Table.grid(padding=(0, 1))
        for mistake in found:
            if to.is_terminal:
                do = f"\n[dim]do:[/] {escape(mistake.mends)}" if mistake.mends else ""
                grid.add_row(f"  {sign}", f"{escape(str(mistake))}{do}")
            else:
                to.print(f"  {sign} {escape(str(mistake))}")
                if mistake.mends:
                    to.print(f"    do: {escape(mistake.mends)}")
        if to.is_terminal:
            to.print(grid)


def _sources(reading: Reading[Settings]) -> str:
    given = len(reading.places)
    verdict = (
        f"it starts, with {counted(len(reading.warnings), 'thing')} to consider" if reading.warnings else "all is well"
    )
    return f"{counted(given, 'setting')} given, {len(reading.names.variables) - given:,} by default; {verdict}."


def _as_data(reading: Reading[Settings]) -> dict[str, Any]:
    return {
        "profile": reading.readable.get(reading.names.profile),
        "mistakes": [_as_object(mistake) for mistake in reading.mistakes],
        "warnings": [_as_object(warning) for warning in reading.warnings],
        "notes": reading.notes,
    }


def _as_object(mistake: Mistake) -> dict[str, str]:
    return {
        "variable": mistake.variable,
        "place": mistake.place,
        "says": mistake.says,
        "form": mistake.form,
        "example": mistake.example,
        "rule": mistake.rule,
        "mends": mistake.mends,
    }
