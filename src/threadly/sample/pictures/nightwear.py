"""What is worn at night, underneath, and in the water."""

from dataclasses import replace

from threadly.sample.pictures.anatomy import (
    Body,
    neckband,
    torso,
)
from threadly.sample.pictures.arms import Sleeve, sleeves
from threadly.sample.pictures.coats import kimono
from threadly.sample.pictures.paths import across, box, oval, whole
from threadly.sample.pictures.sheet import Sheet
from threadly.sample.pictures.tailoring import (
    placket,
    pocket,
    shirt_collar,
)
from threadly.sample.pictures.trousers import Legs
from threadly.sample.pictures.waists import elastic_waist


def swimsuit(sheet: Sheet) -> None:
    """One piece: straps, scooped back, high legs."""
    low = 330 if sheet.back else (300, 268)[sheet.variant % 2]
    for side in (1, -1):
        sheet.cord(f"M{side * 74} 250Q{side * 78} 200 {side * 62} 162", 15)
    half = (
        f"M0 {low}Q50 {low - 6} 66 240L86 238Q92 290 122 330C126 400 98 440 100 490C104 540 126 560 134 606"
        "Q70 630 34 742Q18 752 0 752"
    )
    sheet.panel(
        whole(half),
        folds=[
            ((-112, 350), (-60, 400), (-10, 420), 16, 0.5),
            ((112, 350), (60, 410), (0, 440), 16, 0.5),
            ((-96, 480), (-30, 500), (40, 490), 16, 0.4),
            ((-50, 300), (-60, 480), (-70, 600), 30, -0.7),
        ],
    )
    sheet.stitch("M40 734Q76 634 130 612")
    sheet.stitch("M-40 734Q-76 634 -130 612")
    if not sheet.back and sheet.variant % 2 == 0:
        for x in (-44, 44):
            sheet.glow(
                f"M{x} {low + 40}Q{x * 1.3} {low + 90} {x * 0.4} {low + 104}",
                sheet.main.deep,
                [(10, 0.06), (5, 0.1), (2, 0.3)],
            )


def bikini(sheet: Sheet) -> None:
    """Two pieces with ties."""
    for side in (1, -1):
        sheet.cord(f"M{side * 70} 250Q{side * 66} 190 {side * 30} 132", 6)
        sheet.cord(f"M{side * 124} 346Q{side * 170} 350 {side * 206} 380", 6)
        for drop in (60, 84):
            sheet.cord(f"M{side * 158} 560Q{side * 190} 580 {side * (176 + drop * 0.2)} {560 + drop}", 5)
    if sheet.back:
        sheet.panel(whole("M0 338Q60 336 130 330L130 352Q60 362 0 362"), depth=0.5)
        sheet.panel(oval(0, 350, 14, 12), lift=3, casts=False)
        sheet.panel(whole("M0 548Q90 546 158 540L160 572Q110 610 60 704Q30 716 0 716"))
        return
    sheet.pair("M6 344Q20 280 70 240Q118 282 130 348Q70 366 6 344Z", folds=[((66, 246), (60, 300), (40, 346), 16, 0.4)])
    sheet.panel(box(-12, 334, 24, 22, 6), "metal" if sheet.variant % 2 else "main", depth=0.4, lift=2)
    sheet.panel(
        whole("M0 562Q90 558 158 542L160 572Q80 606 34 706Q18 716 0 716"),
        folds=[((-120, 570), (-60, 590), (-10, 596), 12, 0.4), ((120, 570), (60, 596), (10, 610), 12, 0.4)],
    )
    sheet.stitch(across("M0 570Q90 566 156 550"))


def swim_shorts(sheet: Sheet) -> None:
    """Boxy, mesh-lined trunks with a white cord."""
    legs = Legs(waist=130, hip=166, hip_y=240, crotch=330, knee=186, knee_y=380, hem=192, hem_width=186, bottom=430)
    sheet.pair(legs.outline(), folds=legs.folds(sheet)[:2])
    sheet.seam("M0 150L0 330", opacity=0.7)
    for side in (1, -1):
        sheet.seam(f"M{side * 120} 158L{side * 170} 246", width=2.4)
        sheet.seam(f"M{side * 150} 432L{side * 152} 396", opacity=0.6)
    elastic_waist(sheet, 132, 118, 38)
    if not sheet.back:
        sheet.button(0, 250, 4, "metal")


def pyjamas(sheet: Sheet) -> None:
    """A piped jacket over its trousers."""
    with sheet.placed(0, 330, scale=0.78):
        legs = Legs(waist=110, hip=160, knee=166, hem=170, hem_width=146)
        sheet.pair(legs.outline(), folds=legs.folds(sheet))
        for x in (40, -40):
            sheet.seam(f"M{x * 2.3} 892L{x * 0.7 + x * 1.9} 892", opacity=0.1)
    body = Body(drop=84, neckline="v", chest=168, waist=168, hem=172, hem_y=620, shoulder=156)
    sleeves(sheet, body, Sleeve(length=340, angle=20, cuff=88, band=34), tone="main", cuff="shirt")
    torso(sheet, body)
    placket(sheet, 268, 628, buttons=4, width=22)
    shirt_collar(sheet, replace(body, drop=70), spread=1.9, closed=False)
    pocket(sheet, 50, 330, 80, 84)
    if not sheet.back:
        sheet.line("M50 342L130 342", sheet.second.base, 3.5)
        sheet.line("M11 272L11 628", sheet.second.base, 2.5, 0.9)


def nightdress(sheet: Sheet) -> None:
    """Loose, with lace at the neck and the hem."""
    body = Body(drop=86, neckline="v", chest=150, waist=158, hem=214, hem_y=720, shoulder=136, sag=16, neck=70)
    sleeves(sheet, body, Sleeve(length=120, angle=32, cuff=104, puff=12), tone="main")
    torso(sheet, body)
    neckband(sheet, body.throat(drop=14 if sheet.back else None), 12, "cream")
    lace = across("M0 734Q110 734 214 716")
    sheet.line(lace, sheet.tone("cream").base, 20, 0.95, cap="butt")
    sheet.line(lace, sheet.tone("cream").deep, 9, 0.3, dash="3 6")
    if not sheet.back:
        sheet.pair("M3 272C20 252 42 254 40 270C38 286 16 288 3 272Z", "second", depth=0.4, lift=3)


def bathrobe(sheet: Sheet) -> None:
    """A kimono cut of towelling."""
    kimono(sheet)
    for x in (-134, 58):
        pocket(sheet, x, 600, 84, 96)


def bra_set(sheet: Sheet) -> None:
    """A soft bra and briefs, laid out plainly."""
    for side in (1, -1):
        sheet.cord(f"M{side * 82} 232Q{side * 86} 170 {side * 60} 120", 8)
    if sheet.back:
        sheet.panel(whole("M0 318Q90 314 166 296L166 336Q90 354 0 354"), depth=0.5)
        sheet.ribs([((x, 322), (x, 350)) for x in (-6, 0, 6)])
    else:
        sheet.pair("M92 300L170 290L172 334L110 352Z", depth=0.5)
        sheet.pair(
            "M2 322Q24 300 34 268Q64 250 84 226Q118 258 124 308Q118 360 66 366Q22 364 2 338Z",
            folds=[((80, 236), (96, 300), (70, 360), 18, 0.35)],
        )
        lace = "M34 270Q64 252 84 230"
        for d in (lace, "M-34 270Q-64 252 -84 230"):
            sheet.line(d, sheet.main.light, 9, 0.5, dash="4 5")
        sheet.pair("M1 326C12 314 24 316 22 326C20 336 10 336 1 326Z", depth=0.3, lift=2)
    sheet.panel(
        whole("M0 520Q90 518 160 508L164 552Q90 590 40 668Q20 678 0 678"),
        folds=[((-130, 540), (-60, 566), (0, 570), 12, 0.4), ((130, 540), (70, 570), (10, 590), 12, 0.4)],
    )
    sheet.line(across("M0 528Q90 526 160 516"), sheet.main.light, 11, 0.45, dash="4 5")


def boxers(sheet: Sheet) -> None:
    """Jersey trunks with a broad elastic."""
    legs = Legs(waist=124, hip=146, hip_y=230, crotch=330, knee=150, knee_y=350, hem=152, hem_width=138, bottom=398)
    sheet.pair(legs.outline(), folds=legs.folds(sheet)[:2])
    if not sheet.back:
        pouch = "M-44 160Q-58 260 0 330Q58 260 44 160Z"
        sheet.panel(pouch, casts=False, depth=0.6)
        sheet.stitch("M-38 164Q-50 256 0 320Q50 256 38 164")
    elastic_waist(sheet, 126, 116, 42, cord=False, tone="second")


def tights(sheet: Sheet) -> None:
    """Sheer legs with feet, laid side by side."""
    for flip in (True, False):
        with sheet.placed(flip=flip):
            sheet.panel(
                "M0 150L74 150Q92 220 86 330Q76 560 62 700Q58 800 70 850Q96 870 118 876"
                "Q126 896 104 902Q50 906 28 884Q18 780 18 640Q8 440 0 330Z",
                folds=[((60, 200), (60, 500), (44, 800), 26, -0.8)],
            )
    sheet.panel(whole("M0 132L70 128L76 160Q40 168 0 168"), "dim", depth=0.5)
    sheet.ribs([((x, 134), (x, 164)) for x in range(-66, 67, 9)], opacity=0.2)
