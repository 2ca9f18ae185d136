"""Reads settings from environment variables: `THREADLY_DATABASE__URL` is field `url` of section `database`.

Guaranteed: all mistakes are reported at once, each under the exact name of its variable; no value that
was given stands in any message, because any value may be a secret.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from typing import Any, TypeVar, get_args

from pydantic import ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from threadly.core.config.section import Section
from threadly.core.config.written import Written

SettingsT = TypeVar("SettingsT", bound=Section)

_NESTED = "__"
_OF_A_KEY = "[key]"  # what Pydantic adds where the key itself is wrong
_TOO_SHORT = ("string_too_short", "too_short")  # of text, and of a secret


class ConfigurationError(Exception):
    """The configuration cannot be used; the message lists every variable at fault, and what it should be."""

    code = "configuration_invalid"

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(["The configuration cannot be used:", *(f"  {problem}" for problem in problems)]))
        self.problems = problems


def load(
    kind: type[SettingsT],
    environment: Mapping[str, str],
    *,
    prefix: str = "THREADLY_",
    aliases: Mapping[str, str] | None = None,
    written: Written | None = None,
    mistakes: Iterable[str] = (),
) -> SettingsT:
    """The settings that the environment describes.

    Args:
        prefix: Of the variables that are read; `THREADLY_DATABASE__` reads that section by itself, and nothing else.
        aliases: Conventional names and the variable each stands for, as `{"DATABASE_URL": "THREADLY_DATABASE__URL"}`;
            a variable under its own name wins.
        written: What a file says of some settings; a variable wins over it.
        mistakes: What somebody has found wrong already, to be told with the rest.

    Raises:
        ConfigurationError: Something is missing, malformed or unknown.
    """
    fields = dict(_fields(kind, prefix))
    standing_for = {own: alias for alias, own in (aliases or {}).items() if own in fields}
    given: dict[str, Any] = {own: environment[alias] for own, alias in standing_for.items() if alias in environment}
    given |= {name.upper(): value for name, value in environment.items() if name.startswith(prefix)}

    unknown = [_unknown(name, fields, prefix) for name in given if name not in fields]
    if written is not None:
        given = {**written.values, **given}
        unknown += [f"{written.file}: {key}" for key in written.unknown]
    unknown += mistakes
    errors: list[ErrorDetails] = []
    try:
        settings = kind.model_validate(_nested({name: given[name] for name in fields if name in given}, prefix))
        if not unknown:
            return settings
    except ValidationError as invalid:
        errors = invalid.errors(include_input=False, include_url=False)
    # Outside the handler, so that the traceback does not carry the values along as the error's cause.

    def place(name: str) -> str | None:
        return None if written is None else written.place(name, environment)

    told = [
        problem for error in _first(errors) for problem in _mistakes(kind, error, fields, prefix, standing_for, place)
    ]
    raise ConfigurationError([*dict.fromkeys(told), *unknown])


def _fields(kind: type[Section], prefix: str) -> Iterator[tuple[str, FieldInfo]]:
    """Every variable that is a setting itself; those of a section in its place."""
    for name, field in kind.model_fields.items():
        variable = f"{prefix}{name.upper()}"
        if isinstance(field.annotation, type) and issubclass(field.annotation, Section):
            yield from _fields(field.annotation, variable + _NESTED)
        else:
            yield variable, field


def _nested(given: Mapping[str, Any], prefix: str) -> dict[str, Any]:
    """What a model reads: a mapping for each section."""
    values: dict[str, Any] = {}
    for name, value in given.items():
        *sections, field = name.removeprefix(prefix).lower().split(_NESTED)
        place = values
        for section in sections:
            place = place.setdefault(section, {})
        place[field] = value
    return values


def _unknown(name: str, fields: Mapping[str, FieldInfo], prefix: str) -> str:
    if parts := _parts(name, fields):
        return f"{name} is not a setting itself; its parts are {', '.join(parts)}."
    short = {field.removeprefix(prefix): field for field in fields}
    nearest = get_close_matches(name.removeprefix(prefix), short, n=1)
    return f"{name} is no setting of Threadly{f'; did you mean {short[nearest[0]]}?' if nearest else '.'}"


def _first(errors: Sequence[ErrorDetails]) -> Iterator[ErrorDetails]:
    """Those that do not follow from others: a list of which one part is wrong is not too short besides."""
    places = [error["loc"] for error in errors]
    for error in errors:
        if not any(place[: len(error["loc"])] == error["loc"] != place for place in places):
            yield error


def _mistakes(
    kind: type[Section],
    error: ErrorDetails,
    fields: Mapping[str, FieldInfo],
    prefix: str,
    standing_for: Mapping[str, str],
    place: Callable[[str], str | None],
) -> Iterator[str]:
    """One error in words; a section that is missing is as many as it has required fields."""
    parts = [part for part in error["loc"] if isinstance(part, str) and part != _OF_A_KEY]  # no place in a list
    variable = prefix + _NESTED.join(parts).upper()
    written = place(variable)
    name = written or variable
    if error["type"] == "missing" and written:
        yield f"{name} is missing."
    elif error["type"] == "missing":
        for missing in (name, *_parts(name, fields)):
            if missing in fields and fields[missing].is_required():
                called = f"{missing} (or {standing_for[missing]})" if missing in standing_for else missing
                yield f"{called} is missing: {_first_sentence(fields[missing].description or '')}"
    elif error["type"] == "extra_forbidden":
        *section, key = map(str, error["loc"])
        nearest = get_close_matches(key, _keys(kind, section), n=1)
        yield f"{name} is no setting{f'; did you mean {nearest[0]}?' if nearest else '.'}"
    elif error["type"] in _TOO_SHORT:
        least = error["ctx"]["min_length"]
        yield f"{name}: {least} character{'s' if least > 1 else ''} or more."
    else:
        yield f"{name}: {error['msg'].removeprefix('Value error, ')}."


def _keys(kind: type[Section], section: Iterable[str]) -> list[str]:
    """What a section within a section has, also where it may be left out."""
    for name in section:
        found = kind.model_fields[name].annotation
        (kind,) = (part for part in (found, *get_args(found)) if isinstance(part, type) and issubclass(part, Section))
    return list(kind.model_fields)


def _parts(section: str, fields: Iterable[str]) -> list[str]:
    return [name for name in fields if name.startswith(section + _NESTED)]


def _first_sentence(text: str) -> str:
    return " ".join(text.split()).partition(". ")[0].rstrip(".") + "."
