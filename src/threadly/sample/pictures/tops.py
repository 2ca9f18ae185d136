"""Tops cut from cloth and jersey, T-shirts to hoodies."""

from dataclasses import replace

from threadly.sample.pictures.anatomy import (
    Body,
    band,
    hanger,
    hem_band,
    neckband,
    torso,
)
from threadly.sample.pictures.arms import Sleeve, sleeves
from threadly.sample.pictures.look import Print
from threadly.sample.pictures.paths import across, box, mirrored, moved, oval, whole
from threadly.sample.pictures.sheet import Sheet
from threadly.sample.pictures.tailoring import (
    placket,
    pocket,
    shirt_collar,
    yoke,
)

_LONG = Sleeve(length=430, angle=13, cuff=66, band=34)


def t_shirt(sheet: Sheet) -> None:
    """Short sleeves; round, V or boat neck; sometimes a breast pocket."""
    neck = (Body(), Body(neckline="v", drop=92), Body(drop=30, neck=74))[sheet.variant % 3]
    sleeves(sheet, neck, Sleeve(length=132, angle=36, cuff=112))
    torso(sheet, neck, rib=12)
    sheet.stitch(across(f"M0 {neck.hem_y - 2}Q80 {neck.hem_y - 4} {neck.hem} {neck.hem_y - 14}"))
    graphic(sheet, 0, 430)
    if sheet.variant % 4 == 3:
        pocket(sheet, 42, 340, 74, 84)


def long_sleeve(sheet: Sheet) -> None:
    """A T-shirt with long, narrow sleeves."""
    body = Body(neckline="v", drop=84) if sheet.variant % 2 else Body(drop=38)
    sleeves(sheet, body, replace(_LONG, cuff=58, band=0))
    torso(sheet, body, rib=11)
    sheet.stitch(across(f"M0 {body.hem_y - 2}Q80 {body.hem_y - 4} {body.hem} {body.hem_y - 14}"))
    graphic(sheet, 0, 430)


def tank_top(sheet: Sheet) -> None:
    """No sleeves, wide armholes, scooped neck."""
    body = Body(neck=72, drop=112, shoulder=112, shoulder_y=190, chest=148, armpit_y=372, waist=142, hem=150, hem_y=750)
    torso(sheet, body, rib=10)
    arm = (
        f"M{body.shoulder} {body.shoulder_y}"
        f"Q{body.chest - 20} {(body.shoulder_y + body.armpit_y) / 2} {body.chest} {body.armpit_y}"
    )
    for d in (arm, mirrored(arm)):
        band(sheet, d, 10, sheet.main)
    graphic(sheet, 0, 470)


def camisole(sheet: Sheet) -> None:
    """Thin straps over a heart-shaped or straight front, often of silk."""
    top = 330
    for side in (1, -1):
        strap = f"M{side * 92} {top - 4}C{side * 92} 250 {side * 72} 200 {side * 66} 176"
        sheet.cord(strap, 6)
    hanger(sheet, Body(neck_y=176, shoulder=120))
    dip = 48 if sheet.variant % 2 == 0 else 14
    half = (
        f"M0 {top + dip}Q40 {top + dip - 8} 92 {top - 6}Q120 {top + 20} 142 {top + 66}"
        "C146 480 132 520 138 560C146 640 172 690 178 742Q90 764 0 764"
    )
    folds = [((x, 420), (x * 1.2, 580), (x * 1.7, 748), 16.0, 0.7) for x in (-74, -30, 22, 66)]
    sheet.panel(whole(half), folds=[*folds, ((-50, 360), (-70, 520), (-90, 730), 34, -0.9)])
    trim = across(f"M0 {top + dip + 5}Q40 {top + dip - 3} 92 {top}Q120 {top + 25} 141 {top + 68}")
    sheet.line(trim, sheet.main.light, 7, 0.35)
    sheet.stitch(trim)


def polo(sheet: Sheet) -> None:
    """Turned-down knitted collar, short placket, ribbed sleeve ends."""
    body = Body(drop=58, hem_y=745)
    sleeves(sheet, body, Sleeve(length=128, angle=30, cuff=100, band=20), cuff="rib")
    torso(sheet, body)
    placket(sheet, 232, 360, buttons=3, width=30)
    shirt_collar(sheet, body, tone="accent" if sheet.look.print is Print.COLOUR_BLOCK else "dim", spread=1.15)
    for side in (1, -1):
        sheet.seam(f"M{side * body.hem} {body.hem_y - 46}L{side * (body.hem - 2)} {body.hem_y}", opacity=0.6)


def shirt(sheet: Sheet) -> None:
    """Collar, button placket, breast pocket, curved tails."""
    body = Body(drop=50, chest=162, waist=154, hem=150, hem_y=742, sag=58, shoulder=154)
    sleeves(sheet, body, Sleeve(length=420, angle=12, cuff=70, band=44), tone="main", cuff="shirt")
    torso(sheet, body)
    placket(sheet, 226, 798, buttons=7)
    if sheet.back:
        yoke(sheet, body, 272)
        for x in (-14, 14):
            sheet.seam(f"M{x} 280L{x * 0.8} 560", opacity=0.3)
    shirt_collar(sheet, body)
    if sheet.variant % 2 == 0:
        pocket(sheet, 44, 330, 78, 92, flap=sheet.hand.stitched)
        if sheet.variant % 4 == 0 and sheet.hand.stitched:
            pocket(sheet, -122, 330, 78, 92, flap=True)


def short_sleeve_shirt(sheet: Sheet) -> None:
    """A summer shirt with a camp collar and a straight hem."""
    body = Body(drop=86, neckline="v", chest=170, waist=168, hem=170, hem_y=735, shoulder=160)
    sleeves(sheet, body, Sleeve(length=150, angle=32, cuff=132), tone="main")
    torso(sheet, body)
    placket(sheet, 268, 744, buttons=5)
    shirt_collar(sheet, replace(body, drop=60), spread=1.8, closed=False)
    pocket(sheet, 48, 350, 80, 86)


def blouse(sheet: Sheet) -> None:
    """Full sleeves gathered at the wrist; a tie, a frill or a V."""
    kind = sheet.variant % 3
    body = Body(
        drop=(34, 60, 110)[kind],
        neckline="v" if kind == 2 else "round",
        chest=150,
        waist=134,
        hem=152,
        hem_y=715,
        shoulder=138,
    )
    sleeves(sheet, body, Sleeve(length=390, angle=17, cuff=92, puff=34, band=30), tone="main", cuff="shirt")
    torso(sheet, body)
    if sheet.back:
        sheet.seam("M0 200L0 300")
        return
    if kind == 0:
        _bow(sheet, body)
    elif kind == 1:
        for x in (-34, -17, 17, 34):
            ripple = "".join(f"L{x + (7 if i % 2 else -7)} {250 + i * 16}" for i in range(1, 15))
            sheet.panel(f"M{x - 9} 244{ripple}L{x + 12} 470L{x + 9} 244Z", casts=False, depth=0.2, lift=2)
        placket(sheet, 236, 722, buttons=8, width=18, radius=4.5)
    else:
        sheet.glow("M4 296Q44 420 150 540", sheet.main.deep, [(8, 0.1), (4, 0.2), (1.6, 0.5)])


def _bow(sheet: Sheet, body: Body) -> None:
    neckband(sheet, body.throat(), 20, "main")
    y = body.neck_y + body.drop
    for turn in (-7, 9):
        with sheet.placed(0, y, turn=turn):
            sheet.panel(
                "M-8 0L12 0Q26 110 22 236L-16 248Q-18 110 -8 0Z",
                lift=4,
                casts=False,
                depth=0.5,
                folds=[((0, 6), (4, 110), (2, 230), 8, 0.6)],
            )
    sheet.pair(
        f"M4 {y + 2}C26 {y - 34} 66 {y - 40} 78 {y - 14}C84 {y + 8} 72 {y + 34} 56 {y + 36}"
        f"C36 {y + 32} 18 {y + 20} 4 {y + 2}Z",
        depth=0.6,
        lift=5,
    )
    sheet.panel(box(-12, y - 12, 24, 30, 8), depth=0.4, lift=4, casts=False)


def sweatshirt(sheet: Sheet) -> None:
    """Heavy jersey with ribbed neck, cuffs and hem."""
    body = Body(drop=36, chest=180, waist=176, hem=164, hem_y=728, shoulder=172, shoulder_y=226, armpit_y=372)
    sleeves(sheet, body, Sleeve(length=396, angle=14, cuff=80, puff=10, band=46), cuff="rib")
    torso(sheet, body, rib=22)
    if not sheet.back:
        sheet.stitch("M-20 238L0 268L20 238")
    hem_band(sheet, body, 44)
    graphic(sheet, 0, 440)


def hoodie(sheet: Sheet) -> None:
    """A hood, drawstrings and a kangaroo pocket; every other one zips open."""
    body = Body(drop=52, chest=180, waist=178, hem=166, hem_y=738, shoulder=170, shoulder_y=232, armpit_y=378, neck=74)
    sleeves(sheet, body, Sleeve(length=392, angle=14, cuff=80, puff=10, band=46), cuff="rib")
    if sheet.back:
        torso(sheet, body)
        sheet.panel(
            whole("M0 128C66 128 104 170 106 232C104 304 60 350 0 362"),
            "accent",
            lift=8,
            folds=[((-40, 170), (-60, 240), (-20, 330), 18, 0.6), ((50, 170), (56, 250), (16, 336), 18, 0.6)],
        )
        hem_band(sheet, body, 44)
        return
    hood = whole("M0 88C58 88 100 124 110 186C116 222 104 250 78 274L0 274")
    sheet.panel(
        hood,
        "accent",
        depth=1.1,
        folds=[((-60, 116), (-100, 170), (-84, 250), 16, 0.5), ((62, 116), (100, 170), (84, 250), 16, 0.6)],
    )
    hole = whole("M0 122C40 122 66 152 70 196C72 224 40 262 0 276")
    sheet.panel(hole, "lining", casts=False)
    sheet.glow(hole, "#0c0a14", [(34, 0.07), (20, 0.09), (10, 0.1)])
    sheet.panel(
        whole(body.half()),
        folds=[
            ((-150, 372), (-100, 400), (-60, 470), 14, 0.7),
            ((150, 372), (100, 400), (60, 470), 14, 0.7),
            ((-90, 640), (-40, 660), (30, 650), 14, 0.4),
        ],
    )
    lip = across("M0 276C40 262 72 226 74 192")
    sheet.line(lip, sheet.main.deep, 24, 0.5)
    sheet.line(lip, sheet.tone("accent").base, 21)
    sheet.stitch(moved(lip, 0, 8))
    zips = sheet.variant % 2 == 1
    if zips:
        sheet.zipper("M0 284L0 744", puller=(0, 300))
    graphic(sheet, 0, 440)
    pouch = "M0 540L68 540L122 640L118 690L0 690Z"
    sheet.pair(pouch if zips else "M0 540L72 540L126 642L122 692L0 692Z", "accent", depth=0.4, lift=3)
    if not zips:
        sheet.line("M0 545L0 690", sheet.tone("accent").base, 5)
    hem_band(sheet, body, 44)
    for side in (1, -1):
        cord = f"M{side * 24} 282Q{side * 34} 340 {side * 27} {400 + side * 12}"
        sheet.line(cord, "#0c0a14", 6, 0.2, dx=3, dy=3)
        sheet.line(cord, sheet.tone("cream").base, 5)
        sheet.line(f"M{side * 27} {392 + side * 12}L{side * 27} {406 + side * 12}", sheet.metal.base, 7)


def crop_top(sheet: Sheet) -> None:
    """Short and close, with wide straps and a square neck."""
    body = Body(
        neckline="square",
        neck=84,
        drop=92,
        shoulder=122,
        shoulder_y=192,
        chest=146,
        armpit_y=340,
        waist=126,
        waist_y=430,
        hem=122,
        hem_y=508,
        sag=4,
    )
    torso(sheet, body)
    sheet.ribs([((x, 300 + abs(x) * 0.1), (x * 0.9, 506)) for x in range(-120, 121, 15)], opacity=0.16)
    hem_band(sheet, body, 34)


def graphic(sheet: Sheet, x: float, y: float) -> None:
    """A print on the chest: suns, hills and arcs, never a sign that means something. Only for `Print.GRAPHIC`."""
    if sheet.look.print is not Print.GRAPHIC or sheet.back:
        return
    a, b, c, d = sheet.inks
    with sheet.placed(x, y):
        kind = sheet.variant % 3
        if kind == 0:
            disc = oval(0, 0, 84, 84)
            with sheet.within(disc):
                sheet.ink(disc, b, 0.95)
                sheet.ink(oval(22, -22, 32, 32), d)
                sheet.ink("M-100 30L-40 -24L4 22L40 -8L110 46L110 100L-100 100Z", a)
                sheet.ink("M-100 62Q-30 26 20 58Q60 78 110 52L110 110L-100 110Z", c)
        elif kind == 1:
            for radius, ink in ((86, a), (66, d), (46, c), (26, b)):
                sheet.ink(
                    f"M{-radius} 40C{-radius} {40 - radius * 1.36} {radius} {40 - radius * 1.36} {radius} 40Z",
                    ink,
                    0.95,
                )
            sheet.ink(box(-92, 50, 184, 9, 4), a, 0.95)
            sheet.ink(box(-64, 66, 128, 7, 3), c, 0.95)
        else:
            sheet.ink(box(-84, -70, 78, 78, 39), a, 0.95)
            sheet.ink("M8 8L8 -70L86 -70Z", c, 0.95)
            sheet.ink(box(8, 22, 78, 60), d, 0.95)
            sheet.ink("M-84 82Q-84 22 -6 22L-6 82Z", b, 0.95)
