"""Bags and small leather goods, standing with their front to the viewer."""

from threadly.sample.pictures.paths import across, box, oval, whole
from threadly.sample.pictures.sheet import Sheet


def _outline_stitch(sheet: Sheet, d: str) -> None:
    sheet.stitch(d, opacity=0.8)


def _clasp(sheet: Sheet, x: float, y: float, size: float = 1.0) -> None:
    with sheet.placed(x, y, scale=size):
        sheet.panel(box(-24, -17, 48, 34, 8), "metal", casts=False, lift=3, depth=0.3, gloss=1.0)
        sheet.panel(box(-9, -23, 18, 46, 6), "metal", casts=False, lift=2, depth=0.3, gloss=1.0)


def handbag(sheet: Sheet) -> None:
    """A structured bag with two rolled handles and a flap or a zip."""
    sheet.cord("M-92 470C-96 330 -70 262 0 262C70 262 96 330 92 470", 17, "dim")
    body = whole("M0 436L168 436Q188 438 194 470L214 690Q214 712 190 714L0 718")
    sheet.panel(
        body,
        folds=[
            ((-150, 460), (-160, 580), (-176, 700), 30, -0.7),
            ((150, 470), (170, 600), (176, 700), 20, 0.35),
            ((-60, 650), (0, 664), (80, 650), 16, 0.3),
        ],
    )
    _outline_stitch(sheet, whole("M0 446L164 446Q180 448 184 472L204 688Q204 702 188 704L0 708"))
    if not sheet.back:
        if sheet.variant % 2 == 0:
            flap = whole("M0 428L176 428Q186 500 172 566Q150 592 0 594")
            sheet.panel(flap, lift=8, depth=0.8)
            _outline_stitch(sheet, whole("M0 438L167 438Q176 500 163 560Q145 582 0 584"))
            _clasp(sheet, 0, 592)
        else:
            sheet.zipper("M-166 446L166 446", puller=(150, 448))
            sheet.panel(box(-96, 540, 192, 120, 14), lift=4, casts=False, depth=0.5)
            _outline_stitch(sheet, box(-88, 548, 176, 104, 10))
    else:
        sheet.zipper("M-90 540L90 540", puller=(78, 542))
    sheet.cord("M-104 480C-110 310 -80 236 0 236C80 236 110 310 104 480", 18)
    for side in (1, -1):
        sheet.panel(box(side * 104 - 17, 458, 34, 56, 8), lift=4, casts=False, depth=0.4)
        sheet.button(side * 104, 474, 5, "metal")
        sheet.button(side * 104, 498, 5, "metal")
        sheet.button(side * 196, 708, 6, "metal")


def tote(sheet: Sheet) -> None:
    """A big open shopper with long handles."""
    sheet.cord("M-84 420C-90 250 -60 166 0 166C60 166 90 250 84 420", 20, "dim")
    sheet.panel(whole("M0 384L184 380L178 410L0 420"), "lining", casts=False)
    sheet.panel(
        whole("M0 402Q100 402 186 384Q196 560 206 700Q206 716 186 718L0 722"),
        folds=[
            ((-110, 410), (-90, 540), (-120, 690), 30, 0.45),
            ((90, 410), (120, 520), (100, 700), 26, 0.5),
            ((-30, 420), (-40, 560), (-30, 700), 40, -0.6),
            ((-190, 640), (-120, 680), (-60, 690), 18, 0.4),
        ],
    )
    _outline_stitch(sheet, across("M0 416Q100 416 186 398"))
    sheet.cord("M-84 470C-96 260 -66 150 0 150C66 150 96 260 84 470", 22, "second" if sheet.variant % 2 else "main")
    for side in (1, -1):
        sheet.panel(
            box(side * 84 - 16, 424, 32, 66, 3),
            "second" if sheet.variant % 2 else "main",
            casts=False,
            lift=3,
            depth=0.3,
        )
        sheet.stitch(f"M{side * 84 - 11} 440L{side * 84 + 11} 484M{side * 84 + 11} 440L{side * 84 - 11} 484")
    if not sheet.back and sheet.variant % 3 == 0:
        sheet.panel(box(-80, 540, 160, 120, 4), casts=False, lift=2, depth=0.4)
        _outline_stitch(sheet, box(-73, 547, 146, 106, 3))


def backpack(sheet: Sheet) -> None:
    """A rounded pack with a front pocket, side buckles and a grab loop."""
    sheet.cord("M-36 250C-40 196 40 196 36 250", 16)
    if not sheet.back:
        for side in (1, -1):
            sheet.cord(f"M{side * 110} 300Q{side * 216} 420 {side * 168} 640", 22, "dim")
    sheet.panel(
        whole("M0 234C100 232 168 280 174 380L186 676Q184 714 150 716L0 718"),
        depth=1.3,
        folds=[((-120, 300), (-140, 420), (-150, 690), 34, -0.7), ((130, 300), (150, 480), (146, 690), 22, 0.4)],
    )
    if sheet.back:
        for side in (1, -1):
            sheet.panel(
                f"M{side * 40} 270L{side * 96} 272Q{side * 140} 440 {side * 128} 580L{side * 92} 580"
                f"Q{side * 96} 420 {side * 40} 270Z",
                "dim",
                lift=6,
                casts=False,
            )
            sheet.cord(f"M{side * 110} 580L{side * 148} 690", 12, "ink")
        sheet.panel(box(-90, 460, 180, 190, 24), "dim", lift=2, casts=False)
        return
    if sheet.variant % 2:
        sheet.panel(whole("M0 228C104 226 172 276 178 372Q180 456 150 470L0 474"), lift=8)
        for x in (-84, 84):
            sheet.panel(box(x - 14, 420, 28, 150, 4), "tan", lift=4, casts=False, depth=0.3)
            sheet.panel(box(x - 20, 520, 40, 34, 5), "metal", lift=2, casts=False, depth=0.2)
            sheet.panel(box(x - 10, 527, 20, 20, 2), "tan", casts=False, depth=0.2)
    else:
        sheet.zipper("M-156 480C-160 330 -100 268 0 266C100 268 160 330 156 480", puller=(156, 478))
    sheet.panel(whole("M0 528L120 528Q140 530 142 560L146 668Q144 690 122 690L0 692"), lift=6, casts=False, depth=1.0)
    sheet.zipper("M-122 556L122 556", puller=(104, 558))
    sheet.panel(box(-26, 380, 52, 44, 6), "tan", lift=2, casts=False, depth=0.3)


def crossbody(sheet: Sheet) -> None:
    """Small, with a long strap or chain and a round or square body."""
    strap = "M-150 520C-190 300 -120 170 0 166C120 170 190 300 150 520"
    if sheet.variant % 3 == 1:
        sheet.cord(strap, 7, "metal")
        sheet.line(strap, sheet.metal.deep, 8, 0.8, dash="3 9")
    else:
        sheet.cord(strap, 12)
    if sheet.variant % 2:
        body, flap = (
            "M0 474L120 474C190 478 196 560 184 620C170 690 110 712 0 714",
            "M0 466L124 466C196 472 200 560 170 602Q120 626 0 628",
        )
    else:
        body, flap = "M0 490L156 490L166 500L170 700L160 712L0 714", "M0 482L160 482L168 494L168 600L84 640L0 648"
    sheet.panel(whole(body))
    if sheet.back:
        sheet.zipper("M-100 560L100 560", puller=(86, 562))
        return
    sheet.panel(whole(flap), lift=9, depth=0.9, folds=[((-130, 500), (-100, 540), (-110, 600), 26, -0.9)])
    _clasp(sheet, 0, 634, 0.9)
    for side in (1, -1):
        sheet.line(oval(side * 152, 500, 13, 15), sheet.metal.dark, 6)
        sheet.line(oval(side * 152, 500, 13, 15), sheet.metal.light, 2.4)


def clutch(sheet: Sheet) -> None:
    """An envelope or a framed evening bag."""
    if sheet.variant % 2 == 0:
        sheet.panel(box(-230, 420, 460, 280, 14))
        if sheet.back:
            sheet.zipper("M-150 500L150 500", puller=(130, 502))
            return
        sheet.panel("M-232 416L232 416L226 436L14 594Q0 602 -14 594L-226 436Z", lift=10, depth=0.8)
        _outline_stitch(sheet, "M-214 430L-10 582Q0 588 10 582L214 430")
        sheet.button(0, 576, 13, "metal")
    else:
        sheet.panel(
            whole("M0 440Q150 440 206 470Q244 560 214 660Q150 706 0 708"),
            depth=1.3,
            folds=[(((x, 470), (x * 1.1, 560), (x * 1.02, 690), 18, 0.5)) for x in (-150, -96, -40, 30, 90, 150)],
        )
        sheet.panel(whole("M0 428Q150 428 212 458L206 484Q140 456 0 456"), "metal", lift=4, depth=0.5, gloss=1.2)
        for x in (-14, 14):
            sheet.button(x, 424, 13, "metal")


def bucket_bag(sheet: Sheet) -> None:
    """A drawstring bucket."""
    sheet.cord("M-150 470C-180 260 -90 160 0 160C90 160 180 260 150 470", 14, "tan")
    sheet.panel(oval(0, 448, 150, 30), "lining")
    sheet.panel(
        whole("M0 478Q110 478 150 448Q158 560 150 690Q100 718 0 722"),
        folds=[((x, 474), (x * 0.9, 540), (x * 0.96, 640), 22, 0.6) for x in (-118, -74, -28, 24, 70, 116)],
    )
    sheet.panel(whole("M0 660Q110 656 152 640L150 690Q100 718 0 722"), "tan", casts=False, lift=2, depth=0.6)
    sheet.cord(across("M0 520Q90 518 152 492"), 6, "tan")
    for side in (1, -1):
        sheet.cord(f"M{side * 6} 520Q{side * 40} 570 {side * 22} 620", 6, "tan")
        sheet.panel(box(side * 22 - 8, 610, 16, 30, 5), "tan", casts=False, lift=2, depth=0.3)


def belt_bag(sheet: Sheet) -> None:
    """A half-moon on a webbing belt."""
    sheet.cord("M-170 560C-280 520 -270 640 -180 700", 22, "ink")
    sheet.cord("M170 560C280 520 270 640 180 700", 22, "ink")
    sheet.panel(whole("M0 500Q140 500 196 540C210 620 150 706 0 708"), depth=1.3)
    if not sheet.back:
        sheet.zipper(across("M0 546Q120 546 180 574"), puller=(150, 564))
        sheet.panel(whole("M0 598Q90 596 140 612Q130 670 0 680"), "accent", casts=False, lift=4)
    sheet.panel(box(-222, 690, 60, 40, 8), "ink", lift=2, depth=0.4)


def weekender(sheet: Sheet) -> None:
    """A travel bag with leather corners."""
    sheet.cord("M-96 500C-100 390 -70 340 0 340C70 340 100 390 96 500", 17, "tan")
    sheet.panel(
        whole("M0 446Q180 440 236 480Q264 560 250 690Q246 712 220 714L0 718"),
        depth=1.3,
        folds=[
            ((-200, 470), (-220, 580), (-220, 700), 30, -0.6),
            ((190, 480), (210, 600), (196, 700), 24, 0.4),
            ((-40, 480), (-20, 600), (-40, 700), 30, 0.3),
        ],
    )
    sheet.zipper(across("M0 462Q160 458 214 484"), puller=(186, 474))
    for side in (1, -1):
        sheet.panel(
            f"M{side * 252} 620Q{side * 200} 640 {side * 180} 716L{side * 222} 714Q{side * 250} 708 {side * 252} 620Z",
            "tan",
            casts=False,
            depth=0.5,
        )
        sheet.panel(box(side * 100 - 15, 466, 30, 250), "tan", casts=False, lift=3, depth=0.3)
    sheet.cord("M-100 520C-108 360 -76 312 0 312C76 312 108 360 100 520", 18, "tan")


def wallet(sheet: Sheet) -> None:
    """A fold of leather with a snap or a zip."""
    sheet.panel(box(-170, 450, 340, 220, 16), depth=0.9)
    if sheet.back:
        _outline_stitch(sheet, box(-160, 460, 320, 200, 12))
        return
    if sheet.variant % 2:
        sheet.zipper("M-170 640L-170 470Q-168 452 -150 450L150 450Q168 452 170 470L170 640", puller=(168, 630))
    else:
        sheet.panel("M-174 444L174 444Q180 520 170 556Q150 572 -150 572Q-174 560 -174 444Z", lift=8, depth=0.7)
        _outline_stitch(sheet, "M-164 454L164 454Q168 520 160 552Q146 562 -146 562Q-164 552 -164 454Z")
        sheet.button(0, 546, 11, "metal")
    sheet.panel(box(90, 610, 52, 30, 3), "dim", casts=False, depth=0.2)
