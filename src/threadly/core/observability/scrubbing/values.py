"""Any value, made into plain data that can be told: nothing private in it, and of bounded size.

Guaranteed: no object is asked for its own text (a `repr` may tell anything), but those of the standard library that are
values; depth, length and number are bounded, also where things hold themselves.
"""

import dataclasses
from collections.abc import Mapping, Set
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from pathlib import PurePath
from typing import Any, Final
from uuid import UUID

import msgspec

from threadly.core.observability.scrubbing.exceptions import text_of
from threadly.core.observability.scrubbing.names import is_private
from threadly.core.observability.scrubbing.numbers import is_card
from threadly.core.observability.scrubbing.text import scrub_text

Plain = str | int | float | bool | None | list["Plain"] | dict[str, "Plain"]

HIDDEN: Final = "[secret]"
PLAIN: Final = frozenset({str, int, float, bool, type(None), UUID})
"""Types whose values are told as they are, but for what a text says."""
_AS_TEXT: Final = (PurePath, Decimal, IPv4Address, IPv6Address, IPv4Network, IPv6Network, date, datetime, time)
_DEEPEST: Final = 6
_MOST: Final = 50
_PAIR: Final = 2
_NAMES: Final = ("name", "key", "field")  # {"name": "password", "value": …}
_LONGEST_NAME: Final = 200
_CARDS: Final = range(10**12, 10**19)
_MOST_DIGITS: Final = 10**40


def scrub(value: object) -> Plain:
    """The value as plain data, without what is private in it by name or by form.

    Lists and mappings keep their first 50 parts, down to the sixth level; what is deeper, or of a type that nobody
    knows here, is told by its type alone.
    """
    return _scrubbed(value, _DEEPEST)


def scrub_named(name: str, value: object) -> Plain:
    """The same for what stands under a name."""
    return HIDDEN if is_private(name) and value is not None and not isinstance(value, bool) else scrub(value)


def _scrubbed(value: object, deeper: int) -> Plain:
    match value:
        case None | bool():
            return value
        case float():
            return "[card]" if value.is_integer() and _number(int(value)) == "[card]" else value
        case Enum():
            return _scrubbed(value.value, deeper)
        case int():
            return _number(value)
        case str():
            return scrub_text(str(value))
        case UUID():
            return str(value)
        case timedelta():
            return value.total_seconds()
        case bytes() | bytearray() | memoryview():
            return f"[{len(value)} bytes]"
        case BaseException():
            return f"{type(value).__qualname__}: {text_of(value)}"
        case _ if isinstance(value, _AS_TEXT):
            return scrub_text(str(value))
    if deeper <= 0:
        return f"<{type(value).__qualname__}>"
    if (fields := _fields(value)) is not None:
        return _mapping(fields, deeper - 1)
    if isinstance(value, list | tuple | Set):
        return _list(value, deeper - 1)
    return f"<{type(value).__module__}.{type(value).__qualname__}>"


def _number(value: int) -> Plain:
    if -_MOST_DIGITS < value < _MOST_DIGITS:
        return "[card]" if abs(value) in _CARDS and is_card(str(abs(value))) else int(value)
    return f"[{value.bit_length()} bits]"  # writing it out takes a time that grows with its square


def _fields(value: object) -> Mapping[Any, object] | None:
    """What has names in it, by these."""
    if isinstance(value, Mapping):
        return value
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: getattr(value, field.name, None) for field in dataclasses.fields(value)}
    if isinstance(value, msgspec.Struct):
        return {name: getattr(value, name, None) for name in value.__struct_fields__}
    if isinstance(value, tuple) and hasattr(value, "_asdict"):
        named: Mapping[str, object] = value._asdict()
        return named
    return None


def _mapping(fields: Mapping[Any, object], deeper: int) -> Plain:
    told: dict[str, Plain] = {}
    names_private = any(isinstance(name := fields.get(each), str) and is_private(name) for each in _NAMES)
    for at, (key, value) in enumerate(fields.items()):
        if at == _MOST:
            told["…"] = f"{len(fields) - _MOST} more"
            break
        name = key if isinstance(key, str) else str(_scrubbed(key, 0))
        is_named = is_private(name) or (names_private and name == "value")
        hidden = is_named and value is not None and not isinstance(value, bool)
        told[scrub_text(name[:_LONGEST_NAME])] = HIDDEN if hidden else _scrubbed(value, deeper)
    return told


def _list(values: "list[object] | tuple[object, ...] | Set[object]", deeper: int) -> Plain:
    told: list[Plain] = []
    for at, value in enumerate(values):
        if at == _MOST:
            told.append(f"… {len(values) - _MOST} more")
            break
        told.append(_scrubbed(value, deeper))
    if len(told) == _PAIR and isinstance(name := told[0], str) and is_private(name):
        told[1] = HIDDEN  # as in a list of headers
    return told
