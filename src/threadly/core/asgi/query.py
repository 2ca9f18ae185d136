"""Reads query strings to the letter: what was asked is understood whole, or refused by name.

Guaranteed: no unknown parameter passes, none repeated that is no list, no NUL, no malformed percent-encoding or UTF-8;
an integer is written in one way only. So one address has one meaning, and a typing error never silently means
something else.
"""

import re
from collections.abc import Collection, Iterator
from typing import Final
from urllib.parse import unquote_to_bytes

from threadly.core.errors import Invalid
from threadly.core.words import words

MOST_PARAMETERS: Final = 64
MOST_CHARACTERS: Final = 4096
MOST_VALUES: Final = 20
"""Of a parameter that may repeat."""

_NAME: Final = re.compile(r"(?=.{1,30}\Z)[a-z]+(?:(?:_[a-z]|[A-Z][a-z])[a-z]*)*", re.ASCII)
_BROKEN_PERCENT: Final = re.compile(rb"%(?![0-9A-Fa-f]{2})")
_INTEGER: Final = re.compile(r"0|-?[1-9][0-9]{0,18}", re.ASCII)


class ParameterUnknown(Invalid):
    """The address carries a parameter that is not known there."""

    code = "parameter_unknown"
    title = "This address does not know one of these parameters."


class ParameterRepeated(Invalid):
    """A parameter is given more than once, or a value of a list is."""

    code = "parameter_repeated"
    title = "One of these parameters is given more often than it may be."


class ParameterMalformed(Invalid):
    """A parameter cannot be decoded, or holds a character that no text holds."""

    code = "parameter_malformed"
    title = "One of these parameters is not readable text."


class ParameterInvalid(Invalid):
    """A parameter's value is not of its type, or out of bounds."""

    code = "parameter_invalid"
    title = "One of these parameters has a value that cannot be used."


class QueryTooLong(Invalid):
    """More parameters, or longer ones, than any address here takes."""

    code = "query_too_long"
    title = "These are more parameters, or longer ones, than we read."


def parse_query(raw: bytes, allowed: Collection[str]) -> dict[str, str]:
    """The parameters of a query string, decoded as HTML forms encode them (`+` is a space, text is UTF-8).

    Raises:
        ParameterUnknown: One is not in `allowed`.
        ParameterRepeated: One is given twice.
        ParameterMalformed: Broken percent-encoding or UTF-8, or a NUL.
        QueryTooLong: More than `MOST_PARAMETERS`, or than `MOST_CHARACTERS` bytes.
    """
    return parse_lists(raw, allowed, ())[0]


def parse_lists(
    raw: bytes, allowed: Collection[str], lists: Collection[str]
) -> tuple[dict[str, str], dict[str, tuple[str, ...]]]:
    """The parameters of a query string, and those of `lists`, which may repeat: `brand=levis&brand=nike`.

    Raises:
        ParameterUnknown: One is neither in `allowed` nor in `lists`.
        ParameterRepeated: One of `allowed` is given twice; or one of `lists` twice with one value, or too often.
        ParameterMalformed: Broken percent-encoding or UTF-8, or a NUL.
        QueryTooLong: More than `MOST_PARAMETERS`, or than `MOST_CHARACTERS` bytes.
    """
    found: dict[str, str] = {}
    listed: dict[str, tuple[str, ...]] = {}
    if not raw:
        return found, listed
    if len(raw) > MOST_CHARACTERS or raw.count(b"&") >= MOST_PARAMETERS:
        raise QueryTooLong(most_parameters=MOST_PARAMETERS, most_characters=MOST_CHARACTERS)
    for name, value in pairs(raw):
        if name in lists:
            before = listed.get(name, ())
            if value in before:
                raise ParameterRepeated(words("“{parameter}” is given twice with the same value."), parameter=name)
            if len(before) == MOST_VALUES:
                message = words("“{parameter}” is given more than {at_most} times.")
                raise ParameterRepeated(message, parameter=name, at_most=MOST_VALUES)
            listed[name] = (*before, value)
        elif name not in allowed:
            known = ", ".join(sorted({*allowed, *lists})) or "none"
            raise ParameterUnknown(words("It knows: {known}."), parameter=shown(name), known=known)
        elif name in found:
            raise ParameterRepeated(words("“{parameter}” is given more than once."), parameter=name)
        else:
            found[name] = value
    return found, listed


def pairs(raw: bytes) -> Iterator[tuple[str, str]]:
    """The names and values of a query string or of a form's body, in order, decoded as HTML forms encode them.

    Raises:
        ParameterMalformed: Broken percent-encoding or UTF-8, or a NUL.
    """
    for pair in raw.split(b"&"):
        if pair:
            raw_name, _, raw_value = pair.partition(b"=")
            name = _text(raw_name, "?")
            yield name, _text(raw_value, shown(name))


def shown(name: str) -> str:
    """A name that was sent, as it may be told back: words, no figures. Anything may have been pasted in its place."""
    return name if _NAME.fullmatch(name) else "…"


def integer(name: str, text: str, *, at_least: int, at_most: int) -> int:
    """A whole number in its only spelling: no sign but a minus, no leading zero, no space, ASCII digits.

    Raises:
        ParameterInvalid: Anything else, or out of bounds.
    """
    if _INTEGER.fullmatch(text) and at_least <= (value := int(text)) <= at_most:
        return value
    message = words("“{parameter}” must be a whole number from {at_least} to {at_most}.")
    raise ParameterInvalid(message, parameter=name, at_least=at_least, at_most=at_most)


def whole_number(text: str) -> int | None:
    """The number that `text` spells by the rules of `integer`, or None."""
    return int(text) if _INTEGER.fullmatch(text) else None


def _text(raw: bytes, name: str) -> str:
    if b"%" in raw or b"+" in raw:
        if _BROKEN_PERCENT.search(raw):
            raise ParameterMalformed(
                words("A percent sign must be followed by two hexadecimal digits."), parameter=name
            )
        raw = unquote_to_bytes(raw.replace(b"+", b" "))
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        raise ParameterMalformed(words("Text must be encoded as UTF-8."), parameter=name) from None
    if "\0" in text:
        raise ParameterMalformed(words("Text cannot hold the character NUL."), parameter=name)
    return text
