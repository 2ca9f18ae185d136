"""The parts that tops, coats and dresses share: body, sleeves, collars, plackets, pockets, hangers."""

import math
from dataclasses import dataclass, replace
from typing import Literal

from threadly.sample.pictures.palette import Paint
from threadly.sample.pictures.paths import Point, across, backwards, box, mirrored, moved, whole
from threadly.sample.pictures.sheet import Fold, Sheet

Neckline = Literal["round", "v", "square", "boat", "heart", "wrap"]


@dataclass(frozen=True, slots=True)
class Body:
    """The right half of an upper body, in units of the sheet; heights count downwards."""

    neck: float = 60
    neck_y: float = 182
    drop: float = 46
    """How far the neckline falls below the neck point."""

    neckline: Neckline = "round"
    shoulder: float = 150
    shoulder_y: float = 218
    chest: float = 158
    armpit_y: float = 345
    waist: float = 150
    waist_y: float = 520
    hem: float = 156
    hem_y: float = 760
    sag: float = 10
    """How far the middle of the hem hangs below its ends."""

    def side(self) -> str:
        """From the neck point over the shoulder down to the hem's corner; continues a path."""
        return (
            f"Q{(self.neck + self.shoulder) / 2} {(self.neck_y + self.shoulder_y) / 2 - 4} {self.shoulder} {self.shoulder_y}"
            f"Q{self.chest - 20} {(self.shoulder_y + self.armpit_y) / 2} {self.chest} {self.armpit_y}"
            f"C{self.chest + 2} {self.armpit_y + 70} {self.waist} {self.waist_y - 60} {self.waist} {self.waist_y}"
            f"C{self.waist} {self.waist_y + 70} {self.hem} {self.hem_y - 90} {self.hem} {self.hem_y}"
        )

    def throat(self, *, drop: float | None = None) -> str:
        """The neckline, from the middle to the neck point."""
        n, y = self.neck, self.neck_y
        low = y + (self.drop if drop is None else drop)
        if drop is None and self.neckline == "v":
            return f"M0 {low}Q{n * 0.62} {y + (low - y) * 0.42} {n} {y}"
        if drop is None and self.neckline == "square":
            return f"M0 {low}L{n * 0.86} {low}Q{n * 0.94} {(low + y) / 2} {n} {y}"
        if drop is None and self.neckline == "heart":
            return f"M0 {low}Q{n * 0.3} {low - 46} {n * 0.8} {low - 40}Q{n * 0.98} {(low + y) / 2 - 20} {n} {y}"
        return f"M0 {low}C{n * 0.62} {low} {n * 0.92} {y + (low - y) * 0.55} {n} {y}"

    def half(self, *, back: bool = False) -> str:
        """The right half of the outline."""
        low = self.hem_y + self.sag
        return f"{self.throat(drop=14 if back else None)}{self.side()}Q{self.hem * 0.55} {low} 0 {low}"

    def front_edge(self) -> str:
        """The right half of an open front: from the neck point down the middle edge is not included."""
        low = self.hem_y + self.sag
        return f"M{self.neck} {self.neck_y}{self.side()}Q{self.hem * 0.55} {low} 4 {low}"


def hanger(sheet: Sheet, body: Body) -> None:
    """The hanger, which the garment drawn next will half cover. Draws nothing when the garment lies."""
    if not sheet.hangs:
        return
    y = body.neck_y - 6
    reach = max(70.0, body.shoulder - 22)
    steel = sheet.tone("#9b9a98")
    hook = f"M0 {y + 6}L0 {y - 36}C0 {y - 52} 24 {y - 54} 24 {y - 74}C24 {y - 100} -18 {y - 102} -20 {y - 76}"
    sheet.hook = (0, y - 98)
    sheet.line(moved(hook, 9, 14), "#15121c", 7, 0.1)
    sheet.line(hook, steel.deep, 6.5)
    sheet.line(hook, steel.light, 2.2, dx=-0.8, dy=-0.8)
    bar = across(f"M0 {y}Q{reach * 0.4} {y + 8} {reach} {y + 50}")
    wood = sheet.tone("wood")
    sheet.line(bar, wood.deep, 19)
    sheet.line(bar, wood.base, 16)
    sheet.line(bar, wood.light, 4, 0.55, dx=-1, dy=-4)


def inside(sheet: Sheet, body: Body, *, label: bool = True) -> None:
    """What is seen through the neck: the lining of the back, with the maker's label and its size tab."""
    if sheet.back:
        return
    depth = body.neck_y + body.drop + 26
    half = f"{body.throat(drop=12)}L{body.neck + 6} {body.neck_y + 10}Q{body.neck * 0.9} {depth} 0 {depth}"
    sheet.panel(whole(half), "lining", casts=False, depth=0.8)
    sheet.glow(whole(half), "#0c0a14", [(22, 0.09), (12, 0.12), (6, 0.12)])
    if label:
        name_label(sheet, 0, body.neck_y + 15)


def name_label(sheet: Sheet, x: float, y: float, *, scale: float = 1) -> None:
    """A woven label with nothing legible on it, and the size tab below."""
    with sheet.placed(x, y, scale=scale):
        sheet.panel(box(-19, 0, 38, 17, 2), "paper", casts=False, depth=0.25)
        for left, width in ((-11, 22), (-7, 14)):
            sheet.ink(box(left, 4.5 if width > 20 else 10.5, width, 2.6 if width > 20 else 1.8), "#3c3a42", 0.75)
        sheet.panel(box(-6, 16, 12, 10, 1), "ink", casts=False, depth=0.15)
        sheet.ink(box(-2, 19.5, 4, 3.4), "#ffffff", 0.85)


def body_folds(sheet: Sheet, body: Body) -> list[Fold]:
    """Where an empty garment creases: from the armpits inwards, at the waist, up from the hem."""
    r = sheet.random
    c, w, h, a = body.chest, body.waist, body.hem, body.armpit_y
    hem, wy = body.hem_y, body.waist_y
    folds: list[Fold] = [
        ((c - 4, a - 12), (c * 0.7, a + 26), (c * 0.3, a + r.uniform(60, 110)), 13, 0.75),
        ((-c + 4, a - 12), (-c * 0.72, a + 30), (-c * 0.34, a + r.uniform(70, 120)), 12, 0.65),
        ((c - 8, a + 40), (c * 0.62, a + 90), (c * 0.5, wy + 20), 10, 0.4),
        ((-w + 3, wy - r.uniform(0, 60)), (-w * 0.6, wy + 30), (-w * 0.2, wy + r.uniform(20, 80)), 20, 0.42),
        ((w - 3, wy + r.uniform(0, 60)), (w * 0.6, wy + 50), (w * 0.1, wy + r.uniform(70, 130)), 22, 0.45),
    ]
    for share in (-0.62, -0.2, 0.28, 0.66):
        x = share * h + r.uniform(-12, 12)
        top = hem - r.uniform(110, 240)
        folds.append(((x * 0.82, top), (x + r.uniform(-14, 14), (top + hem) / 2), (x * 1.05, hem - 4), r.uniform(10, 22), 0.45))
    folds.append(((-c * 0.35, a - 20), (-c * 0.45, wy - 20), (-h * 0.42, hem - 60), 30, -0.5))
    return folds


def torso(sheet: Sheet, body: Body, *, tone: str = "main", rib: float = 0, label: bool = True) -> None:
    """A closed body with its inside and hanger; `rib` is the width of a ribbed neckband, 0 for a plain edge."""
    inside(sheet, body, label=label)
    hanger(sheet, body)
    sheet.panel(whole(body.half(back=sheet.back)), tone, folds=body_folds(sheet, body))
    line = body.throat(drop=14 if sheet.back else None)
    if rib:
        neckband(sheet, line, rib)
    else:
        sheet.stitch(moved(across(line), 0, 7))


def neckband(sheet: Sheet, line: str, width: float, tone: str = "accent") -> None:
    """A ribbed band along the right half `line` of a neckline, and along its mirror image."""
    path = across(line)
    paint = sheet.tone(tone)
    band(sheet, path, width, paint)


def band(sheet: Sheet, path: str, width: float, paint: Paint) -> None:
    """A narrow ribbed strip of `width` along any open `path`."""
    sheet.line(path, "#0c0a14", width + 5, 0.14, dy=2.5, cap="butt")
    sheet.line(path, paint.dark, width + 1.6, 0.9, cap="butt")
    sheet.line(path, paint.base, width, cap="butt")
    sheet.line(path, paint.deep, width * 0.9, 0.2, dash="1.4 3.6", cap="butt")
    sheet.line(path, paint.light, 2, 0.35, dy=-width * 0.3, cap="butt")


@dataclass(frozen=True, slots=True)
class Sleeve:
    """A right sleeve, seen from the front."""

    length: float = 150
    angle: float = 34
    """Degrees away from hanging straight down."""

    cuff: float = 104
    """Width at its end."""

    puff: float = 0
    """How far it billows outwards."""

    band: float = 0
    """Height of a cuff; 0 for a plain hem."""

    def _frame(self, body: Body) -> tuple[Point, Point, Point]:
        turn = math.radians(self.angle)
        start = ((body.shoulder + body.chest) / 2, (body.shoulder_y + body.armpit_y) / 2 - 8)
        return start, (math.sin(turn), math.cos(turn)), (math.cos(turn), -math.sin(turn))

    def point(self, body: Body, along: float, aside: float) -> Point:
        """The point `along` the sleeve (in units) and `aside` of its axis (-0.5 inner edge .. 0.5 outer edge)."""
        (sx, sy), (dx, dy), (px, py) = self._frame(body)
        top = body.armpit_y - body.shoulder_y
        width = top + (self.cuff - top) * min(1.0, along / self.length)
        return sx + dx * along + px * width * aside, sy + dy * along + py * width * aside

    def outline(self, body: Body) -> str:
        """The closed outline, its upper part hidden beneath the body."""
        outer, inner = self.point(body, self.length, 0.5), self.point(body, self.length, -0.5)
        upper, elbow = self.point(body, self.length * 0.3, 0.56), self.point(body, self.length * 0.7, 0.52)
        under = self.point(body, self.length * 0.5, -0.46)
        p = self.puff
        middle = self.point(body, self.length + 5, 0)
        return (
            f"M{body.shoulder - 16} {body.shoulder_y - 5}C{body.shoulder + 16 + p * 0.5} {body.shoulder_y + 4 - p * 0.3}"
            f" {upper[0] - 8 + p} {upper[1] - 26} {upper[0] + p} {upper[1]}"
            f"C{upper[0] + 14 + p} {upper[1] + 24} {elbow[0] + p} {elbow[1]} {outer[0]} {outer[1]}"
            f"Q{middle[0]} {middle[1]} {inner[0]} {inner[1]}"
            f"Q{under[0] - p * 0.2} {under[1]} {body.chest - 3} {body.armpit_y}L{body.chest - 40} {body.armpit_y - 20}Z"
        )

    def cuff_outline(self, body: Body) -> str:
        """The band at its end."""
        grow = 0.5 if self.puff < 8 else 0.42
        a, b = self.point(body, self.length - self.band, grow + 0.03), self.point(body, self.length - self.band, -grow - 0.03)
        c, d = self.point(body, self.length + 2, -grow), self.point(body, self.length + 2, grow)
        return f"M{a[0]} {a[1]}L{b[0]} {b[1]}L{c[0]} {c[1]}L{d[0]} {d[1]}Z"


def sleeves(
    sheet: Sheet, body: Body, sleeve: Sleeve, *, tone: str = "accent", cuff: Literal["plain", "rib", "shirt"] = "plain"
) -> None:
    """Both sleeves, to be drawn before the body. Lying garments hold their arms a little wider."""
    if not sheet.hangs:
        sleeve = replace(sleeve, angle=sleeve.angle + 5)
    outline = sleeve.outline(body)
    sheet.pair(outline, tone, folds=_sleeve_folds(sheet, body, sleeve))
    if cuff == "plain":
        a, b = sleeve.point(body, sleeve.length - 11, 0.5), sleeve.point(body, sleeve.length - 11, -0.5)
        hem = f"M{a[0]} {a[1]}L{b[0]} {b[1]}"
        sheet.stitch(hem)
        sheet.stitch(mirrored(hem))
        return
    band = sleeve.cuff_outline(body)
    sheet.pair(band, tone, depth=0.5, lift=3)
    if cuff == "rib":
        grow = 0.42 if sleeve.puff >= 8 else 0.5
        for flip in (1, -1):
            lines = []
            for i in range(1, 12):
                aside = grow - 2 * grow * i / 12
                a, b = sleeve.point(body, sleeve.length - sleeve.band, aside), sleeve.point(body, sleeve.length, aside)
                lines.append(((a[0] * flip, a[1]), (b[0] * flip, b[1])))
            sheet.ribs(lines, tone=tone)
    else:
        for flip in (1, -1):
            x, y = sleeve.point(body, sleeve.length - sleeve.band / 2, 0.2)
            sheet.button(x * flip, y, 4.6)


def _sleeve_folds(sheet: Sheet, body: Body, sleeve: Sleeve) -> list[Fold]:
    r, at, n = sheet.random, sleeve.point, sleeve.length
    folds: list[Fold] = [
        ((body.chest + 6, body.armpit_y - 8), at(body, n * 0.3, -0.1), at(body, n * 0.28, 0.32), 13, 0.6),
        (at(body, n * 0.05, 0.2), at(body, n * 0.4, 0.3), at(body, n * 0.9, 0.22), 16, -0.6),
    ]
    if n > 240:
        for along, reach, width in ((0.38, 0.1, 14), (0.52, 0.36, 18), (0.82, 0.2, 12)):
            start = along + r.uniform(-0.05, 0.05)
            end = at(body, n * (start - 0.08), reach + r.uniform(-0.1, 0.1))
            folds.append((at(body, n * start, -0.48), at(body, n * (start + 0.04), reach * 0.3), end, width, 0.5))
        folds.append((at(body, n * 0.6, 0.5), at(body, n * 0.63, 0.2), at(body, n * 0.56, 0), 13, 0.4))
    return folds


def hem_band(sheet: Sheet, body: Body, height: float, tone: str = "accent") -> None:
    """A ribbed waistband at the hem, drawn in by its elastic."""
    y, w = body.hem_y - height, body.hem
    half = f"M0 {y + body.sag}Q{w * 0.5} {y + body.sag} {w + 3} {y}L{w - 8} {body.hem_y + 8}Q{w * 0.5} {body.hem_y + 20} 0 {body.hem_y + 20}"
    sheet.panel(whole(half), tone, depth=0.6, lift=2)
    count = 26
    sheet.ribs(
        [
            ((x, y + body.sag * (1 - (x / w) ** 2) + 2), (x * 0.96, body.hem_y + 18 - 10 * (x / w) ** 2))
            for x in (w * (2 * i / count - 1) for i in range(1, count))
        ],
        tone=tone,
    )


def shirt_collar(sheet: Sheet, body: Body, *, tone: str = "main", spread: float = 1.0, closed: bool = True) -> None:
    """A turned-down collar on its stand."""
    n, y = body.neck, body.neck_y
    if sheet.back:
        half = f"M0 {y - 22}Q{n * 0.7} {y - 22} {n + 2} {y - 6}L{n + 12} {y + 26}Q{n * 0.5} {y + 36} 0 {y + 36}"
        sheet.panel(whole(half), tone, depth=0.5, lift=5)
        return
    low = y + body.drop
    if closed:
        stand = f"M0 {low - 4}Q{n * 0.7} {low - 12} {n} {y - 12}L{n - 6} {y - 22}Q{n * 0.5} {low - 26} 0 {low - 22}"
        sheet.panel(whole(stand), tone, depth=0.3, casts=False)
        sheet.button(0, low - 12, 4.6)
    tip = 34 * spread
    leaf = (
        f"M{1 if closed else 16} {low - 8}Q{n * 0.55} {y + body.drop * 0.45} {n - 14} {y - 26}Q{n + 2} {y - 22} {n + 8} {y - 2}"
        f"Q{n + 4} {y + 34} {tip + 14} {low + 42}Q{tip * 0.4} {low + 22} {1 if closed else 16} {low - 8}Z"
    )
    sheet.pair(leaf, tone, depth=0.45, lift=6)
    inner = f"M{n + 1} {y + 8}Q{n - 2} {y + 34} {tip + 13} {low + 33}Q{tip * 0.5} {low + 18} 8 {low - 1}"
    sheet.stitch(inner, opacity=0.5)
    sheet.stitch(mirrored(inner), opacity=0.5)


def placket(sheet: Sheet, top: float, bottom: float, *, buttons: int, width: float = 26, radius: float = 6) -> None:
    """The button strip down the middle. On the back there is none."""
    if sheet.back:
        return
    d = box(-width / 2, top, width, bottom - top)
    sheet.panel(d, casts=False, depth=0.25, lift=2)
    for x in (-width / 2 + 4, width / 2 - 4):
        sheet.stitch(f"M{x} {top}L{x} {bottom}", opacity=0.5)
    for i in range(buttons):
        sheet.button(0, top + 22 + (bottom - top - 40) * i / max(1, buttons - 1), radius)


def pocket(sheet: Sheet, x: float, y: float, width: float, height: float, *, flap: bool = False, tone: str = "main") -> None:
    """A patch pocket with its left upper corner at (x, y)."""
    if sheet.back:
        return
    d = f"M{x} {y}L{x + width} {y}L{x + width} {y + height - 12}L{x + width / 2} {y + height}L{x} {y + height - 12}Z"
    sheet.panel(d, tone, casts=False, depth=0.35, lift=3)
    m = 4
    sheet.stitch(f"M{x + m} {y + m}L{x + m} {y + height - 15}L{x + width / 2} {y + height - m - 1}L{x + width - m} {y + height - 15}L{x + width - m} {y + m}")
    if flap:
        f = height * 0.34
        sheet.panel(f"M{x - 2} {y - 3}L{x + width + 2} {y - 3}L{x + width + 1} {y + f * 0.7}L{x + width / 2} {y + f}L{x - 1} {y + f * 0.7}Z", tone, casts=False, depth=0.3, lift=4)
        sheet.button(x + width / 2, y + f * 0.62, 5, "metal" if sheet.hand.stitched else None)
    else:
        sheet.seam(f"M{x} {y + 9}L{x + width} {y + 9}", opacity=0.35)


def slit_pockets(sheet: Sheet, x: float, y: float, length: float, *, flap: bool = False) -> None:
    """A pair of slanted welt pockets, or flapped ones."""
    if sheet.back:
        return
    if flap:
        sheet.pair(f"M{x - length / 2} {y}L{x + length / 2} {y - 5}L{x + length / 2 + 1} {y + 22}Q{x} {y + 31} {x - length / 2 - 1} {y + 27}Z", depth=0.3, lift=3)
        return
    slit = f"M{x - 12} {y}L{x + 14} {y + length}"
    for d in (slit, mirrored(slit)):
        sheet.line(d, sheet.main.deep, 9, 0.55)
        sheet.line(d, sheet.main.base, 5.5, 1, dx=-1.5)
        sheet.line(d, sheet.main.light, 1.2, 0.5, dx=-4, dy=-1)


def lapels(sheet: Sheet, body: Body, *, close_y: float, width: float = 62, tone: str = "main", notch: bool = True) -> None:
    """The collar and the turned-back lapels of a jacket that closes at `close_y`."""
    n, y = body.neck, body.neck_y
    if sheet.back:
        shirt_collar(sheet, body, tone=tone)
        return
    gorge = y + (close_y - y) * 0.27
    revers = f"M{n - 4} {y - 8}L0 {close_y}L10 {close_y - 12}Q{width * 0.7} {close_y - (close_y - gorge) * 0.6} {width + 22} {gorge - 8}L{n + 12} {gorge - (16 if notch else 40)}Z"
    sheet.pair(revers, tone, depth=0.5, lift=6)
    collar = f"M{n - 16} {y - 26}Q{n + 6} {y - 24} {n + 14} {y - 2}L{n + 38} {gorge - 26}L{n + 14} {gorge - 12}L{n - 22} {gorge - 44}Q{n - 6} {y + 4} {n - 16} {y - 26}Z"
    sheet.pair(collar, tone, depth=0.45, lift=4)
    for side in (1, -1):
        edge = f"M{side * (n - 10)} {y}L{side * 2} {close_y - 4}"
        sheet.line(edge, "#0c0a14", 3, 0.18)


def open_throat(body: Body, close_y: float) -> Body:
    """The body whose neckline is the V of a jacket that closes at `close_y`."""
    return replace(body, neckline="v", drop=close_y - body.neck_y)


def edge_down(sheet: Sheet, top: float, bottom: float, *, x: float = 14) -> None:
    """The overlapping front edge of a jacket."""
    if sheet.back:
        return
    d = f"M{x} {top}Q{x + 2} {(top + bottom) / 2} {x} {bottom}"
    sheet.glow(d, "#0c0a14", [(10, 0.06), (5, 0.08)], dx=3)
    sheet.seam(d, opacity=0.7, width=2)


def yoke(sheet: Sheet, body: Body, y: float) -> None:
    """A seam across the shoulders."""
    half = f"M0 {y + 8}Q{body.chest * 0.5} {y + 6} {body.chest - 14} {y - 8}"
    sheet.seam(across(half))
    sheet.stitch(moved(across(half), 0, 5))
