"""JSON schemas of structs, in which what has an order keeps it."""

from collections.abc import Iterator, Sequence
from enum import Enum
from typing import Any

import msgspec
from msgspec import inspect


def schemas_of(
    kinds: Sequence[type[msgspec.Struct]], *, ref_template: str = "#/$defs/{name}"
) -> tuple[tuple[dict[str, Any], ...], dict[str, Any]]:
    """As `msgspec.json.schema_components`, but the values of an enum stand as declared, not by the alphabet."""
    references, components = msgspec.json.schema_components(kinds, ref_template=ref_template)
    for kind in _enums(inspect.multi_type_info(kinds), set()):
        if kind.__name__ in components:
            components[kind.__name__]["enum"] = [member.value for member in kind]
    return references, components


def _enums(node: object, seen: set[int]) -> Iterator[type[Enum]]:
    if id(node) in seen:
        return
    seen.add(id(node))
    if isinstance(node, inspect.EnumType):
        yield node.cls
    elif isinstance(node, list | tuple):
        for each in node:
            yield from _enums(each, seen)
    elif isinstance(node, inspect.Type | inspect.Field):
        for name in node.__struct_fields__:
            yield from _enums(getattr(node, name), seen)
