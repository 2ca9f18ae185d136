"""Bottles, jars and tubes. Their labels carry lines, never a name."""

from threadly.sample.pictures.paths import box, oval, whole
from threadly.sample.pictures.sheet import Sheet


def _label(sheet: Sheet, x: float, y: float, width: float, height: float, tone: str = "paper") -> None:
    if sheet.back:
        sheet.panel(box(x, y, width, height, 3), tone, casts=False, depth=0.2)
        for i in range(int(height / 11) - 1):
            sheet.ink(box(x + 10, y + 10 + i * 11, (width - 20) * (0.7 + 0.3 * ((i * 7) % 5) / 4), 3), "#4c4843", 0.5)
        return
    sheet.panel(box(x, y, width, height, 3), tone, casts=False, depth=0.25)
    sheet.ink(box(x + width * 0.2, y + height * 0.36, width * 0.6, max(5, height * 0.07), 2), "#3c3936", 0.8)
    sheet.ink(box(x + width * 0.3, y + height * 0.54, width * 0.4, max(3, height * 0.035), 2), "#3c3936", 0.55)
    sheet.ink(box(x + width * 0.34, y + height * 0.64, width * 0.32, max(3, height * 0.03), 2), "#3c3936", 0.4)


def _glass(sheet: Sheet, d: str, x: float, top: float, bottom: float, width: float) -> None:
    """Glass over a liquid: a bright edge on the left, a soft one on the right."""
    with sheet.within(d):
        sheet.ink(box(x + width * 0.07, top, width * 0.08, bottom - top, 8), "#ffffff", 0.45)
        sheet.ink(box(x + width * 0.19, top, width * 0.03, bottom - top, 4), "#ffffff", 0.3)
        sheet.ink(box(x + width * 0.86, top, width * 0.05, bottom - top, 6), "#ffffff", 0.22)


def perfume(sheet: Sheet) -> None:
    """A heavy glass flacon, square, round or tall."""
    kind = sheet.variant % 3
    d, x, w, top = (
        (box(-140, 420, 280, 298, 26), -140.0, 280.0, 420.0),
        (oval(0, 570, 156, 148), -156.0, 312.0, 430.0),
        (box(-92, 360, 184, 358, 16), -92.0, 184.0, 360.0),
    )[kind]
    sheet.panel(box(-34, top - 50, 68, 62, 4), "metal", depth=0.4, gloss=1.2)
    sheet.panel(
        box(-58, top - 142, 116, 100, 12) if kind != 1 else oval(0, top - 84, 56, 50),
        "second" if kind == 2 else "metal",
        depth=0.8,
        gloss=1.3,
    )
    sheet.panel(d, "glass", depth=1.0, gloss=0.6)
    with sheet.placed(0, 718, scale=0.88), sheet.placed(0, -710):
        sheet.panel(d, casts=False, depth=1.2, gloss=1.0)
        with sheet.within(d):
            sheet.ink(box(x, top, w, 62), sheet.tone("glass").base, 0.85)
            sheet.line(f"M{x} {top + 62}L{x + w} {top + 62}", sheet.main.dark, 2.4, 0.4)
    _glass(sheet, d, x, top, 720, w)
    _label(sheet, -54, 548, 108, 84)


def lipstick(sheet: Sheet) -> None:
    """Wound out, its cap beside it."""
    sheet.panel("M-118 480L-118 380Q-116 312 -46 290Q-34 288 -34 304L-34 480Z", depth=0.9, gloss=1.0)
    sheet.ink("M-106 400Q-104 332 -46 300Q-40 320 -60 350Q-96 366 -106 400Z", sheet.main.light, 0.4)
    sheet.panel(box(-126, 468, 100, 90, 4), "metal", depth=0.7, gloss=1.4)
    sheet.panel(box(-140, 548, 128, 168, 8), "ink", depth=0.9, gloss=1.0)
    sheet.panel(box(-140, 560, 128, 12), "metal", casts=False, depth=0.2, gloss=1.2)
    sheet.panel(box(34, 500, 124, 216, 10), "ink", depth=0.9, gloss=1.1)
    sheet.panel(box(34, 690, 124, 14), "metal", casts=False, depth=0.2, gloss=1.2)
    sheet.ink(box(48, 510, 9, 176, 4), "#ffffff", 0.3)


def skincare_jar(sheet: Sheet) -> None:
    """A squat jar with its lid; every other one is open."""
    if sheet.variant % 2:
        with sheet.placed(150, 640, turn=24):
            sheet.panel(box(-120, -40, 240, 76, 14), "second", depth=0.8, gloss=1.0)
        sheet.panel(box(-190, 560, 300, 158, 30), depth=1.2, gloss=0.8)
        sheet.panel(oval(-40, 562, 140, 26), "paper", depth=0.5)
        sheet.panel("M-130 560Q-90 530 -40 548Q10 520 50 562Q-40 586 -130 560Z", "cream", casts=False, depth=0.6)
        _label(sheet, -110, 614, 140, 74)
        return
    sheet.panel(box(-170, 520, 340, 198, 34), depth=1.2, gloss=0.8)
    sheet.panel(box(-176, 440, 352, 92, 16), "second", depth=0.8, gloss=1.1)
    sheet.ink(box(-150, 452, 14, 66, 6), "#ffffff", 0.4)
    _label(sheet, -86, 578, 172, 92)


def serum(sheet: Sheet) -> None:
    """A dropper bottle."""
    sheet.panel("M0 250Q30 250 30 288L34 350L-34 350L-30 288Q-30 250 0 250Z", "ink", depth=0.6, gloss=0.8)
    sheet.panel(box(-44, 344, 88, 64, 8), "metal", depth=0.5, gloss=1.2)
    for i in range(9):
        sheet.seam(f"M{-36 + i * 9} 350L{-36 + i * 9} 402", tone="metal", opacity=0.5)
    d = whole("M0 404L40 404Q44 430 74 450Q96 462 96 490L96 696Q96 718 70 718L0 718")
    sheet.panel(d, depth=1.1, gloss=1.1)
    _glass(sheet, d, -96, 420, 720, 192)
    _label(sheet, -70, 540, 140, 120)


def nail_polish(sheet: Sheet) -> None:
    """Little bottles, three in a row."""
    for x, tone, scale in ((-130, "second", 0.9), (130, "dim", 0.9), (0, "main", 1.0)):
        with sheet.placed(x, 716, scale=scale), sheet.placed(0, -716):
            sheet.panel("M-34 520L34 520L28 340Q26 328 0 328Q-26 328 -28 340Z", "ink", depth=0.6, gloss=1.2)
            d = box(-78, 512, 156, 204, 34)
            sheet.panel(d, tone, depth=1.1, gloss=1.2)
            _glass(sheet, d, -78, 530, 706, 156)


def make_up_palette(sheet: Sheet) -> None:
    """An open compact with eight pans and a mirror."""
    sheet.panel("M-210 250L210 250L224 500L-224 500Z", "ink", depth=0.6, gloss=0.8)
    sheet.panel("M-186 274L186 274L198 480L-198 480Z", "glass", casts=False, depth=0.6, gloss=0.7)
    sheet.ink("M-160 470L-40 284L20 284L-100 470Z", "#ffffff", 0.4)
    sheet.panel(
        "M-228 506L228 506L250 712Q250 718 240 718L-240 718Q-250 718 -250 712Z", "ink", lift=3, depth=0.6, gloss=0.8
    )
    tones = ("main", sheet.main.light, sheet.main.dark, "second", sheet.inks[1], sheet.inks[2], sheet.inks[3], "dim")
    for i, tone in enumerate(tones):
        column, row = i % 4, i // 4
        sheet.panel(
            box(-204 + column * 105 - row * 4, 526 + row * 94, 92 + row * 3, 78, 8),
            tone,
            casts=False,
            depth=0.5,
            gloss=0.5,
        )


def brush_set(sheet: Sheet) -> None:
    """Brushes in a cup."""
    for x, turn, head in ((-56, -10, 34), (0, 1, 46), (60, 11, 28)):
        with sheet.placed(x, 560, turn=turn):
            sheet.panel(box(-9, -180, 18, 240, 6), "wood", depth=0.4)
            sheet.panel(box(-16, -214, 32, 74, 4), "metal", depth=0.4, gloss=1.3)
            sheet.panel(
                f"M-16 -212Q{-head - 6} -280 {-head * 0.4} -330Q0 -352 {head * 0.4} -330Q{head + 6} -280 16 -212Z",
                "#4b3a34" if head < 40 else "second",
                depth=0.9,
                folds=[((0, -220), (4, -280), (2, -340), 8, 0.5), ((-8, -220), (-14, -280), (-8, -336), 8, -0.6)],
            )
    sheet.panel(whole("M0 500L108 498Q104 620 94 702Q92 718 74 718L0 718"), depth=1.1, gloss=0.9)
    sheet.panel(whole("M0 560L106 558L103 588L0 590"), "second", casts=False, depth=0.4)


def soap(sheet: Sheet) -> None:
    """A bar on a wooden dish."""
    sheet.panel(box(-230, 660, 460, 40, 12), "wood", depth=0.7)
    for x in (-180, 140):
        sheet.panel(box(x, 692, 40, 26, 4), "wood", depth=0.4)
    sheet.panel(box(-180, 524, 360, 144, 50), depth=1.5, gloss=0.6)
    sheet.line(box(-130, 560, 260, 72, 30), sheet.main.dark, 3, 0.4)
    sheet.line("M-40 606Q-10 570 0 606Q10 570 40 606", sheet.main.dark, 3, 0.45)
    for x, y, r in ((150, 520, 20), (186, 548, 12), (118, 500, 10), (-160, 516, 14)):
        sheet.ink(oval(x, y, r, r), "#ffffff", 0.35)
        sheet.line(oval(x, y, r, r), "#ffffff", 1.6, 0.7)


def pump_bottle(sheet: Sheet) -> None:
    """Shampoo, lotion or soap with a pump."""
    sheet.cord("M0 330L0 262L-86 262L-96 282", 17, "ink")
    sheet.panel(box(-50, 320, 100, 60, 8), "ink", depth=0.6, gloss=0.9)
    d = whole("M0 374L50 374Q116 392 118 450L118 694Q116 718 92 718L0 718")
    sheet.panel(d, depth=1.2, gloss=0.9)
    _glass(sheet, d, -118, 400, 720, 236)
    _label(sheet, -80, 486, 160, 160)
