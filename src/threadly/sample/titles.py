"""What people write over what they sell: maker, thing, colour and size, in many habits."""

from collections.abc import Sequence
from typing import Final

from threadly.sample.chance import chance
from threadly.sample.pictures import Colour, Cut, Fabric, Look, Print
from threadly.sample.stock import Garment, Ware

LONGEST_PHRASE: Final = 52
"""With the longest brand and size, a title so stays within its 100 characters."""

_SHORTEST_PHRASE: Final = 10
_PHRASES: Final = 64  # are enough variety for one look
_COLOURS: Final = {
    Colour.BLACK: ("black",),
    Colour.WHITE: ("white", "off-white", "ivory"),
    Colour.GREY: ("grey", "light grey"),
    Colour.BEIGE: ("beige", "sand", "camel"),
    Colour.BROWN: ("brown", "dark brown", "chestnut"),
    Colour.RED: ("red", "brick red"),
    Colour.BURGUNDY: ("burgundy", "wine red"),
    Colour.PINK: ("pink", "dusty pink"),
    Colour.ORANGE: ("orange", "rust"),
    Colour.YELLOW: ("yellow", "mustard"),
    Colour.GREEN: ("green", "forest green"),
    Colour.KHAKI: ("khaki", "olive"),
    Colour.TURQUOISE: ("turquoise", "teal"),
    Colour.BLUE: ("blue", "mid blue"),
    Colour.NAVY: ("navy", "navy blue"),
    Colour.PURPLE: ("purple", "lilac"),
    Colour.MULTICOLOUR: ("multicolour",),
    Colour.GOLD: ("gold-tone", "gold"),
    Colour.SILVER: ("silver-tone", "silver"),
}
_PRINTS: Final = {
    Print.STRIPES: "striped",
    Print.PINSTRIPES: "pinstripe",
    Print.CHECKS: "checked",
    Print.GINGHAM: "gingham",
    Print.DOTS: "polka-dot",
    Print.FLORAL: "floral",
    Print.ANIMAL: "leopard-print",
    Print.COLOUR_BLOCK: "colour-block",
    Print.HERRINGBONE: "herringbone",
    Print.GRAPHIC: "printed",
}
_FABRICS: Final = {
    Fabric.COTTON: "cotton",
    Fabric.DENIM: "denim",
    Fabric.WOOL: "wool",
    Fabric.KNIT: "knitted",
    Fabric.CASHMERE: "cashmere",
    Fabric.LEATHER: "leather",
    Fabric.SUEDE: "suede",
    Fabric.SILK: "silk",
    Fabric.LINEN: "linen",
    Fabric.FLEECE: "fleece",
    Fabric.VELVET: "velvet",
}
_CUTS: Final = {Cut.SLIM: "slim-fit", Cut.RELAXED: "oversized", Cut.CROPPED: "cropped"}
_IMPLIED: Final = {
    "jeans": ("denim",),
    "jumper": ("knitted",),
    "sweater": ("knitted",),
    "knitted": ("knitted",),
    "cardigan": ("knitted",),
    "leather": ("leather",),
    "silk": ("silk",),
    "felt": ("wool",),
    "waxed": ("cotton", "denim"),
    "slim": ("slim-fit", "oversized"),
    "wide": ("slim-fit", "oversized"),
    "palazzo": ("slim-fit", "oversized"),
    "dungarees": ("oversized", "slim-fit"),
    "chelsea": (),
    "loose": ("slim-fit", "oversized"),
    "skinny": ("slim-fit", "oversized"),
    "cropped": ("cropped",),
    "crop": ("cropped",),
    "denim": ("denim",),
    "jean": ("denim",),
    "winter": (),
    "mini": ("cropped",),
    "short": ("cropped",),
    "down": ("fleece",),
    "cut-off": ("denim",),
}
"""What a name says or excludes already."""

_UNCUT: Final = {"shoes", "bags", "accessories", "jewellery", "home", "beauty"}
_UNCLOTHED: Final = {"jewellery", "beauty"}


def material_of(fabric: Fabric | None, thing: Garment, garment: str) -> str | None:
    """The catalogue's code of what a thing is mainly made of, or None where materials say nothing."""
    if thing.kind in _UNCLOTHED or fabric is None or garment in _MADE_OF_NOTHING_WE_LIST:
        return None
    return _MATERIALS.get(fabric, fabric.value)


_MATERIALS: Final = {Fabric.KNIT: "wool", Fabric.FLEECE: "polyester", Fabric.VELVET: "polyester"}
_MADE_OF_NOTHING_WE_LIST: Final = {
    "sunglasses",
    "glasses",
    "watch",
    "vase",
    "candle",
    "lamp",
    "mug",
    "picture-frame",
    "basket",
    "rain-boots",
    "umbrella",
}


def colour_of(colour: Colour) -> str | None:
    """The catalogue's code of a colour; metal has none."""
    return None if colour in {Colour.GOLD, Colour.SILVER} else colour.value


def nouns_of(ware: Ware, thing: Garment) -> Sequence[str]:
    """What sellers call the thing in this leaf."""
    return ware.nouns or thing.nouns


def phrases(look: Look, ware: Ware, thing: Garment) -> tuple[str, ...]:
    """Ways to name the thing, each of 10 to 52 characters, and with a small letter first where English does."""
    random = chance("phrases", look)
    colours = _COLOURS[look.colour]
    made: list[str] = []
    for noun in nouns_of(ware, thing):
        adjectives = _adjectives(look, thing, noun)
        for colour in colours:
            for most in range(len(adjectives), -1, -1):
                chosen = adjectives[:most]
                made += [" ".join((colour, *chosen, noun)), f"{' '.join((*chosen, noun))} in {colour}"]
                made.append(f"{' '.join((*chosen, noun))}, {colour}")
            made.append(noun)
    fitting = [phrase for phrase in dict.fromkeys(made) if _SHORTEST_PHRASE <= len(phrase) <= LONGEST_PHRASE]
    return tuple(random.sample(fitting, min(len(fitting), _PHRASES)))


def colour_words(look: Look) -> tuple[str, ...]:
    """What the colour is called."""
    return _COLOURS[look.colour]


def sizes(label: str, system: str) -> tuple[str, ...]:
    """Ways to end a title with a size, or with nothing."""
    return {
        "letters": (f", size {label}", f" {label}", f", {label}", f" – {label}", f" (size {label})", "", ""),
        "eu_clothing": (f", EU {label}", f" size {label}", f", {label}", "", ""),
        "eu_menswear": (f", size {label}", f" {label}", f", EU {label}", ""),
        "eu_shoes": (f", size {label}", f" {label}", f", EU {label}", f" – {label}"),
        "eu_kids_shoes": (f", size {label}", f" {label}", f", EU {label}"),
        "waist": (f", {label}", f" {label}", f", {label} L32", f" {label} L30", f", {label} L34", ""),
        "months": (f", {label}", f" {label}", f" ({label})", ""),
        "ages": (f", {label}", f" {label}", f" ({label})", ""),
        "bra": (f", {label}", f" {label}"),
        "rings": (f", size {label}", f" {label}", "", ""),
        "belts": (f", {label} cm", f" {label} cm", ""),
        "bedding": (f", {label.lower()}", f" ({label.lower()})", ""),
    }.get(system, ("",))


def capitalised(phrase: str) -> str:
    """The phrase at the beginning of a title."""
    return phrase[:1].upper() + phrase[1:]


def _adjectives(look: Look, thing: Garment, noun: str) -> list[str]:
    """Those that the picture shows, without those that the noun says already."""
    said = {word for part in noun.lower().replace("-", " ").split() for word in _IMPLIED.get(part, (part,))}
    words = [
        _CUTS.get(look.cut) if thing.kind not in _UNCUT else None,
        _PRINTS.get(look.print),
        _FABRICS.get(look.fabric) if look.fabric and material_of(look.fabric, thing, look.garment) else None,
    ]
    return [word for word in words if word and word not in said]
