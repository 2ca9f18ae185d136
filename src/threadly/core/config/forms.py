"""What a setting takes, in words, and an example: for reports, and for the pages that describe settings."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from enum import Enum
from pathlib import Path
from types import NoneType
from typing import Annotated, Any, Final, Literal, cast, get_args, get_origin

from pydantic import BaseModel, TypeAdapter
from pydantic.fields import FieldInfo

from threadly.core.config import times
from threadly.core.config.addresses import Addressing
from threadly.core.config.secret import Secret

_KINDS: Final[dict[type, str]] = {
    bool: "true or false",
    float: "a number",
    int: "a whole number",
    Path: "a path",
    Secret: "text, secret",
    str: "text",
    timedelta: "a time",
    tuple: "a list, separated by commas",
}
_EXAMPLES: Final[dict[type, str]] = {bool: "true", float: "1.5", int: "1", Path: "/path/to/it", timedelta: "5s"}


def form_of(field: FieldInfo) -> str:
    """`a whole number, 2 to 1000`."""
    kind = kind_of(field)
    if choices := _choices(field, kind):
        return f"{', '.join(choices[:-1])} or {choices[-1]}" if len(choices) > 1 else choices[0]
    for each in _metadata(field) if kind is not tuple else field.metadata:
        if form := getattr(each, "form", None):
            return f"{form}, secret" if kind is Secret else str(form)
    told = _KINDS.get(kind, "a table" if issubclass(kind, Mapping | BaseModel) else "a value")
    limits = {
        name: _written(limit)
        for each in _metadata(field)
        for name in ("ge", "le", "min_length", "max_length")
        if (limit := getattr(each, name, None)) is not None
    }
    match limits:
        case {"ge": least, "le": most}:
            return f"{told}, {least} to {most}"
        case {"ge": least}:
            return f"{told}, {least} or more"
        case {"min_length": "1", "max_length": most} if kind is str:
            return f"{told}, {most} characters at most"
        case {"min_length": least} if kind is not tuple and least != "1":
            return f"{told}, {least} characters or more"
        case _:
            return f"{told}, secret" if kind is tuple and is_secret(field) else told


def example_of(field: FieldInfo) -> str:
    """A value that the setting takes, as one would write it; empty where an example would do harm."""
    kind = kind_of(field)
    if field.examples:
        return str(field.examples[0])
    for each in _metadata(field) if kind is not tuple else field.metadata:
        if example := getattr(each, "example", None):
            return str(example)
    if default := default_of(field):
        return default
    if choices := _choices(field, kind):
        return choices[0]
    return _EXAMPLES.get(kind, "")


def made_by(field: FieldInfo) -> str:
    """The command that makes such a value; empty where none is needed: `openssl rand -base64 32`."""
    extra = field.json_schema_extra
    return str(extra.get("made_by", "")) if isinstance(extra, dict) else ""


def default_of(field: FieldInfo) -> str:
    """What counts if nothing is said, as one would write it; empty where nothing does."""
    value = field.default
    return "" if value in (None, "", (), {}, Secret("")) or field.is_required() else written(value)


def written(value: object) -> str:
    """A value as one would write it in a variable; a secret as stars."""
    return ",".join(map(_written, value)) if isinstance(value, tuple) else _written(value)


def told(field: FieldInfo) -> str:
    """What a setting is, in one line."""
    return " ".join((field.description or "").split())


def first_sentence(field: FieldInfo) -> str:
    """What a setting is, in one sentence."""
    return told(field).partition(". ")[0].rstrip(".") + "."


def kind_of(field: FieldInfo) -> type[Any]:
    """The type without what narrows it: `str` of `Annotated[str, …] | None`."""
    found: object = field.annotation
    while get_origin(found) not in {None, tuple, Literal}:
        if (origin := get_origin(found)) and isinstance(origin, type) and issubclass(origin, Mapping):
            return origin
        found = next(part for part in get_args(found) if part is not NoneType)
    if get_origin(found) is Literal:
        return str
    return cast("type[Any]", get_origin(found) or found)


def is_secret(field: FieldInfo) -> bool:
    """Whether it takes text that nothing shows, or a list of such."""
    return kind_of(field) is Secret or (kind_of(field) is tuple and Secret in _parts(field.annotation))


def holds_password(field: FieldInfo) -> bool:
    """Whether it takes an address, or a list of such, of which nothing but who signs in there is secret; of one by http
    every part may be.
    """
    return any(isinstance(each, Addressing) and "http" not in each.schemes for each in _metadata(field))


def _parts(annotation: object) -> Iterator[object]:
    yield annotation
    for part in get_args(annotation):
        yield from _parts(part)


def _choices(field: FieldInfo, kind: type[Any]) -> list[str]:
    if issubclass(kind, Enum):
        return [str(member.value) for member in kind]
    found: object = field.annotation
    while get_origin(found) not in {None, Literal, tuple}:
        found = next(part for part in get_args(found) if part is not NoneType)
    return [str(choice) for choice in get_args(found)] if get_origin(found) is Literal else []


def _metadata(field: FieldInfo) -> Iterator[object]:
    yield from field.metadata
    yield from _annotated(field.annotation)


def _annotated(annotation: object) -> Iterator[object]:
    if get_origin(annotation) is Annotated:
        yield from get_args(annotation)[1:]
    else:
        for part in get_args(annotation):
            yield from _annotated(part)


def _written(value: object) -> str:
    if isinstance(value, timedelta):
        return times.written(value)
    plain = TypeAdapter(type(value)).dump_python(value, mode="json")
    return str(plain).lower() if isinstance(plain, bool) else str(plain)
