"""Where settings come from: each source gives some values, with their places, and says what is wrong in it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, Final, NoReturn

from threadly.core.config import times
from threadly.core.config.forms import kind_of
from threadly.core.config.mistakes import Mistake
from threadly.core.config.names import Names

ENVIRONMENT: Final = "environment"
_TAKEN: Final[Mapping[type, tuple[type, ...]]] = {
    bool: (bool,),
    int: (int,),
    float: (int, float),
    timedelta: (int, float),
}
"""Which values of TOML are of a kind, besides text; pydantic would take `true` for 1, and 1 for `true`."""
_UNFIT: Final = object()
"""What pydantic refuses, of whichever kind a setting is."""


class Given:
    """A value, and where it stands. It shows the place alone, because any value may be a secret."""

    __slots__ = ("name", "place", "value")

    def __init__(self, name: str, value: object, place: str) -> None:
        self.name = name
        """Under which it stands there."""
        self.value = value
        self.place = place

    def __repr__(self) -> str:
        return f"<{self.name} given in {self.place}>"

    def __reduce_ex__(self, _: object) -> NoReturn:
        raise TypeError("a value that was given is not pickled")


@dataclass(slots=True)
class Source:
    """What stands in one place."""

    given: dict[str, Given] = field(default_factory=dict)
    """By variable."""
    mistakes: list[Mistake] = field(default_factory=list)
    warnings: list[Mistake] = field(default_factory=list)
    unread: list[Mistake] = field(default_factory=list)
    """What of it cannot be read; it is a mistake, before all others."""
    unsafe: list[Mistake] = field(default_factory=list)
    """Protections that it lacks."""
    hidden: set[str] = field(default_factory=set)
    """The variables that may stand in what cannot be read."""


def sorted_out(names: Names, found: Iterable[Given]) -> Source:
    """A source of names and values; a variable under its own name wins over the conventional one."""
    source = Source()
    for each in found:
        if each.name in names.variables:
            source.given[each.name] = each
        elif own := names.aliases.get(each.name):
            source.given.setdefault(own, each)
        elif refusal := names.refusal(each.name, each.place):
            source.mistakes.append(refusal)
    return source


def environment_source(names: Names, environment: Mapping[str, str]) -> Source:
    """What the environment says; a name counts in capital letters only."""
    own = (Given(name, value, ENVIRONMENT) for name, value in environment.items() if name not in names.files)
    return sorted_out(names, own)


@dataclass(slots=True)
class Gathered:
    """All sources together; what was added first wins."""

    names: Names
    given: dict[str, Given] = field(default_factory=dict)
    mistakes: list[Mistake] = field(default_factory=list)
    warnings: list[Mistake] = field(default_factory=list)
    unread: list[Mistake] = field(default_factory=list)
    """What of the sources cannot be read."""
    unsafe: list[Mistake] = field(default_factory=list)
    """Protections that they lack; production refuses that."""
    hidden: set[str] = field(default_factory=set)
    """The variables that may stand there: nobody knows whether they are missing, or what they are."""
    notes: list[str] = field(default_factory=list)
    """What may help, and is no mistake."""
    others: tuple[str, ...] = ()
    """Names in the environment that are none of ours."""

    def add(self, source: Source) -> None:
        """Puts a source below those that were added before."""
        self.given = {**source.given, **self.given}
        self.mistakes += source.mistakes
        self.warnings += source.warnings
        self.unread += source.unread
        self.unsafe += source.unsafe
        self.hidden = (self.hidden | source.hidden) - self.given.keys()

    def text(self, variable: str) -> str | None:
        """What a variable says, before anything has checked it."""
        found = self.given.get(variable)
        return found.value if found is not None and isinstance(found.value, str) else None

    def nested(self, path: tuple[str, ...] = ()) -> dict[str, Any]:
        """What a model reads: a mapping for each section; of one section only, if a path says so."""
        values: dict[str, Any] = {}
        for name in self.given:
            *sections, last = self.names.variables[name].path
            if tuple(sections[: len(path)]) != path:
                continue
            place = values
            for section in sections[len(path) :]:
                place = place.setdefault(section, {})
            place[last] = self.meant(name)
        return values

    def meant(self, variable: str) -> object:
        """The value that was given, as pydantic reads it: of times, people write more forms than it knows, and it takes
        some values for what they are not.
        """
        value, kind = self.given[variable].value, kind_of(self.names.variables[variable].field)
        if isinstance(value, str):
            is_no_path = kind is Path and not value.strip()  # which would be the working directory
            return _UNFIT if is_no_path else times.meant(value) if kind is timedelta else value
        return value if type(value) in _TAKEN.get(kind, (type(value),)) else _UNFIT

    def at(self, variable: str) -> tuple[Given, str] | None:
        """The value that a variable, or a part of it, has; with what leads to that part."""
        for name, found in self.given.items():
            if variable == name or variable.startswith(f"{name}__"):
                return found, variable.removeprefix(name)
        return None

    def __iter__(self) -> Iterator[Given]:
        return iter(self.given.values())
