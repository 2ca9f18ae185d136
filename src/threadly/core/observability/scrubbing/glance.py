"""Whether a text may hold something private, at a glance: under a microsecond, where looking closely takes twenty.

Guaranteed: a text that has something of a form that `scrub_text` knows is held up. Not guaranteed: that one held up is
guilty. Python's patterns take longer to look at one character than its searches take for twenty.
"""

from string import ascii_letters, ascii_uppercase, digits
from typing import Final

_WORD: Final = frozenset(f"{ascii_letters}{digits}_-".encode())
_WORDS: Final = bytes(ord("x") if sign in _WORD else ord(" ") for sign in range(256))
_KINDS: Final = bytes(
    ord("0") if chr(sign) in digits else ord("A") if chr(sign) in ascii_uppercase else sign for sign in range(256)
)
_GAPS: Final = " -./\t\r\n\u00a0".encode()
_TOKEN: Final = b"x" * 40  # 256 bits in base64url are 43; GitHub's shortest has no more
_EACH_SECOND: Final = b"x" * 20  # of its characters: searching half as far for half as much takes a fourth of the time
_CARD: Final = b"0" * 13
_IBAN: Final = b"AA00"


_SHORTEST: Final = 13  # of what has no sign of its own


def may_be_private(text: str) -> bool:
    """Whether to look closely."""
    if "@" in text or "=" in text or ":" in text or "$" in text or "%" in text:
        return True
    if len(text) < _SHORTEST:
        return False
    if (
        "eyJ" in text
        or "AKIA" in text
        or "ASIA" in text
        or "AIza" in text
        or "earer" in text
        or "asic" in text
        or "xox" in text
    ):
        return True
    # The rest by the sign that all of them have, and most lines have not.
    if "_" in text and (
        "k_test" in text or "k_live" in text or "whsec_" in text or "ghp_" in text or "github_pat_" in text
    ):
        return True
    if "-" in text and ("-----B" in text or "sk-" in text):
        return True
    line = text.encode(errors="replace")
    kinds = line.translate(_KINDS, _GAPS)
    if kinds.find(_CARD) >= 0 or kinds.find(_IBAN) >= 0:
        return True
    words = line.translate(_WORDS)
    return words[::2].find(_EACH_SECOND) >= 0 and words.find(_TOKEN) >= 0
