"""Writes docs/reference/settings.md: every variable of an installation, from the settings themselves."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from types import NoneType
from typing import Annotated, Final, cast, get_args, get_origin

from pydantic import SecretStr, TypeAdapter
from pydantic.fields import FieldInfo

from threadly.core.config import Section
from threadly.settings import CONVENTIONAL, Settings

FILE: Final = "docs/reference/settings.md"

_PREFIX: Final = "THREADLY_"
_IN_A_FILE_ONLY: Final = {"THREADLY_SITE__TAGLINE", "THREADLY_SITE__COLOURS"}
_KINDS: Final = {
    bool: "true or false",
    float: "number",
    int: "whole number",
    Path: "path",
    SecretStr: "text, secret",
    str: "text",
    timedelta: "time",
    tuple: "list",
}


def text() -> str:
    """The page."""
    return "\n".join(
        [
            "# Settings",
            "",
            "<!-- Written by `python -m habits --write` from the settings themselves. -->",
            "",
            "What `threadly serve`, `work`, `seed` and `db` read from the environment. All mistakes are told at once",
            "when a command starts, each by the name of its variable and without its value; so is a variable",
            "`THREADLY_…` that is not in this page. A time is written in seconds (`5`) or by ISO 8601: `PT0.5S`,",
            "`PT10M`, `P30D`.",
            "",
            *(
                line
                for name, field in Settings.model_fields.items()
                for line in _section(name, cast("type[Section]", _kind(field)))
            ),
        ]
    )


def told(field: FieldInfo) -> str:
    """What a setting is, in a cell of a table."""
    return " ".join((field.description or "").split()).replace("|", "\\|")


def default(field: FieldInfo) -> str:
    """What counts if nothing is said, as one would write it; empty where nothing does."""
    value = field.default
    if value in (None, (), {}) or field.is_required():
        return ""
    written = ",".join(value) if isinstance(value, tuple) else TypeAdapter(type(value)).dump_python(value, mode="json")
    return f"`{written}`"


def _section(name: str, kind: type[Section]) -> Iterator[str]:
    """A section, then those within it, each under its own heading."""
    yield f"## {name.capitalize().replace('__', ': ')}"
    yield ""
    yield " ".join((kind.__doc__ or "").split())
    if name == "site":
        yield "All of it can stand in the site's folder instead, with more than fits a variable: [site.md](site.md)."
    yield ""
    within = {key: field for key, field in kind.model_fields.items() if _is_section(field)}
    own = {key: field for key, field in kind.model_fields.items() if key not in within}
    if own:
        yield from _table(name, own)
    for key, field in within.items():
        yield from _section(f"{name}__{key}", cast("type[Section]", _kind(field)))


def _table(name: str, fields: Mapping[str, FieldInfo]) -> Iterator[str]:
    yield "| variable | type | if not said | what it is |"
    yield "|---|---|---|---|"
    standing_for = {own: f" (or `{alias}`)" for alias, own in CONVENTIONAL.items()}
    for key, field in fields.items():
        variable = f"{_PREFIX}{name}__{key}".upper()
        if variable not in _IN_A_FILE_ONLY:
            unsaid = "must be said" if field.is_required() else default(field)
            yield f"| `{variable}`{standing_for.get(variable, '')} | {_type(field)} | {unsaid} | {told(field)} |"
    yield ""


def _is_section(field: FieldInfo) -> bool:
    return isinstance(field.annotation, type) and issubclass(field.annotation, Section)


def _type(field: FieldInfo) -> str:
    kind = _kind(field)
    limits = {
        name: TypeAdapter(type(limit)).dump_python(limit, mode="json")
        for each in [*field.metadata, *_annotated(field.annotation)]
        for name in ("ge", "le", "min_length")
        if (limit := getattr(each, name, None)) is not None
    }
    match limits:
        case {"ge": least, "le": most}:
            return f"{_KINDS[kind]}, {least} to {most}"
        case {"ge": least}:
            return f"{_KINDS[kind]}, {least} or more"
        case {"min_length": int(least)} if kind is not tuple and least > 1:
            return f"{_KINDS[kind]}, {least} characters or more"
        case _:
            return _KINDS[kind]


def _kind(field: FieldInfo) -> type:
    """The type without what narrows it: `str` of `Annotated[str, …] | None`."""
    found: object = field.annotation
    while get_origin(found) not in {None, tuple}:
        found = next(part for part in get_args(found) if part is not NoneType)
    return cast("type", get_origin(found) or found)


def _annotated(annotation: object) -> Iterator[object]:
    if get_origin(annotation) is Annotated:
        yield from get_args(annotation)[1:]
    else:
        for part in get_args(annotation):
            yield from _annotated(part)
