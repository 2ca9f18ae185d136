"""Puts a garment before its background: framing, shadow, window light, and the four views."""

from dataclasses import dataclass
from random import Random

from threadly.sample.pictures import backgrounds, props
from threadly.sample.pictures.affine import Affine
from threadly.sample.pictures.garments import GARMENTS
from threadly.sample.pictures.look import Background, Cut, Garment, Look, Pose, View
from threadly.sample.pictures.paths import box, extent
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
_SHADOW = "#1a1420"


@dataclass(frozen=True, slots=True)
class Scene:
    """A picture in two layers, both on the 800 x 1000 sheet."""

    background: Background
    standing: bool
    """Whether the background has a table top."""

    foreground: str
    """SVG: shadow, garment and light; transparent elsewhere."""


@dataclass(frozen=True, slots=True)
class _Frame:
    """Which point of the drawing comes where on the sheet, how large, and how far turned."""

    at: tuple[float, float]
    of: tuple[float, float]
    scale: tuple[float, float]
    turn: float = 0

    def affine(self) -> Affine:
        """The whole as one map."""
        (sx, sy), (u, v) = self.scale, self.of
        return Affine.of(*self.at, turn=self.turn, across=sx, down=sy).after(Affine(e=-u, f=-v))


def compose(look: Look) -> Scene:
    """Frame `look`. Raises KeyError when there is no such garment."""
    garment = GARMENTS[look.garment]
    random = Random(f"{look.seed}/{look.view}")  # noqa: S311
    light = backgrounds.window_light(random)
    if look.view is View.STYLED and garment.pose is Pose.HANGS:
        if garment.folded and look.seed % 2:
            return Scene(look.background, False, light + _folded(look, garment, garment.folded, random))
        wall = look.background if look.background in WALLS else Background.PLASTER
        return Scene(wall, False, light + _on_rail(look, garment, random))
    hangs = garment.pose is Pose.HANGS and look.background in WALLS
    sheet = _drawn(look, garment, hangs=hangs)
    standing = garment.pose is Pose.STANDS and look.view is not View.DETAIL
    frame = _frame(sheet, look, garment, random)
    behind = props.beside(garment.pose, random) if look.view is View.STYLED else ""
    return Scene(look.background, standing, light + behind + _placed(sheet, frame, _shadow(sheet, standing=standing)))


def _drawn(look: Look, garment: Garment, *, hangs: bool) -> Sheet:
    sheet = Sheet(look, look.fabric or garment.fabric, hangs=hangs)
    garment.draw(sheet)
    return sheet


def _placed(sheet: Sheet, frame: _Frame, shadow: str) -> str:
    place = frame.affine()
    return f'<defs>{sheet.definitions(place)}</defs><g transform="{place}">{shadow}{sheet.marks}</g>'


def _extent(sheet: Sheet) -> tuple[float, float, float, float]:
    """Left, top, right and bottom of the silhouette and its hook, counting control points."""
    hook = [f"M{sheet.hook[0]} {sheet.hook[1]}"] if sheet.hook else []
    return extent(*sheet.outlines, *sheet.reach, *hook)


def _frame(sheet: Sheet, look: Look, garment: Garment, random: Random) -> _Frame:
    left, top, right, bottom = _extent(sheet)
    clothing = garment.pose is Pose.HANGS
    wide, high = _CUTS[look.cut] if clothing else (1.0, 1.0)
    room_x, room_y = (680.0, 860.0) if clothing else (630.0, 640.0)
    scale = min(room_x / (right - left) / wide, room_y / (bottom - top) / high, 1.75) * random.uniform(0.95, 1.0)
    # A few centimetres of accident: nobody hangs a thing exactly straight.
    turn = random.uniform(-1.2, 1.2) if sheet.hook else random.uniform(-5, 5)
    at, of = (400 + random.uniform(-10, 10), 500.0), ((left + right) / 2, (top + bottom) / 2)
    if garment.pose is Pose.STANDS:
        turn, at, of = 0, (at[0], backgrounds.FLOOR + random.uniform(50, 84)), (of[0], bottom)
    if look.view is View.DETAIL:
        x, y, zoom = garment.focus
        scale, of, turn, at = scale * zoom, (x, y), random.uniform(-7, 7), (400, 500)
    if look.view is View.STYLED:
        scale *= 0.8
        at, turn = (at[0] + 44, at[1] + 20), 0 if garment.pose is Pose.STANDS else random.choice((-1, 1)) * 13
    if look.view is View.BACK and not garment.sided:
        wide, turn = -wide, -turn * 2
    return _Frame(at, of, (scale * wide, scale * high), turn)


def _shadow(sheet: Sheet, *, standing: bool) -> str:
    if standing:
        left, _, right, bottom = _extent(sheet)
        middle, reach = (left + right) / 2, (right - left) / 2
        return "".join(
            f'<ellipse cx="{middle + 12:.0f}" cy="{bottom - 3:.0f}" rx="{reach * grow:.0f}"'
            f' ry="{reach * 0.15 * grow**2:.0f}" fill="{_SHADOW}" fill-opacity=".05"/>'
            for grow in (1.26, 1.19, 1.12, 1.06, 1.0, 0.94, 0.88, 0.8)
        )
    d = "".join(sheet.outlines)
    dx, dy, size = (17, 20, 1.3) if sheet.hook else (9, 13, 1.0)
    strokes = "".join(
        f'<path d="{d}" stroke-width="{w * size:.0f}" stroke-opacity=".045"/>' for w in (58, 45, 33, 22, 13, 6)
    )
    return (
        f'<g transform="translate({dx} {dy})" fill="none" stroke="{_SHADOW}" stroke-linejoin="round">{strokes}'
        f'<path d="{d}" fill="{_SHADOW}" fill-opacity=".05" stroke="none"/></g>'
    )


def _on_rail(look: Look, garment: Garment, random: Random) -> str:
    """Among others on a clothes rail."""
    sheet = _drawn(look, garment, hangs=True)
    left, top, right, bottom = _extent(sheet)
    hook = sheet.hook or ((left + right) / 2, top)
    wide, high = _CUTS[look.cut]
    scale = min(460 / (right - left) / wide, 800 / (bottom - hook[1]) / high, 1.5)
    frame = _Frame((400 + random.uniform(-20, 20), 92), hook, (scale * wide, scale * high), random.uniform(-1, 1))
    return props.rail(random) + _placed(sheet, frame, _shadow(sheet, standing=False))


def _folded(look: Look, garment: Garment, region: tuple[float, float, float, float], random: Random) -> str:
    """Folded to a parcel: the part that stays visible, on top of the layers that do not."""
    sheet = _drawn(look, garment, hangs=False)
    left, top, right, bottom = region
    top = max(top, _extent(sheet)[1] - 4)
    width, height = right - left, bottom - top
    under, over = (Sheet(look, look.fabric or garment.fabric, prefix=prefix) for prefix in ("u", "o"))
    for step in (3, 2, 1):
        under.panel(box(left - 3 * step, top + 46, width + 6 * step, height - 40 + 10 * step, 22), depth=0.5, lift=3)
    shape = box(left, top - 30, width, height + 30, 20)
    with over.within(shape):
        over.glow(f"M{left} {bottom}L{right} {bottom}", over.main.deep, [(50, 0.06), (32, 0.08), (16, 0.1), (7, 0.12)])
        for x in (left, right):
            over.glow(f"M{x} {top + 60}L{x} {bottom}", over.main.deep, [(34, 0.06), (20, 0.08), (9, 0.1)])
    scale = min(500 / width, 640 / height)
    frame = _Frame((400, 520), (left + width / 2, top + height / 2 + 8), (scale, scale), random.uniform(-9, 9)).affine()
    definitions = "".join(each.definitions(frame) for each in (under, sheet, over))
    return (
        f'<defs>{definitions}<clipPath id="parcel"><path d="{shape}"/></clipPath></defs><g transform="{frame}">'
        f'{_shadow(under, standing=False)}{under.marks}<g clip-path="url(#parcel)">{sheet.marks}</g>{over.marks}</g>'
    )
