"""What people write under it: openings, honest words on the condition, fit, measures, home and good-byes.

A voice holds, for each part, a die of sentences, each of which ends with a space and may be empty. So any text is made
of six throws, and hardly two are alike.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from threadly.marketplace.catalog import Condition
from threadly.sample.chance import chance, die
from threadly.sample.stock import read

_BEGINNINGS: Final = {"clothes": "clothes", "shoes": "shoes", "beauty": "beauty"}
_RANGES: Final = {
    "top": ((42, 62), (54, 76), (20, 64)),
    "jacket": ((46, 64), (58, 98), (56, 66)),
    "dress": ((40, 56), (82, 128), (34, 48)),
    "skirt": ((32, 46), (38, 88), (0, 1)),
    "bottom": ((35, 50), (70, 84), (0, 1)),
    "shorts": ((34, 52), (0, 1), (8, 26)),
    "shoe": ((0, 1), (0, 1), (23, 30)),
    "bag": ((22, 44), (16, 36), (8, 18)),
    "scarf": ((60, 90), (60, 180), (0, 1)),
    "square": ((40, 60), (0, 1), (0, 1)),
    "cloth": ((70, 140), (120, 220), (0, 1)),
    "height": ((9, 42), (0, 1), (0, 1)),
}
"""From and to, in centimetres, of the measures a, b and c."""


@dataclass(frozen=True, slots=True)
class Voice:
    """How sellers of one language write; English ones say the thing's name as well, in `openings`."""

    openings: tuple[bytes, ...]
    conditions: Mapping[str, Mapping[Condition, tuple[bytes, ...]]]
    """By the kind of thing, then by condition; never empty."""
    homes: tuple[bytes, ...]
    closings: tuple[bytes, ...]
    terse: tuple[bytes, ...]
    """What is said instead of an opening by those who say little."""
    stories: tuple[bytes, ...]
    """Rarely anything, and then a long one."""


KINDS: Final = ("clothes", "shoes", "bags", "accessories", "jewellery", "home", "beauty")


@cache
def voices() -> Mapping[str, Voice]:
    """The ways of writing, by language."""
    english = read("wording/en")
    conditions = english["conditions"]
    made = {
        "en": Voice(
            openings=(b"",),
            conditions={kind: _conditions(conditions[_BEGINNINGS.get(kind, "things")]) for kind in KINDS},
            homes=_die(english["homes"]),
            closings=_die(english["closings"]),
            terse=_die([f"{sentence} " for sentence in english["terse"]]),
            stories=die(_coded([f"\n\n{story.strip()}\n\n" for story in english["stories"]] + [""]), (1, 1, 1, 122)),
        )
    }
    for language, own in read("wording/others").items():
        said = _conditions(own["conditions"])
        made[language] = Voice(
            openings=_die(own["openings"]),
            conditions=dict.fromkeys(KINDS, said),
            homes=_die(own["homes"]),
            closings=_die(own["closings"]),
            terse=_die(own["openings"]),
            stories=(b"",) * 256,
        )
    return made


@cache
def openings(noun: str) -> tuple[bytes, ...]:
    """How English sellers begin, on 256 faces."""
    many = noun.split(",", maxsplit=1)[0].endswith("s") and not noun.endswith(("dress", "nightdress", "glass"))
    words = {"noun": noun, "it": "them" if many else "it"}
    english: Sequence[str] = read_english()["openings"]
    if many:
        english = [sentence for sentence in english if "One of" not in sentence and "A real" not in sentence]
    return die([_paragraph(sentence.format(**words), face) for face, sentence in enumerate(english)])


@cache
def read_english() -> dict[str, Any]:
    """The English sentences, read once."""
    return read("wording/en")


@cache
def fits(kind: str) -> tuple[bytes, ...]:
    """What is said about how a kind of thing fits, or about what it is like, on 256 faces."""
    return _die(read_english()["fits"][kind])


@cache
def measures(kind: str) -> tuple[bytes, ...]:
    """What is measured, on 256 faces; about every second seller does."""
    if kind == "none":
        return (b"",) * 256
    random = chance("measures", kind)
    sentence: str = read_english()["measures"][kind]
    made = ("a", "b", "c")
    taken = [
        sentence.format(**{name: random.randrange(*span) for name, span in zip(made, _RANGES[kind], strict=True)})
        for _ in range(128)
    ]
    return tuple(random.sample(_coded([*taken, *[""] * 128]), 256))


def _conditions(sentences: Mapping[str, Sequence[str]]) -> dict[Condition, tuple[bytes, ...]]:
    return {condition: _die(sentences[condition.value]) for condition in Condition}


def _paragraph(sentence: str, number: int) -> bytes:
    """Some begin a new paragraph after their first sentence."""
    return (sentence.rstrip() + "\n\n" if sentence and number % 4 == 0 else sentence).encode()


def _coded(sentences: Sequence[str]) -> list[bytes]:
    return [sentence.encode() for sentence in sentences]


def _die(sentences: Sequence[str]) -> tuple[bytes, ...]:
    return die(_coded(sentences))
