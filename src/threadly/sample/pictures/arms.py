"""Sleeves and their cuffs."""

import math
from dataclasses import dataclass, replace
from typing import Literal

from threadly.sample.pictures.anatomy import Body
from threadly.sample.pictures.paths import Point, mirrored
from threadly.sample.pictures.sheet import Fold, Sheet


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
            f"M{body.shoulder - 16} {body.shoulder_y - 5}"
            f"C{body.shoulder + 16 + p * 0.5} {body.shoulder_y + 4 - p * 0.3}"
            f" {upper[0] - 8 + p} {upper[1] - 26} {upper[0] + p} {upper[1]}"
            f"C{upper[0] + 14 + p} {upper[1] + 24} {elbow[0] + p} {elbow[1]} {outer[0]} {outer[1]}"
            f"Q{middle[0]} {middle[1]} {inner[0]} {inner[1]}"
            f"Q{under[0] - p * 0.2} {under[1]} {body.chest - 3} {body.armpit_y}L{body.chest - 40} {body.armpit_y - 20}Z"
        )

    def cuff_outline(self, body: Body) -> str:
        """The band at its end."""
        grow = 0.5 if self.puff < 8 else 0.42
        a, b = (
            self.point(body, self.length - self.band, grow + 0.03),
            self.point(body, self.length - self.band, -grow - 0.03),
        )
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
