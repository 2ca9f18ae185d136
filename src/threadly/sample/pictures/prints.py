"""Prints and weaves as SVG tiles, in the units of the sheet (a T-shirt is about 330 wide)."""

import math
from random import Random

from threadly.sample.pictures.look import Print
from threadly.sample.pictures.palette import CONFETTI, Paint, mix
from threadly.sample.pictures.paths import spindle
from threadly.sample.pictures.tiles import Tile


def tile(kind: Print, ground: Paint, ink: Paint, colours: tuple[str, ...], random: Random) -> Tile | None:
    """The tile of `kind`, or None where cloth stays plain or the garment itself does the work.

    `colours` are those of a print with more than one ink; pass `inks()` for a believable choice.
    """
    size = random.choice((0.85, 1.0, 1.25))
    if kind is Print.STRIPES:
        return _stripes(colours, random.choice((26, 36, 54)), random.choice((0.3, 0.42, 0.5)))
    if kind is Print.PINSTRIPES:
        return Tile(18 * size, 40, f'<path d="M4 0V40" stroke="{ink.base}" stroke-width="1.6" stroke-opacity=".8"/>')
    if kind is Print.CHECKS:
        return _tartan(ground, colours, 84 * size)
    if kind is Print.GINGHAM:
        return _gingham(ink, 26 * size)
    if kind is Print.DOTS:
        return _dots(ink, 34 * size, random.choice((0.13, 0.19, 0.25)))
    if kind is Print.FLORAL:
        return _floral(colours, size, random)
    if kind is Print.ANIMAL:
        return _animal(ground, size, random)
    if kind is Print.HERRINGBONE:
        return _herringbone(ground, ink)
    return None


def inks(ink: Paint, multicoloured: bool, random: Random) -> tuple[str, ...]:
    """The inks of a print: the second colour and its neighbours, or the whole box of paints."""
    if multicoloured:
        return tuple(random.sample(CONFETTI, 4))
    return (ink.base, ink.light, mix(ink.base, "#3d2f4a", 0.35), mix(ink.base, "#e8b04a", 0.3))


def _stripes(colours: tuple[str, ...], step: float, share: float) -> Tile:
    if colours[0] in CONFETTI:
        bands = "".join(f'<rect y="{i * step}" width="60" height="{step}" fill="{c}"/>' for i, c in enumerate(colours))
        return Tile(60, step * (len(colours) + 1), bands)
    return Tile(60, step, f'<rect width="60" height="{step * share:.1f}" fill="{colours[0]}"/>')


def _tartan(ground: Paint, colours: tuple[str, ...], step: float) -> Tile:
    ink, fine = colours[0], colours[1]
    broad, thin = step * 0.36, step * 0.05
    body = (
        f'<rect width="{broad:.1f}" height="{step:.1f}" fill="{ink}" fill-opacity=".55"/>'
        f'<rect width="{step:.1f}" height="{broad:.1f}" fill="{ink}" fill-opacity=".55"/>'
        f'<rect x="{step * 0.12:.1f}" width="{thin * 2:.1f}" height="{step:.1f}"'
        f' fill="{ground.deep}" fill-opacity=".35"/>'
        f'<rect y="{step * 0.12:.1f}" width="{step:.1f}" height="{thin * 2:.1f}"'
        f' fill="{ground.deep}" fill-opacity=".35"/>'
        f'<rect x="{step * 0.66:.1f}" width="{thin:.1f}" height="{step:.1f}" fill="{fine}" fill-opacity=".8"/>'
        f'<rect y="{step * 0.66:.1f}" width="{step:.1f}" height="{thin:.1f}" fill="{fine}" fill-opacity=".8"/>'
    )
    return Tile(step, step, body)


def _gingham(ink: Paint, step: float) -> Tile:
    half = f'{step / 2:.1f}" height="{step:.1f}" fill="{ink.base}" fill-opacity=".5"/>'
    other = f'{step:.1f}" height="{step / 2:.1f}" fill="{ink.base}" fill-opacity=".5"/>'
    return Tile(step, step, f'<rect width="{half}<rect width="{other}')


def _dots(ink: Paint, step: float, share: float) -> Tile:
    radius, q = step * share, step / 4
    return Tile(
        step,
        step,
        f'<circle cx="{q:.1f}" cy="{q:.1f}" r="{radius:.1f}" fill="{ink.base}"/>'
        f'<circle cx="{3 * q:.1f}" cy="{3 * q:.1f}" r="{radius:.1f}" fill="{ink.base}"/>',
    )


def _floral(colours: tuple[str, ...], size: float, random: Random) -> Tile:
    width = 132 * size
    marks = []
    # A jittered 3 x 3 grid: no two blossoms collide, and the repeat is hard to see.
    for row in range(3):
        for column in range(3):
            x = (column + 0.5 + random.uniform(-0.16, 0.16)) * width / 3
            y = (row + 0.5 + random.uniform(-0.16, 0.16)) * width / 3
            if (row + column) % 3 == 2:
                marks.append(_sprig(x, y, width * 0.1, random.uniform(0, 360)))
            else:
                marks.append(_blossom(x, y, width * random.uniform(0.085, 0.13), random.choice(colours), random))
    return Tile(width, width, "".join(marks))


def _blossom(x: float, y: float, radius: float, colour: str, random: Random) -> str:
    start = random.uniform(0, 72)
    petals = "".join(
        f'<circle cx="{x + radius * 0.62 * math.cos(math.radians(start + 72 * i)):.1f}"'
        f' cy="{y + radius * 0.62 * math.sin(math.radians(start + 72 * i)):.1f}" r="{radius * 0.5:.1f}"/>'
        for i in range(5)
    )
    heart = mix(colour, "#e9b949", 0.75)
    return (
        f'<g fill="{colour}">{petals}</g><circle cx="{x:.1f}" cy="{y:.1f}" r="{radius * 0.3:.1f}" fill="{heart}"/>'
        f'<circle cx="{x + 1:.1f}" cy="{y + 1:.1f}" r="{radius * 0.14:.1f}" fill="#5a3b20" fill-opacity=".6"/>'
    )


def _sprig(x: float, y: float, length: float, turn: float) -> str:
    wide = length * 0.28
    leaves = "".join(
        f'<path d="{spindle((0, 0), (side * length * 0.5, -length * 0.3), (side * length, -length * 0.8), wide)}"/>'
        for side in (-1, 1)
    )
    return f'<g transform="translate({x:.1f} {y:.1f}) rotate({turn:.0f})" fill="#66805c">{leaves}</g>'


def _animal(ground: Paint, size: float, random: Random) -> Tile:
    width = 120 * size
    dark, middle = mix(ground.base, "#1b120c", 0.85), mix(ground.base, "#6d3f1c", 0.55)
    spots = []
    for row in range(4):
        for column in range(4):
            x = (column + 0.5 + random.uniform(-0.2, 0.2) + 0.25 * (row % 2)) * width / 4.25
            y = (row + 0.5 + random.uniform(-0.18, 0.18)) * width / 4
            r, turn = width * random.uniform(0.055, 0.085), random.uniform(0, 360)
            spots.append(
                f'<g transform="translate({x:.1f} {y:.1f}) rotate({turn:.0f}) scale(1 .8)">'
                f'<circle r="{r * 0.7:.1f}" fill="{middle}"/><circle r="{r:.1f}" fill="none" stroke="{dark}"'
                f' stroke-width="{r * 0.62:.1f}" stroke-dasharray="{r * 2.1:.1f} {r * 0.9:.1f}"'
                ' stroke-linecap="round"/></g>'
            )
    return Tile(width, width, "".join(spots))


def _herringbone(ground: Paint, ink: Paint) -> Tile:
    tone = mix(ground.base, ink.base, 0.6)
    lines = "".join(f"M0 {y}L14 {y - 14}L28 {y}" for y in range(0, 43, 7))
    return Tile(28, 28, f'<path d="{lines}" fill="none" stroke="{tone}" stroke-width="2.6" stroke-opacity=".75"/>')
