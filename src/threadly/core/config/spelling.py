"""Settings that are written in one way, told by an example: who reads a refusal need not read a pattern."""

import re

from pydantic import AfterValidator


def spelled(pattern: str, *, says: str) -> AfterValidator:
    """Accepts text that the whole of `pattern` fits; `says` is what else to write: `should be like #7a4b00`."""
    form = re.compile(pattern)

    def fitting(given: str) -> str:
        if not form.fullmatch(given):
            raise ValueError(says)
        return given

    return AfterValidator(fitting)
