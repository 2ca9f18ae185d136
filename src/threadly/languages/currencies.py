"""Which currencies there are, by CLDR."""

from babel.numbers import get_currency_name, is_currency, list_currencies


def expect_currency(code: str) -> str:
    """The code, if a currency has it.

    Raises:
        ValueError: None has; with the one that was meant, where its name says so.
    """
    if not is_currency(code):
        called = sorted((name for name in _names() if code.lower() in name.lower().split()), key=len)
        meant = f"; the {called[0]} is {_names()[called[0]]}" if called else ""
        raise ValueError(f"is no currency by ISO 4217{meant}")
    return code


def _names() -> dict[str, str]:
    return {get_currency_name(code, locale="en"): code for code in sorted(list_currencies())}
