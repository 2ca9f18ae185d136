"""The pool of pictures: which looks a sample shop shows, chosen so that each fits its leaf."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from random import Random
from typing import Final

from threadly.sample.chance import chance
from threadly.sample.pictures import GARMENTS, Background, Colour, Cut, Fabric, Look, Print, View
from threadly.sample.stock import Ware

MOST_LOOKS: Final = 720
"""However many listings there are, they share this many looks."""

_WORN: Final = {
    Colour.BLACK: 16,
    Colour.WHITE: 9,
    Colour.GREY: 7,
    Colour.BEIGE: 10,
    Colour.BROWN: 7,
    Colour.RED: 5,
    Colour.BURGUNDY: 4,
    Colour.PINK: 6,
    Colour.ORANGE: 3,
    Colour.YELLOW: 3,
    Colour.GREEN: 6,
    Colour.KHAKI: 4,
    Colour.TURQUOISE: 3,
    Colour.BLUE: 11,
    Colour.NAVY: 9,
    Colour.PURPLE: 3,
    Colour.MULTICOLOUR: 2,
}
_DENIM: Final = {Colour.BLUE: 10, Colour.NAVY: 5, Colour.BLACK: 4, Colour.WHITE: 2, Colour.GREY: 2}
_LEATHER: Final = {
    Colour.BLACK: 10,
    Colour.BROWN: 9,
    Colour.BEIGE: 4,
    Colour.WHITE: 2,
    Colour.BURGUNDY: 3,
    Colour.NAVY: 2,
    Colour.RED: 2,
    Colour.GREEN: 2,
    Colour.PINK: 1,
    Colour.GREY: 1,
}
_METAL: Final = {Colour.GOLD: 5, Colour.SILVER: 4}
_OWN: Final = {
    "sneakers": {
        Colour.WHITE: 8,
        Colour.BLACK: 5,
        Colour.GREY: 3,
        Colour.BEIGE: 2,
        Colour.GREEN: 1,
        Colour.BLUE: 2,
        Colour.RED: 1,
    },
    "trench-coat": {Colour.BEIGE: 8, Colour.KHAKI: 3, Colour.NAVY: 2, Colour.BLACK: 2, Colour.BROWN: 1},
    "wool-coat": {
        Colour.BEIGE: 6,
        Colour.BLACK: 5,
        Colour.GREY: 4,
        Colour.NAVY: 4,
        Colour.BROWN: 3,
        Colour.BURGUNDY: 1,
        Colour.RED: 1,
    },
    "basket": {Colour.BEIGE: 4, Colour.BROWN: 2},
    "wide-brim-hat": {Colour.BEIGE: 5, Colour.BLACK: 2, Colour.BROWN: 2},
    "chinos": {Colour.BEIGE: 5, Colour.NAVY: 4, Colour.KHAKI: 4, Colour.BLACK: 3, Colour.GREY: 2, Colour.BROWN: 2},
}
"""What is seldom seen in other colours."""

_LARGE: Final = 5000  # listings
_METALLIC: Final = {"necklace", "pendant", "earrings", "ring", "bracelet", "watch", "brooch"}
_LIGHT: Final = (Colour.WHITE, Colour.BEIGE, Colour.PINK, Colour.YELLOW, Colour.GREY)
_DARK: Final = (Colour.NAVY, Colour.BLACK, Colour.BURGUNDY, Colour.GREEN, Colour.BROWN)


@dataclass(frozen=True, slots=True)
class Outfit:
    """One look with the views that it is pictured in, the first of which is the cover."""

    leaf: str
    look: Look
    views: tuple[View, ...]

    @property
    def pictures(self) -> tuple[Look, ...]:
        """What is to be drawn."""
        return tuple(replace(self.look, view=view) for view in self.views)


def pool(wares: Mapping[str, Ware], listings: int, seed: int) -> tuple[Outfit, ...]:
    """The looks that so many listings share: at least one a leaf, more where more is offered."""
    total = sum(ware.share for ware in wares.values())
    looks = min(max(listings // 3, len(wares)), MOST_LOOKS)
    outfits: list[Outfit] = []
    for leaf, ware in wares.items():
        count = max(1, round(looks * ware.share / total))
        outfits.extend(_outfits(leaf, ware, count, listings, chance("looks", seed, leaf)))
    return tuple(outfits)


def _outfits(leaf: str, ware: Ware, count: int, listings: int, random: Random) -> Iterator[Outfit]:
    garments = random.sample(ware.garments, len(ware.garments))
    backgrounds = random.sample(list(Background), len(Background))
    recent: list[Colour] = []
    for number in range(count):
        garment = garments[number % len(garments)]
        look = _look(garment, backgrounds[number % len(backgrounds)], recent[-4:], random)
        recent.append(look.colour)
        yield Outfit(leaf=leaf, look=look, views=_views(listings, random))


def _look(garment: str, background: Background, recent: list[Colour], random: Random) -> Look:
    drawn = GARMENTS[garment]
    fabric = drawn.fabric
    others = sorted(drawn.fabrics - {fabric})
    if others and random.random() < 0.4:
        fabric = random.choice(others)
    palette = _palette(garment, fabric)
    fresh = {colour: share for colour, share in palette.items() if colour not in recent} or palette
    [colour] = random.choices(list(fresh), list(fresh.values()))
    prints = sorted(drawn.prints - {Print.PLAIN})
    printed = bool(prints) and (colour is Colour.MULTICOLOUR or random.random() < 0.38)
    return Look(
        garment=garment,
        colour=colour,
        second=random.choice(_DARK if colour in _LIGHT else _LIGHT),
        print=random.choice(prints) if printed else Print.PLAIN,
        fabric=fabric,
        cut=random.choices(list(Cut), (2, 10, 3, 1, 1))[0],
        background=background,
        variant=random.randrange(6),
        seed=random.randrange(1 << 20),
    )


def _palette(garment: str, fabric: Fabric) -> Mapping[Colour, int]:
    if garment in _OWN:
        return _OWN[garment]
    if garment in _METALLIC:
        return _METAL
    if fabric is Fabric.DENIM:
        return _DENIM
    return _LEATHER if fabric in {Fabric.LEATHER, Fabric.SUEDE} else _WORN


def _views(listings: int, random: Random) -> tuple[View, ...]:
    cover = View.STYLED if random.random() < 0.15 else View.FRONT
    others = random.sample([view for view in (View.FRONT, View.BACK, View.DETAIL) if view is not cover], 2)
    # A small shop must open soon: it shows many things rather than few from all sides.
    extra = 2 if listings >= _LARGE else random.choices((0, 1), (3, 1))[0]
    return (cover, *others[:extra])
