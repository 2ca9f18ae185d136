"""Waistbands, the hanger with two clips, and the folds that fall from a gathered edge."""

from threadly.sample.pictures.paths import across, box, whole
from threadly.sample.pictures.sheet import Fold, Sheet


def clips(sheet: Sheet, waist: float, top: float) -> None:
    """A hanger with two clips. Draws nothing when the garment lies."""
    if not sheet.hangs:
        return
    steel = sheet.tone("#9b9a98")
    y, x = top - 34, waist * 0.72
    hook = f"M0 {y}L0 {y - 22}C0 {y - 38} 24 {y - 40} 24 {y - 58}C24 {y - 82} -18 {y - 84} -20 {y - 60}"
    sheet.hook = (0, y - 80)
    for d, width in ((hook, 6.5), (f"M{-x - 20} {y}L{x + 20} {y}", 8.0)):
        sheet.line(d, "#15121c", width, 0.1, dx=8, dy=12)
        sheet.line(d, steel.deep, width)
        sheet.line(d, steel.light, width * 0.35, dx=-0.8, dy=-0.8)
    for side in (-1, 1):
        sheet.panel(box(side * x - 11, y - 4, 22, 50, 4), "wood", casts=False, depth=0.3)


def waistband(
    sheet: Sheet, waist: float, top: float, height: float, *, loops: bool = True, button: bool = True
) -> None:
    """A waistband; its middle dips, as it does on a hanger."""
    half = (
        f"M0 {top + 8}Q{waist * 0.5} {top + 6} {waist} {top - 3}"
        f"L{waist + 5} {top + height - 4}"
        f"Q{waist * 0.5} {top + height + 6} 0 {top + height + 7}"
    )
    sheet.panel(whole(half), depth=0.4, lift=2)
    sheet.stitch(across(f"M0 {top + 13}Q{waist * 0.5} {top + 11} {waist - 1} {top + 2}"))
    sheet.stitch(across(f"M0 {top + height + 2}Q{waist * 0.5} {top + height + 1} {waist + 3} {top + height - 8}"))
    if loops:
        for x in (-waist * 0.78, -waist * 0.34, waist * 0.34, waist * 0.78):
            sheet.panel(box(x - 5, top, 10, height + 8, 2), casts=False, depth=0.2, lift=2)
    if button and not sheet.back:
        sheet.button(2, top + 8 + height / 2, 8, "metal" if sheet.hand.stitched else None)
    if sheet.back and sheet.hand.stitched:
        sheet.panel(box(waist * 0.42, top + 3, 44, height - 4, 2), "tan", casts=False, depth=0.3, lift=2)


def elastic_waist(
    sheet: Sheet, waist: float, top: float, height: float = 34, *, cord: bool = True, tone: str = "accent"
) -> None:
    """A gathered waistband, with or without a drawstring."""
    half = (
        f"M0 {top + 5}Q{waist * 0.5} {top + 4} {waist} {top - 2}"
        f"L{waist + 4} {top + height - 4}"
        f"Q{waist * 0.5} {top + height + 3} 0 {top + height + 3}"
    )
    sheet.panel(whole(half), tone, depth=0.5, lift=2)
    sheet.ribs([((x, top + 6), (x * 1.02, top + height)) for x in _steps(waist, 9)], tone=tone)
    if cord and not sheet.back:
        for side, drop in ((1, 92), (-1, 78)):
            sheet.cord(f"M{side * 8} {top + height / 2}Q{side * 24} {top + 60} {side * 16} {top + drop}", 4.5, "cream")


def gathers(sheet: Sheet, waist: float, top: float, hem: float, bottom: float) -> list[Fold]:
    """Folds that fan out from a gathered edge, `waist` half-wide at `top`, to one `hem` half-wide at `bottom`."""
    folds: list[Fold] = []
    for x in _steps(1.0, 9):
        share = x + sheet.random.uniform(-0.06, 0.06)
        start = top + sheet.random.uniform(0, 30) if sheet.random.random() < 0.6 else (top + bottom) / 2
        at = (start - top) / (bottom - top)
        begin = (share * (waist + (hem - waist) * at), start)
        folds.append(
            (
                begin,
                (share * (waist + hem) / 2 * 1.02, (start + bottom) / 2),
                (share * hem, bottom + 16),
                hem * 0.1,
                0.6,
            )
        )
    return folds


def _steps(reach: float, count: int) -> list[float]:
    return [reach * (2 * i / (count + 1) - 1) for i in range(1, count + 1)]
