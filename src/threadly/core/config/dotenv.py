"""Reads a `.env` file, strictly: what another reader might take otherwise is refused, by its line.

A line is empty, a comment, or `NAME=value`, perhaps behind `export`. A value stands bare, where it holds no space,
quote, backslash, backtick or dollar; in single quotes, where everything counts as it is; or in double quotes, where a
backslash stands before n, t, a quote, a dollar or itself. Nothing is expanded, no value goes over several lines, and a
comment follows a space. No refusal repeats a value.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from threadly.core.config.mistakes import Mistake
from threadly.core.config.sources import Given

_LINE: Final = re.compile(r"[ \t]*(?:export[ \t]+)?(?P<name>[A-Za-z_][A-Za-z0-9_]*)(?P<rest>.*)", re.DOTALL)
_NAMED: Final = re.compile(r"[ \t]*(?:export[ \t]+)?(?P<name>[A-Z_][A-Z0-9_]*)[ \t]*=")
_BARE: Final = re.compile(r"(?P<value>[^\s'\"\\$`#][^\s'\"\\$`]*|)(?P<rest>.*)", re.DOTALL)
_SINGLE: Final = re.compile(r"'(?P<value>[^']*)'(?P<rest>.*)", re.DOTALL)
_DOUBLE: Final = re.compile(r'"(?P<value>(?:[^"\\]|\\.)*)"(?P<rest>.*)', re.DOTALL)
_AFTERWARDS: Final = re.compile(r"(?:[ \t]*|[ \t]+#.*)")
_ESCAPED: Final = {"n": "\n", "t": "\t", '"': '"', "\\": "\\", "$": "$"}
_QUOTE_IT: Final = "put the value in single quotes, where everything counts as it is"


class _Refused(ValueError):
    """What is wrong with a line, in words."""


@dataclass(slots=True)
class Lines:
    """What a file says, and what is wrong in it."""

    given: list[Given] = field(default_factory=list)
    mistakes: list[Mistake] = field(default_factory=list)
    unread: list[Mistake] = field(default_factory=list)
    """Lines that cannot be read; each with its name, where that can be."""


def lines(text: str, *, file: str) -> Lines:
    """The variables of a file, each with its line."""
    found = Lines()
    first: dict[str, int] = {}
    for number, line in enumerate(text.split("\n"), start=1):
        place = f"{file}:{number}"
        try:
            read = list(_read(line.removesuffix("\r")))
        except _Refused as refusal:
            named = _NAMED.match(line)
            found.unread.append(Mistake(f"{place}: {refusal}.", named["name"] if named else "", place))
            continue
        for name, value in read:
            if first.setdefault(name, number) < number:
                found.mistakes.append(Mistake(f"{place}: {name} stands in line {first[name]} already.", name, place))
            else:
                found.given.append(Given(name, value, place))
    return found


def quoted(value: str) -> str:
    """A value as it stands in such a file.

    Raises:
        ValueError: It holds a quote or a line's end, and no setting has such an example.
    """
    bare = _BARE.fullmatch(value)
    if bare is not None and not bare["rest"]:
        return value
    if "'" in value or "\n" in value:
        raise ValueError("holds a quote or a line's end")
    return f"'{value}'"


def _read(line: str) -> Iterator[tuple[str, str]]:
    """The name and the value, if there are any."""
    if not line.strip() or line.lstrip().startswith("#"):
        return
    match = _LINE.fullmatch(line)
    if match is None:
        raise _Refused("is no NAME=value; a name has letters, digits and underscores")
    name, rest = match["name"], match["rest"]
    if not rest.startswith("="):
        raise _Refused("should be NAME=value, without a space before the equals sign")
    yield name, _value(rest[1:])


def _value(text: str) -> str:
    if text[:1] in {" ", "\t"} and text.strip() and not text.lstrip().startswith("#"):
        raise _Refused("should be NAME=value, without a space behind the equals sign")
    for quote, form in (("'", _SINGLE), ('"', _DOUBLE)):
        if text.startswith(quote):
            match = form.fullmatch(text)
            if match is None:
                raise _Refused("has a quote that is not closed; a value stands in one line")
            if not _AFTERWARDS.fullmatch(match["rest"]):
                raise _Refused("has something behind the closing quote; a comment begins with a space and #")
            return match["value"] if quote == "'" else _unescaped(match["value"])
    match = _BARE.fullmatch(text)
    if match is None or not _AFTERWARDS.fullmatch(match["rest"]):
        raise _Refused(f"holds a space, a quote, a backslash, a backtick or a dollar; {_QUOTE_IT}")
    return match["value"]


def _unescaped(text: str) -> str:
    if re.search(r"(?<!\\)(?:\\\\)*[$`]", text):
        raise _Refused(f"holds a dollar or a backtick, and nothing is expanded here; {_QUOTE_IT}")

    def meant(escape: re.Match[str]) -> str:
        if escape[1] not in _ESCAPED:
            raise _Refused(f"has a backslash before something else than n, t, a quote, a dollar or itself; {_QUOTE_IT}")
        return _ESCAPED[escape[1]]

    return re.sub(r"\\(.)", meant, text, flags=re.DOTALL)
