"""Settings that are written in one way, told by an example: who reads a refusal need not read a pattern."""

import re
from dataclasses import dataclass

from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema, PydanticCustomError, core_schema


@dataclass(frozen=True, slots=True)
class Spelling:
    """What text has to look like."""

    pattern: str
    form: str
    """In words: `three capital letters`."""
    example: str
    """One that fits."""

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_after_validator_function(self._fitting, handler(source))

    def _fitting(self, given: str) -> str:
        if not re.fullmatch(self.pattern, given):
            raise PydanticCustomError("spelling", "should be {form}, like {example}", self._words())
        return given

    def _words(self) -> dict[str, str]:
        return {"form": self.form, "example": self.example}


def spelled(pattern: str, *, form: str, example: str) -> Spelling:
    """Accepts text that the whole of `pattern` fits: `[A-Z]{3}`, form `three capital letters`, example `EUR`."""
    return Spelling(pattern, form, example)


def expect_one_line(text: str) -> str:
    """The text as it was given; for an `AfterValidator`.

    Raises:
        ValueError: It has a line's end, another sign that nobody sees, or blanks around it.
    """
    if not text.isprintable() or text != text.strip():
        raise ValueError("should be one line of letters, without blanks around it")
    return text
