"""Reads SQL as far as rules about it need: statements, and in each its words, without what is quoted or remarked.

The lexical structure is PostgreSQL's (its manual, 4.1): nested comments, '' and E'\\'' and $tag$…$tag$, "names".
Guaranteed: no text within a string, a name in quotes, a comment or a function's body is ever taken for a word; whatever
cannot be read as SQL ends as one statement that has its words, in time linear in its length.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
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
_OF_WORDS: Final = re.compile(r'"(?:[^"]|"")*"|[^\s"]+')
_ALTER: Final[Mapping[Sequence[str], int]] = {("ALTER", "TABLE"): 2, ("ALTER", "MATERIALIZED"): 3}
_CHANGES: Final = {"INSERT", "UPDATE", "DELETE", "MERGE"}

IN_BATCHES: Final = "/* in batches */"
"""Behind UPDATE: what says so (`migrating.backfill`) changes a thousand rows at a time, and each of them once."""


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


def altered(statement: Statement) -> tuple[str, Sequence[str]] | None:
    """The table that an ALTER TABLE is about, and the words of each of its actions; None of any other statement."""
    words = statement.words
    if (at := _ALTER.get(words[:2])) is None:
        return None
    at += 2 * (words[at : at + 2] == ("IF", "EXISTS"))
    at += words[at : at + 1] == ("ONLY",)
    ends = at + 1
    while words[ends : ends + 1] == (".",):
        ends += 2
    actions = words[ends + (words[ends : ends + 1] == ("*",)) :]
    return (named(words[at:ends]), [" ".join(action) for action in apart(actions)]) if actions else None


def parts(statement: Statement) -> Sequence[Statement]:
    """What stands behind WITH, each by itself, and what it is for; of any other statement, that alone."""
    words = statement.words
    if words[0] != "WITH":
        return [statement]
    found: list[Statement] = []
    at = 1 + (words[1:2] == ("RECURSIVE",))
    while True:
        at = _behind(words, at + 1) if words[at + 1 : at + 2] == ("(",) else at + 1  # its name, and its columns
        at += 1  # AS
        at += words[at : at + 1] == ("NOT",)
        at += words[at : at + 1] == ("MATERIALIZED",)
        ends = _behind(words, at)
        if ends - at > 2:
            found += parts(Statement(statement.text, statement.line, words[at + 1 : ends - 1]))
        at = ends
        if words[at : at + 1] != (",",):
            break
        at += 1
    # Where nothing is left, it was no WITH as we know it, and is told as what it is.
    return [*found, Statement(statement.text, statement.line, words[at:])] if words[at:] else [statement]


def is_batched(statement: Statement) -> bool:
    """Whether it is the UPDATE of a backfill."""
    return statement.text.startswith(f"UPDATE {IN_BATCHES} ")


def hides_changes(words: Sequence[str]) -> bool:
    """Whether something is changed deeper within."""
    return any(word == "(" and next_word in _CHANGES for word, next_word in pairwise(words))


def apart(words: Sequence[str]) -> Iterator[Sequence[str]]:
    """What commas part, unless they stand in brackets."""
    depth = begun = 0
    for at, word in enumerate(words):
        depth += (word == "(") - (word == ")")
        if word == "," and depth == 0:
            yield words[begun:at]
            begun = at + 1
    yield words[begun:]


def tokens(said: str) -> list[str]:
    """The words of what was said of them (`str` of a statement)."""
    return _OF_WORDS.findall(said)


def named(words: Sequence[str]) -> str:
    """What a name's words mean; the schema that everybody uses goes without saying."""
    return ".".join(name_of(word) for word in words if word != ".").removeprefix("public.")


def _behind(words: Sequence[str], at: int) -> int:
    """Where the bracket that opens there has been closed."""
    depth = 0
    for place in range(at, len(words)):
        depth += (words[place] == "(") - (words[place] == ")")
        if depth == 0:
            return place + 1
    return len(words)


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
