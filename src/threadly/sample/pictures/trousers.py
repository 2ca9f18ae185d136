"""Trousers, jeans and shorts."""

from dataclasses import dataclass

from threadly.sample.pictures.paths import across, box, mirrored, moved, whole
from threadly.sample.pictures.sheet import Fold, Sheet
from threadly.sample.pictures.waists import clips, elastic_waist, waistband


@dataclass(frozen=True, slots=True)
class Legs:
    """The right half of trousers, in units of the sheet; heights count downwards."""

    waist: float = 108
    top: float = 120
    hip: float = 146
    hip_y: float = 262
    crotch: float = 330
    knee: float = 152
    knee_y: float = 560
    hem: float = 146
    hem_width: float = 96
    bottom: float = 900

    def outline(self) -> str:
        """The right leg, from the middle of the waist."""
        inner = self.hem - self.hem_width
        shin, inseam = (self.bottom - self.knee_y) * 0.34, (self.bottom - self.crotch) * 0.3
        return (
            f"M0 {self.top}L{self.waist} {self.top}"
            f"C{self.waist + 16} {self.top + 50} {self.hip - 2} {self.hip_y - 50} {self.hip} {self.hip_y}"
            f"C{self.hip + 5} {self.hip_y + (self.knee_y - self.hip_y) * 0.3}"
            f" {self.knee} {self.knee_y - (self.knee_y - self.hip_y) * 0.36}"
            f" {self.knee} {self.knee_y}"
            f"C{self.knee} {self.knee_y + shin} {self.hem} {self.bottom - shin} {self.hem} {self.bottom}"
            f"Q{(self.hem + inner) / 2} {self.bottom + 9} {inner} {self.bottom}"
            f"C{inner} {self.bottom - inseam} {min(12, inner)} {self.crotch + inseam} 0 {self.crotch}Z"
        )

    def folds(self, sheet: Sheet) -> list[Fold]:
        """Whiskers at the hip, creases behind the knee, a long lit thigh."""
        r = sheet.random
        middle = self.hem - self.hem_width / 2
        return [
            ((6, self.crotch - 12), (50, self.crotch - 4), (110, self.crotch - r.uniform(30, 60)), 13, 0.6),
            ((6, self.crotch + 8), (46, self.crotch + 26), (96, self.crotch + r.uniform(0, 40)), 12, 0.5),
            (
                (self.knee - 4, self.knee_y - 16),
                (middle, self.knee_y + 6),
                (middle - 20, self.knee_y - r.uniform(0, 40)),
                13,
                0.45,
            ),
            (
                (middle - 44, self.knee_y + 40),
                (middle - 10, self.knee_y + 46),
                (middle + 26, self.knee_y + r.uniform(0, 50)),
                12,
                0.4,
            ),
            (
                (self.hem - 4, self.bottom - 60),
                (middle, self.bottom - 40),
                (middle - 20, self.bottom - r.uniform(40, 80)),
                12,
                0.45,
            ),
            ((self.hip * 0.55, self.hip_y), (self.knee * 0.6, self.knee_y), (middle, self.bottom - 40), 30, -0.55),
        ]


def trousers(
    sheet: Sheet, legs: Legs, *, fly: bool = True, loops: bool = True, crease: bool = False, band: float = 32
) -> None:
    """Both legs, waistband, fly, loops and pockets."""
    clips(sheet, legs.waist, legs.top)
    if not sheet.back:
        sheet.panel(
            whole(
                f"M0 {legs.top - 8}L{legs.waist - 8} {legs.top - 6}L{legs.waist - 4} {legs.top + 12}L0 {legs.top + 22}"
            ),
            "lining",
            casts=False,
            depth=0.4,
        )
        sheet.panel(box(-17, legs.top - 5, 34, 12, 2), "paper", casts=False, depth=0.2)
    left = mirrored(legs.outline())
    sheet.panel(
        left, folds=[((-x0, a), (-x1, b), (-x2, c), w, s) for (x0, a), (x1, b), (x2, c), w, s in legs.folds(sheet)]
    )
    sheet.panel(legs.outline(), folds=legs.folds(sheet))
    sheet.seam(f"M0 {legs.top + band}Q4 {legs.crotch - 90} 0 {legs.crotch}", opacity=0.7)
    if fly and not sheet.back:
        sheet.stitch(f"M26 {legs.top + band}Q30 {legs.crotch - 110} 4 {legs.crotch - 58}")
    if crease:
        x = legs.hem - legs.hem_width / 2
        for side in (1, -1):
            d = f"M{side * 66} {legs.top + 70}Q{side * 84} {legs.knee_y - 40} {side * x} {legs.bottom}"
            sheet.glow(d, sheet.main.deep, [(9, 0.1), (4, 0.14), (1.6, 0.4)], dx=1.5)
            sheet.line(d, sheet.main.light, 1.8, 0.5, dx=-1.5)
    if sheet.back:
        seat_pockets(sheet, legs)
    else:
        side_pockets(sheet, legs, slanted=not sheet.hand.stitched)
    waistband(sheet, legs.waist, legs.top, band, loops=loops, button=fly)
    for side in (1, -1):
        sheet.stitch(
            f"M{side * (legs.hem - 2)} {legs.bottom - 13}"
            f"Q{side * (legs.hem - legs.hem_width / 2)} {legs.bottom - 5}"
            f" {side * (legs.hem - legs.hem_width + 1)} {legs.bottom - 13}"
        )


def side_pockets(sheet: Sheet, legs: Legs, *, slanted: bool) -> None:
    """Slanted, or the rounded ones of jeans with a coin pocket."""
    y = legs.top + 30
    for side in (1, -1):
        if slanted:
            d = f"M{side * (legs.waist - 30)} {y}L{side * (legs.hip - 4)} {legs.hip_y + 4}"
            sheet.seam(d, width=2.2, opacity=0.65)
            sheet.stitch(moved(d, -6 * side, 0), opacity=0.5)
        else:
            d = f"M{side * (legs.waist - 46)} {y}Q{side * (legs.waist - 40)} {y + 62} {side * (legs.hip - 3)} {y + 74}"
            sheet.seam(d, width=2.4, opacity=0.7)
            sheet.stitch(moved(d, -4 * side, 4))
            sheet.button(side * (legs.waist - 44), y + 8, 3.2, "#b87c4b")


def seat_pockets(sheet: Sheet, legs: Legs) -> None:
    """The back: a yoke and two patch pockets, or two welts."""
    if not sheet.hand.stitched:
        for x in (-100, 38):
            sheet.panel(box(x, legs.top + 96, 62, 9), casts=False, depth=0.2, lift=2)
            sheet.button(x + 31, legs.top + 116, 4.5)
        return
    sheet.seam(across(f"M0 {legs.top + 72}L{legs.hip - 12} {legs.top + 50}"))
    sheet.stitch(across(f"M0 {legs.top + 77}L{legs.hip - 12} {legs.top + 55}"))
    for x in (-112, 32):
        y = legs.top + 84
        d = f"M{x} {y}L{x + 80} {y}L{x + 76} {y + 76}L{x + 40} {y + 92}L{x + 4} {y + 76}Z"
        sheet.panel(d, casts=False, depth=0.3, lift=3)
        sheet.stitch(
            f"M{x + 5} {y + 10}L{x + 75} {y + 10}M{x + 6} {y + 40}"
            f"Q{x + 24} {y + 26} {x + 40} {y + 44}Q{x + 56} {y + 26} {x + 74} {y + 40}"
        )


def _wash(sheet: Sheet, legs: Legs) -> None:
    """The paler thighs of worn denim."""
    lit = sheet.main.light
    for side in (1, -1):
        d = (
            f"M{side * 74} {legs.crotch - 40}"
            f"Q{side * 92} {legs.knee_y - 60} {side * (legs.hem - legs.hem_width / 2)} {legs.knee_y + 120}"
        )
        with sheet.within(legs.outline() if side == 1 else mirrored(legs.outline())):
            sheet.glow(d, lit, [(96, 0.035), (76, 0.04), (56, 0.05), (36, 0.05), (18, 0.05)])


def skinny_jeans(sheet: Sheet) -> None:
    """Tight to the ankle."""
    legs = Legs(waist=102, hip=132, knee=104, hem=86, hem_width=60, knee_y=580)
    trousers(sheet, legs)
    _wash(sheet, legs)


def straight_jeans(sheet: Sheet) -> None:
    """Straight from the hip; some turned up at the hem."""
    legs = Legs(knee=148, hem=146, hem_width=104)
    trousers(sheet, legs)
    _wash(sheet, legs)
    if sheet.variant % 2:
        sheet.pair("M40 862L150 862L151 906Q96 916 39 906Z", "#c9d3de", depth=0.4, lift=4)


def wide_trousers(sheet: Sheet) -> None:
    """High waist, legs that widen to the floor."""
    legs = Legs(waist=98, hip=142, knee=186, hem=226, hem_width=206, hip_y=270)
    trousers(sheet, legs, crease=not sheet.hand.stitched, band=44)
    if not sheet.back and not sheet.hand.stitched:
        for x in (-62, -40, 40, 62):
            sheet.seam(f"M{x} 168L{x * 1.12} 260", opacity=0.5)


def flared_jeans(sheet: Sheet) -> None:
    """Narrow to the knee, then a bell."""
    legs = Legs(waist=102, hip=134, knee=116, knee_y=570, hem=190, hem_width=160)
    trousers(sheet, legs)
    _wash(sheet, legs)


def chinos(sheet: Sheet) -> None:
    """Slightly tapered, slanted pockets, pressed."""
    trousers(sheet, Legs(knee=134, hem=118, hem_width=82), crease=sheet.variant % 2 == 0)


def cargo_trousers(sheet: Sheet) -> None:
    """Roomy, with big flapped pockets on the thighs."""
    legs = Legs(waist=112, hip=158, knee=176, hem=150, hem_width=106)
    trousers(sheet, legs)
    for side in (1, -1):
        with sheet.placed(flip=side < 0):
            sheet.panel("M92 470L186 462L188 590L96 600Z", depth=0.6, lift=6)
            sheet.panel("M88 464L190 456L191 496Q140 508 90 504Z", depth=0.4, lift=5)
            sheet.stitch("M94 498Q140 501 186 490")
            sheet.button(140, 492, 5.5, "metal")
            sheet.seam("M140 510L142 594", opacity=0.4)


def joggers(sheet: Sheet) -> None:
    """Jersey with a drawstring and ribbed ankles."""
    legs = Legs(waist=108, hip=156, knee=150, hem=112, hem_width=86, bottom=862)
    trousers(sheet, legs, fly=False, loops=False)
    elastic_waist(sheet, legs.waist + 2, legs.top)
    for side in (1, -1):
        with sheet.placed(flip=side < 0):
            sheet.panel("M32 846L108 846L102 902L38 902Z", "accent", depth=0.5, lift=2)
            sheet.ribs([((x, 848), (40 + (x - 32) * 0.82, 900)) for x in range(38, 106, 8)])
            if sheet.variant % 2:
                sheet.cord("M150 290Q160 420 152 560Q144 720 116 840", 9, "second", shadow=False)


def leggings(sheet: Sheet) -> None:
    """Skin-tight, a wide plain waistband, nothing else."""
    legs = Legs(waist=84, hip=112, knee=82, knee_y=590, hem=62, hem_width=46, crotch=340)
    trousers(sheet, legs, fly=False, loops=False, band=66)
    for side in (1, -1):
        sheet.seam(f"M{side * 96} 210Q{side * 66} 420 {side * 62} 600Q{side * 54} 760 {side * 44} 890", opacity=0.35)


def shorts(sheet: Sheet) -> None:
    """Above the knee."""
    trousers(
        sheet, Legs(waist=124, hip=164, hip_y=270, crotch=350, knee=182, knee_y=430, hem=190, hem_width=170, bottom=540)
    )


def sport_shorts(sheet: Sheet) -> None:
    """An elastic waist, side stripes and curved hems."""
    legs = Legs(waist=126, hip=178, hip_y=270, crotch=330, knee=196, knee_y=400, hem=206, hem_width=184, bottom=474)
    trousers(sheet, legs, fly=False, loops=False)
    for side in (1, -1):
        for x in (0, 18):
            sheet.cord(
                f"M{side * (166 - x)} 240Q{side * (184 - x)} 350 {side * (196 - x)} 474", 8, "second", shadow=False
            )
    elastic_waist(sheet, 128, legs.top)
