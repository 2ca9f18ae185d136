"""What a leaf sells, encoded beforehand, so that a listing is a few throws of dice."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final
from uuid import UUID

from threadly.marketplace.catalog import Condition
from threadly.sample import encoding, titles
from threadly.sample.chance import chance, die
from threadly.sample.descriptions import fits, measures, openings, voices
from threadly.sample.looks import Outfit
from threadly.sample.pictures import Look, View
from threadly.sample.prices import asked
from threadly.sample.stock import Garment, Stock, Tier, Ware

_UNBRANDED: Final = {
    "vintage": 0.34,
    "home": 0.3,
    "women": 0.06,
    "men": 0.06,
    "kids": 0.12,
    "designer": 0.0,
    "beauty": 0.03,
}
"""How much of a department carries no maker's name."""

_CONDITIONS: Final = {
    "vintage": (2, 4, 26, 45, 23),
    "kids": (7, 8, 30, 38, 17),
    "beauty": (40, 20, 25, 12, 3),
    "designer": (9, 11, 46, 28, 6),
}
_USUAL: Final = (12, 12, 40, 28, 8)
"""How many in a hundred are in each condition, best first."""


@dataclass(frozen=True, slots=True)
class Made:
    """By whom, and what that costs here."""

    id_field: bytes
    name: bytes
    prices: Mapping[Condition, tuple[bytes, ...]]


@dataclass(frozen=True, slots=True)
class Kept:
    """In which condition, and how sellers say so."""

    name: Condition
    field: bytes
    said: Mapping[str, tuple[bytes, ...]]
    """By language."""


@dataclass(frozen=True, slots=True)
class Sized:
    """In which size, and how titles end with it."""

    id_field: bytes
    endings: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class Hanging:
    """A look with its pictures and with the words that fit it."""

    colour_and_material: bytes
    phrases: tuple[bytes, ...]
    first: tuple[bytes, ...]
    """The phrases as a title begins with them."""
    classics: Mapping[bytes, tuple[bytes, ...]]
    """By maker's name, where connoisseurs have a name of their own for it."""
    openings: tuple[bytes, ...]
    fits: tuple[bytes, ...]
    measures: tuple[bytes, ...]
    pictures: tuple[bytes, ...]
    """What follows the listing's id in each row of pictures."""


@dataclass(frozen=True, slots=True)
class Counter:
    """A leaf. Each of its tables has 256 entries."""

    place: bytes
    """Department, group and category."""
    makers: tuple[Made, ...]
    conditions: tuple[Kept, ...]
    sizes: tuple[Sized, ...]
    hangings: tuple[Hanging, ...]


@dataclass(frozen=True, slots=True)
class Leaf:
    """A leaf as the catalogue has it."""

    path: str
    place: tuple[UUID, UUID, UUID]
    system: str | None
    sizes: Sequence[tuple[str, UUID]]


def counter(
    leaf: Leaf, stock: Stock, brands: Mapping[str, UUID], outfits: Sequence[Outfit], picture: Callable[[Look], UUID]
) -> Counter:
    """Everything about a leaf; `brands` gives ids by name, and `picture` those of what was drawn."""
    ware = stock.wares[leaf.path]
    kinds = {stock.garments[outfit.look.garment].kind for outfit in outfits}
    return Counter(
        place=b"".join(map(encoding.uuid, leaf.place)),
        makers=_makers(leaf, ware, stock, brands),
        conditions=_conditions(leaf.path, min(kinds)),
        sizes=_sizes(leaf),
        hangings=die([_hanging(outfit, ware, stock, picture) for outfit in outfits]),
    )


def _makers(leaf: Leaf, ware: Ware, stock: Stock, brands: Mapping[str, UUID]) -> tuple[Made, ...]:
    department = leaf.path.partition("/")[0]
    offered: list[tuple[Made, float]] = []
    tiers = [tier for tier in stock.tiers if ware.brands in tier.makers and _sold_in(tier, department)]
    for tier in tiers:
        prices = _prices(ware.price, tier.factor)
        names = [name for name in tier.makers[ware.brands] if name in brands]
        offered += [
            (Made(encoding.uuid(brands[name]), name.encode(), prices), tier.share / len(names)) for name in names
        ]
    unbranded = _UNBRANDED[department]
    if unbranded:
        whole = sum(share for _, share in offered)
        nobody = Made(encoding.NULL, b"", _prices(ware.price, 1.1 if department == "vintage" else 0.75))
        offered.append((nobody, whole * unbranded / (1 - unbranded)))
    return die([made for made, _ in offered], [share for _, share in offered])


def _sold_in(tier: Tier, department: str) -> bool:
    if department == "designer":
        return tier.name == "luxury"
    return not (department == "kids" and tier.name == "luxury")


@cache
def _prices(base: int, factor: float) -> dict[Condition, tuple[bytes, ...]]:
    return {condition: die([*map(encoding.bigint, asked(base, factor, condition))]) for condition in Condition}


def _conditions(path: str, kind: str) -> tuple[Kept, ...]:
    shares = _CONDITIONS.get(path.partition("/")[0], _USUAL)
    kept = [
        Kept(
            name=condition,
            field=encoding.text(condition),
            said={language: voice.conditions[kind][condition] for language, voice in voices().items()},
        )
        for condition in Condition
    ]
    return die(kept, shares)


def _sizes(leaf: Leaf) -> tuple[Sized, ...]:
    if not leaf.sizes:
        return (Sized(encoding.NULL, (b"",) * 256),) * 256
    sized = [Sized(encoding.uuid(id), _die(titles.sizes(label, leaf.system or ""))) for label, id in leaf.sizes]
    department = leaf.path.partition("/")[0]
    middle = (len(sized) - 1) * _AROUND.get((department, leaf.system or ""), 0.42)
    spread = max(len(sized) / 4.5, 0.8)
    return die(sized, [2 ** -(((place - middle) / spread) ** 2) for place in range(len(sized))])


_AROUND: Final = {
    ("women", "eu_shoes"): 0.28,
    ("designer", "eu_shoes"): 0.3,
    ("men", "eu_shoes"): 0.72,
    ("men", "letters"): 0.56,
    ("women", "waist"): 0.3,
    ("men", "waist"): 0.55,
    ("women", "eu_clothing"): 0.28,
    ("designer", "eu_clothing"): 0.28,
}
"""Where in a list of sizes, from 0 to 1, most people are."""


def _hanging(outfit: Outfit, ware: Ware, stock: Stock, picture: Callable[[Look], UUID]) -> Hanging:
    look = outfit.look
    thing = stock.garments[look.garment]
    phrases = titles.phrases(look, ware, thing)
    noun = chance("noun", look).choice(titles.nouns_of(ware, thing))
    return Hanging(
        colour_and_material=encoding.text(titles.colour_of(look.colour))
        + encoding.text(titles.material_of(look.fabric, thing, look.garment)),
        phrases=_die(phrases),
        first=_die([titles.capitalised(phrase) for phrase in phrases]),
        classics={
            maker.encode(): _die(_classics(own[look.garment], look))
            for maker, own in stock.classics.items()
            if look.garment in own and not ware.nouns
        },
        openings=openings(noun),
        fits=fits(thing.kind),
        measures=measures(thing.measures if _adult(outfit.leaf) else "none"),
        pictures=tuple(
            encoding.smallint(position) + encoding.uuid(picture(shown)) + encoding.text(_alt(shown, ware, thing))
            for position, shown in enumerate(outfit.pictures, start=1)
        ),
    )


def _adult(path: str) -> bool:
    return not path.startswith("kids/")


def _classics(names: Sequence[str], look: Look) -> list[str]:
    endings = [ending for word in titles.colour_words(look) for ending in (f", {word}", f" {word}", "")]
    return [f"{name}{ending}" for name in names for ending in endings]


_SEEN: Final = {
    View.FRONT: "",
    View.BACK: ", from the back",
    View.DETAIL: ", a detail",
    View.STYLED: ", with other things",
}


def _alt(look: Look, ware: Ware, thing: Garment) -> str:
    """What a reader who cannot see the picture is told."""
    return titles.capitalised(f"{titles.colour_words(look)[0]} {titles.nouns_of(ware, thing)[0]}{_SEEN[look.view]}")


def _die(words: Sequence[str]) -> tuple[bytes, ...]:
    return die([word.encode() for word in words])
