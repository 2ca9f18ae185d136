"""Text that nothing shows: no representation, dump, pickle or `vars()`.

Guaranteed: whoever prints, logs, copies, encodes or pickles settings gets stars or a refusal; two secrets are compared
in constant time. Not guaranteed: that memory holds no copy once somebody has asked for the text.
"""

import hmac
from typing import Any, Final, NoReturn

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

STARS: Final = "********"
"""What is shown of a secret."""


class Secret:
    """A password, a key, or an address with one in it. Unlike pydantic's SecretStr, it has no `__dict__`, which
    `vars()` would print, and cannot be pickled.
    """

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def get_secret_value(self) -> str:
        """The text. What asks for it answers for what becomes of it."""
        return self._text

    def __repr__(self) -> str:
        return f"Secret('{STARS}')"

    def __str__(self) -> str:
        return STARS

    def __len__(self) -> int:
        return len(self._text)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and hmac.compare_digest(self._text.encode(), other._text.encode())

    def __hash__(self) -> int:
        return hash(self._text)

    def __copy__(self) -> "Secret":
        return self

    def __deepcopy__(self, _: dict[int, Any]) -> "Secret":
        return self

    def __reduce_ex__(self, _: object) -> NoReturn:
        raise TypeError("a secret is not pickled")

    @classmethod
    def __get_pydantic_core_schema__(cls, _: object, __: GetCoreSchemaHandler) -> CoreSchema:
        stars = core_schema.plain_serializer_function_ser_schema(str)
        return core_schema.no_info_plain_validator_function(cls._of, serialization=stars)

    @classmethod
    def __get_pydantic_json_schema__(cls, _: CoreSchema, __: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {"type": "string", "format": "password", "writeOnly": True}

    @classmethod
    def _of(cls, given: object) -> "Secret":
        if isinstance(given, Secret):
            return given
        if isinstance(given, str):
            return cls(given)
        raise ValueError("should be text")
