"""Small clothes: rounder, shorter, with animals and snaps."""

from dataclasses import replace

from threadly.sample.pictures.anatomy import (
    Body,
    hanger,
    inside,
    neckband,
    torso,
)
from threadly.sample.pictures.arms import Sleeve, sleeves
from threadly.sample.pictures.paths import across, box, oval, whole
from threadly.sample.pictures.sheet import Sheet
from threadly.sample.pictures.trousers import Legs
from threadly.sample.pictures.waists import gathers

_SMALL = Body(
    neck=62, drop=36, shoulder=128, shoulder_y=214, chest=146, armpit_y=318, waist=148, waist_y=420, hem=152, hem_y=520
)


def baby_body(sheet: Sheet) -> None:
    """Envelope neck, short sleeves, snaps between round leg holes."""
    sleeves(sheet, _SMALL, Sleeve(length=86, angle=40, cuff=84), tone="accent")
    inside(sheet, _SMALL)
    hanger(sheet, _SMALL)
    top = _SMALL.throat(drop=14 if sheet.back else None)
    half = f"{top}Q96 194 128 214Q128 262 146 318C150 400 150 440 150 510Q86 530 58 626Q30 640 0 640"
    sheet.panel(
        whole(half),
        folds=[
            ((-140, 330), (-90, 360), (-40, 400), 14, 0.5),
            ((140, 330), (90, 370), (40, 420), 14, 0.5),
            ((-120, 520), (-60, 540), (0, 530), 14, 0.4),
        ],
    )
    neckband(sheet, top, 10, "second")
    for side in (1, -1):
        sheet.line(f"M{side * 150} 512Q{side * 88} 532 {side * 60} 624", sheet.second.base, 9)
        if not sheet.back:
            sheet.seam(f"M{side * 128} 214Q{side * 98} 236 {side * 64} 190", opacity=0.6)
            sheet.button(side * 30, 624, 5, "metal")
    sheet.button(0, 628, 5, "metal")
    animal(sheet, 0, 400)


def romper(sheet: Sheet) -> None:
    """A sleepsuit with feet, snapped from neck to ankle."""
    sleeves(sheet, _SMALL, Sleeve(length=210, angle=30, cuff=66, puff=6, band=24), tone="main", cuff="rib")
    legs = "M0 500L150 500C158 600 164 660 158 760Q176 800 168 826Q120 848 74 826Q60 740 30 660Q12 640 0 640Z"
    sheet.pair(legs, folds=[((150, 600), (110, 620), (70, 600), 14, 0.5), ((150, 740), (110, 750), (80, 730), 14, 0.5)])
    body = replace(_SMALL, hem=150, sag=2)
    torso(sheet, body, rib=12)
    for side in (1, -1):
        sheet.seam(f"M{side * 80} 786Q{side * 120} 800 {side * 158} 784", opacity=0.6)
    if not sheet.back:
        line = "M0 232L0 560Q20 640 50 690Q74 740 96 790"
        sheet.seam(line, width=2.4)
        for x, y in ((0, 262), (0, 330), (0, 398), (0, 466), (4, 540), (24, 622), (58, 696), (84, 752)):
            sheet.button(x + 8, y, 5, "metal")
        animal(sheet, -72, 350, scale=0.55)


def kids_dress(sheet: Sheet) -> None:
    """A smocked yoke, puffed sleeves and a full short skirt."""
    body = replace(_SMALL, chest=128, waist=120, waist_y=372, hem=122, hem_y=378, shoulder=118, neck=54)
    sleeves(sheet, body, Sleeve(length=80, angle=38, cuff=64, puff=24, band=12), tone="main", cuff="rib")
    inside(sheet, body)
    hanger(sheet, body)
    sheet.panel(whole("M0 366L122 362C170 420 214 520 234 640Q120 668 0 668"), folds=gathers(sheet, 122, 372, 234, 642))
    sheet.panel(whole(body.half(back=sheet.back)))
    sheet.line(across("M0 650Q120 650 230 624"), sheet.second.base, 9, 0.9)
    sheet.line(across("M0 382Q60 380 124 372"), sheet.second.base, 15)
    if sheet.back:
        sheet.pair("M4 384C40 344 86 350 84 384C82 418 40 420 4 384Z", "second", lift=4)
        return
    sheet.pair("M2 222Q50 222 60 184Q86 200 92 226Q60 270 8 250Z", "cream", depth=0.5, lift=4)
    for y in (272, 300, 328):
        sheet.button(0, y, 5)


def kids_dungarees(sheet: Sheet) -> None:
    """Short legs, a bib with an animal on it."""
    for side in (1, -1):
        sheet.cord(f"M{side * 64} 300Q{side * 76} 230 {side * 54} 176", 24)
    legs = Legs(
        waist=140, top=430, hip=166, hip_y=500, crotch=560, knee=160, knee_y=620, hem=156, hem_width=136, bottom=720
    )
    sheet.pair(legs.outline(), folds=legs.folds(sheet)[:2])
    sheet.pair("M18 704L158 704L160 738Q90 750 16 738Z", "second", depth=0.4, lift=3)
    sheet.panel(whole("M0 416Q80 416 140 408L146 458Q80 470 0 470"), depth=0.5, lift=2)
    sheet.panel(whole("M0 280Q60 276 92 282Q96 360 140 412Q60 428 0 428"), depth=0.7)
    if not sheet.back:
        animal(sheet, 0, 358, scale=0.8)
        for side in (1, -1):
            sheet.button(side * 66, 304, 10, "metal")
            sheet.seam(f"M{side * 100} 474Q{side * 106} 520 {side * 160} 526", width=2.4)


def kids_t_shirt(sheet: Sheet) -> None:
    """Short and wide, always with a picture."""
    sleeves(sheet, _SMALL, Sleeve(length=96, angle=40, cuff=94))
    torso(sheet, _SMALL, rib=12)
    animal(sheet, 0, 390, scale=1.25)


def kids_coat(sheet: Sheet) -> None:
    """A hooded duffle with toggles."""
    body = replace(_SMALL, chest=158, waist=168, hem=184, hem_y=600, neck=74, shoulder=136, shoulder_y=226)
    sleeves(sheet, body, Sleeve(length=244, angle=22, cuff=82), tone="main")
    hood = "M0 84C68 84 112 130 112 196C110 244 88 270 60 288L0 292"
    sheet.panel(whole(hood), depth=1.2)
    if sheet.back:
        torso(sheet, body)
        sheet.panel(whole("M0 116C62 116 100 160 100 222C96 290 50 324 0 330"), lift=6, casts=False)
        return
    hole = whole("M0 116C48 116 76 152 76 198C76 240 40 266 0 284")
    sheet.panel(hole, "second", casts=False)
    sheet.glow(hole, "#0c0a14", [(40, 0.06), (22, 0.09), (10, 0.1)])
    sheet.panel(
        whole(f"M0 284C40 266 66 244 76 226{body.side()}Q90 612 0 612"),
        folds=[((-150, 330), (-100, 370), (-60, 440), 14, 0.6), ((150, 330), (100, 370), (60, 440), 14, 0.6)],
    )
    sheet.seam("M8 286L8 612", width=2.6, opacity=0.8)
    for y in (336, 416, 496):
        sheet.line(f"M-34 {y}L42 {y}", "#5b4330", 4)
        sheet.panel(box(-17, y - 7, 36, 14, 7), "tan", casts=False, lift=3, depth=0.4)
    for x in (-138, 52):
        sheet.panel(box(x, 490, 86, 84, 8), casts=False, lift=3, depth=0.5)
        sheet.panel(box(x - 3, 484, 92, 28, 6), casts=False, lift=3, depth=0.4)


def animal(sheet: Sheet, x: float, y: float, *, scale: float = 1.0) -> None:
    """A bear, a rabbit or a cat, looking at you. The back has none."""
    if sheet.back:
        return
    fur = sheet.tone("second" if abs(sheet.second.luminance - sheet.main.luminance) > 0.12 else "cream")
    kind = sheet.variant % 3
    with sheet.placed(x, y, scale=scale):
        for side in (1, -1):
            ear = (
                oval(side * 36, -38, 19, 19),
                oval(side * 22, -66, 14, 40),
                f"M{side * 14} -40L{side * 46} -68L{side * 52} -16Z",
            )[kind]
            sheet.ink(ear, fur.base)
            sheet.line(ear, fur.dark, 2, 0.5)
        sheet.ink(oval(0, 0, 56, 48), fur.base)
        sheet.line(oval(0, 0, 56, 48), fur.dark, 2, 0.5)
        sheet.ink(oval(0, 16, 24, 18), fur.light)
        for side in (1, -1):
            sheet.ink(oval(side * 22, -7, 5, 6.5), "#2a2228")
            sheet.ink(oval(side * 33, 14, 9, 6), "#e58f86", 0.55)
        sheet.ink(oval(0, 10, 7, 5), "#2a2228")
        sheet.line("M0 15L0 22M-9 25Q-4 30 0 22Q4 30 9 25", "#2a2228", 2.4)
