"""Reads SQL as far as rules about it need: statements, and in each its words, without what is quoted or remarked.

The lexical structure is PostgreSQL's (its manual, 4.1): nested comments, '' and E'\\'' and $tag$…$tag$, "names".
Guaranteed: no text within a string, a name in quotes, a comment or a function's body is ever taken for a word; whatever
cannot be read as SQL ends as one statement that has its words, in time linear in its length.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

STRING: Final = "''"
"""Stands for any string."""

_TOKEN: Final = re.compile(
    r"""
      (?P<space>\s+|--[^\n]*)
    | (?P<comment>/\*)
    | (?P<string>[eE]'(?:[^'\\]|\\.|'')*(?:'|\Z)|(?:[bBnNxX]|[uU]&)?'(?:[^']|'')*(?:'|\Z))
    | (?P<dollar>\$(?:[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$)
    | (?P<name>(?:[uU]&)?"(?:[^"]|"")*(?:"|\Z))
    | (?P<word>[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*)
    | (?P<number>\d[\w.]*)
    | (?P<other>.)
    """,
    re.VERBOSE | re.DOTALL,
)
_COMMENT: Final = re.compile(r"/\*|\*/")


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement."""

    text: str
    """As it stands there, without what is around it."""
    line: int
    """Where it begins; the first is 1."""
    words: tuple[str, ...]
    """Keywords and plain names in capitals, names in quotes as they are, `''` for each string, signs by themselves."""

    def __str__(self) -> str:
        """Its words, with a space between any two: what patterns are matched with."""
        return " ".join(self.words)


def statements(sql: str) -> Iterator[Statement]:
    """Each statement of a script."""
    words: list[str] = []
    start = end = depth = 0
    line, counted = 1, 0
    for word, begins, ends in words_of(sql):
        if word == ";" and depth == 0:
            if words:
                yield Statement(sql[start:end], line, tuple(words))
            words = []
            continue
        # A body in SQL itself has semicolons: BEGIN ATOMIC … END, and CASE … END within.
        if (word == "ATOMIC" and words[-1:] == ["BEGIN"]) or (depth and word == "CASE"):
            depth += 1
        elif depth and word == "END":
            depth -= 1
        if not words:
            line += sql.count("\n", counted, begins)
            start = counted = begins
        words.append(word)
        end = ends
    if words:
        yield Statement(sql[start:end], line, tuple(words))


def name_of(word: str) -> str:
    """The name that a word means: PostgreSQL's small letters, unless it stands in quotes."""
    return word[1:-1].replace('""', '"') if word.startswith('"') else word.lower()


def words_of(sql: str) -> Iterator[tuple[str, int, int]]:
    """Each word, as in `Statement.words`, with where it begins and ends."""
    at = 0
    while at < len(sql):
        if (found := _TOKEN.match(sql, at)) is None:
            return  # its last part takes any character
        kind, begins, at = found.lastgroup, at, found.end()
        if kind == "space":
            continue
        if kind == "comment":
            at = _after_comment(sql, at)
        elif kind == "dollar":
            closing = sql.find(found.group(), at)
            at = len(sql) if closing < 0 else closing + len(found.group())
            yield STRING, begins, at
        elif kind == "string":
            yield STRING, begins, at
        else:
            yield found.group().upper() if kind == "word" else found.group(), begins, at


def _after_comment(sql: str, at: int) -> int:
    depth = 1
    for found in _COMMENT.finditer(sql, at):
        depth += 1 if found.group() == "/*" else -1
        if depth == 0:
            return found.end()
    return len(sql)
