"""Colours as cloth takes them: several muted shades of each, with their shadow and their light."""

from dataclasses import dataclass

from threadly.sample.pictures.look import Colour

_SHADES: dict[Colour, tuple[str, ...]] = {
    Colour.BLACK: ("#2b2b30", "#27262b", "#303136"),
    Colour.WHITE: ("#f3f1ec", "#f6f5f3", "#eceae4"),
    Colour.GREY: ("#8f9296", "#a9abae", "#6f7378"),
    Colour.BEIGE: ("#d9c6a8", "#cfb896", "#e0d2ba"),
    Colour.BROWN: ("#7a5238", "#6a4630", "#8d6142"),
    Colour.RED: ("#c0362f", "#b32d2c", "#cc473c"),
    Colour.BURGUNDY: ("#6f2233", "#7c2a3b", "#62202e"),
    Colour.PINK: ("#e3a2b0", "#ecbcc3", "#d57d95"),
    Colour.ORANGE: ("#d9773a", "#e08a4a", "#c9652f"),
    Colour.YELLOW: ("#e5bf4f", "#edcf72", "#d9ab36"),
    Colour.GREEN: ("#4d7a57", "#3c6a4c", "#6c956f"),
    Colour.KHAKI: ("#857f58", "#77734f", "#979069"),
    Colour.TURQUOISE: ("#4aa5a2", "#62b5b0", "#3a9296"),
    Colour.BLUE: ("#4a78ad", "#5d8cc0", "#7ba3cd"),
    Colour.NAVY: ("#2a3654", "#253049", "#323f60"),
    Colour.PURPLE: ("#755a98", "#86699f", "#64498a"),
    Colour.MULTICOLOUR: ("#e9dfcc", "#33405f", "#d98f6b", "#7d9c8a"),
    Colour.GOLD: ("#c9a14c", "#d1ab5b"),
    Colour.SILVER: ("#b4b9c0", "#bfc3c9"),
}

CONFETTI = ("#d4574b", "#e5b04a", "#3f7f86", "#e59aa5", "#5a6fa8", "#7fa06b")
"""The colours of a multicolour print."""


@dataclass(frozen=True, slots=True)
class Paint:
    """A colour in the light: as it is, in shade, in deep shade (seams, outlines), and lit."""

    base: str
    dark: str
    deep: str
    light: str

    @property
    def luminance(self) -> float:
        """0 for black to 1 for white, as an eye weighs it (Rec. 601)."""
        red, green, blue = _channels(self.base)
        return (0.299 * red + 0.587 * green + 0.114 * blue) / 255


def mix(one: str, other: str, share: float) -> str:
    """The colour that is `share` (0..1) of the way from `one` to `other`."""
    pairs = zip(_channels(one), _channels(other), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def paint(colour: str) -> Paint:
    """The paint of a hex colour."""
    return Paint(
        base=colour,
        dark=mix(colour, "#141a2c", 0.55),
        deep=mix(colour, "#0d1120", 0.72),
        light=mix(colour, "#fffaf0", 0.62),
    )


def shade(colour: Colour, choice: int) -> Paint:
    """One of the shades that `colour` is worn in; any non-negative `choice` gives one."""
    shades = _SHADES[colour]
    return paint(shades[choice % len(shades)])


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)
