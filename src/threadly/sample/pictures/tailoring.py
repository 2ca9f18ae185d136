"""What is sewn onto a body: collars, plackets, pockets, lapels, belts."""

from dataclasses import replace

from threadly.sample.pictures.anatomy import Body, open_throat, torso
from threadly.sample.pictures.arms import Sleeve, sleeves
from threadly.sample.pictures.paths import across, box, mirrored, moved, whole
from threadly.sample.pictures.sheet import Sheet


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
        f"M{1 if closed else 16} {low - 8}Q{n * 0.55} {y + body.drop * 0.45} {n - 14} {y - 26}"
        f"Q{n + 2} {y - 22} {n + 8} {y - 2}"
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


def pocket(
    sheet: Sheet, x: float, y: float, width: float, height: float, *, flap: bool = False, tone: str = "main"
) -> None:
    """A patch pocket with its left upper corner at (x, y)."""
    if sheet.back:
        return
    d = f"M{x} {y}L{x + width} {y}L{x + width} {y + height - 12}L{x + width / 2} {y + height}L{x} {y + height - 12}Z"
    sheet.panel(d, tone, casts=False, depth=0.35, lift=3)
    m = 4
    sheet.stitch(
        f"M{x + m} {y + m}L{x + m} {y + height - 15}L{x + width / 2} {y + height - m - 1}"
        f"L{x + width - m} {y + height - 15}L{x + width - m} {y + m}"
    )
    if flap:
        f = height * 0.34
        sheet.panel(
            f"M{x - 2} {y - 3}L{x + width + 2} {y - 3}L{x + width + 1} {y + f * 0.7}"
            f"L{x + width / 2} {y + f}L{x - 1} {y + f * 0.7}Z",
            tone,
            casts=False,
            depth=0.3,
            lift=4,
        )
        sheet.button(x + width / 2, y + f * 0.62, 5, "metal" if sheet.hand.stitched else None)
    else:
        sheet.seam(f"M{x} {y + 9}L{x + width} {y + 9}", opacity=0.35)


def slit_pockets(sheet: Sheet, x: float, y: float, length: float, *, flap: bool = False) -> None:
    """A pair of slanted welt pockets, or flapped ones."""
    if sheet.back:
        return
    if flap:
        sheet.pair(
            f"M{x - length / 2} {y}L{x + length / 2} {y - 5}L{x + length / 2 + 1} {y + 22}"
            f"Q{x} {y + 31} {x - length / 2 - 1} {y + 27}Z",
            depth=0.3,
            lift=3,
        )
        return
    slit = f"M{x - 12} {y}L{x + 14} {y + length}"
    for d in (slit, mirrored(slit)):
        sheet.line(d, sheet.main.deep, 9, 0.55)
        sheet.line(d, sheet.main.base, 5.5, 1, dx=-1.5)
        sheet.line(d, sheet.main.light, 1.2, 0.5, dx=-4, dy=-1)


def lapels(
    sheet: Sheet, body: Body, *, close_y: float, width: float = 62, tone: str = "main", notch: bool = True
) -> None:
    """The collar and the turned-back lapels of a jacket that closes at `close_y`."""
    n, y = body.neck, body.neck_y
    if sheet.back:
        shirt_collar(sheet, body, tone=tone)
        return
    gorge = y + (close_y - y) * 0.27
    revers = (
        f"M{n - 4} {y - 8}L0 {close_y}L10 {close_y - 12}"
        f"Q{width * 0.7} {close_y - (close_y - gorge) * 0.6} {width + 22} {gorge - 8}"
        f"L{n + 12} {gorge - (16 if notch else 40)}Z"
    )
    sheet.pair(revers, tone, depth=0.5, lift=6)
    collar = (
        f"M{n - 16} {y - 26}Q{n + 6} {y - 24} {n + 14} {y - 2}L{n + 38} {gorge - 26}"
        f"L{n + 14} {gorge - 12}L{n - 22} {gorge - 44}Q{n - 6} {y + 4} {n - 16} {y - 26}Z"
    )
    sheet.pair(collar, tone, depth=0.45, lift=4)
    for side in (1, -1):
        edge = f"M{side * (n - 10)} {y}L{side * 2} {close_y - 4}"
        sheet.line(edge, "#0c0a14", 3, 0.18)


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


COAT_SLEEVE = Sleeve(length=408, angle=11, cuff=82)


def tailored(sheet: Sheet, body: Body, *, close: float, lapel: float) -> None:
    """A jacket or coat with sleeves, darts and lapels that closes at the height `close`; `lapel` is their width."""
    front = open_throat(body, close)
    sleeves(sheet, body, replace(COAT_SLEEVE, length=430 if body.hem_y > 800 else 408), tone="main")
    torso(sheet, replace(body, drop=20) if sheet.back else front)
    for side in (1, -1):
        if not sheet.back:
            sheet.seam(f"M{side * 92} 384Q{side * 82} 480 {side * 92} 590", opacity=0.35)
        for i in range(3):
            sheet.button(side * (243 if body.hem_y > 800 else 240), 596 + i * 15, 4.4)
    if sheet.back:
        sheet.seam(f"M0 206L0 {body.hem_y}", opacity=0.5)
        sheet.seam(f"M6 {body.hem_y - 120}L6 {body.hem_y + 4}", opacity=0.7)
    lapels(sheet, front, close_y=close, width=lapel)


def button_rows(sheet: Sheet, rows: tuple[float, ...], aside: float, *, radius: float = 8.5) -> None:
    """Buttons at the heights `rows`: one in the middle, or two, each `aside` of it. A back has none."""
    for y in rows:
        for x in (-aside, aside) if aside else (0.0,):
            sheet.button(x, y, radius)


def cloth_belt(sheet: Sheet, y: float, half: float, *, tied: bool, tone: str = "main") -> None:
    """A belt of cloth about a waist `half` as wide on either side, tied or buckled."""
    sheet.panel(
        whole(
            f"M0 {y - 14}Q{half * 0.6} {y - 16} {half + 2} {y - 20}L{half + 3} {y + 12}"
            f"Q{half * 0.6} {y + 18} 0 {y + 19}"
        ),
        tone,
        lift=5,
        depth=0.5,
    )
    sheet.stitch(across(f"M0 {y - 8}Q{half * 0.6} {y - 10} {half} {y - 14}"))
    if sheet.back:
        return
    if tied:
        for turn, length in ((9, 170), (-12, 150)):
            with sheet.placed(14, y + 8, turn=turn):
                sheet.panel(f"M-11 0L13 0L17 {length}L-13 {length - 6}Z", tone, lift=4, casts=False, depth=0.4)
        sheet.panel(box(-4, y - 20, 38, 44, 10), tone, lift=4, casts=False, depth=0.5)
    else:
        sheet.panel(box(-8, y - 24, 52, 52, 7), "#6b4a33", lift=4, casts=False, depth=0.3)
        sheet.panel(box(2, y - 14, 32, 32, 3), tone, casts=False, depth=0.3)
