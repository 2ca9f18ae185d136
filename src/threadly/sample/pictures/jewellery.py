"""Jewellery and watches, laid on a stand or a dish."""

import math

from threadly.sample.pictures.palette import Paint
from threadly.sample.pictures.paths import box, oval
from threadly.sample.pictures.sheet import Sheet


def _gem(sheet: Sheet, x: float, y: float, size: float, *, tone: str = "main") -> None:
    """A faceted stone."""
    paint = sheet.tone(tone)
    points = [
        (x + size * math.cos(math.radians(22.5 + 45 * i)), y + size * math.sin(math.radians(22.5 + 45 * i)))
        for i in range(8)
    ]
    table = [(x + (px - x) * 0.52, y + (py - y) * 0.52) for px, py in points]
    sheet.panel("M" + "L".join(f"{px} {py}" for px, py in points) + "Z", tone, casts=False, depth=0.2, gloss=1.5)
    for i in range(8):
        (ax, ay), (bx, by) = points[i], points[(i + 1) % 8]
        (cx, cy), (dx, dy) = table[(i + 1) % 8], table[i]
        facet = (paint.dark, paint.base, paint.deep, paint.base, paint.light, paint.light, paint.base, paint.dark)[i]
        sheet.ink(f"M{ax} {ay}L{bx} {by}L{cx} {cy}L{dx} {dy}Z", facet, 0.55)
    sheet.ink("M" + "L".join(f"{px} {py}" for px, py in table[4:7]) + "Z", "#ffffff", 0.6)


def _pearl(sheet: Sheet, x: float, y: float, r: float, paint: Paint) -> None:
    sheet.ink(oval(x + r * 0.25, y + r * 0.45, r, r), "#0c0a14", 0.14)
    sheet.ink(oval(x, y, r, r), paint.base)
    sheet.ink(oval(x + r * 0.2, y + r * 0.26, r * 0.72, r * 0.7), paint.dark, 0.16)
    sheet.ink(oval(x - r * 0.1, y - r * 0.12, r * 0.7, r * 0.68), paint.base, 0.8)
    sheet.ink(oval(x - r * 0.32, y - r * 0.36, r * 0.34, r * 0.28), paint.light)
    sheet.line(oval(x, y, r, r), paint.deep, 1, 0.4)


def _bust(sheet: Sheet) -> None:
    """The display bust on which necklaces lie."""
    sheet.panel(
        "M-84 196Q-70 300 -110 360Q-240 420 -250 560Q-190 800 0 846Q190 800 250 560"
        "Q240 420 110 360Q70 300 84 196Q0 172 -84 196Z",
        "cream" if sheet.variant % 2 else "#54504f",
        depth=1.4,
        gloss=0.4,
    )


def _metal_line(sheet: Sheet, d: str, width: float) -> None:
    sheet.line(d, "#0c0a14", width * 1.3, 0.2, dx=2, dy=4)
    sheet.line(d, sheet.metal.deep, width)
    sheet.line(d, sheet.metal.base, width * 0.8)
    sheet.line(d, sheet.metal.light, width * 0.3, dx=-width * 0.12, dy=-width * 0.12)


def necklace(sheet: Sheet) -> None:
    """A string of pearls or beads on a bust."""
    _bust(sheet)
    paint = sheet.main if sheet.variant % 3 else sheet.tone("cream")
    for row, (wide, low) in enumerate(((96, 520), (120, 620))[: 1 + sheet.variant % 2]):
        count = 27 + row * 6
        for i in range(count):
            t = i / (count - 1)
            angle = math.pi * t
            x = -wide * 1.36 * math.cos(angle) * (0.62 + 0.38 * math.sin(angle))
            y = 330 + (low - 330) * math.sin(angle) ** 0.85
            _pearl(sheet, x, y, 8 + 6 * math.sin(angle), paint)


def pendant(sheet: Sheet) -> None:
    """A fine chain with one stone, heart or disc."""
    chain = "M0 170C-150 160 -190 300 -120 430C-80 500 -30 540 0 580C30 540 80 500 120 430C190 300 150 160 0 170"
    sheet.cord(chain, 1, "metal", shadow=False)
    _metal_line(sheet, chain, 6)
    sheet.line(chain, sheet.metal.deep, 6, 0.5, dash="2 5")
    kind = sheet.variant % 3
    if kind == 0:
        sheet.panel(oval(0, 622, 44, 44), "metal", casts=False, lift=4, gloss=1.2, depth=0.5)
        _gem(sheet, 0, 622, 32)
    elif kind == 1:
        sheet.panel(
            "M0 672C-70 620 -54 574 -26 576C-10 578 0 592 0 600C0 592 10 578 26 576C54 574 70 620 0 672Z",
            "metal",
            casts=False,
            lift=4,
            gloss=1.4,
            depth=0.6,
        )
    else:
        sheet.panel(oval(0, 634, 52, 52), "metal", casts=False, lift=4, gloss=1.2, depth=0.6)
        sheet.line(oval(0, 634, 40, 40), sheet.metal.deep, 2, 0.5)
        sheet.ink("M0 606L8 628L30 634L8 642L0 664L-8 642L-30 634L-8 628Z", sheet.metal.light, 0.9)


def _card(sheet: Sheet) -> None:
    sheet.panel(box(-190, 210, 380, 560, 12), "paper", depth=0.6, gloss=0.2)
    sheet.ink(box(-54, 700, 108, 8, 4), "#8b8378", 0.7)
    sheet.ink(box(-34, 718, 68, 5, 2), "#8b8378", 0.5)


def earrings(sheet: Sheet) -> None:
    """A pair on its card: hoops, drops or studs with a stone."""
    _card(sheet)
    for x in (-84, 84):
        kind = sheet.variant % 3
        if kind == 0:
            _metal_line(sheet, oval(x, 460, 66, 72), 14)
            sheet.button(x, 388, 8, "metal")
        elif kind == 1:
            sheet.button(x, 340, 9, "metal")
            _metal_line(sheet, f"M{x} 350L{x} 430", 4)
            _gem(sheet, x, 402, 22)
            sheet.panel(
                f"M{x} 424Q{x + 56} 520 {x} 560Q{x - 56} 520 {x} 424Z", casts=False, lift=5, gloss=1.4, depth=0.6
            )
        else:
            sheet.panel(oval(x, 440, 52, 52), "metal", casts=False, lift=4, gloss=1.2, depth=0.5)
            _gem(sheet, x, 440, 40)


def ring(sheet: Sheet) -> None:
    """Upright on a marble coaster: a band, a signet, or a stone in claws."""
    sheet.panel(oval(0, 690, 230, 74), "paper", depth=0.9, gloss=0.5)
    sheet.panel(oval(0, 676, 230, 74), "paper", casts=False, depth=0.7, gloss=0.5)
    for d in ("M-150 650Q-60 690 30 668Q90 650 160 690", "M-90 720Q-20 700 60 724"):
        sheet.glow(d, "#8b8f98", [(12, 0.07), (5, 0.1), (1.6, 0.3)])
    sheet.ink(oval(16, 682, 118, 17), "#140f18", 0.22)
    hoop, width = oval(0, 536, 128, 136), 30.0 if sheet.variant % 2 else 20.0
    sheet.cord("M-150 400L-149 400M149 680L150 680", 1, "paper", shadow=False)
    sheet.line(oval(0, 536, 119, 130), sheet.metal.deep, width * 0.6)
    _metal_line(sheet, hoop, width)
    if sheet.variant % 3 == 2:
        sheet.panel(
            "M-84 420Q-70 356 0 352Q70 356 84 420Q60 448 0 450Q-60 448 -84 420Z", "metal", lift=3, gloss=1.5, depth=0.6
        )
        return
    sheet.panel("M-56 350L56 350L26 412L-26 412Z", "metal", depth=0.4, gloss=1.3)
    _gem(sheet, 0, 318, 72)
    for x in (-52, 52):
        sheet.button(x, 342, 8, "metal")


def bracelet(sheet: Sheet) -> None:
    """A bangle, a chain, or beads in a ring."""
    kind = sheet.variant % 3
    if kind == 0:
        for dy, width in ((0, 30), (34, 14)):
            _metal_line(sheet, oval(0, 500 + dy, 200, 150), width)
            sheet.cord(f"M-212 {500 + dy}L-211 {500 + dy}M211 {500 + dy}L212 {500 + dy}", 1, "metal", shadow=False)
    elif kind == 1:
        for i in range(30):
            a = math.radians(i * 12)
            with sheet.placed(200 * math.cos(a), 500 + 150 * math.sin(a), turn=i * 12 + 90):
                sheet.line(oval(0, 0, 24, 13), sheet.metal.deep, 9)
                sheet.line(oval(0, 0, 24, 13), sheet.metal.base, 6.5)
                sheet.line(oval(-1, -1, 24, 13), sheet.metal.light, 2)
        sheet.panel(
            "M0 740C-54 700 -42 662 -20 664C-8 666 0 676 0 684C0 676 8 666 20 664C42 662 54 700 0 740Z",
            "metal",
            lift=4,
            gloss=1.4,
        )
        sheet.cord("M-220 350L-219 350M219 650L220 650", 1, "metal", shadow=False)
    else:
        for i in range(24):
            a = math.radians(i * 15)
            _pearl(sheet, 200 * math.cos(a), 500 + 160 * math.sin(a), 25, sheet.main if i % 6 else sheet.metal)
        sheet.cord("M-222 330L-221 330M221 680L222 680", 1, "metal", shadow=False)


def watch(sheet: Sheet) -> None:
    """On a leather strap or a metal band; round or square."""
    metal_band = sheet.variant % 3 == 1
    for flip in (1, -1):
        strap = (
            f"M-50 {500 - flip * 90}L50 {500 - flip * 90}L{36} {500 - flip * 380}"
            f"Q0 {500 - flip * 400} -36 {500 - flip * 380}Z"
        )
        sheet.panel(strap, "metal" if metal_band else "main", depth=0.8)
        if metal_band:
            for i in range(13):
                y = 500 - flip * (110 + i * 21)
                sheet.seam(f"M-48 {y}L48 {y}", tone="metal", width=2.4, opacity=0.7)
            for x in (-16, 16):
                sheet.seam(f"M{x} {500 - flip * 96}L{x * 0.8} {500 - flip * 376}", tone="metal", opacity=0.5)
        else:
            sheet.stitch(f"M-42 {500 - flip * 104}L-30 {500 - flip * 372}M42 {500 - flip * 104}L30 {500 - flip * 372}")
            if flip < 0:
                for i in range(4):
                    sheet.ink(oval(0, 690 + i * 38, 5, 4), "#120e14", 0.8)
    if not metal_band:
        sheet.panel(box(-48, 116, 96, 44, 8), "metal", casts=False, lift=3, depth=0.3)
        sheet.panel(box(-34, 126, 68, 24, 3), casts=False, depth=0.3)
    square = sheet.variant % 4 == 3
    case = box(-112, 382, 224, 236, 40) if square else oval(0, 500, 124, 124)
    face = box(-92, 402, 184, 196, 28) if square else oval(0, 500, 102, 102)
    sheet.panel(box(116, 484, 24, 32, 6), "metal", depth=0.3)
    sheet.panel(case, "metal", lift=6, depth=0.7, gloss=1.4)
    if sheet.back:
        sheet.panel(face, "metal", casts=False, gloss=0.8)
        sheet.line(oval(0, 500, 74, 74), sheet.metal.deep, 2, 0.5)
        return
    sheet.panel(face, "paper" if sheet.variant % 2 else "#2a2f3c", casts=False, depth=0.5)
    ink = "#2a2a30" if sheet.variant % 2 else "#efe8d8"
    for i in range(12):
        a = math.radians(i * 30)
        r = 78 if i % 3 else 72
        sheet.line(
            f"M{88 * math.sin(a)} {500 - 88 * math.cos(a)}L{r * math.sin(a)} {500 - r * math.cos(a)}",
            ink,
            5 if i % 3 == 0 else 3,
        )
    # Ten past ten, as in every shop window.
    sheet.line("M0 500L-46 472", ink, 7)
    sheet.line("M0 500L56 462", ink, 5)
    sheet.line("M-8 514L30 566", "#c0362f", 2.4)
    sheet.ink(oval(0, 500, 7, 7), sheet.metal.base)
    with sheet.within(face):
        sheet.ink("M-110 560L20 380L70 380L-70 600Z", "#ffffff", 0.12)


def brooch(sheet: Sheet) -> None:
    """A flower of metal leaves around a stone."""
    for i in range(8):
        with sheet.placed(0, 500, turn=i * 45):
            sheet.panel(
                "M0 -30Q64 -100 0 -190Q-64 -100 0 -30Z", "metal" if i % 2 else "main", lift=3, gloss=1.4, depth=0.5
            )
            sheet.seam("M0 -50L0 -170", tone="metal", opacity=0.5)
    sheet.panel(oval(0, 500, 62, 62), "metal", lift=5, gloss=1.2, depth=0.5)
    _gem(sheet, 0, 500, 48, tone="second")
    for i in range(12):
        a = math.radians(i * 30)
        _pearl(sheet, 58 * math.cos(a), 500 + 58 * math.sin(a), 7, sheet.tone("cream"))
