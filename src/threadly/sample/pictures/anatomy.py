"""What tops, coats and dresses share: the body, its neck, its folds and its hem."""

from dataclasses import dataclass, replace
from typing import Literal

from threadly.sample.pictures.palette import Paint
from threadly.sample.pictures.paths import across, box, moved, whole
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
            f"Q{(self.neck + self.shoulder) / 2} {(self.neck_y + self.shoulder_y) / 2 - 4}"
            f" {self.shoulder} {self.shoulder_y}"
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
        folds.append(
            ((x * 0.82, top), (x + r.uniform(-14, 14), (top + hem) / 2), (x * 1.05, hem - 4), r.uniform(10, 22), 0.45)
        )
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


def hem_band(sheet: Sheet, body: Body, height: float, tone: str = "accent") -> None:
    """A ribbed waistband at the hem, drawn in by its elastic."""
    y, w = body.hem_y - height, body.hem
    half = (
        f"M0 {y + body.sag}Q{w * 0.5} {y + body.sag} {w + 3} {y}L{w - 8} {body.hem_y + 8}"
        f"Q{w * 0.5} {body.hem_y + 20} 0 {body.hem_y + 20}"
    )
    sheet.panel(whole(half), tone, depth=0.6, lift=2)
    count = 26
    sheet.ribs(
        [
            ((x, y + body.sag * (1 - (x / w) ** 2) + 2), (x * 0.96, body.hem_y + 18 - 10 * (x / w) ** 2))
            for x in (w * (2 * i / count - 1) for i in range(1, count))
        ],
        tone=tone,
    )


def open_throat(body: Body, close_y: float) -> Body:
    """The body whose neckline is the V of a jacket that closes at `close_y`."""
    return replace(body, neckline="v", drop=close_y - body.neck_y)
