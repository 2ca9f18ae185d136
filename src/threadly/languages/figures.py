"""Numbers and money as a language writes them. Whole numbers all the way: an amount never passes through a float.

What differs between languages is read once from Babel (the Unicode CLDR), for writing an amount happens two dozen times
a page.
"""

import unicodedata
from typing import Final

from babel import Locale

_CURRENCY: Final = "¤"
_MINUS: Final = "−"
_NO_BREAK_SPACE: Final = "\N{NO-BREAK SPACE}"
_DECIMALS: Final = dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3) | dict.fromkeys(
    ("CLP", "ISK", "JPY", "KRW", "PYG", "UGX", "VND", "XAF", "XOF", "XPF"), 0
)


def decimals_of(currency: str) -> int:
    """How many decimals an amount of this currency has (ISO 4217)."""
    return _DECIMALS.get(currency, 2)


class Figures:
    """How one language in one country writes figures: `24,50 €`, `1.024`."""

    def __init__(self, locale: Locale) -> None:
        symbols = locale.number_symbols["latn"]
        self.decimal: str = symbols["decimal"]
        self._group: str = symbols["group"]
        self._money_decimal: str = symbols.get("currencyDecimal", self.decimal)
        self._money_group: str = symbols.get("currencyGroup", self._group)
        pattern = locale.currency_formats["standard"]
        self._before, self._after = pattern.prefix[0].strip("'"), pattern.suffix[0].strip("'")
        self._first_group, self._next_groups = pattern.grouping
        self._symbols: dict[str, str] = dict(locale.currency_symbols)
        self._around: dict[str, tuple[str, str, int]] = {}

    def number(self, number: int) -> str:
        """A whole number: `10,000`."""
        return self._grouped(str(number), self._group)

    def money(self, minor: int, currency: str) -> str:
        """An amount of minor units, for reading: `€1,024.50`, `1.024,50 €`.

        Args:
            minor: Cents, pence, yen: whatever the currency cannot divide further.
            currency: ISO 4217 code.
        """
        known = self._around.get(currency)
        if known is None:
            known = self._around[currency] = self._written_around(currency)
        before, after, decimals = known
        whole, part = divmod(abs(minor), 10**decimals)
        amount = self._grouped(str(whole), self._money_group)
        if decimals:
            amount = f"{amount}{self._money_decimal}{part:0{decimals}}"
        return f"{_MINUS if minor < 0 else ''}{before}{amount}{after}"

    def symbol(self, currency: str) -> str:
        """What stands beside an amount of this currency."""
        return self._symbols.get(currency, currency)

    def _written_around(self, currency: str) -> tuple[str, str, int]:
        symbol = self.symbol(currency)
        before = self._before.replace(_CURRENCY, symbol)
        after = self._after.replace(_CURRENCY, symbol)
        # Letters keep their distance from figures (CLDR, currencySpacing); signs like € need none.
        if before and unicodedata.category(before[-1])[0] == "L":
            before += _NO_BREAK_SPACE
        if after and unicodedata.category(after[0])[0] == "L":
            after = _NO_BREAK_SPACE + after
        return before, after, decimals_of(currency)

    def _grouped(self, digits: str, group: str) -> str:
        if len(digits) <= self._first_group:
            return digits
        rest, last = digits[: -self._first_group], digits[-self._first_group :]
        parts = [last]
        while rest:
            parts.append(rest[-self._next_groups :])
            rest = rest[: -self._next_groups]
        return group.join(reversed(parts))
