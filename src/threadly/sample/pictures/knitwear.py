"""Sweaters, cardigans and what else is knitted."""

from dataclasses import replace

from threadly.sample.pictures.anatomy import (
    Body,
    band,
    hanger,
    hem_band,
    inside,
    neckband,
    torso,
)
from threadly.sample.pictures.arms import Sleeve, sleeves
from threadly.sample.pictures.paths import box, mirrored, oval, whole
from threadly.sample.pictures.sheet import Sheet
from threadly.sample.pictures.tailoring import (
    pocket,
)


def sweater(sheet: Sheet) -> None:
    """Knitted, with ribbed edges; smooth, cabled or V-necked."""
    kind = sheet.variant % 3
    body = Body(
        drop=94 if kind == 2 else 40,
        neckline="v" if kind == 2 else "round",
        chest=176,
        waist=170,
        hem=160,
        hem_y=722,
        shoulder=164,
        armpit_y=362,
    )
    sleeves(sheet, body, Sleeve(length=402, angle=14, cuff=74, puff=8, band=50), cuff="rib")
    torso(sheet, body, rib=20)
    if kind == 1 and not sheet.back:
        for x in (-84, 0, 84):
            _cable(sheet, x, 262 if x else 240, 668)
    hem_band(sheet, body, 50)


def _cable(sheet: Sheet, x: float, top: float, bottom: float) -> None:
    step, y = 34, top
    while y + step < bottom:
        for side in (1, -1):
            strand = (
                f"M{x + side * 15} {y}C{x + side * 15} {y + 14} {x - side * 15} {y + 20} {x - side * 15} {y + step}"
            )
            sheet.line(strand, sheet.main.deep, 13, 0.35)
            sheet.line(strand, sheet.main.base, 10.5)
            sheet.line(strand, sheet.main.light, 3, 0.45, dx=-2, dy=-1)
        y += step
    for dx in (-27, 27):
        sheet.seam(f"M{x + dx} {top}L{x + dx} {bottom}", opacity=0.45)


def turtleneck(sheet: Sheet) -> None:
    """A knitted tube of a collar, folded over."""
    body = Body(drop=24, chest=164, waist=152, hem=152, hem_y=738, shoulder=152, neck=58)
    sleeves(sheet, body, Sleeve(length=416, angle=13, cuff=66, band=46), cuff="rib")
    torso(sheet, body, label=False)
    hem_band(sheet, body, 46)
    collar = whole("M0 118Q44 118 58 124C66 152 68 180 74 204Q44 226 0 226")
    sheet.panel(collar, lift=6, depth=0.8)
    if not sheet.back:
        sheet.panel(oval(0, 124, 54, 9), "lining", casts=False, depth=0.3)
    sheet.ribs([((x * 0.8, 134 - abs(x) * 0.06), (x, 222 - (x / 74) ** 2 * 16)) for x in range(-66, 67, 11)])


def cardigan(sheet: Sheet) -> None:
    """An open-front knit with a button band in a deep V and two pockets."""
    close = 400
    body = Body(neckline="v", drop=close - 182, chest=172, waist=166, hem=162, hem_y=750, shoulder=160)
    sleeves(sheet, body, Sleeve(length=406, angle=13, cuff=74, puff=6, band=48), cuff="rib")
    if sheet.back:
        torso(sheet, replace(body, drop=30), rib=16)
        hem_band(sheet, body, 46)
        return
    inside(sheet, replace(body, drop=close - 182))
    hanger(sheet, body)
    sheet.panel(
        whole(body.half()),
        folds=[
            ((-150, 352), (-110, 400), (-70, 470), 14, 0.6),
            ((150, 352), (110, 400), (70, 470), 14, 0.6),
            ((-120, 560), (-80, 640), (-100, 740), 16, 0.4),
        ],
    )
    hem_band(sheet, body, 46)
    band = f"M0 {close}Q38 300 {body.neck} {body.neck_y - 4}"
    neckband(sheet, band, 24)
    sheet.panel(box(-13, close - 6, 26, 776 - close, 3), "accent", lift=3, casts=False, depth=0.3)
    sheet.ribs([((x, close), (x, 766)) for x in (-8, -3, 3, 8)], opacity=0.2)
    for i in range(6):
        sheet.button(0, close + 22 + i * 64, 8.5)
    for x in (-128, 50):
        pocket(sheet, x, 580, 78, 92)


def vest_knit(sheet: Sheet) -> None:
    """A sleeveless pullover with a deep V and wide ribs."""
    body = Body(
        neckline="v", drop=150, chest=158, waist=154, hem=150, hem_y=700, shoulder=126, shoulder_y=204, armpit_y=366
    )
    torso(sheet, body, rib=22)
    arm = (
        f"M{body.shoulder} {body.shoulder_y}"
        f"Q{body.chest - 20} {(body.shoulder_y + body.armpit_y) / 2} {body.chest} {body.armpit_y}"
    )
    for d in (arm, mirrored(arm)):
        band(sheet, d, 18, sheet.tone("accent"))
    hem_band(sheet, body, 50)
