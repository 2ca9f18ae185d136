"""Home textiles and decoration."""

from threadly.sample.pictures.paths import across, box, moved, oval, whole
from threadly.sample.pictures.sheet import Sheet


def cushion(sheet: Sheet) -> None:
    """Square and plump, piped or fringed."""
    d = (
        "M-226 330Q0 366 226 330Q246 326 244 350Q212 520 246 690Q248 714 226 708"
        "Q0 676 -226 708Q-248 714 -246 690Q-212 520 -244 350Q-246 326 -226 330Z"
    )
    if sheet.variant % 2:
        for i in range(34):
            x = -224 + i * 13.6
            for y, way in ((332, -1), (706, 1)):
                sheet.cord(f"M{x} {y}L{x + sheet.random.uniform(-4, 4)} {y + way * 30}", 4, "second", shadow=False)
    sheet.panel(
        d,
        depth=2.0,
        folds=[
            ((-236, 336), (-150, 400), (-90, 430), 24, 0.6),
            ((236, 336), (160, 400), (100, 440), 24, 0.6),
            ((-236, 700), (-160, 640), (-100, 600), 24, 0.6),
            ((236, 700), (160, 640), (90, 590), 24, 0.6),
            ((-70, 420), (-40, 520), (-90, 620), 70, -0.5),
        ],
    )
    if sheet.variant % 2 == 0:
        sheet.line(d, sheet.second.dark, 8, 0.9)
        sheet.line(d, sheet.second.base, 5.5)
    if sheet.back:
        sheet.zipper("M-200 660Q0 640 200 660", puller=(180, 656))


def blanket(sheet: Sheet) -> None:
    """Folded in four, fringes to the front."""
    for y, tone in ((620, "dim"), (548, "main"), (476, "main")):
        sheet.panel(
            f"M-230 {y}Q-262 {y + 36} -230 {y + 84}Q0 {y + 96} 236 {y + 84}Q250 {y + 40} 236 {y}Q0 {y + 10} -230 {y}Z",
            tone,
            lift=4,
            depth=0.9,
            printed=True,
            folds=[((-220, y + 50), (-100, y + 60), (40, y + 50), 14, 0.35)],
        )
    sheet.panel(
        "M-232 400Q0 380 236 400L238 486Q0 500 -234 486Q-262 440 -232 400Z",
        lift=4,
        depth=1.1,
        folds=[((-180, 410), (-60, 430), (80, 420), 18, 0.4)],
    )
    sheet.panel(
        "M60 396L180 398L186 690Q120 700 62 692Z",
        lift=6,
        depth=0.7,
        folds=[((100, 404), (106, 540), (100, 690), 18, 0.4)],
    )
    for i in range(18):
        x = 66 + i * 7
        sheet.cord(
            f"M{x} 692Q{x + sheet.random.uniform(-4, 4)} 716 {x + sheet.random.uniform(-3, 3)} 738", 3.6, shadow=False
        )


def vase(sheet: Sheet) -> None:
    """Ceramic, with dried stems; belly, bottle or cylinder."""
    for x, y, bend in ((-70, 150, -40), (10, 110, 10), (90, 170, 50), (-20, 210, -16)):
        sheet.line(f"M{bend * 0.2} 430Q{bend * 0.4} 300 {x} {y + 40}", "#8d7a55", 3.4)
        for i in range(7):
            for side in (-1, 1):
                sheet.ink(
                    moved(oval(0, 0, 7, 13), x + side * (6 + i) - (x - bend * 0.4) * 0.05 * i, y + i * 17),
                    ("#cbb48a", "#b99a6b", "#dcc9a4")[(i + side) % 3],
                    0.9,
                )
    sheet.cord("M-100 120L-99 120", 1, shadow=False)
    shape = (
        "M0 420L56 418Q62 450 60 474C160 520 176 640 110 714L0 718",
        "M0 400L36 398Q44 470 40 520C130 560 130 680 88 714L0 718",
        "M0 430L92 428Q84 570 96 714L0 718",
    )[sheet.variant % 3]
    sheet.panel(whole(shape), depth=1.5, gloss=1.0)
    mouth = ((56, 419), (36, 399), (92, 429))[sheet.variant % 3]
    sheet.panel(oval(0, mouth[1], mouth[0], 9), "lining", casts=False, depth=0.4)
    if sheet.variant % 2:
        with sheet.within(whole(shape)):
            sheet.ink(box(-200, 640, 400, 90), sheet.second.base, 0.9)
            sheet.line("M-200 640Q0 656 200 640", sheet.second.dark, 2, 0.4)


def candle(sheet: Sheet) -> None:
    """In a glass or a tin, with a plain label."""
    sheet.panel(whole("M0 424L118 424Q126 426 126 440L120 700Q118 716 98 716L0 718"), depth=1.2, gloss=1.1)
    sheet.panel(oval(0, 430, 122, 22), "cream", depth=0.5)
    sheet.line("M0 428Q3 410 -2 398", "#2b2320", 4)
    for size, colour, opacity in ((1.6, "#ffd98a", 0.16), (1.0, "#ffb84d", 0.9), (0.55, "#fff3c4", 0.95)):
        sheet.ink(f"M0 {402}Q{22 * size} {380} 0 {400 - 62 * size}Q{-22 * size} {380} 0 402Z", colour, opacity)
    sheet.panel(box(-70, 520, 140, 110, 4), "paper", casts=False, depth=0.3, lift=1)
    sheet.ink(box(-40, 552, 80, 8, 3), "#55504a", 0.8)
    sheet.ink(box(-26, 572, 52, 5, 2), "#55504a", 0.6)
    sheet.line(oval(0, 600, 8, 8), "#55504a", 2, 0.7)


def lamp(sheet: Sheet) -> None:
    """A table lamp: a round foot and a linen shade."""
    sheet.panel(whole("M0 486L18 486Q24 530 60 570C110 620 96 690 70 714L0 718"), "second", depth=1.3, gloss=0.9)
    sheet.panel(box(-10, 460, 20, 34), "metal", depth=0.3)
    sheet.panel(
        whole("M0 210L110 208Q150 330 190 456Q100 480 0 480"),
        depth=1.0,
        folds=[((-90, 220), (-110, 340), (-140, 470), 40, -0.8)],
    )
    sheet.ink(oval(0, 400, 130, 70), "#ffe9b0", 0.22)
    sheet.ink(oval(0, 420, 80, 44), "#fff3cf", 0.28)
    for line in ("M0 218Q70 218 110 212", "M0 470Q100 470 186 448"):
        sheet.line(across(line), sheet.main.dark, 5, 0.4)


def mug(sheet: Sheet) -> None:
    """A stoneware mug, dipped in a second glaze."""
    handle = "M116 500C210 480 214 640 112 640"
    sheet.cord(handle, 30)
    body = whole("M0 450L124 448Q128 600 108 700Q104 714 84 716L0 718")
    sheet.panel(body, depth=1.3, gloss=0.9)
    with sheet.within(body):
        sheet.ink("M-140 590Q-60 620 0 596Q70 574 140 604L140 740L-140 740Z", sheet.second.base, 0.95)
        sheet.ink("M-96 460Q-104 600 -88 700L-66 704Q-80 600 -72 460Z", "#ffffff", 0.22)
    sheet.panel(oval(0, 450, 123, 20), "dim", depth=0.4)
    sheet.panel(oval(0, 453, 110, 15), "#5a3b28", casts=False, depth=0.5)


def rug(sheet: Sheet) -> None:
    """A runner, half unrolled."""
    d = "M-200 300L200 300L206 726L-206 726Z"
    sheet.panel(d, depth=0.6)
    for inset, width in ((22, 12), (44, 4)):
        sheet.line(
            f"M{-200 + inset} 310L{-204 + inset} {726 - inset}L{204 - inset} {726 - inset}L{200 - inset} 310",
            sheet.second.base,
            width,
            0.9,
        )
    for y in (420, 520, 620):
        sheet.line(f"M0 {y - 40}L70 {y}L0 {y + 40}L-70 {y}Z", sheet.second.base, 8, 0.85)
    sheet.panel("M-212 236Q-224 276 -212 320Q0 330 212 320Q224 276 212 236Q0 224 -212 236Z", "dim", lift=8, depth=1.4)
    sheet.panel(oval(206, 278, 22, 42), "lining", depth=0.5)
    sheet.line(oval(206, 278, 12, 24), sheet.main.deep, 3, 0.6)
    for i in range(30):
        x = -202 + i * 14
        sheet.cord(f"M{x} 724L{x + sheet.random.uniform(-3, 3)} 752", 4, "cream", shadow=False)


def picture_frame(sheet: Sheet) -> None:
    """A framed sheet of shapes."""
    sheet.panel(box(-190, 230, 380, 486, 4), "wood" if sheet.variant % 2 else "ink", depth=0.5)
    sheet.panel(box(-166, 254, 332, 438), "paper", casts=False, depth=0.5)
    if sheet.back:
        sheet.panel(box(-166, 254, 332, 438), "gum", casts=False, depth=0.4)
        sheet.line("M-120 320Q0 380 120 320", "#6d6257", 3)
        return
    a, b, c, d = sheet.inks
    with sheet.within(box(-120, 306, 240, 334)):
        sheet.ink(box(-120, 306, 240, 334), sheet.main.light)
        sheet.ink(oval(40, 410, 60, 60), d)
        sheet.ink("M-120 560Q-60 440 20 520Q80 560 130 500L130 650L-120 650Z", sheet.main.base)
        sheet.ink("M-120 610Q-20 540 60 590Q100 610 130 590L130 650L-120 650Z", a)
        sheet.ink(box(-90, 340, 40, 170, 20), b, 0.8)
        sheet.ink(oval(-70, 330, 18, 18), c, 0.8)
    sheet.ink("M-166 600L60 254L150 254L-166 692Z", "#ffffff", 0.1)


def towels(sheet: Sheet) -> None:
    """Three, folded in a pile."""
    for y, tone in ((628, "main"), (546, "second"), (464, "main")):
        sheet.panel(
            f"M-210 {y}Q-246 {y + 42} -210 {y + 88}L214 {y + 88}Q228 {y + 44} 214 {y}Q0 {y - 8} -210 {y}Z",
            tone,
            lift=5,
            depth=1.3,
            folds=[((-214, y + 44), (-60, y + 52), (120, y + 44), 14, 0.5)],
        )
        sheet.line(f"M150 {y + 4}L152 {y + 86}M166 {y + 4}L168 {y + 86}", sheet.tone("cream").base, 5, 0.7)


def basket(sheet: Sheet) -> None:
    """Woven, with two loops."""
    for side in (1, -1):
        sheet.cord(f"M{side * 120} 470Q{side * 150} 380 {side * 180} 380Q{side * 220} 390 {side * 200} 480", 15, "tan")
    sheet.panel(oval(0, 470, 206, 40), "lining")
    body = whole("M0 506Q140 504 208 468Q204 610 166 700Q150 716 0 720")
    sheet.panel(body, depth=1.4)
    with sheet.within(body):
        for row in range(12):
            for column in range(-11, 12):
                x, y = column * 19 + (row % 2) * 9.5, 486 + row * 20
                sheet.line(f"M{x - 8} {y}Q{x} {y + 9} {x + 8} {y}", sheet.main.deep, 3, 0.4)
                sheet.line(f"M{x - 8} {y - 4}Q{x} {y + 5} {x + 8} {y - 4}", sheet.main.light, 3, 0.4)
    sheet.cord(across("M0 510Q140 508 208 470"), 15, "dim", shadow=False)
