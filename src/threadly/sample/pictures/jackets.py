"""Jackets, waistcoats and quilted things."""

from dataclasses import replace

from threadly.sample.pictures.anatomy import (
    Body,
    body_folds,
    hanger,
    hem_band,
    inside,
    open_throat,
    torso,
)
from threadly.sample.pictures.arms import Sleeve, sleeves
from threadly.sample.pictures.paths import across, box, mirrored, moved, oval, whole
from threadly.sample.pictures.sheet import Sheet
from threadly.sample.pictures.tailoring import (
    COAT_SLEEVE,
    button_rows,
    edge_down,
    lapels,
    shirt_collar,
    slit_pockets,
    tailored,
    yoke,
)


def blazer(sheet: Sheet) -> None:
    """Notched lapels, one or two buttons, flap pockets; every third one is double-breasted."""
    double = sheet.variant % 3 == 2
    body = Body(shoulder=164, shoulder_y=214, chest=166, waist=150, hem=170, hem_y=748, sag=6, neck=56)
    tailored(sheet, body, close=470, lapel=66 if double else 58)
    if sheet.back:
        return
    edge_down(sheet, 466, 752, x=46 if double else 10)
    button_rows(sheet, (484, 548, 612) if double else (480, 546), 34 if double else 0)
    slit_pockets(sheet, 96, 602, 84, flap=True)
    sheet.seam("M64 356L122 344", opacity=0.6, width=3)
    if sheet.variant % 2:
        sheet.panel("M72 351L80 316L94 342L104 312L116 344Z", "second", casts=False, depth=0.2)


def waistcoat(sheet: Sheet) -> None:
    """Tailored, sleeveless, with a deep V and two points at the hem."""
    body = open_throat(
        Body(shoulder=122, shoulder_y=200, chest=146, armpit_y=362, waist=134, waist_y=510, hem=142, hem_y=640), 420
    )
    inside(sheet, body)
    hanger(sheet, body)
    if sheet.back:
        torso(sheet, replace(body, drop=30), tone="lining", label=False)
        sheet.panel(box(-70, 520, 140, 16, 6), "lining", lift=3, casts=False, depth=0.3)
        sheet.panel(box(-14, 514, 28, 28, 4), "metal", lift=3, casts=False, depth=0.2)
        return
    half = f"{body.throat()}{body.side()}L60 708L0 636"
    sheet.panel(whole(half), folds=body_folds(sheet, body)[:4])
    sheet.seam("M0 420L0 640", opacity=0.8)
    for y in (440, 488, 536, 584):
        sheet.button(0, y, 7)
    slit_pockets(sheet, 86, 560, 74, flap=True)
    sheet.pair("M52 384L112 372L113 385L53 397Z", depth=0.2, lift=2)


def denim_jacket(sheet: Sheet) -> None:
    """The trucker: pointed flaps, V seams to the waistband, metal buttons, copper thread."""
    body = Body(shoulder=164, chest=170, waist=158, hem=148, hem_y=676, waist_y=540, drop=50)
    sleeves(sheet, body, Sleeve(length=404, angle=13, cuff=76, band=38), tone="main", cuff="shirt")
    torso(sheet, body)
    yoke(sheet, body, 312)
    if not sheet.back:
        for side in (1, -1):
            for x0, x1 in ((52, 34), (112, 66)):
                line = f"M{side * x0} 318L{side * x1} 640"
                sheet.seam(line)
                sheet.stitch(moved(line, 5 * side, 0))
        sheet.panel(box(-14, 232, 28, 412), casts=False, depth=0.25, lift=2)
        for x in (-10, 10):
            sheet.stitch(f"M{x} 234L{x} 640")
        for x in (-124, 48):
            flap = f"M{x} 318L{x + 76} 318L{x + 76} 350L{x + 38} 372L{x} 350Z"
            sheet.panel(flap, casts=False, depth=0.3, lift=5)
            sheet.stitch(f"M{x + 4} 320L{x + 4} 348L{x + 38} 367L{x + 72} 348L{x + 72} 320")
            sheet.button(x + 38, 355, 5.5, "metal")
        slit_pockets(sheet, 94, 480, 84)
    else:
        for side in (1, -1):
            line = f"M{side * 84} 318L{side * 44} 640"
            sheet.seam(line)
            sheet.stitch(moved(line, 5, 0))
    band = whole("M0 640L150 634L146 684Q70 694 0 694")
    sheet.panel(band, depth=0.4, lift=3)
    for y in (648, 686):
        sheet.stitch(across(f"M0 {y}L146 {y - 6}"))
    if not sheet.back:
        for i in range(6):
            sheet.button(0, 262 + i * 80, 6.5, "metal")
    shirt_collar(sheet, body, closed=sheet.variant % 2 == 0, spread=1.1)


def biker_jacket(sheet: Sheet) -> None:
    """Leather, with a slanting zip, wide lapels, belt and zipped pockets."""
    body = open_throat(Body(shoulder=160, chest=166, waist=148, hem=152, hem_y=652, waist_y=520), 400)
    sleeves(sheet, body, replace(COAT_SLEEVE, length=396, angle=14, cuff=72), tone="main")
    torso(sheet, replace(body, drop=40) if sheet.back else body)
    for side in (1, -1):
        x, y = side * 236, 590
        sheet.zipper(f"M{x * 0.96} {y - 70}L{x * 1.02} {y + 14}")
        for i in range(3):
            sheet.seam(f"M{side * 158} {232 + i * 12}L{side * 204} {262 + i * 15}", opacity=0.45)
    yoke(sheet, body, 286)
    if not sheet.back:
        sheet.zipper("M58 330Q40 500 44 646", puller=(50, 380))
        lapels(sheet, body, close_y=420, width=74)
        for x, y in ((60, 240), (-60, 240), (98, 300), (-98, 300)):
            sheet.button(x, y, 5, "metal")
        for d in ("M-128 356L-66 330", "M-132 540L-84 480", "M136 540L92 480"):
            sheet.zipper(d)
    belt = whole("M0 622Q80 622 154 612L155 650Q80 662 0 662")
    sheet.panel(belt, depth=0.5, lift=5)
    sheet.stitch(across("M0 628Q80 628 152 618"))
    sheet.stitch(across("M0 656Q80 656 152 645"))
    if not sheet.back:
        sheet.panel(box(-40, 612, 46, 58, 6), "metal", lift=4, casts=False, depth=0.2)
        sheet.panel(box(-32, 621, 30, 40, 3), depth=0.2, casts=False)
    else:
        shirt_collar(sheet, body)


def bomber(sheet: Sheet) -> None:
    """Short and round, with wide ribbed edges and a zip."""
    body = Body(shoulder=168, chest=184, waist=186, hem=158, hem_y=664, waist_y=540, armpit_y=372, drop=34)
    sleeves(sheet, body, Sleeve(length=388, angle=15, cuff=82, puff=22, band=50), cuff="rib")
    torso(sheet, body)
    hem_band(sheet, body, 54, "accent")
    collar = (
        whole("M0 206Q52 204 66 166L78 186Q64 236 0 238")
        if not sheet.back
        else whole("M0 164Q50 164 64 170L76 192Q40 206 0 206")
    )
    sheet.panel(collar, "accent", depth=0.5, lift=4)
    sheet.ribs([((x * 0.9, 206 - abs(x) * 0.45), (x, 236 - abs(x) * 0.5)) for x in range(-56, 57, 8)])
    if not sheet.back:
        sheet.zipper("M0 236L0 676", puller=(0, 262))
        slit_pockets(sheet, 112, 500, 92)


def puffer(sheet: Sheet) -> None:
    """Down in quilted tubes, a high collar, a heavy zip; some have a hood's fur trim."""
    body = Body(shoulder=174, chest=196, waist=190, hem=184, hem_y=724, armpit_y=386, drop=20, sag=8, neck=72)
    _puffer_sleeves(sheet, body)
    inside(sheet, body, label=False)
    sheet.panel(whole(body.half(back=sheet.back)), depth=1.3)
    _quilting(sheet, body, 262, 724, 66)
    collar = whole("M0 116Q64 114 82 128L90 212Q60 244 0 244")
    sheet.panel(collar, lift=5, depth=1.2)
    for y in (150, 196):
        line = across(f"M0 {y + 6}Q50 {y + 4} 86 {y - 6}")
        sheet.glow(line, sheet.main.deep, [(14, 0.12), (7, 0.2), (2.5, 0.5)])
    if not sheet.back:
        sheet.panel(oval(0, 124, 72, 14), "lining", casts=False, depth=0.5)
        sheet.zipper("M0 138L0 730", puller=(0, 170))
        slit_pockets(sheet, 118, 540, 96)


def gilet(sheet: Sheet) -> None:
    """A quilted, sleeveless body warmer."""
    body = Body(shoulder=138, shoulder_y=204, chest=170, armpit_y=380, waist=172, hem=168, hem_y=704, drop=20, neck=66)
    inside(sheet, body, label=False)
    hanger(sheet, body)
    sheet.panel(whole(body.half(back=sheet.back)), depth=1.2)
    _quilting(sheet, body, 250, 704, 58)
    arm = f"M{body.shoulder} {body.shoulder_y}Q{body.chest - 20} 292 {body.chest} {body.armpit_y}"
    for d in (arm, mirrored(arm)):
        sheet.cord(d, 9, "dim", shadow=False)
    sheet.panel(whole("M0 120Q58 118 72 132L80 206Q50 234 0 234"), "accent", lift=5)
    if not sheet.back:
        sheet.panel(oval(0, 127, 62, 12), "lining", casts=False, depth=0.5)
        sheet.zipper("M0 140L0 708", puller=(0, 168))
        slit_pockets(sheet, 106, 530, 90)


def _puffer_sleeves(sheet: Sheet, body: Body) -> None:
    sleeve = Sleeve(length=372, angle=15, cuff=104, puff=18)
    hanger(sheet, body)
    outline = sleeve.outline(body)
    sheet.pair(outline, depth=1.2)
    for flip in (1, -1):
        for i in range(1, 7):
            a, b = sleeve.point(body, 372 * i / 6.4, 0.62), sleeve.point(body, 372 * i / 6.4 + 6, -0.5)
            line = f"M{a[0] * flip} {a[1]}Q{(a[0] + b[0]) / 2 * flip} {(a[1] + b[1]) / 2 + 14} {b[0] * flip} {b[1]}"
            d = outline if flip == 1 else mirrored(outline)
            with sheet.within(d):
                _quilt_line(sheet, line)


def _quilting(sheet: Sheet, body: Body, top: float, bottom: float, step: float) -> None:
    with sheet.within(whole(body.half(back=sheet.back))):
        y = top
        while y < bottom + 10:
            _quilt_line(sheet, across(f"M0 {y + 9}Q{body.chest * 0.6} {y + 11} {body.chest + 12} {y - 4}"))
            for i in range(-6, 7):
                x = i * 31 + sheet.random.uniform(-9, 9)
                sheet.fold(((x, y + 8), (x + 4, y + 20), (x + sheet.random.uniform(-9, 9), y + 36), 8, 0.5))
            y += step


def _quilt_line(sheet: Sheet, line: str) -> None:
    sheet.glow(line, sheet.main.light, [(16, 0.07), (9, 0.1)], dx=-2, dy=15)
    sheet.glow(line, sheet.main.deep, [(22, 0.09), (13, 0.12), (6, 0.18), (2, 0.5)], dy=-2)
