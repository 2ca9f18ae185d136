"""How the state of a database is told: whether it is whole, and what a downgrade would lose."""

from collections.abc import Sequence
from typing import Final

from rich.console import Console
from rich.markup import escape

from threadly.commands.errors import DowngradeLoses
from threadly.commands.terminal import counted
from threadly.core.database.migrating.integrity import Examined, Finding
from threadly.core.database.migrating.losses import Loss

_WHOLE, _LOOSE, _BROKEN = range(3)
_FEW: Final = 20


def tell_examined(found: Examined, to: Console) -> int:
    """Prints it; 0 if all is well, 1 if something is worth a look, 2 if something is wrong."""
    tell_findings(found.findings, to)
    broken = sum(finding.is_broken for finding in found.findings)
    loose = len(found.findings) - broken
    tables, rows = counted(len(found.rows), "table"), counted(sum(found.rows.values()), "row")
    about = "about " if found.estimated else ""
    if broken:
        to.print(
            f"[bold red]✗[/] {counted(broken, 'thing')} wrong in {tables} with {about}{rows}. "
            "Mend that before you upgrade."
        )
    elif loose:
        to.print(
            f"[yellow]![/] Nothing is wrong in {tables} with {about}{rows}; {counted(loose, 'thing')} could be better."
        )
    else:
        to.print(f"[green]✓[/] Nothing is wrong: {tables} with {about}{rows}.")
    return _BROKEN if broken else _LOOSE if loose else _WHOLE


def tell_findings(findings: Sequence[Finding], to: Console) -> None:
    """Each with what to do."""
    for finding in findings:
        to.print(f"{'[red]✗[/]' if finding.is_broken else '[yellow]![/]'} {escape(finding.what)}")
        to.print(f"  {escape(finding.do)}")


def refuse_losing(losses: Sequence[Loss]) -> None:
    """Returns if nothing would be lost.

    Raises:
        DowngradeLoses: Something would.
    """
    if losses:
        lines = [f"{loss.revision}  {loss}" for loss in losses[:_FEW]]
        more = [f"and {len(losses) - _FEW} more"] if len(losses) > _FEW else []
        raise DowngradeLoses([*lines, *more])
