"""What is wrong with a configuration, told so that it can be mended; no value that was given is repeated."""

import traceback
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Mistake:
    """One thing to mend, or to think about."""

    says: str
    """All of it, in a line: by which name, where it stands, what is wrong, and what it should be."""
    variable: str = ""
    """The variable that mends it; empty where it is about something else, such as a file that cannot be read."""
    place: str = ""
    """Where that stands: `environment`, `.env:3`; empty where it stands nowhere."""
    form: str = ""
    """What it should be, in words."""
    example: str = ""
    """How that is written."""
    rule: str = ""
    """The code of the rule that is broken, if it is one."""
    mends: str = ""
    """What to do about it, where `says` and `example` do not tell."""

    def __str__(self) -> str:
        return self.says


class ConfigurationError(Exception):
    """The configuration cannot be used; the message lists every variable at fault, and what it should be."""

    code = "configuration_invalid"

    def __init__(self, mistakes: Iterable[Mistake | str], notes: Iterable[str] = ()) -> None:
        self.mistakes = tuple(Mistake(each) if isinstance(each, str) else each for each in mistakes)
        self.notes = tuple(notes)
        told = (f"  {each}" + (f"\n    do: {each.mends}" if each.mends else "") for each in self.mistakes)
        lines = [*told, *self.notes]
        super().__init__("\n".join(["The configuration cannot be used:", *lines]))

    @property
    def problems(self) -> list[str]:
        """Each mistake in a line."""
        return [str(mistake) for mistake in self.mistakes]

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.mistakes, self.notes)


def place_of(fault: Exception) -> str:
    """Which fault of a program, and where; nothing of what it says."""
    last = traceback.extract_tb(fault.__traceback__)[-1]
    return f"{type(fault).__name__} at {last.filename}:{last.lineno}"
