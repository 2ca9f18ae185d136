"""The places for values in a sentence: `%(name)s` where a template says it, `{name}` where Python does.

A template formats every sentence that it says, so a `%` of its own is written `%%` in each translation; `Messages`
writes it back where Python says the sentence.
"""

import re
from typing import Final

_NAMED: Final = {"%": re.compile(r"%(?:%|\((\w+)\)s)"), "{}": re.compile(r"\{\{|\}\}|\{(\w+)\}")}


def placeholders(*texts: str) -> set[str]:
    """The names of the values that go into a sentence: `%(name)s` and `{name}`."""
    return {name for places in _NAMED.values() for text in texts for name in places.findall(text) if name}


def fault(said: str, *english: str) -> str | None:
    """Why a translation cannot be filled as the English is, or None if it can.

    A sentence of an owner's that cannot be filled in English, as a category called “100 % wool”, is never filled.
    """
    for signs, places in _NAMED.items():
        known = {name for text in english for name in places.findall(text) if name}
        if any(_stray(text, signs) for text in english):
            continue
        if strange := sorted({name for name in places.findall(said) if name} - known):
            return f"{', '.join(strange)} is not in the English."
        if signs == "%" and _stray(said, signs):
            return "“%” stands for a value only as the English writes it, as %(name)s; a percent sign is %%."
        if signs == "{}" and (_stray(said, signs) or (_braced(said) and not any(map(_braced, english)))):
            return "“{” and “}” stand for a value only as the English writes it, as {name}."
        if not _fills(said, signs, known):
            return f"its values cannot be put in place of “{signs}”."
    return None


def _stray(text: str, signs: str) -> bool:
    """Whether a sign is left when all that it may be a part of is gone."""
    rest = _NAMED[signs].sub("", text)
    return any(sign in rest for sign in signs)


def _braced(text: str) -> bool:
    return "{" in text or "}" in text


def _fills(said: str, signs: str, names: set[str]) -> bool:
    """Whether it can be formatted, found out by doing so."""
    values = dict.fromkeys(names, "")
    try:
        said % values if signs == "%" else said.format_map(values)
    except (KeyError, ValueError, TypeError, IndexError, AttributeError):
        return False
    return True
