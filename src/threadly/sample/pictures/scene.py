"""Puts a garment before its background: framing, shadow, window light, and the four views."""

from dataclasses import dataclass, replace
from random import Random

from threadly.sample.pictures import backgrounds
from threadly.sample.pictures.garments import GARMENTS
from threadly.sample.pictures.look import Background, Cut, Garment, Look, Pose, View
from threadly.sample.pictures.paths import segments
from threadly.sample.pictures.sheet import Sheet

WALLS = frozenset(
    {
        Background.LINEN_WALL,
        Background.PLASTER,
        Background.GREY_WALL,
        Background.WHITE_BOARDS,
        Background.TILES,
        Background.GREEN_TILES,
        Background.CONCRETE,
        Background.SAGE,
        Background.BLUSH,
    }
)
"""What a garment can hang on; on the others it lies."""

_CUTS = {
    Cut.SLIM: (0.9, 1.0),
    Cut.REGULAR: (1.0, 1.0),
    Cut.RELAXED: (1.1, 0.99),
    Cut.CROPPED: (1.04, 0.88),
    Cut.LONG: (0.96, 1.1),
}


@dataclass(frozen=True, slots=True)
class Scene:
    """A picture in two layers, both on the 800 x 1000 sheet."""

    background: Background
    standing: bool
    foreground: str
    """SVG: shadow, garment and light; transparent elsewhere."""


def compose(look: Look) -> Scene:
    """Frame `look`. Raises KeyError when there is no such garment."""
    garment = GARMENTS[look.garment]
    random = Random(f"{look.seed}/{look.view}")  # noqa: S311
    hangs = garment.pose is Pose.HANGS and look.background in WALLS
    sheet = Sheet(look, look.fabric or garment.fabric, hangs=hangs)
    garment.draw(sheet)
    standing = garment.pose is Pose.STANDS
    frame = _frame(sheet, look, garment, random, hangs=hangs)
    foreground = (
        f"<defs>{sheet.definitions}</defs>{backgrounds.window_light(random)}"
        f'<g transform="{frame}">{_shadow(sheet, hangs=hangs, standing=standing)}{sheet.marks}</g>'
    )
    return Scene(look.background, standing, foreground)


def extent(sheet: Sheet) -> tuple[float, float, float, float]:
    """Left, top, right and bottom of the silhouette, counting control points."""
    points = [point for d in sheet.outlines for _, points in segments(d) for point in points]
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return min(xs), min(ys), max(xs), max(ys)


def _frame(sheet: Sheet, look: Look, garment: Garment, random: Random, *, hangs: bool) -> str:
    left, top, right, bottom = extent(sheet)
    wide, high = _CUTS[look.cut] if garment.pose is Pose.HANGS else (1.0, 1.0)
    if hangs:
        top -= 70
    room_x, room_y = (680.0, 840.0) if garment.pose is Pose.HANGS else (560.0, 600.0)
    scale = min(room_x / (right - left) / wide, room_y / (bottom - top) / high, 1.75)
    middle_x, middle_y = (left + right) / 2, (top + bottom) / 2
    turn = random.uniform(-1.2, 1.2) if hangs or garment.pose is Pose.STANDS else random.uniform(-6, 6)
    centre_y = 500.0
    if garment.pose is Pose.STANDS:
        turn, centre_y, middle_y = 0, backgrounds.FLOOR + 62, bottom
    if look.view is View.DETAIL:
        x, y, zoom = garment.focus
        scale, middle_x, middle_y, turn = scale * zoom, x, y, random.uniform(-7, 7)
        centre_y = 500
    x = 400 + random.uniform(-10, 10)
    return (
        f"translate({x:.1f} {centre_y:.1f}) rotate({turn:.2f}) scale({scale * wide:.4f} {scale * high:.4f})"
        f" translate({-middle_x:.1f} {-middle_y:.1f})"
    )


def _shadow(sheet: Sheet, *, hangs: bool, standing: bool) -> str:
    d = "".join(sheet.outlines)
    if standing:
        left, _, right, bottom = extent(sheet)
        middle, reach = (left + right) / 2, (right - left) / 2
        return "".join(
            f'<ellipse cx="{middle + 14:.0f}" cy="{bottom - 3:.0f}" rx="{reach * grow:.0f}" ry="{reach * 0.16 * grow**2:.0f}"'
            ' fill="#1a1420" fill-opacity=".055"/>'
            for grow in (1.22, 1.14, 1.07, 1.0, 0.93, 0.85)
        )
    dx, dy, size = (17, 20, 1.3) if hangs else (9, 13, 1.0)
    strokes = "".join(
        f'<path d="{d}" stroke-width="{w * size:.0f}" stroke-opacity=".032"/>' for w in (60, 50, 41, 33, 26, 19, 13, 8, 4)
    )
    return (
        f'<g transform="translate({dx} {dy})" fill="none" stroke="#1a1420" stroke-linejoin="round">{strokes}'
        f'<path d="{d}" fill="#1a1420" fill-opacity=".05" stroke="none"/></g>'
    )


def silhouette(look: Look) -> str:
    """The bare outline in black, framed like the picture: an SVG document for comparing shapes."""
    garment = GARMENTS[look.garment]
    sheet = Sheet(replace(look, view=View.FRONT), look.fabric or garment.fabric)
    garment.draw(sheet)
    frame = _frame(sheet, replace(look, view=View.FRONT), garment, Random(0), hangs=False)  # noqa: S311
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 800 1000" width="160" height="200">'
        f'<g transform="{frame}"><path d="{"".join(sheet.outlines)}"/></g></svg>'
    )
