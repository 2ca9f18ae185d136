"""Coats, and the robe that is cut like one."""

from dataclasses import replace

from threadly.sample.pictures.anatomy import (
    Body,
    body_folds,
    open_throat,
    torso,
)
from threadly.sample.pictures.arms import Sleeve, sleeves
from threadly.sample.pictures.paths import across, box, whole
from threadly.sample.pictures.sheet import Sheet
from threadly.sample.pictures.tailoring import (
    COAT_SLEEVE,
    button_rows,
    cloth_belt,
    edge_down,
    lapels,
    pocket,
    shirt_collar,
    slit_pockets,
    tailored,
)


def trench_coat(sheet: Sheet) -> None:
    """Double-breasted and belted, with epaulettes, storm flap and a flared skirt."""
    body = open_throat(Body(shoulder=158, chest=164, waist=138, waist_y=500, hem=206, hem_y=886, sag=14), 352)
    sleeves(sheet, body, replace(COAT_SLEEVE, length=430, cuff=90), tone="main")
    torso(sheet, replace(body, drop=30) if sheet.back else body)
    for side in (1, -1):
        sheet.panel(
            f"M{side * 74} 186L{side * 152} 210L{side * 150} 228L{side * 72} 206Z", casts=False, depth=0.3, lift=3
        )
        sheet.button(side * 84, 200, 5)
        sheet.panel(
            f"M{side * 204} 566L{side * 276} 556L{side * 278} 574L{side * 208} 586Z", casts=False, depth=0.3, lift=2
        )
    if sheet.back:
        sheet.panel(whole("M0 204L134 232Q140 310 134 348Q60 366 0 366"), lift=6, casts=False)
        shirt_collar(sheet, body)
        sheet.seam("M0 560L0 900", opacity=0.8)
    else:
        sheet.panel("M20 300L132 236Q140 300 136 344Q80 362 30 352Z", lift=5, casts=False, depth=0.5)
        lapels(sheet, body, close_y=366, width=84)
        edge_down(sheet, 360, 890, x=52)
        button_rows(sheet, (404, 452, 570), 46)
        slit_pockets(sheet, 106, 560, 80)
    cloth_belt(sheet, 498, 140, tied=sheet.variant % 2 == 0)


def wool_coat(sheet: Sheet) -> None:
    """Long, straight, with broad lapels and flap pockets."""
    double = sheet.variant % 2 == 1
    body = Body(shoulder=160, shoulder_y=216, chest=168, waist=162, hem=182, hem_y=882, sag=6)
    tailored(sheet, body, close=450, lapel=82)
    if sheet.back:
        sheet.seam("M0 600L0 886", opacity=0.8)
        sheet.panel(box(-74, 500, 148, 26, 4), lift=4, casts=False, depth=0.4)
        return
    edge_down(sheet, 446, 888, x=58 if double else 12)
    button_rows(sheet, (470, 552, 634) if double else (462, 545, 628), 44 if double else 0, radius=10)
    slit_pockets(sheet, 104, 640, 92, flap=True)


def parka(sheet: Sheet) -> None:
    """A hood with a fur rim, a drawn waist, four pockets."""
    body = Body(shoulder=168, chest=180, waist=166, waist_y=540, hem=186, hem_y=842, drop=30, neck=80, shoulder_y=236)
    sleeves(sheet, body, Sleeve(length=404, angle=13, cuff=86, band=30), tone="main", cuff="shirt")
    if sheet.back:
        torso(sheet, body)
        _fur(sheet, "M0 122C72 122 112 172 112 240C110 318 60 368 0 382", closed=True)
        sheet.panel(whole("M0 140C62 140 94 180 94 240C92 306 52 350 0 360"), lift=4)
    else:
        _fur(sheet, "M0 74C76 74 124 128 124 196C122 254 96 292 60 306L0 320", closed=True)
        sheet.panel(whole("M0 112C52 112 84 150 84 200C84 246 52 280 0 312"), "lining", casts=False)
        sheet.glow(
            whole("M0 112C52 112 84 150 84 200C84 246 52 280 0 312"), "#0c0a14", [(44, 0.07), (26, 0.1), (12, 0.1)]
        )
        sheet.panel(whole(f"M0 312C40 290 70 256 82 236{body.side()}Q100 852 0 852"), folds=body_folds(sheet, body)[:6])
        sheet.panel(box(-22, 306, 44, 542, 4), casts=False, depth=0.4, lift=4)
        for i in range(6):
            sheet.button(0, 340 + i * 90, 7, "metal")
        for x in (-142, 48):
            pocket(sheet, x, 380, 88, 96, flap=True)
            pocket(sheet, x - (10 if x < 0 else -10), 630, 96, 118, flap=True)
    line = across("M0 548Q90 546 166 536")
    sheet.glow(line, sheet.main.deep, [(16, 0.08), (8, 0.14), (2.5, 0.5)])
    if not sheet.back:
        for side in (1, -1):
            sheet.cord(f"M{side * 26} 548Q{side * 42} 590 {side * 34} 630", 4, "cream")


def raincoat(sheet: Sheet) -> None:
    """A glossy A-line coat with a hood and big press studs."""
    body = Body(shoulder=158, chest=172, waist=186, hem=226, hem_y=812, drop=34, neck=76, shoulder_y=232)
    sleeves(sheet, body, Sleeve(length=388, angle=19, cuff=98), tone="main")
    sheet.panel(whole("M0 96C64 96 106 138 112 196C116 236 100 262 76 280L0 290"), "main")
    if not sheet.back:
        sheet.panel(whole("M0 124C46 124 74 158 76 200C76 232 46 262 0 276"), "lining", casts=False)
        sheet.glow(whole("M0 124C46 124 74 158 76 200C76 232 46 262 0 276"), "#0c0a14", [(34, 0.08), (18, 0.1)])
        sheet.panel(whole(f"M0 276C40 262 70 240 78 230{body.side()}Q110 826 0 826"), folds=body_folds(sheet, body))
        edge_down(sheet, 270, 824, x=18)
        for i in range(5):
            sheet.button(0, 312 + i * 104, 9, "metal")
        slit_pockets(sheet, 128, 610, 100, flap=True)
    else:
        torso(sheet, body)
        sheet.panel(whole("M0 130C62 130 100 172 102 236C98 300 54 340 0 350"), lift=6, casts=False)


def kimono(sheet: Sheet) -> None:
    """A loose open robe with wide straight sleeves and a contrast band."""
    body = open_throat(
        Body(shoulder=160, shoulder_y=206, chest=172, armpit_y=372, waist=170, hem=182, hem_y=830, sag=6), 470
    )
    sleeves(sheet, body, Sleeve(length=230, angle=52, cuff=196), tone="main")
    torso(sheet, replace(body, drop=20) if sheet.back else body, label=not sheet.back)
    if sheet.back:
        return
    for side in (1, -1):
        sheet.cord(
            f"M{side * 58} 180Q{side * 40} 330 {side * 8} 470Q{side * 4} 640 {side * 6} 832", 24, "second", shadow=False
        )
    cloth_belt(sheet, 520, 168, tied=True, tone="second")


def _fur(sheet: Sheet, half: str, *, closed: bool) -> None:
    """A rim of fur: many short hairs around an outline."""
    line = whole(half) if closed else across(half)
    fur = sheet.tone("#b89b78")
    sheet.panel(line, "#a58a69", depth=1.2)
    for width, dash, colour, opacity in (
        (34, "2 5", fur.deep, 0.35),
        (44, "2.4 6", fur.base, 0.9),
        (38, "1.4 7", fur.light, 0.7),
    ):
        sheet.line(line, colour, width, opacity, dash=dash, cap="butt")
