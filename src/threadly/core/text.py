"""Text that people write: in one form, of bounded cost, and free of characters that change how others' text is shown.

Normalising is NFC (Unicode Standard Annex 15), in linear time. Python's own takes the square of the length for a letter
with thousands of accents: three seconds for a form of 60 KB. So such a letter first gets the breaks of that annex's
Stream-Safe Text Process (section 13), after each 30 marks.
"""

import re
import unicodedata
from typing import Annotated, Final, get_args

MOST_MARKS: Final = 30
_BREAK: Final = "\N{COMBINING GRAPHEME JOINER}"

# Embeddings, overrides and isolates turn the text around them; the others are invisible, or end a line.
_TURNING: Final = re.compile(
    "[\u200b\u2028-\u202e\u2060-\u2064\u2066-\u206f\ufdd0-\ufdef\ufeff\ufff9-\ufffc\ufffe\uffff]"
)
_UNPRINTED: Final = frozenset({"Cc", "Cs", "Co"})
_SEEN: Final = ("L", "N", "P", "S", "Cn")  # Cn: newer than this Python's tables, such as this year's emoji
_AS_TYPED: Final = object()
AsTyped = Annotated[str, _AS_TYPED]
"""In a struct that a face reads: text whose spaces and line ends are kept, as those of a password."""

_MARKS_INSIDE: Final = frozenset("\u0f73\u0f75\u0f81\uff9e\uff9f")
"""Of class 0 themselves, which normalising makes into marks that are not."""
_LINE_ENDS: Final = re.compile(r"\r\n?")
_MOST_STACKED: Final = 4
_MOST_BEHIND: Final = 8
"""Marks of any class behind a letter: vowels and the like of Burmese, Khmer or Tibetan are of class 0."""


def normalised(text: str) -> str:
    """The text in NFC, so that what looks the same is the same."""
    if text.isascii():
        return text
    return unicodedata.normalize("NFC", _stream_safe(text))


def tidied(text: str) -> str:
    """The text in NFC, its lines ended by a line feed, without white space around it."""
    return _LINE_ENDS.sub("\n", normalised(text)).strip()


def is_as_typed(annotation: object) -> bool:
    """Whether a field's type is `AsTyped`."""
    return any(extra is _AS_TYPED for extra in get_args(annotation)[1:])


def is_plain(text: str, *, lines: bool = False) -> bool:
    """Whether the text has no character that is invisible, turns text around, or is no character at all; and no letter
    under a heap of marks, which would cover its neighbours.

    Joiners within emoji and within words of Persian or Hindi are fine, and so is every script, in any mixture.

    Args:
        lines: Whether line feeds and tabs are fine.
    """
    if _TURNING.search(text):
        return False
    stacked = behind = 0
    for character in text:
        category = unicodedata.category(character)
        if category.startswith("M"):
            behind += 1
            stacked += unicodedata.combining(character) != 0
            if stacked > _MOST_STACKED or behind > _MOST_BEHIND:
                return False
            continue
        stacked = behind = 0
        if category in _UNPRINTED and not (lines and character in "\n\t"):
            return False
    return True


def is_seen(text: str) -> bool:
    """Whether there is anything to see: a letter, a figure, a sign."""
    return any(unicodedata.category(character).startswith(_SEEN) for character in text)


def _stream_safe(text: str) -> str:
    """The text with a break after each 30 marks that follow one another."""
    pieces, begin, marks = [], 0, 0
    for at, character in enumerate(text):
        if not unicodedata.combining(character) and character not in _MARKS_INSIDE:
            marks = 0
        elif marks == MOST_MARKS:
            pieces.append(text[begin:at])
            begin, marks = at, 1
        else:
            marks += 1
    return _BREAK.join([*pieces, text[begin:]]) if pieces else text
