"""Numbers that belong to somebody: payment cards by Luhn's sum, bank accounts by that of ISO 13616."""

import re
from typing import Final

_UUID: Final = r"(?P<id>[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12})"
_GAPS: Final = r"[ \u00a0./\t\r\n-]{1,3}"
CARD: Final = re.compile(
    rf"(?<![\w.]){_UUID}(?![\w-])"  # is looked at first, and left alone
    rf"|(?<![0-9A-Za-z.])(?:[2-6][0-9]{{12,18}}"
    rf"|(?:[2-6][0-9]{{3}}(?:{_GAPS}[0-9]{{4}}){{3}}(?:{_GAPS}[0-9]{{1,4}})?"
    rf"|3[0-9]{{3}}{_GAPS}[0-9]{{6}}{_GAPS}[0-9]{{4,5}})(?![ \u00a0-]?[0-9]))(?![0-9A-Za-z])"
)
"""13 to 19 digits, at once or in the groups that cards print, which may have a day or a security code beside them."""
_PRINTED: Final = 16
_LONGEST: Final = 19
_IBAN_LENGTHS: Final = {
    country: length
    for length, countries in {
        15: "NO", 16: "BE", 18: "DK FI FO GL NL SD", 19: "MK SI", 20: "AT BA EE KZ LT LU XK",
        21: "CH HR LI LV", 22: "BG BH DE GB GE IE ME RS", 23: "AE GI IL IQ OM SO TL",
        24: "AD CZ ES MD PK RO SA SE SK TN VA", 25: "LY PT ST", 26: "IS TR", 27: "FR GR IT MC MR SM",
        28: "AL AZ BY CY DO GT HU LB NI PL SV", 29: "BR EG PS QA UA", 30: "JO KW MU", 31: "MT SC", 32: "LC", 33: "RU",
    }.items()
    for country in countries.split()
}  # fmt: skip
IBAN: Final = re.compile(r"(?<![A-Za-z0-9])[A-Z]{2}[0-9]{2}(?:[ \u00a0-]?[A-Z0-9]){11,30}")
_DIGITS: Final = re.compile(r"[^0-9]")
_DOUBLED: Final = (0, 2, 4, 6, 8, 1, 3, 5, 7, 9)
_CHECK: Final = 97


def card_hidden(found: re.Match[str]) -> str:
    """`[card]` for a card's number, and itself for any other."""
    text, digits = found[0], _DIGITS.sub("", found[0])
    if found.lastgroup == "id":
        return text
    if len(digits) == len(text):
        return "[card]" if is_card(digits) else text
    last = digits if len(digits) <= _LONGEST else digits[-_PRINTED:]
    return "[card]" if is_card(digits[:_PRINTED]) or is_card(last) else text


def is_card(digits: str) -> bool:
    """Whether Luhn's sum (ISO/IEC 7812-1, annex B) comes out."""
    numbers = [ord(digit) - 48 for digit in reversed(digits)]
    return (sum(numbers[::2]) + sum(_DOUBLED[number] for number in numbers[1::2])) % 10 == 0


def iban_hidden(found: re.Match[str]) -> str:
    """`[iban]` for an account's number, whatever follows it; itself for anything else."""
    text, places = found[0], [at for at, sign in enumerate(found[0]) if sign.isalnum()]
    length = _IBAN_LENGTHS.get(text[:2], 0)
    if not length or len(places) < length or not is_iban("".join(text[at] for at in places[:length])):
        return text
    return "[iban]" + text[places[length - 1] + 1 :]


def is_iban(compact: str) -> bool:
    """Whether its check digits (ISO 7064, MOD 97-10) fit."""
    return int("".join(str(int(sign, 36)) for sign in compact[4:] + compact[:4])) % _CHECK == 1
