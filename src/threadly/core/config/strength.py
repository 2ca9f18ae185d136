"""How hard a secret is to guess, from below: what repeats, counts up or stays the same adds nothing."""

import math
import re
from typing import Final

_HEXADECIMAL: Final = re.compile(r"[0-9a-f]+|[0-9A-F]+")
_ALPHABETS: Final = ((re.compile("[a-z]"), 26), (re.compile("[A-Z]"), 26), (re.compile("[0-9]"), 10))
_OTHER_SIGNS: Final = 32


def bits(secret: str) -> float:
    """At most how many bits a guesser has to find, if the signs were drawn by chance: 128 for 32 hexadecimal digits.

    Not a measure of words: a sentence is easier to guess than this says.
    """
    return _fresh(secret) * math.log2(max(_alphabet(secret), 1))


def _fresh(secret: str) -> int:
    """How many signs neither go on as the two before them (`aaa`, `abc`, `321`) nor end three that were seen before."""
    seen: set[str] = set()
    fresh = 0
    for at, sign in enumerate(secret):
        three = secret[max(0, at - 2) : at + 1]
        step = ord(sign) - ord(three[-2]) if len(three) > 1 else 2
        goes_on = len(three) == 3 and step == ord(three[1]) - ord(three[0]) and abs(step) <= 1
        fresh += not goes_on and three not in seen
        seen.add(three)
    return fresh


def _alphabet(secret: str) -> int:
    if _HEXADECIMAL.fullmatch(secret):
        return 16
    known = sum(size for signs, size in _ALPHABETS if signs.search(secret))
    return known + (_OTHER_SIGNS if re.search("[^a-zA-Z0-9]", secret) else 0)
