"""Hats, scarves, belts, gloves, glasses, ties, socks, umbrellas."""

import math

from threadly.sample.pictures.paths import box, mirrored, moved, oval, whole
from threadly.sample.pictures.sheet import Sheet


def belt(sheet: Sheet) -> None:
    """Rolled up, the buckle in front."""
    for radius, tone in ((120, "dim"), (146, "main"), (172, "dim"), (198, "main")):
        sheet.cord(oval(0, 480 + radius * 0.02, radius, radius * 0.93), 20, tone)
        sheet.line(oval(0, 480 + radius * 0.02, radius, radius * 0.93), sheet.main.deep, 1.4, 0.35, dash="6 4")
    sheet.panel("M-40 646Q100 690 236 612L252 668Q110 752 -46 706Z", lift=6)
    sheet.stitch("M-40 654Q100 698 236 622M-42 698Q106 742 248 662")
    for i in range(4):
        sheet.ink(oval(-10 + i * 34, 684 + i * 3 - i * i * 2, 5, 4), "#141018", 0.8)
    with sheet.placed(204, 660, turn=-24):
        sheet.panel(box(-46, -58, 92, 116, 14), "metal", lift=5, depth=0.4, gloss=1.2)
        sheet.panel(box(-30, -42, 60, 84, 6), casts=False, depth=0.5)
        sheet.panel(box(-44, -6, 84, 12, 5), "metal", casts=False, lift=2, depth=0.2, gloss=1.2)


def scarf(sheet: Sheet) -> None:
    """Looped once, with fringes at both ends."""
    for x, length, turn in ((-52, 500, 4), (44, 430, -5)):
        with sheet.placed(x, 350, turn=turn):
            sheet.panel(
                f"M-62 0L64 0Q72 {length / 2} 66 {length}L-66 {length}Q-74 {length / 2} -62 0Z",
                lift=5,
                folds=[
                    ((-30, 10), (-36, length / 2), (-26, length), 20, 0.5),
                    ((24, 10), (34, length / 2), (26, length), 20, 0.5),
                    ((-6, 10), (-4, length / 2), (0, length), 24, -0.6),
                ],
            )
            for i in range(17):
                fx = -62 + i * 7.8
                sheet.cord(
                    f"M{fx} {length - 2}"
                    f"Q{fx + sheet.random.uniform(-5, 5)} {length + 24}"
                    f" {fx + sheet.random.uniform(-4, 4)} {length + 46}",
                    3.4,
                    shadow=False,
                )
    sheet.panel(
        "M-170 240C-150 140 150 140 170 240C180 330 100 410 0 412C-100 410 -180 330 -170 240Z",
        lift=4,
        folds=[
            ((-150, 230), (-80, 330), (30, 370), 26, 0.7),
            ((-140, 280), (-60, 370), (50, 396), 18, 0.6),
            ((150, 230), (100, 320), (20, 350), 24, 0.6),
        ],
    )
    sheet.panel(oval(0, 232, 92, 46), "lining", casts=False, depth=1.2)
    sheet.glow(oval(0, 232, 92, 46), "#0c0a14", [(30, 0.07), (16, 0.1), (7, 0.12)])


def silk_scarf(sheet: Sheet) -> None:
    """A square, folded to a triangle, with a border."""
    square = "M0 200L300 500L0 800L-300 500Z"
    sheet.panel(
        square,
        depth=0.5,
        folds=[((0, 210), (10, 500), (0, 790), 30, 0.3), ((-290, 500), (0, 490), (290, 500), 26, 0.3)],
    )
    for inset, width in ((22, 16), (44, 4)):
        ring = f"M0 {200 + inset * 1.41}L{300 - inset * 1.41} 500L0 {800 - inset * 1.41}L{-300 + inset * 1.41} 500Z"
        sheet.line(ring, sheet.second.base, width, 0.95)
    if sheet.variant % 2:
        sheet.panel("M0 800L300 500L120 470L-60 640Z", "dim", printed=True, lift=8, depth=0.6)


def beanie(sheet: Sheet) -> None:
    """A knitted cap with a deep cuff, sometimes a pompom."""
    if sheet.variant % 2 == 0:
        sheet.panel(oval(0, 290, 66, 62), "second", depth=1.2)
        for i in range(150):
            # The golden angle spreads the woollen ends evenly over the ball.
            turn, away = i * 2.39996, 68 * math.sqrt((i + 0.5) / 150)
            x, y = away * math.cos(turn), 290 + away * math.sin(turn) * 0.93
            tone = (sheet.second.light, sheet.second.dark, sheet.second.base)[i % 3]
            sheet.line(f"M{x * 0.86} {290 + (y - 290) * 0.86}L{x * 1.08} {290 + (y - 290) * 1.08}", tone, 4, 0.6)
    sheet.panel(
        whole("M0 332C110 332 182 420 188 560L0 580"),
        folds=[((x * 0.3, 344), (x * 0.8, 440), (x, 560), 16, 0.35) for x in (-130, -60, 50, 120)],
    )
    with sheet.within(whole("M0 332C110 332 182 420 188 560L0 580")):
        sheet.ribs([((x * 0.35, 330), (x, 560)) for x in range(-184, 185, 20)], opacity=0.35)
    sheet.panel(whole("M0 556Q120 556 194 540Q206 600 196 662Q100 684 0 684"), "accent", lift=5)
    sheet.ribs(
        [((x, 560 - abs(x) * 0.06), (x * 1.0, 678 - abs(x) * 0.06)) for x in range(-180, 181, 14)],
        tone="accent",
        opacity=0.4,
    )
    if not sheet.back and sheet.variant % 3 == 0:
        sheet.panel(box(-30, 602, 60, 36, 3), "tan", casts=False, lift=2, depth=0.3)


def cap(sheet: Sheet) -> None:
    """A baseball cap, a little from the side."""
    sheet.panel(
        "M-196 590C-200 440 -110 360 10 360C130 362 196 440 196 580Q0 540 -196 590Z",
        folds=[((-120, 410), (-150, 490), (-170, 570), 26, -0.6)],
    )
    for d in ("M10 360Q-60 440 -70 558", "M10 360Q100 420 120 554", "M10 360Q26 440 20 550"):
        sheet.seam(d, opacity=0.5)
        sheet.stitch(moved(d, 6, 0), opacity=0.6)
    for x, y in ((-104, 440), (70, 420), (150, 450)):
        sheet.button(x, y, 5, "metal")
    sheet.panel(oval(10, 360, 17, 9), depth=0.4)
    if sheet.back:
        hole = "M-70 572C-60 490 76 486 92 560Q10 546 -70 572Z"
        sheet.panel(hole, "lining", casts=False)
        sheet.panel("M-84 566Q10 538 106 556L106 584Q10 566 -84 594Z", lift=3, casts=False, depth=0.4)
        return
    sheet.panel(
        "M-200 578C-100 532 110 532 200 572C250 610 268 650 252 672C130 620 -90 620 -224 680"
        "C-246 650 -230 610 -200 578Z",
        "accent",
        lift=6,
    )
    for grow in (10, 22, 34):
        sheet.stitch(
            f"M{-206 - grow * 0.4} {588 + grow}C-100 {546 + grow} 110 {546 + grow} {214 + grow * 0.6} {584 + grow}",
            opacity=0.5,
        )
    if sheet.variant % 2 == 0:
        sheet.panel(oval(-14, 470, 46, 40), "second", casts=False, lift=2, depth=0.3)


def wide_brim_hat(sheet: Sheet) -> None:
    """A fedora or a straw hat with a ribbon."""
    sheet.panel(
        "M-290 610C-270 540 -120 540 0 540C120 540 270 540 290 606C300 670 150 700 0 702C-150 700 -304 676 -290 610Z",
        depth=1.1,
        folds=[((-260, 620), (-120, 600), (0, 600), 26, -0.6), ((240, 640), (120, 676), (0, 684), 24, 0.4)],
    )
    sheet.ink(oval(8, 616, 166, 46), "#140f18", 0.2)
    sheet.panel(
        "M-150 610C-150 500 -140 420 -96 384C-60 366 -30 396 0 396C30 396 70 364 104 386"
        "C140 420 150 500 150 610Q0 656 -150 610Z",
        folds=[((-60, 392), (-20, 430), (0, 500), 26, 0.5), ((-110, 410), (-120, 500), (-124, 600), 30, -0.7)],
    )
    sheet.panel("M-152 566Q0 612 152 566L152 612Q0 660 -152 612Z", "second", casts=False, depth=0.5)
    if sheet.variant % 2 == 0:
        with sheet.within(
            "M-290 610C-270 540 -120 540 0 540C120 540 270 540 290 606C300 670 150 700 0 702"
            "C-150 700 -304 676 -290 610Z"
        ):
            for i in range(6):
                sheet.line(oval(0, 616, 180 + i * 20, 56 + i * 9), sheet.main.deep, 1.6, 0.25, dash="7 4")
    sheet.panel("M130 574L164 564L160 616L134 622Z", "second", lift=3, casts=False, depth=0.4)


def gloves(sheet: Sheet) -> None:
    """A pair, one over the other."""
    hand = (
        "M-76 700L-82 520Q-92 470 -90 420L-98 300Q-96 276 -80 276Q-64 278 -62 300L-54 410"
        "L-46 256Q-42 234 -26 236Q-12 238 -12 258L-10 408"
        "L10 268Q14 248 30 252Q44 256 42 276L32 420L62 320Q70 304 84 310Q96 316 92 334L68 470"
        "Q66 500 84 490L116 450Q130 434 144 446Q154 458 144 474L96 566Q84 590 82 620L80 700Z"
    )
    for flip, x, y, turn in ((True, -78, 0, -9), (False, 84, 34, 8)):
        with sheet.placed(x, y, turn=turn, flip=flip):
            sheet.panel(
                hand,
                lift=5,
                folds=[((-70, 560), (0, 580), (70, 560), 14, 0.4), ((-60, 440), (0, 456), (50, 440), 12, 0.4)],
            )
            for line in ("M-52 420L-44 500", "M-10 416L-8 500", "M32 424L24 500"):
                if not sheet.back:
                    sheet.seam(line, opacity=0.4)
            sheet.panel(
                "M-84 660Q0 672 86 660L88 740Q0 754 -86 740Z",
                "second" if sheet.variant % 2 else "dim",
                lift=2,
                depth=0.6,
            )
            sheet.ribs([((x0, 664), (x0, 744)) for x0 in range(-76, 80, 10)], opacity=0.25)
            if sheet.variant % 3 == 0:
                sheet.button(20, 640, 7, "metal")


def sunglasses(sheet: Sheet) -> None:
    """Folded open on the table: round, square or cat-eyed."""
    kind = sheet.variant % 3
    for side in (1, -1):
        sheet.cord(f"M{side * 226} 520Q{side * 262} 470 {side * 190} 400L{side * 120} 372", 13)
    lens = (
        oval(122, 560, 96, 88),
        "M34 498L206 490Q226 494 224 530Q220 640 130 646Q46 648 36 570Q32 520 34 498Z",
        "M32 520Q90 476 240 468Q246 500 226 550Q200 642 120 640Q44 630 32 520Z",
    )[kind]
    for d, flip in ((lens, False), (mirrored(lens), True)):
        sheet.panel(d, depth=0.5, gloss=1.2)
        x = -122 if flip else 122
        with sheet.placed(x, 562, scale=0.83), sheet.placed(-x, -562):
            sheet.panel(d, "#4a4038" if sheet.main.luminance > 0.4 else "#5a5348", casts=False, depth=0.8, gloss=0.4)
            with sheet.within(d):
                sheet.ink(f"M{x - 90} 660L{x - 10} 440L{x + 30} 440L{x - 50} 660Z", "#ffffff", 0.16)
                sheet.ink(f"M{x - 30} 660L{x + 50} 440L{x + 64} 440L{x - 16} 660Z", "#ffffff", 0.13)
                sheet.ink(f"M{x - 130} 590Q{x} 560 {x + 130} 590L{x + 130} 700L{x - 130} 700Z", "#e8b27a", 0.18)
    sheet.cord("M-34 536Q0 506 34 536", 13, shadow=False)


def glasses(sheet: Sheet) -> None:
    """Spectacles: the same frames with clear lenses."""
    for side in (1, -1):
        sheet.cord(f"M{side * 216} 540Q{side * 250} 470 {side * 180} 400L{side * 110} 376", 7)
        sheet.line(oval(side * 114, 566, 92, 82), sheet.main.deep, 14)
        sheet.line(oval(side * 114, 566, 92, 82), sheet.main.base, 10)
        sheet.line(oval(side * 113, 564, 92, 82), sheet.main.light, 2.4, 0.6)
        sheet.ink(oval(side * 114, 566, 87, 77), "#e9f2f4", 0.35)
        sheet.ink(
            f"M{side * 114 - 50} 620L{side * 114 + 10} 500L{side * 114 + 34} 500L{side * 114 - 26} 620Z", "#ffffff", 0.4
        )
    sheet.cord("M-24 548Q0 524 24 548", 8, shadow=False)


def tie(sheet: Sheet) -> None:
    """A knotted necktie, broad end in front."""
    sheet.cord("M-34 214C-110 150 -60 96 0 92C60 96 110 150 34 214", 26, "dim")
    sheet.panel("M-6 270L34 270L52 760L30 800L4 764Z", "dim", printed=True, depth=0.6)
    sheet.panel(
        "M-30 262L30 262Q40 460 78 790L0 880L-78 790Q-40 460 -30 262Z",
        lift=6,
        folds=[((-10, 270), (-20, 500), (-40, 820), 22, -0.9), ((16, 268), (20, 360), (10, 460), 14, 0.6)],
    )
    sheet.panel(
        "M-46 196L46 196Q42 240 30 274L-30 274Q-42 240 -46 196Z",
        lift=5,
        depth=0.7,
        folds=[((-30, 206), (-6, 240), (14, 270), 12, 0.5)],
    )


def bow_tie(sheet: Sheet) -> None:
    """Tied, lying flat."""
    sheet.cord("M-100 470C-260 380 -200 300 0 296C200 300 260 380 100 470", 22, "dim")
    sheet.pair(
        "M10 500C60 430 160 400 214 420Q236 500 214 590C160 610 60 580 10 520Z",
        lift=6,
        folds=[((24, 508), (100, 480), (180, 450), 20, 0.6), ((24, 516), (100, 540), (180, 570), 20, 0.6)],
    )
    sheet.panel(box(-34, 462, 68, 96, 18), lift=6)


def socks(sheet: Sheet) -> None:
    """A pair, ribbed at the top, heel and toe in the second colour."""
    leg = "M-60 220L52 220L50 500Q52 560 92 600L180 680Q216 716 190 758Q164 796 116 776L-10 706Q-66 670 -64 590Z"
    for x, y, turn in ((-90, -16, -7), (50, 20, 5)):
        with sheet.placed(x, y, turn=turn):
            sheet.panel(
                leg,
                lift=5,
                folds=[((-56, 560), (0, 590), (50, 540), 16, 0.5), ((-58, 500), (-10, 520), (40, 490), 12, 0.35)],
            )
            sheet.panel("M-64 570Q-20 620 -34 694Q-66 664 -64 590Z", "second", casts=False, depth=0.5)
            sheet.panel(
                "M150 654L180 680Q216 716 190 758Q164 796 116 776Q118 700 150 654Z", "second", casts=False, depth=0.6
            )
            sheet.panel("M-64 206L56 206L55 284L-63 284Z", "second" if sheet.variant % 2 else "main", depth=0.5, lift=2)
            sheet.ribs(
                [((x0, 210), (x0, 280)) for x0 in range(-56, 54, 9)], tone="second" if sheet.variant % 2 else "main"
            )


def umbrella(sheet: Sheet) -> None:
    """Open, leaning on its side."""
    sheet.cord("M0 300L0 770Q0 830 44 830Q84 828 82 784", 12, "wood")
    ribs = (-280, -170, -58, 58, 170, 280)
    scallops = "".join(
        f"Q{(a + b) / 2} 486 {b} {548 - abs(b) * 0.06}" for a, b in zip(ribs[:0:-1], ribs[-2::-1], strict=True)
    )
    sheet.panel(f"M-280 531C-250 360 -120 270 0 262C120 270 250 360 280 531{scallops}Z", depth=1.1)
    for x in ribs[1:-1]:
        sheet.seam(f"M0 262Q{x * 0.9} 350 {x} {546 - abs(x) * 0.06}", opacity=0.6)
    sheet.cord("M0 236L0 262", 8, "metal")


def hair_band(sheet: Sheet) -> None:
    """A scrunchie, or a padded headband with a knot."""
    if sheet.variant % 2:
        petals = [(92, 0), (66, 58), (0, 82), (-66, 58), (-94, 0), (-66, -58), (0, -82), (66, -58)]
        edge = "".join(
            f"Q{x * 2.5} {520 + y * 2.5} {(x + u) * 1.08} {520 + (y + v) * 1.08}"
            for (x, y), (u, v) in zip(petals, [*petals[1:], petals[0]], strict=True)
        )
        (x, y), (u, v) = petals[-1], petals[0]
        folds = [((x, 520 + y), (x * 1.4, 520 + y * 1.4), (x * 1.9, 520 + y * 1.9), 20.0, 0.8) for x, y in petals]
        sheet.panel(f"M{(x + u) * 1.08} {520 + (y + v) * 1.08}{edge}Z", depth=1.2, folds=folds)
        sheet.panel(oval(0, 520, 84, 72), "lining", casts=False, depth=1.2)
        sheet.glow(oval(0, 520, 84, 72), "#0c0a14", [(40, 0.06), (24, 0.08), (10, 0.1)])
        return
    band = (
        "M-190 740C-290 420 -160 250 0 250C160 250 290 420 190 740Q170 752 156 738"
        "C220 460 120 330 0 330C-120 330 -220 460 -156 738Q-170 752 -190 740Z"
    )
    sheet.panel(
        band,
        depth=1.2,
        folds=[((-150, 330), (-90, 300), (-30, 280), 24, -0.8), ((40, 270), (110, 310), (170, 380), 18, 0.4)],
    )
    sheet.panel(
        box(-46, 236, 92, 108, 34),
        lift=6,
        depth=1.2,
        folds=[((-30, 250), (-10, 290), (-24, 336), 16, 0.6), ((22, 250), (8, 290), (26, 336), 16, 0.6)],
    )
