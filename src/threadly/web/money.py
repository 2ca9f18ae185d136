"""Money as people type it, and as forms and addresses hold it. Whole numbers all the way: never through a float.

How an amount is written for reading is a matter of languages: `threadly.languages`.
"""

import re
from typing import Final

from threadly.languages import decimals_of

_AMOUNT: Final = re.compile(r"([0-9]{1,9})(?:[.,]([0-9]{1,3}))?")


def plain(minor: int, currency: str, decimal: str = ".") -> str:
    """An amount of minor units as a form field holds it: `1024.50`, and `1024` when it is whole.

    Args:
        decimal: What stands before the decimals: in a form its language's sign, in an address always the point.
    """
    decimals = decimals_of(currency)
    whole, part = divmod(minor, 10**decimals)
    return f"{whole}{decimal}{part:0{decimals}}" if part else str(whole)


def minor_units(text: str, currency: str) -> int | None:
    """The minor units in what a person typed (`24`, `24.5`, `24,50`); None if it is no amount of this currency."""
    decimals = decimals_of(currency)
    match = _AMOUNT.fullmatch(text.strip())
    if match is None or len(match[2] or "") > decimals:
        return None
    return int(match[1] + (match[2] or "").ljust(decimals, "0"))
