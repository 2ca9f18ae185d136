"""What a picture shows: one garment in one colour, print, cloth and cut, from one side, before one background."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from threadly.sample.pictures.sheet import Sheet


class Colour(StrEnum):
    """The shop's 17 colours, and the two that metal parts come in."""

    BLACK = "black"
    WHITE = "white"
    GREY = "grey"
    BEIGE = "beige"
    BROWN = "brown"
    RED = "red"
    BURGUNDY = "burgundy"
    PINK = "pink"
    ORANGE = "orange"
    YELLOW = "yellow"
    GREEN = "green"
    KHAKI = "khaki"
    TURQUOISE = "turquoise"
    BLUE = "blue"
    NAVY = "navy"
    PURPLE = "purple"
    MULTICOLOUR = "multicolour"
    GOLD = "gold"
    SILVER = "silver"


class Print(StrEnum):
    """What is printed on, or woven into, the cloth."""

    PLAIN = "plain"
    STRIPES = "stripes"
    PINSTRIPES = "pinstripes"
    CHECKS = "checks"
    GINGHAM = "gingham"
    DOTS = "dots"
    FLORAL = "floral"
    ANIMAL = "animal"
    COLOUR_BLOCK = "colour-block"
    HERRINGBONE = "herringbone"
    GRAPHIC = "graphic"


class Fabric(StrEnum):
    """What the garment is made of; it decides texture, sheen and how deep the folds are."""

    COTTON = "cotton"
    DENIM = "denim"
    WOOL = "wool"
    KNIT = "knit"
    CASHMERE = "cashmere"
    LEATHER = "leather"
    SUEDE = "suede"
    SILK = "silk"
    LINEN = "linen"
    POLYESTER = "polyester"
    VISCOSE = "viscose"
    FLEECE = "fleece"
    VELVET = "velvet"
    SYNTHETIC = "synthetic"


class Cut(StrEnum):
    """How the garment is cut. It changes proportions, never what kind of garment it is."""

    SLIM = "slim"
    REGULAR = "regular"
    RELAXED = "relaxed"
    CROPPED = "cropped"
    LONG = "long"


class View(StrEnum):
    """Where the camera stands. Every garment can be drawn in every view."""

    FRONT = "front"
    BACK = "back"
    DETAIL = "detail"
    STYLED = "styled"


class Background(StrEnum):
    """What lies or stands behind the garment."""

    LINEN_WALL = "linen-wall"
    PLASTER = "plaster"
    GREY_WALL = "grey-wall"
    OAK = "oak"
    WALNUT = "walnut"
    WHITE_BOARDS = "white-boards"
    TILES = "tiles"
    GREEN_TILES = "green-tiles"
    BLUSH = "blush"
    SAGE = "sage"
    SKY = "sky"
    SAND = "sand"
    LILAC = "lilac"
    CONCRETE = "concrete"
    BEDSHEET = "bedsheet"
    RUG = "rug"


class Pose(StrEnum):
    """How a garment meets the world, which decides its shadow and what may surround it."""

    HANGS = "hangs"
    LIES = "lies"
    STANDS = "stands"


@dataclass(frozen=True, slots=True)
class Look:
    """Everything that decides a picture. Equal looks give equal bytes with the same libvips."""

    garment: str
    """A key of `GARMENTS`."""

    colour: Colour = Colour.BLUE
    second: Colour = Colour.WHITE
    """Of the print, the trimming, and one half of a colour-block."""

    print: Print = Print.PLAIN
    fabric: Fabric | None = None
    """None takes what this garment is usually made of."""

    cut: Cut = Cut.REGULAR
    background: Background = Background.LINEN_WALL
    view: View = View.FRONT
    variant: int = 0
    """Which of the garment's own variations: another collar, pocket, closure, handle. Any non-negative number."""

    seed: int = 0
    """Of the accidents: folds, tilt, shade of the colour, light through the window."""


@dataclass(frozen=True, slots=True)
class Garment:
    """One silhouette."""

    name: str
    family: str
    """Tops, outerwear, bottoms, dresses, nightwear, children, shoes, bags, accessories, jewellery, home or beauty."""

    draw: Callable[["Sheet"], None]
    pose: Pose
    fabric: Fabric
    """What it is usually made of."""

    fabrics: frozenset[Fabric]
    """What it may believably be made of, the usual one included."""

    prints: frozenset[Print]
    """Which prints it carries well. Others can be drawn, but a seed should not choose them."""

    focus: tuple[float, float, float]
    """x and y (units of the 800 x 1000 sheet, x from its middle) and enlargement of the detail view."""

    folded: tuple[float, float, float, float] | None = None
    """Left, top, right and bottom of what stays visible when it is folded; None for what nobody folds."""

    sided: bool = True
    """Whether `draw` knows a back. What does not is turned round as a whole."""
