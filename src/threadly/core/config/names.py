"""The variables of an application: `THREADLY_DATABASE__URL` is field `url` of section `database`."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from pydantic.fields import FieldInfo

from threadly.core.config.mistakes import Mistake
from threadly.core.config.nearest import distance, nearest
from threadly.core.config.section import Section

NESTED: Final = "__"
_A_SLIP: Final = 1


@dataclass(frozen=True, slots=True)
class Variable:
    """One setting."""

    name: str
    path: tuple[str, ...]
    """The fields that lead to it."""
    field: FieldInfo


class Names:
    """Every variable, under its own name and the conventional one.

    Args:
        prefix: Of all variables.
        aliases: Conventional names and the variable each stands for: `{"DATABASE_URL": "THREADLY_DATABASE__URL"}`.
    """

    def __init__(self, kind: type[Section], *, prefix: str, aliases: Mapping[str, str]) -> None:
        self.kind = kind
        self.prefix = prefix
        self.variables = {variable.name: variable for variable in _variables(kind, prefix, ())}
        self.aliases = {alias: own for alias, own in aliases.items() if own in self.variables}
        self.secrets_dir = f"{prefix}SECRETS_DIR"
        self.env_file = f"{prefix}ENV_FILE"
        self.config_file = f"{prefix}CONFIG_FILE"
        self.profile = f"{prefix}PROFILE"
        self._behind_the_prefix: dict[str, list[str]] = {}
        for known in self._all():
            self._behind_the_prefix.setdefault(known[len(prefix) + 1 :], []).append(known)

    @property
    def files(self) -> tuple[str, ...]:
        """The variables that name where more variables stand; they themselves stand in the environment."""
        return self.secrets_dir, self.env_file, self.config_file

    def called(self, variable: str) -> str:
        """Its name, and the conventional one where there is one."""
        others = [alias for alias, own in self.aliases.items() if own == variable]
        return f"{variable} (or {' or '.join(others)})" if others else variable

    def path_of(self, kind: type[Section]) -> tuple[str, ...]:
        """The fields that lead to a section; none to all of them together."""
        return next(path for found, path in _sections(self.kind, ()) if found is kind)

    def refusal(self, name: str, place: str) -> Mistake | None:
        """What is wrong with a name that is none of a variable; None if it is no business of ours."""
        whose = f"{name} ({place})"
        if name in self.files:
            return Mistake(f"{whose} is read from the environment only.", name, place)
        if parts := [variable for variable in self.variables if variable.startswith(name + NESTED)]:
            return Mistake(f"{whose} is not a setting itself; its parts are {', '.join(parts)}.", name, place)
        if not name.startswith(self.prefix):
            meant = self._otherwise_written(name.upper())
            return Mistake(f"{whose} looks like a slip; did you mean {meant}?", meant, place) if meant else None
        short = [known.removeprefix(self.prefix) for known in self._all()]
        close = nearest(name.removeprefix(self.prefix).upper(), short)
        hint = f"; did you mean {self.prefix}{close}?" if close else "."
        return Mistake(f"{whose} is no setting{hint}", name, place)

    def near(self, variable: str, given: Iterable[str]) -> str | None:
        """A name that is set, and may have been meant to be the conventional one of this variable."""
        ours = [alias for alias, own in self.aliases.items() if own == variable]
        return next((name for name in given for alias in ours if _is_near(name, alias)), None)

    def _all(self) -> Iterator[str]:
        yield from self.variables
        yield from self.files

    def _otherwise_written(self, name: str) -> str | None:
        """The variable of ours that this is, but for a slip: in its prefix, or anywhere behind that."""
        if name.startswith(self.prefix):
            return next((known for known in self._all() if _is_near(name, known)), None)
        beyond = len(self.prefix) + 1
        for at in range(beyond - _A_SLIP, beyond + _A_SLIP + 1):
            for variable in self._behind_the_prefix.get(name[at:], ()):
                if _is_near(name, variable):
                    return variable
        return None


def _is_near(name: str, known: str) -> bool:
    return abs(len(name) - len(known)) <= _A_SLIP and distance(name, known) <= _A_SLIP


def _variables(kind: type[Section], prefix: str, path: tuple[str, ...]) -> Iterator[Variable]:
    """Every variable that is a setting itself; those of a section in its place."""
    for name, field in kind.model_fields.items():
        variable = f"{prefix}{name.upper()}"
        if isinstance(field.annotation, type) and issubclass(field.annotation, Section):
            yield from _variables(field.annotation, variable + NESTED, (*path, name))
        else:
            yield Variable(variable, (*path, name), field)


def _sections(kind: type[Section], path: tuple[str, ...]) -> Iterator[tuple[type[Section], tuple[str, ...]]]:
    yield kind, path
    for name, field in kind.model_fields.items():
        if isinstance(field.annotation, type) and issubclass(field.annotation, Section):
            yield from _sections(field.annotation, (*path, name))
