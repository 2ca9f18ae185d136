"""What a shopper typed, understood: words, "words in a row", and words that shall -not be there.

Guaranteed: any text is understood, if only as nothing; what is made of it is a query that PostgreSQL takes, with
nothing in it but letters, digits and the marks upon them.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

import msgspec

MOST_CHARACTERS: Final = 200
MOST_WORDS: Final = 12

_LETTERS: Final = (3, 6, 10)
"""How many letters a word needs for one slip, two, three."""

_DROPPED: Final = re.compile("['’ʼ`´\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
"""Apostrophes, as listings' documents drop them, and marks of direction."""
_PART: Final = re.compile(r'(?P<excluded>(?<!\S)[-−–](?=[^\s-]))?(?:"(?P<row>[^"]*)"?|(?P<word>[^\s"]+))')
_QUOTES: Final = str.maketrans(dict.fromkeys("“”„‟«»❝❞＂", '"'))


class Part(msgspec.Struct, frozen=True):
    """Words that stand in a row, mostly one; `excluded` ones must not."""

    words: tuple[str, ...]
    excluded: bool = False


class Query(msgspec.Struct, frozen=True):
    """What was typed, in parts that must all hold."""

    parts: tuple[Part, ...]
    is_begun: bool = False
    """The last word may be going on: it was not ended by a space."""

    @property
    def words(self) -> tuple[str, ...]:
        """The words that shall be there, in order."""
        return tuple(word for part in self.parts if not part.excluded for word in part.words)

    def __bool__(self) -> bool:
        """Whether there is anything to look for."""
        return bool(self.parts)

    def __str__(self) -> str:
        """The query as a shopper would type it."""
        return " ".join(_typed(part) for part in self.parts)

    @property
    def ended(self) -> "Query":
        """The query without its last word, if that may be going on and is not the only one."""
        return Query(parts=self.parts[:-1]) if self.is_begun and len(self.words) > 1 else self

    def tsquery(self, *, begun: bool = False, in_title: bool = False) -> str:
        """The query as PostgreSQL's `to_tsquery` reads it.

        Args:
            begun: The last word may go on.
            in_title: The words stand in the title, or in the brand's name.
        """
        last = len(self.parts) - 1
        written = []
        for number, part in enumerate(self.parts):
            mark = "*" if begun and self.is_begun and number == last else ""
            mark += "A" if in_title and not part.excluded else ""
            written.append(f"{'!' if part.excluded else ''}'{' '.join(part.words)}'{':' if mark else ''}{mark}")
        return " & ".join(written)


def parse(text: str) -> Query:
    """What a text asks for; its first 200 characters and twelve words count."""
    # What is dropped goes first: it may stand between a letter and its accent.
    plain = unicodedata.normalize("NFKC", _DROPPED.sub("", text[:MOST_CHARACTERS])).translate(_QUOTES)
    parts: list[Part] = []
    left = MOST_WORDS
    for part in _parts(plain):
        words = part.words[:left]
        left -= len(words)
        if words:
            parts.append(msgspec.structs.replace(part, words=words))
    is_begun = bool(parts) and not parts[-1].excluded and len(parts[-1].words) == 1 and _is_of_word(plain[-1:])
    return Query(parts=tuple(parts), is_begun=is_begun)


def respelt(query: Query, better: Mapping[str, str]) -> Query:
    """The query with words replaced by those that `better` has for them; these may be several."""
    parts: list[Part] = []
    for part in query.parts:
        words = tuple(word for old in part.words for word in better.get(old, old).split())
        if part.excluded:
            parts.append(part)
        elif len(part.words) > 1:
            parts.append(Part(words=words))
        else:
            parts += [Part(words=(word,)) for word in words]
    return msgspec.structs.replace(query, parts=tuple(parts))


def _parts(text: str) -> Iterator[Part]:
    for found in _PART.finditer(text):
        excluded = found["excluded"] is not None
        if (row := found["row"]) is not None:
            yield Part(words=_words(row), excluded=excluded)
        elif excluded:  # -t-shirt means that one, and not all without a "t"
            yield Part(words=_words(found["word"]), excluded=True)
        else:
            yield from (Part(words=(word,)) for word in _words(found["word"]))


def _words(text: str) -> tuple[str, ...]:
    """The runs of letters, digits and marks, in small letters."""
    return tuple("".join(each if _is_of_word(each) else " " for each in text.lower()).split())


def _is_of_word(character: str) -> bool:
    return bool(character) and unicodedata.category(character)[0] in "LNM"


def _typed(part: Part) -> str:
    words = " ".join(part.words)
    quoted = f'"{words}"' if len(part.words) > 1 else words
    return f"-{quoted}" if part.excluded else quoted


def likeliest(word: str, candidates: Iterable[tuple[str, str, int]]) -> str | None:
    """The word that somebody meant who typed `word`; None if nothing is near.

    Three to five letters may hold one slip, six to nine two, more three; of equally near words the most frequent is it.

    Args:
        word: As it was typed.
        candidates: How it is compared, the word itself, and how many listings have it.
    """
    spellings = {word, latin(word)}
    allowed = sum(len(word) >= letters for letters in _LETTERS)
    best: tuple[int, int, str] | None = None
    for term, target, listings in candidates:
        slips = min(distance(spelling, term) for spelling in spellings)
        if slips <= allowed and (best is None or (slips, -listings, target) < best):
            best = (slips, -listings, target)
    return best and best[2]


def distance(one: str, other: str) -> int:
    """How many slips lie between two words: a letter too many, too few, another, or two that changed places.

    Optimal string alignment: Boytsov, Indexing methods for approximate dictionary searching, 2011, section 2.2.
    """
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, start=1):
        before, last, row = row, before, [i]
        for j, against in enumerate(other, start=1):
            slips = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != against))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == against:
                slips = min(slips, last[j - 2] + 1)
            row.append(slips)
    return row[-1]


def latin(text: str) -> str:
    """Cyrillic as people write it who have no Cyrillic keys, by the Bulgarian way; anything else as it is."""
    return "".join(_LATIN.get(letter, letter) for letter in text)


_LATIN: Final = {
    "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ж": "zh", "з": "z", "и": "i", "й": "y", "к": "k",
    "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u", "ф": "f", "х": "h",
    "ц": "ts", "ч": "ch", "ш": "sh", "щ": "sht", "ъ": "a", "ь": "y", "ю": "yu", "я": "ya",
    "ё": "e", "ы": "y", "э": "e", "і": "i", "ї": "yi", "є": "ye",
}  # fmt: skip
