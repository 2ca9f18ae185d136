"""TOML that people write, with one kind of refusal whatever is wrong in it."""

import re
import sys
import tomllib
from typing import Any, Final

_TABLE: Final = re.compile(r"\s*\[([^\[\]]+)\]\s*(?:#.*)?$")
_KEY: Final = re.compile(r"\s*([A-Za-z0-9_.\"'-](?:[A-Za-z0-9_.\"' \t-]*[A-Za-z0-9_.\"'-])?)[ \t]*=")
_LONGEST_LINE: Final = 10_000
"""No key stands further on in a line: what is longer is not looked at for one."""
_MOST_PARTS: Final = 64
_DOTTED: Final = re.compile(rf"(?<![^\s=,\[\]{{}}#])(?:[^\s.=,\[\]{{}}#]++[ \t]*+\.[ \t]*+){{{_MOST_PARTS}}}")
"""A key of more parts: tomllib would take a time that grows with the square of their number."""


def toml(text: str) -> dict[str, Any]:
    """What a text in TOML says.

    Raises:
        ValueError: It is none, or holds what no file of settings needs; in words for who wrote it.
    """
    if found := _DOTTED.search(text):
        raise ValueError(f"a key has more than {_MOST_PARTS} parts{_at(text, found.start())}")
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as fault:
        if str(fault).startswith("Invalid value (at line "):
            raise ValueError(f"{fault}; text stands in quotes") from None
        raise
    except RecursionError:
        raise ValueError("is nested too deeply") from None
    except ValueError:  # Python reads no number of so many digits, and tomllib leaves it to Python
        raise ValueError(f"a number has too many digits{_place(text)}") from None


def key_lines(text: str) -> dict[tuple[str, ...], int]:
    """The line of each key that stands at the beginning of one, by the keys that lead to it; an inline table has one.

    Of text that `toml` has read. Inside of a value over several lines, what looks like a key is taken for one that
    nobody asks for.
    """
    found: dict[tuple[str, ...], int] = {}
    table: tuple[str, ...] = ()
    for number, line in enumerate(text.split("\n"), start=1):
        if len(line) > _LONGEST_LINE:
            continue
        if header := _TABLE.match(line):
            table = _keys(header[1])
            found.setdefault(table, number)
        elif key := _KEY.match(line):
            found.setdefault((*table, *_keys(key[1])), number)
    return found


def _keys(dotted: str) -> tuple[str, ...]:
    return tuple(part.strip().strip("\"'") for part in dotted.split("."))


def _place(text: str) -> str:
    found = re.search(rf"[0-9_]{{{sys.get_int_max_str_digits()}}}", text)
    return _at(text, found.start()) if found else ""


def _at(text: str, position: int) -> str:
    return f" (at line {text.count(chr(10), 0, position) + 1})"
