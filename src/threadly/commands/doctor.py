"""`threadly doctor`."""

import asyncio
import os
import sys
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Annotated, Final

import msgspec
from cyclopts import Parameter
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from threadly.commands.terminal import console, counted
from threadly.core.observability.health import Status
from threadly.ops.doctor import Examination, Finding, examine, worst
from threadly.settings import read

_CODES: Final = {Status.PASS: 0, Status.WARN: 1, Status.FAIL: 2}
_SIGNS: Final = {Status.PASS: "[green]✓[/]", Status.WARN: "[yellow]![/]", Status.FAIL: "[red]✗[/]"}
_ABOUT_WIDTH: Final = 21


def doctor(*, json: Annotated[bool, Parameter(negative=())] = False) -> int:
    """Looks at everything, once.

    Parameters
    ----------
    json
        Print one object, for programs.
    """
    return asyncio.run(_examined(as_json=json))


async def _examined(*, as_json: bool) -> int:
    examination = await examine(read())
    code = _CODES[worst(examination.findings)]
    to = console()
    if as_json:
        to.out(_as_json(examination), highlight=False)
    else:
        _tell(examination, to)
    if examination.left:  # what still hangs would keep the process, in order to close its connections well
        sys.stdout.flush()
        os._exit(code)
    return code


def _tell(examination: Examination, to: Console) -> None:
    for area, several in groupby(examination.findings, key=lambda finding: finding.area):
        to.print(f"[bold]{escape(area.capitalize())}[/]")
        if to.is_terminal:
            grid = Table.grid(padding=(0, 1))
            for finding in several:
                lines = [escape(finding.seen), *(f"[dim]{name}:[/] {escape(text)}" for name, text in _more(finding))]
                grid.add_row(f"  {_SIGNS[finding.status]}", escape(finding.about.ljust(_ABOUT_WIDTH)), "\n".join(lines))
            to.print(grid)
        else:
            for finding in several:
                about = finding.about.ljust(_ABOUT_WIDTH)
                to.print(f"  {_SIGNS[finding.status]} {escape(about)} {escape(finding.seen)}")
                for name, text in _more(finding):
                    to.print(f"    {' ' * _ABOUT_WIDTH} {name}: {escape(text)}")
        to.print()
    to.print(_summary(examination.findings))


def _more(finding: Finding) -> Iterator[tuple[str, str]]:
    """What else is to be said of what is not as it should be."""
    if finding.status is not Status.PASS:
        yield from ((name, text) for name, text in (("expected", finding.expected), ("do", finding.do)) if text)


def _summary(findings: Sequence[Finding]) -> str:
    wrong = [finding for finding in findings if finding.status is Status.FAIL]
    to_consider = [finding for finding in findings if finding.status is Status.WARN]
    if not wrong and not to_consider:
        return f"{_SIGNS[Status.PASS]} All is well: {counted(len(findings), 'thing')} looked at."
    parts = [f"{counted(len(wrong), 'thing')} to mend ({_named(wrong)})"] if wrong else []
    parts += [f"{len(to_consider)} to consider ({_named(to_consider)})"] if to_consider else []
    return f"{_SIGNS[worst(findings)]} {', '.join(parts)}."


def _named(findings: Sequence[Finding]) -> str:
    """`settings, database answers`: each once."""
    areas = (finding.area if finding.area == "settings" else f"{finding.area} {finding.about}" for finding in findings)
    return escape(", ".join(dict.fromkeys(areas)))


def _as_json(examination: Examination) -> str:
    told = {"status": worst(examination.findings), "findings": examination.findings}
    return msgspec.json.encode(told).decode()
