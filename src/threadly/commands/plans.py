"""How a plan of migrations is told, and when it is refused."""

from collections.abc import Iterator, Sequence
from typing import Final

from rich.console import Console
from rich.markup import escape

from threadly.commands.errors import MigrationsHurt
from threadly.commands.terminal import counted
from threadly.core.database.hazards import Lock
from threadly.core.database.planning import Danger, Planned

_FINE, _WARNED, _REFUSED = range(3)
_LONGEST: Final = 100


def refuse_hurting(plan: Sequence[Planned]) -> None:
    """Returns if it may be run while people are there.

    Raises:
        MigrationsHurt: It may not.
    """
    if hurting := [each.revision for each in plan if each.refuses]:
        raise MigrationsHurt(hurting)


def tell_plan(plan: Sequence[Planned], current: str | None, to: Console, *, sql: bool) -> int:
    """Prints it; 0 if nothing in it hurts, 1 if something is worth a look, 2 if it would be refused.

    Args:
        current: The revision that the database is at.
    """
    if not plan:
        to.print(f"[green]✓[/] Nothing to do; the database is at {current or 'base, and empty'}.")
        return _FINE
    for each in plan:
        to.print(f"[bold]{each.revision}[/]  {escape(each.title)}")
        for danger in each.dangers:
            sign = "[red]✗[/]" if danger.refuses else "[yellow]![/]"
            to.print(f"  {sign} {escape(_shortened(danger.hazard.statement.text))}")
            for line in _lines(danger):
                to.print(f"    {escape(line)}")
        if sql:
            to.out("\n".join(f"    {line}" for line in each.sql.strip().splitlines()), highlight=False)
    refused = sum(each.refuses for each in plan)
    noted = sum(bool(each.dangers) for each in plan) - refused
    to.print()
    if refused:
        to.print(
            f"[bold red]✗[/] {counted(refused, 'migration')} of {len(plan)} would hurt people who use the shop "
            "meanwhile: `threadly db upgrade` refuses."
        )
    elif noted:
        to.print(f"[yellow]![/] {counted(len(plan), 'migration')} can be run; {noted} may be felt for a moment.")
    else:
        to.print(f"[green]✓[/] {counted(len(plan), 'migration')} can be run while people use the shop.")
    return _REFUSED if refused else _WARNED if noted else _FINE


def _lines(danger: Danger) -> Iterator[str]:
    rule, table = danger.hazard.rule, danger.hazard.table
    yield rule.why
    if rule.lock is not Lock.NONE:
        how_many = "" if danger.rows is None else f", {counted(danger.rows, 'row')}"
        about = f" ({table}{how_many})" if table else ""
        yield f"Waits meanwhile: {rule.lock.keeps_waiting}{about}; the lock is {rule.lock.title}."
    if danger.accepted is not None:
        yield f"Accepted: {danger.accepted} [{rule.code}]"
    else:
        yield f"Instead: {rule.instead} [{rule.code}]"


def _shortened(statement: str) -> str:
    line = " ".join(statement.split())
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1]}…"
