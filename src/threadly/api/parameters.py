"""Query parameters, declared as a struct: read strictly, refused by name, documented from the same lines.

class PageAsked(msgspec.Struct, frozen=True, kw_only=True):
    limit: Annotated[int, Meta(ge=1, le=100, description="How many.")] = 24

Parameters(PageAsked).read(b"limit=5")
"""

import re
from collections.abc import Callable
from typing import Any, Final, Generic, TypeVar

import msgspec

from threadly.api.schemas import schemas_of
from threadly.core.asgi import MOST_VALUES, ParameterInvalid, parse_lists, whole_number

AskedT = TypeVar("AskedT", bound=msgspec.Struct)

_AT: Final = re.compile(r"at `\$\.(\w+)")


class Parameters(Generic[AskedT]):
    """What an address takes: integers, texts and string enums, and tuples of texts and enums, which may repeat.

    What may be left out has a default; of None, for instance, or of an empty tuple.

    Raises:
        TypeError: A field is of a kind that has no strict spelling here yet.
    """

    def __init__(self, kind: type[AskedT]) -> None:
        self.kind = kind
        self._schemas = _schemas(kind)
        self._readers: dict[str, Callable[[str], object]] = {
            name: _reader(name, schema) for name, schema in self._schemas.items() if schema.get("type") != "array"
        }
        self._lists = frozenset(self._schemas.keys() - self._readers.keys())
        for name in self._lists:
            _reader(name, self._schemas[name]["items"])

    def read(self, query_string: bytes) -> AskedT:
        """What was asked.

        Raises:
            ParameterUnknown, ParameterRepeated, ParameterMalformed, QueryTooLong: As `parse_lists` does.
            ParameterInvalid: A value is not of its type, or out of bounds.
        """
        texts, lists = parse_lists(query_string, self._readers, self._lists)
        if not texts and not lists:
            return self.kind()
        values = {name: self._readers[name](text) for name, text in texts.items()} | lists
        try:
            return msgspec.convert(values, self.kind, strict=True)
        except msgspec.ValidationError as error:
            place = _AT.search(str(error))
            name = place.group(1) if place else "?"
        raise ParameterInvalid(self._says(name), parameter=name)

    def document(self) -> list[dict[str, Any]]:
        """The parameters, as OpenAPI 3.1 lists them."""
        documented = []
        for name, schema in self._schemas.items():
            plain = dict(schema)
            description = plain.pop("description", "")
            entry = {"name": name, "in": "query", "required": False, "description": description, "schema": plain}
            if name in self._lists:
                entry |= {"style": "form", "explode": True}
                plain |= {"maxItems": MOST_VALUES, "uniqueItems": True}
            documented.append(entry)
        return documented

    def _says(self, name: str) -> str:
        schema = self._schemas.get(name, {})
        schema = schema.get("items", schema)
        if "enum" in schema:
            return f"“{name}” must be one of: {', '.join(schema['enum'])}."
        if schema.get("type") == "integer":
            return f"“{name}” must be a whole number from {schema['minimum']} to {schema['maximum']}."
        return f"“{name}” must be at most {schema['maxLength']} characters of the form that the documentation gives."


def _schemas(kind: type[msgspec.Struct]) -> dict[str, dict[str, Any]]:
    """Each field's JSON schema, references resolved and None left out: a parameter is absent, never null."""
    (whole,), components = schemas_of([kind])
    named = components[whole["$ref"].rpartition("/")[2]]
    schemas = {}
    for name, schema in named["properties"].items():
        merged = dict(schema)
        for alternative in merged.pop("anyOf", []):
            if alternative.get("type") != "null":
                merged |= alternative
        if merged.get("default", ...) in (None, ()):
            del merged["default"]
        schemas[name] = _resolved(merged, components)
        if "items" in merged:
            schemas[name]["items"] = _resolved(merged["items"], components)
    return schemas


def _resolved(schema: dict[str, Any], components: dict[str, Any]) -> dict[str, Any]:
    """The schema with an enum's values instead of a reference to them."""
    if "$ref" not in schema:
        return schema
    plain = {key: value for key, value in schema.items() if key != "$ref"}
    return {"type": "string", "enum": components[schema["$ref"].rpartition("/")[2]]["enum"]} | plain


def _reader(name: str, schema: dict[str, Any]) -> Callable[[str], object]:
    if schema.get("type") == "integer" and {"minimum", "maximum"} <= schema.keys():
        return _number
    if schema.get("type") == "string" and {"enum", "maxLength"} & schema.keys():
        return str
    raise TypeError(f"{name}: only bounded integers, bounded texts and string enums can be read strictly from a query")


def _number(text: str) -> object:
    number = whole_number(text)
    return text if number is None else number  # a text where a number must be is refused with the rest
