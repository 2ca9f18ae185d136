"""`threadly config show`."""

from typing import Annotated

import msgspec
from cyclopts import App, Parameter
from rich.markup import escape
from rich.table import Table

from threadly.commands.terminal import console, counted
from threadly.core.config import DEFAULT, UNSET, Shown, showing
from threadly.settings import read

config = App(
    name="config",
    help_epilogue="",
    help="See what this installation is told.",
    help_format="markdown",
)
_FINE, _REFUSED = 0, 2


@config.command
def show(*, json: Annotated[bool, Parameter(negative=())] = False) -> int:
    """Print every setting with its value and where it stands; secrets as stars, addresses without who signs in.

    Exit code 2 says that Threadly does not start with these; `threadly check` says why.

    Example: `threadly config show`

    Parameters
    ----------
    json
        Print one list, for programs.
    """
    reading = read()
    to = console()
    settings = showing(reading)
    if json:
        to.out(msgspec.json.encode([_as_object(shown) for shown in settings]).decode(), highlight=False)
    elif to.is_terminal:
        table = Table("setting", "value", "from", box=None, pad_edge=False, header_style="bold")
        for shown in settings:
            cells = map(escape, (shown.variable, shown.value, shown.source))
            table.add_row(*cells, style="dim" if shown.source in {DEFAULT, UNSET} else "")
        to.print(table)
    else:
        for shown in settings:
            to.out(f"{shown.variable}={shown.value}  # {shown.source}", highlight=False)
    if reading.mistakes and not json:
        to.print(f"\n[red]✗[/] {counted(len(reading.mistakes), 'thing')} to mend; `threadly check` says which.")
    return _REFUSED if reading.mistakes else _FINE


def _as_object(shown: Shown) -> dict[str, str | bool]:
    return {"variable": shown.variable, "value": shown.value, "source": shown.source, "is_secret": shown.is_secret}
