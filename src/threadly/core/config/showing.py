"""What an installation is told, for people: every setting with its value and source, and what would mend a report.

Guaranteed: of a secret only that it is set; of an address with a password in it only scheme, host and path.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from threadly.core.config import forms
from threadly.core.config.addresses import shown
from threadly.core.config.mistakes import Mistake
from threadly.core.config.names import NESTED, Names, Variable
from threadly.core.config.reading import COMMAND_LINE, Reading
from threadly.core.config.secret import STARS, Secret
from threadly.core.config.sources import ENVIRONMENT

DEFAULT: Final = "default"
MISSING: Final = "missing"
UNREAD: Final = "unknown"
UNSET: Final = "not set"
_KEPT: Final = (
    "# A secret is made once and kept, where nobody else can read it; each start and each machine needs the same."
)


@dataclass(frozen=True, slots=True)
class Shown:
    """One setting."""

    variable: str
    value: str
    """As one would write it; stars for a secret, nothing where nothing is set, or where it could not be read."""
    source: str
    """Where it stands; `default`, or `not set` where that is nothing; `missing` where it has to be set, or `unknown`
    where it may stand in what cannot be read."""
    is_secret: bool


def showing(reading: Reading[Any]) -> list[Shown]:
    """Every setting, in the order of its section."""
    return [_shown(variable, reading) for variable in reading.names.variables.values()]


def by_section(names: Names, mistakes: Iterable[Mistake]) -> dict[str, list[Mistake]]:
    """Mistakes under the section that they are about; under "" those about files and names."""
    found: dict[str, list[Mistake]] = {}
    sections = {variable.path[0]: "" for variable in names.variables.values() if len(variable.path) > 1}
    for mistake in mistakes:
        first = mistake.variable.removeprefix(names.prefix).split(NESTED)[0].lower()
        found.setdefault(first if first in sections else "", []).append(mistake)
    return found


def mending(reading: Reading[Any]) -> Iterator[str]:
    """Lines for a shell that set what is missing or wrong to examples; who pastes them puts in what is theirs. What
    stands in a file is mended there: the line is a comment, which names the place.
    """
    told: set[str] = set()
    if not reading.is_whole:  # what seems to be missing may be there
        return
    made = False
    for mistake in reading.mistakes:
        name = mistake.variable
        known = reading.names.variables.get(name)
        if known is None or name in told:
            continue
        told.add(name)
        place = mistake.place if mistake.place not in {"", ENVIRONMENT, COMMAND_LINE} else ""
        if command := forms.made_by(known.field):
            made = True
            yield f"# {place}: {name}, what `{command}` prints" if place else f'export {name}="$({command})"'
        elif mistake.rule and name in reading.places:  # what is an example may be what is refused
            if mistake.mends:
                yield f"# {mistake.place}: {mistake.mends if name in mistake.mends else f'{name}: {mistake.mends}'}"
        elif example := forms.example_of(known.field):
            yield f"# {place}: {name}, as {example}" if place else f"export {name}='{example}'"
    if made:
        yield _KEPT


def _shown(variable: Variable, reading: Reading[Any]) -> Shown:
    usual = UNREAD if variable.name in reading.hidden else MISSING if variable.field.is_required() else DEFAULT
    source = reading.places.get(variable.name, usual)
    is_secret = forms.is_secret(variable.field)
    told = _told(variable, reading.readable.get(variable.name))
    return Shown(variable.name, told, UNSET if source == DEFAULT and not told else source, is_secret)


def _told(variable: Variable, value: object) -> str:
    if isinstance(value, tuple) and forms.is_secret(variable.field):
        return ",".join(_told(variable, each) for each in value)
    if isinstance(value, Secret):
        return shown(value) if forms.holds_password(variable.field) and len(value) else STARS * bool(len(value))
    return "" if value in (None, (), {}) else forms.written(value)
