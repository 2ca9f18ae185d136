"""Money as people write it. Whole numbers all the way: an amount never passes through a float."""

import re
from typing import Final

_SYMBOLS: Final = {"EUR": "€", "USD": "$", "GBP": "£", "CAD": "CA$", "AUD": "A$", "JPY": "¥"}
_DECIMALS: Final = dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3) | dict.fromkeys(
    ("CLP", "ISK", "JPY", "KRW", "PYG", "UGX", "VND", "XAF", "XOF", "XPF"), 0
)
_NO_BREAK_SPACE: Final = "\N{NO-BREAK SPACE}"
_AMOUNT: Final = re.compile(r"([0-9]{1,9})(?:[.,]([0-9]{1,3}))?")


def money(minor: int, currency: str) -> str:
    """An amount of minor units, for reading: `€1,024.50`, or the code where a currency has no symbol of its own.

    Args:
        minor: Cents, pence, yen: whatever the currency cannot divide further.
        currency: ISO 4217 code.
    """
    decimals = _DECIMALS.get(currency, 2)
    whole, part = divmod(abs(minor), 10**decimals)
    amount = f"{whole:,}.{part:0{decimals}}" if decimals else f"{whole:,}"
    sign = "−" if minor < 0 else ""
    return f"{sign}{_SYMBOLS.get(currency) or f'{currency}{_NO_BREAK_SPACE}'}{amount}"


def plain(minor: int, currency: str) -> str:
    """An amount of minor units as a form field holds it: `1024.50`, and `1024` when it is whole."""
    decimals = _DECIMALS.get(currency, 2)
    whole, part = divmod(minor, 10**decimals)
    return f"{whole}.{part:0{decimals}}" if part else str(whole)


def minor_units(text: str, currency: str) -> int | None:
    """The minor units in what a person typed (`24`, `24.5`, `24,50`); None if it is no amount of this currency."""
    decimals = _DECIMALS.get(currency, 2)
    match = _AMOUNT.fullmatch(text.strip())
    if match is None or len(match[2] or "") > decimals:
        return None
    return int(match[1] + (match[2] or "").ljust(decimals, "0"))


def symbol(currency: str) -> str:
    """What stands before an amount of this currency."""
    return _SYMBOLS.get(currency, currency)
