"""The sellers: who they are, where they live, how they write, and since when they are members."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Final
from uuid import UUID

from threadly.core import ids
from threadly.sample.chance import chance, digest
from threadly.sample.stock import read

MOST: Final = 420
"""However many listings there are, so many people sell them."""

_BULGARIAN: Final = "абвгдежзийклмнопрстуфхцчшщъьюя"
_SOUNDS: Final = "a b v g d e zh z i y k l m n o p r s t u f h ts ch sh sht a y yu ya"  # as Bulgaria's law has it
_CYRILLIC: Final = dict(zip(_BULGARIAN, _SOUNDS.split(" "), strict=True))
_LATIN: Final = {"ł": "l", "ø": "o", "æ": "ae", "ß": "ss", "ı": "i", "å": "a"}
_LONGEST: Final = 20  # of a username
_ENDINGS: Final = ("", "", "", "_closet", "-wardrobe", "_vintage", "_x", "-shop")


@dataclass(frozen=True, slots=True)
class Person:
    """A member to be."""

    id: UUID
    username: str
    display_name: str
    bio: str
    place: str
    language: str
    joined_at: datetime
    has_avatar: bool


def number(listings: int) -> int:
    """How many people sell so many listings."""
    return min(24 + listings // 12, MOST)


def people(listings: int, seed: int, until: datetime) -> tuple[Person, ...]:
    """The members, the busiest seller first. Names and randomness do not depend on `until`."""
    random = chance("people", listings, seed)
    languages = read("wording/people")
    weights = [languages[language]["share"] for language in languages]
    taken: set[str] = set()
    made = []
    for index in range(number(listings)):
        [language] = random.choices(list(languages), weights)
        own = languages[language]
        first, last = random.choice(own["first"]), random.choice(own["last"])
        # A year and more before the first listing that anybody could have made.
        joined_at = until - timedelta(days=random.uniform(370, 2200), seconds=random.randrange(86_400))
        milliseconds = int(joined_at.timestamp() * 1000)
        made.append(
            Person(
                id=ids.at(milliseconds, randomness=digest(74, "member", listings, seed, index)),
                username=_username(first, last, random, taken),
                display_name=random.choice((f"{first} {last}", f"{first} {last}", f"{first} {last[0]}.", first)),
                bio=random.choice(own["bios"]) if random.random() < 0.6 else "",
                place=random.choice(own["places"]) if random.random() < 0.93 else "",
                language=language,
                joined_at=joined_at,
                has_avatar=random.random() < 0.82,
            )
        )
    return tuple(made)


def shares(people: tuple[Person, ...]) -> list[float]:
    """How much each sells: a few sell a lot, most a little (Zipf, with an exponent under one)."""
    return [1 / (rank + 3) ** 0.75 for rank in range(len(people))]


def _username(first: str, last: str, random: Random, taken: set[str]) -> str:
    one, other = plain(first), plain(last)
    name = random.choice((one, f"{one}_{other}", f"{one}{other[:1]}", f"{one}-{other}", f"{other}{one[:2]}"))
    ending = random.choice(_ENDINGS)
    name = f"{name}{ending}" if len(name) + len(ending) <= _LONGEST - 3 else name[: _LONGEST - 3].rstrip("-_")
    while len(name) < 3 or name in taken:
        name = f"{name[: _LONGEST - 3].rstrip('0123456789')}{random.randrange(2, 1000)}"
    taken.add(name)
    return name


def plain(name: str) -> str:
    """A name in small letters of the English alphabet, as its language is commonly written in them."""
    letters = "".join(_CYRILLIC.get(letter, _LATIN.get(letter, letter)) for letter in name.lower())
    plain = unicodedata.normalize("NFKD", letters).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z]", "", plain)
