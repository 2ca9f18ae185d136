"""Dresses, jumpsuits and dungarees."""

from dataclasses import replace

from threadly.sample.pictures.anatomy import (
    Body,
    Neckline,
    body_folds,
    hanger,
    inside,
    neckband,
    open_throat,
)
from threadly.sample.pictures.arms import Sleeve, sleeves
from threadly.sample.pictures.paths import across, box, oval, whole
from threadly.sample.pictures.sheet import Sheet
from threadly.sample.pictures.tailoring import (
    lapels,
    placket,
    pocket,
    shirt_collar,
)
from threadly.sample.pictures.trousers import Legs
from threadly.sample.pictures.waists import gathers

_BODICE = Body(
    shoulder=132, shoulder_y=212, chest=138, armpit_y=330, waist=108, waist_y=468, hem=108, hem_y=476, sag=6, neck=66
)


def mini_dress(sheet: Sheet) -> None:
    """A-line, above the knee; short sleeves or none."""
    necklines: tuple[tuple[Neckline, float], ...] = (("round", 54), ("v", 84), ("square", 70))
    neckline, drop = necklines[sheet.variant % 3]
    body = replace(_BODICE, neckline=neckline, drop=drop)
    if sheet.variant % 2 == 0:
        sleeves(sheet, body, Sleeve(length=104, angle=34, cuff=96, puff=12), tone="main")
    _bodice(sheet, body)
    _skirt(sheet, 108, 474, 186, 690)
    _waist_seam(sheet, 110, 474)


def midi_dress(sheet: Sheet) -> None:
    """Fitted above, full below, to the calf; elbow sleeves that puff."""
    body = replace(_BODICE, neckline="square" if sheet.variant % 2 else "v", drop=78)
    sleeves(sheet, body, Sleeve(length=170, angle=26, cuff=74, puff=30, band=16), tone="main", cuff="rib")
    _bodice(sheet, body)
    _skirt(sheet, 108, 474, 236, 830)
    _waist_seam(sheet, 110, 474)


def maxi_dress(sheet: Sheet) -> None:
    """Thin straps, smocked bodice, a long tiered skirt."""
    for side in (1, -1):
        sheet.cord(f"M{side * 78} 262C{side * 80} 220 {side * 70} 190 {side * 62} 168", 7)
    hanger(sheet, Body(neck_y=168, shoulder=110))
    _skirt(sheet, 176, 640, 282, 908)
    _skirt(sheet, 104, 400, 190, 652)
    sheet.panel(whole("M0 268Q50 262 100 250L116 286C112 330 104 370 108 408Q60 418 0 418"))
    for y in range(274, 410, 13):
        sheet.seam(across(f"M0 {y}Q60 {y - 2} 112 {y - 6}"), opacity=0.3)
    sheet.ribs([((x, 268), (x * 0.96, 414)) for x in range(-98, 99, 14)], opacity=0.14)


def shirt_dress(sheet: Sheet) -> None:
    """A long shirt, buttoned through and belted."""
    body = Body(drop=50, chest=156, waist=136, waist_y=510, hem=190, hem_y=820, sag=24, shoulder=146)
    sleeves(sheet, body, Sleeve(length=270, angle=16, cuff=88, band=30), tone="main", cuff="shirt")
    inside(sheet, body)
    hanger(sheet, body)
    sheet.panel(
        whole(body.half(back=sheet.back)), folds=[*body_folds(sheet, body), *gathers(sheet, 128, 520, 190, 826)[::2]]
    )
    placket(sheet, 228, 838, buttons=9)
    shirt_collar(sheet, body)
    pocket(sheet, 42, 326, 74, 84)
    sheet.panel(whole("M0 502Q80 500 140 494L141 526Q80 534 0 535"), depth=0.5, lift=5)
    if not sheet.back:
        sheet.panel(box(-30, 494, 50, 48, 8), "#8a6242", depth=0.3, lift=4, casts=False)
        sheet.panel(box(-20, 504, 30, 28, 3), casts=False, depth=0.3)


def wrap_dress(sheet: Sheet) -> None:
    """Crossed in front, tied at the side, long sleeves."""
    body = open_throat(replace(_BODICE, neck=64), 410)
    sleeves(sheet, body, Sleeve(length=330, angle=15, cuff=82, puff=10), tone="main")
    _bodice(sheet, replace(body, drop=36) if sheet.back else body)
    _skirt(sheet, 108, 470, 216, 790)
    if not sheet.back:
        sheet.panel(
            "M58 186Q40 300 -108 440L-108 476L70 476Q136 420 138 332Q118 260 132 212Z",
            casts=False,
            depth=0.5,
            lift=5,
            folds=[((120, 330), (40, 400), (-90, 458), 16, 0.6), ((104, 260), (30, 380), (-60, 440), 14, 0.5)],
        )
        edge = "M40 480Q30 640 -40 806"
        sheet.glow(edge, sheet.main.deep, [(12, 0.1), (5, 0.14), (2, 0.5)])
        for turn, length in ((-6, 190), (12, 160)):
            with sheet.placed(96, 476, turn=turn):
                sheet.panel(f"M-9 0L9 0L13 {length}L-11 {length - 8}Z", lift=4, casts=False, depth=0.4)
    _belt(sheet, 110, 474)
    if not sheet.back:
        sheet.panel(oval(96, 474, 17, 15), lift=4, casts=False, depth=0.5)


def slip_dress(sheet: Sheet) -> None:
    """Cut on the bias, thin straps, a cowl or a V."""
    for side in (1, -1):
        sheet.cord(f"M{side * 84} 282C{side * 84} 230 {side * 68} 190 {side * 60} 168", 5)
    hanger(sheet, Body(neck_y=168, shoulder=110))
    dip = 352 if sheet.variant % 2 else 330
    half = f"M0 {dip}Q46 {dip - 20} 84 276Q108 300 122 346C124 430 108 470 112 540C120 640 166 740 184 872Q90 892 0 892"
    sheet.panel(
        whole(half),
        folds=[
            ((-100, 370), (-40, 430), (40, 440), 20, 0.5),
            ((100, 380), (60, 440), (10, 470), 18, 0.5),
            ((-60, 520), (-80, 700), (-120, 880), 30, 0.6),
            ((30, 540), (50, 720), (70, 884), 30, 0.6),
            ((-20, 480), (-30, 700), (-44, 880), 40, -0.8),
        ],
    )
    if not sheet.back and sheet.variant % 2 == 0:
        for y in (346, 372, 402):
            sheet.glow(across(f"M0 {y + 10}Q40 {y} 84 {y - 54}"), sheet.main.deep, [(16, 0.05), (9, 0.07), (4, 0.1)])


def evening_gown(sheet: Sheet) -> None:
    """Strapless or one-shouldered, a narrow waist, a train."""
    if sheet.variant % 2:
        sheet.cord("M88 270C98 232 80 196 58 172", 26)
    hanger(sheet, Body(neck_y=172, shoulder=96))
    half = "M0 470L100 470C112 540 150 560 168 640C190 740 250 850 316 916Q150 946 0 936"
    sheet.panel(
        whole(half), folds=[*gathers(sheet, 100, 480, 300, 920), ((-110, 560), (-120, 720), (-190, 910), 44, -0.8)]
    )
    top = "M0 292Q44 252 92 262Q112 280 122 318C120 380 98 420 100 486Q50 496 0 496"
    sheet.panel(
        whole(top),
        folds=[
            ((-110, 330), (-30, 380), (90, 440), 16, 0.5),
            ((-112, 370), (-20, 420), (96, 476), 16, 0.5),
            ((110, 320), (20, 380), (-96, 440), 16, 0.5),
        ],
        lift=3,
    )
    sheet.panel(whole("M0 462Q60 460 101 454L103 488Q60 498 0 498"), "dim", lift=4, depth=0.5)
    if not sheet.back:
        for x in range(-88, 89, 22):
            sheet.button(x, 476, 4.5, "metal")


def knit_dress(sheet: Sheet) -> None:
    """A long, close-fitting rib with a high neck and long sleeves."""
    body = Body(drop=22, shoulder=132, chest=138, armpit_y=334, waist=118, waist_y=480, hem=142, hem_y=850, neck=54)
    sleeves(sheet, body, Sleeve(length=420, angle=11, cuff=56, band=60), tone="main", cuff="rib")
    hanger(sheet, body)
    sheet.panel(whole(body.half(back=sheet.back)), folds=body_folds(sheet, body))
    with sheet.within(whole(body.half())):
        sheet.ribs([((x, 200), (x * 1.04, 856)) for x in range(-138, 139, 12)], opacity=0.22)
    sheet.panel(whole("M0 136Q42 136 52 142Q58 170 64 196Q40 212 0 212"), lift=4)
    if not sheet.back:
        sheet.panel(oval(0, 142, 48, 8), "lining", casts=False, depth=0.3)
    sheet.ribs([((x * 0.85, 150), (x, 206)) for x in range(-56, 57, 9)])


def jumpsuit(sheet: Sheet) -> None:
    """Bodice and trousers in one, tied at the waist."""
    body = replace(_BODICE, neckline="v", drop=104, waist_y=450, hem_y=456)
    if sheet.variant % 2 == 0:
        sleeves(sheet, body, Sleeve(length=100, angle=34, cuff=104), tone="main")
    legs = Legs(
        waist=110, top=440, hip=142, hip_y=540, crotch=600, knee=158, knee_y=720, hem=172, hem_width=152, bottom=912
    )
    folds = legs.folds(sheet)
    sheet.pair(legs.outline(), folds=folds)
    _bodice(sheet, body)
    if not sheet.back:
        sheet.pair("M96 486L136 548L130 556L92 494Z", "dim", depth=0.2)
        lapels(sheet, open_throat(body, 330), close_y=330, width=56)
        placket(sheet, 330, 454, buttons=3)
    _belt(sheet, 110, 456)
    if not sheet.back:
        for turn in (8, -10):
            with sheet.placed(0, 458, turn=turn):
                sheet.panel("M-9 0L9 0L12 120L-11 114Z", lift=4, casts=False, depth=0.4)
        sheet.panel(oval(0, 458, 16, 14), lift=4, casts=False, depth=0.5)


def dungarees(sheet: Sheet) -> None:
    """Trousers with a bib, straps and brass buckles."""
    for side in (1, -1):
        if sheet.back:
            sheet.cord(f"M{side * 84} 440Q{side * 20} 320 {side * 62} 158", 26)
        else:
            sheet.cord(f"M{side * 70} 300Q{side * 78} 220 {side * 60} 158", 26)
    hanger(sheet, Body(neck_y=168, shoulder=110))
    legs = Legs(
        waist=124, top=440, hip=156, hip_y=540, crotch=610, knee=146, knee_y=740, hem=138, hem_width=110, bottom=916
    )
    sheet.pair(legs.outline(), folds=legs.folds(sheet))
    sheet.panel(whole("M0 420Q80 420 126 412L132 468Q80 480 0 480"), lift=2, depth=0.5)
    if sheet.back:
        sheet.pair("M30 500L112 496L108 586L72 600L34 588Z", depth=0.3, lift=3)
        sheet.panel(whole("M0 372L70 372L92 430L0 436"), lift=2, depth=0.5)
        return
    sheet.panel(whole("M0 276L88 276Q94 350 126 414Q60 428 0 428"), depth=0.6, lift=2)
    sheet.stitch(across("M0 286L84 286"))
    pocket(sheet, -52, 310, 104, 92)
    sheet.stitch("M0 318L0 390")
    for side in (1, -1):
        with sheet.placed(side * 66, 292):
            sheet.panel(box(-17, -14, 34, 26, 8), "metal", casts=False, lift=3, depth=0.3)
            sheet.button(0, 8, 8, "metal")
        sheet.button(side * 120, 448, 7, "metal")
        d = f"M{side * 88} 484Q{side * 92} 546 {side * 150} 556"
        sheet.seam(d, width=2.4)
        sheet.stitch(d, opacity=0.6)
    sheet.stitch("M0 484L0 600")


def _bodice(sheet: Sheet, body: Body) -> None:
    inside(sheet, body)
    hanger(sheet, body)
    sheet.panel(whole(body.half(back=sheet.back)), folds=body_folds(sheet, body)[:4])
    line = body.throat(drop=14 if sheet.back else None)
    neckband(sheet, line, 8, "main")
    for side in (1, -1):
        sheet.seam(
            f"M{side * 66} {body.armpit_y + 10}Q{side * 54} {body.armpit_y + 70} {side * 56} {body.hem_y}", opacity=0.35
        )
    if sheet.back:
        sheet.zipper(f"M0 {body.neck_y + 14}L0 {body.hem_y}", puller=(0, body.neck_y + 20))


def _skirt(sheet: Sheet, waist: float, top: float, hem: float, bottom: float) -> None:
    middle = (top + bottom) / 2
    half = (
        f"M0 {top}L{waist} {top - 4}"
        f"C{waist + (hem - waist) * 0.5} {top + 50} {hem - 14} {middle} {hem} {bottom}"
        f"Q{hem * 0.5} {bottom + 26} 0 {bottom + 26}"
    )
    sheet.panel(whole(half), folds=gathers(sheet, waist, top, hem, bottom), lift=2)
    sheet.stitch(across(f"M0 {bottom + 14}Q{hem * 0.5} {bottom + 14} {hem - 1} {bottom - 10}"), opacity=0.45)


def _waist_seam(sheet: Sheet, half: float, y: float) -> None:
    if sheet.variant % 2:
        _belt(sheet, half, y)
    else:
        line = across(f"M0 {y + 6}Q{half * 0.5} {y + 5} {half} {y - 2}")
        sheet.glow(line, sheet.main.deep, [(12, 0.08), (6, 0.12), (2, 0.5)])


def _belt(sheet: Sheet, half: float, y: float) -> None:
    sheet.panel(
        whole(
            f"M0 {y - 8}Q{half * 0.5} {y - 9} {half + 1} {y - 15}L{half + 2} {y + 9}Q{half * 0.5} {y + 16} 0 {y + 17}"
        ),
        lift=4,
        depth=0.5,
    )
