"""What can be read of settings that are not right as a whole: each variable by itself, so that rules still see it."""

from collections.abc import Mapping
from functools import reduce
from typing import Annotated, Any, TypeVar

from pydantic import TypeAdapter

from threadly.core.config.names import Names
from threadly.core.config.section import Section
from threadly.core.config.sources import Gathered

SettingsT = TypeVar("SettingsT", bound=Section)


def values(settings: Section, names: Names) -> dict[str, Any]:
    """The value of each variable, of settings that are right as a whole."""
    return {name: reduce(getattr, variable.path, settings) for name, variable in names.variables.items()}


def readable(gathered: Gathered) -> dict[str, Any]:
    """The value of each variable that is right by itself, or that has a default which nothing hidden may change."""
    found: dict[str, Any] = {}
    for name, variable in gathered.names.variables.items():
        field = variable.field
        if name in gathered.given:
            kind: Any = Annotated[(field.annotation, *field.metadata)] if field.metadata else field.annotation
            try:
                found[name] = TypeAdapter[Any](kind).validate_python(gathered.meant(name))
            except Exception:  # noqa: BLE001, S112  it is told by the reading of the whole
                continue
        elif not field.is_required() and name not in gathered.hidden:
            found[name] = field.get_default(call_default_factory=True, validated_data={})
    return found


def composed(kind: type[SettingsT], names: Names, values: Mapping[str, Any]) -> SettingsT:
    """Settings of these values, which nothing checks; what is not among them, and has no default, is not there."""
    known: dict[str, Any] = {}
    for name, value in values.items():
        *sections, last = names.variables[name].path
        reduce(lambda place, section: place.setdefault(section, {}), sections, known)[last] = value
    return _composed(kind, known)


def _composed(kind: type[SettingsT], known: Mapping[str, Any]) -> SettingsT:
    sections = {
        name: _composed(field.annotation, known.get(name, {}))
        for name, field in kind.model_fields.items()
        if isinstance(field.annotation, type) and issubclass(field.annotation, Section)
    }
    return kind.model_construct(**{**known, **sections})
