"""Shoes, as pairs seen from the side: the right one in front, its twin behind."""

from collections.abc import Callable

from threadly.sample.pictures.paths import box, moved, oval
from threadly.sample.pictures.sheet import Sheet


def pair(sheet: Sheet, shoe: Callable[[Sheet], None], *, dx: float = -78, dy: float = -46) -> None:
    """The same shoe twice; seen from the other side on the back view."""
    with sheet.placed(flip=sheet.back):
        with sheet.placed(dx, dy, scale=0.97):
            shoe(sheet)
        sheet.ink(moved(oval(0, 700, 230, 20), dx * 0.1, -6), "#140f18", 0.16)
        shoe(sheet)


def _laces(sheet: Sheet, start: tuple[float, float], end: tuple[float, float], count: int, width: float = 40) -> None:
    (x0, y0), (x1, y1) = start, end
    for i in range(count):
        t = i / max(1, count - 1)
        x, y = x0 + (x1 - x0) * t, y0 + (y1 - y0) * t
        sheet.cord(f"M{x - width * 0.42} {y + 14}Q{x} {y - 12} {x + width * 0.42} {y + 5}", 7, "rubber")
        sheet.button(x - width * 0.44, y + 16, 3.4, "metal")


def sneakers(sheet: Sheet) -> None:
    """Low, laced, a white rubber sole, a coloured heel and side panel."""

    def shoe(s: Sheet) -> None:
        s.panel("M-196 560Q-190 548 -160 548Q-126 572 -84 560L-46 566Q-30 590 -60 604L-190 604Z", "lining", casts=False)
        upper = (
            "M-212 650C-220 600 -212 560 -196 544Q-184 536 -170 546C-140 580 -100 572 -66 530"
            "Q-44 516 -30 536C10 584 70 616 140 626C196 634 216 650 214 676L-208 676Z"
        )
        s.panel(
            upper,
            folds=[
                ((60, 600), (74, 630), (70, 668), 12, 0.5),
                ((96, 612), (110, 640), (108, 668), 12, 0.45),
                ((-140, 580), (-130, 620), (-150, 670), 16, 0.4),
            ],
        )
        s.panel(
            "M128 626C190 632 216 648 214 676L108 676Q140 650 128 626Z",
            "second" if s.variant % 2 else "main",
            casts=False,
            depth=0.6,
        )
        s.panel(
            "M-212 650C-220 600 -212 560 -196 544Q-180 534 -166 548Q-178 610 -150 676L-208 676Z",
            "second",
            casts=False,
            depth=0.6,
        )
        s.panel("M-120 676Q-60 600 -10 600L20 614Q-30 630 -70 676Z", "second", casts=False, depth=0.4, lift=2)
        s.stitch("M-124 668Q-66 592 -12 592L26 612")
        s.panel("M-78 530Q-60 498 -30 504L74 590Q60 608 36 604Q-20 580 -66 544Z", "dim", casts=False, depth=0.4, lift=2)
        _laces(s, (-46, 534), (46, 594), 5)
        s.panel("M-216 668Q0 676 222 664Q228 690 214 706Q0 716 -204 706Q-222 694 -216 668Z", "rubber", depth=0.6)
        s.seam("M-214 684Q0 692 222 682", tone="rubber", opacity=0.5)

    pair(sheet, shoe)


def loafers(sheet: Sheet) -> None:
    """Slip-ons with a strap or a metal bit across a stitched apron."""

    def shoe(s: Sheet) -> None:
        s.panel("M-186 570Q-100 600 -20 560L10 590L-180 620Z", "lining", casts=False)
        s.panel(
            "M-206 664C-212 610 -204 580 -190 564C-150 620 -70 616 -24 562C20 572 90 592 150 612"
            "Q208 632 208 672L-60 682L-200 676Z",
            folds=[
                ((-190, 620), (-140, 640), (-70, 650), 14, 0.4),
                ((70, 600), (90, 630), (86, 668), 16, 0.45),
                ((90, 610), (150, 624), (190, 650), 20, -1.0),
            ],
        )
        s.seam("M-10 574Q40 640 120 646Q190 646 202 660", width=3.4, opacity=0.7)
        s.stitch("M-4 568Q50 626 124 634Q190 634 198 648")
        s.panel("M-40 578L14 566Q40 610 30 664L-24 672Q-12 620 -40 578Z", "dim", casts=False, lift=3, depth=0.5)
        if s.variant % 2:
            s.panel(box(-14, 606, 44, 13, 6), "metal", casts=False, lift=3, depth=0.3)
            s.line(oval(-10, 612, 9, 13), s.metal.dark, 4)
            s.line(oval(28, 610, 9, 13), s.metal.base, 4)
        else:
            s.ink("M-6 606L20 600L18 614L-4 620Z", s.main.deep, 0.8)
        s.panel("M-206 670Q-60 688 210 668L210 688Q60 696 -50 692L-200 692Z", "ink", depth=0.3)
        s.panel("M-204 684L-96 690L-100 708L-202 708Z", "ink", depth=0.4)

    pair(sheet, shoe)


def lace_ups(sheet: Sheet) -> None:
    """Oxfords or derbies, with a cap toe and sometimes broguing."""

    def shoe(s: Sheet) -> None:
        s.panel("M-190 556Q-120 590 -70 548L-40 560L-184 610Z", "lining", casts=False)
        s.panel(
            "M-208 664C-214 600 -206 566 -192 548C-150 592 -110 580 -76 540Q-50 530 -30 544"
            "C10 584 90 604 150 618Q210 634 212 672L-60 682L-202 676Z",
            folds=[
                ((60, 596), (74, 630), (68, 670), 13, 0.45),
                ((110, 620), (160, 632), (196, 654), 18, -1.0),
                ((-190, 610), (-160, 640), (-150, 670), 16, 0.35),
            ],
        )
        s.panel(
            "M-80 542Q-50 530 -28 546L28 582Q40 620 -10 640Q-60 620 -80 542Z", "main", casts=False, depth=0.5, lift=2
        )
        s.seam("M116 612Q98 640 112 676", width=2.6, opacity=0.7)
        if s.variant % 2:
            for i in range(7):
                s.ink(oval(110 - (3 - abs(i - 3)) * 4, 618 + i * 8.6, 2, 2), s.main.deep, 0.9)
            s.stitch("M-150 660Q-90 616 -60 600")
        _laces(s, (-54, 552), (6, 586), 4, 36)
        s.panel(
            "M-208 670Q-60 688 214 668L214 688Q60 696 -50 692L-204 692Z", "tan" if s.variant % 3 else "ink", depth=0.3
        )
        s.panel("M-206 684L-100 690L-104 710L-204 710Z", "ink", depth=0.4)

    pair(sheet, shoe)


def heels(sheet: Sheet) -> None:
    """Pointed pumps on a thin or a block heel; some with a strap."""

    def shoe(s: Sheet) -> None:
        s.panel("M-176 474Q-120 540 20 612L0 640Q-120 580 -178 520Z", "cream", casts=False)
        heel = (
            "M-190 520Q-176 600 -180 708L-166 708Q-150 620 -112 580Z"
            if s.variant % 2 == 0
            else "M-192 520L-186 708L-134 708L-110 580Z"
        )
        s.panel(heel, depth=0.6, gloss=1.0)
        s.panel(
            "M-192 540C-198 500 -192 470 -178 458C-150 520 -110 590 -10 618C20 616 40 604 52 598"
            "C110 630 196 664 216 692Q190 704 120 702C0 700 -60 660 -110 600Q-160 570 -192 540Z",
            folds=[
                ((-180, 490), (-150, 560), (-80, 610), 18, -1.3),
                ((70, 620), (130, 654), (190, 684), 20, -1.3),
                ((-100, 600), (-30, 660), (60, 690), 20, 0.5),
            ],
            gloss=1.1,
        )
        s.line("M-110 604C-60 664 0 704 120 706Q190 708 218 694", s.tone("ink").base, 5)
        if s.variant % 3 == 1:
            s.cord("M-182 462Q-120 430 -60 470Q-50 486 -64 496", 9)
            s.button(-66, 494, 6, "metal")

    pair(sheet, shoe, dx=-90, dy=-40)


def sandals(sheet: Sheet) -> None:
    """Straps over a flat or a cork sole."""

    def shoe(s: Sheet) -> None:
        thick = s.variant % 2 == 0
        top = 650 if thick else 672
        s.panel(
            f"M-210 {top}Q-120 {top - 14} -20 {top + 2}Q100 {top + 16} 208 {top - 2}"
            f"Q222 {top + 20} 206 706L-204 706Q-220 690 -210 {top}Z",
            "gum",
            depth=0.6,
        )
        s.line(f"M-212 {top + 2}Q-120 {top - 12} -20 {top + 4}Q100 {top + 18} 210 {top}", s.tone("cream").base, 7)
        s.line("M-204 704L206 704", s.tone("ink").base, 7)
        s.panel(
            f"M40 {top + 10}Q50 {top - 70} 110 {top - 72}Q150 {top - 60} 160 {top + 8}"
            f"L112 {top + 14}Q100 {top - 40} 84 {top + 12}Z",
            lift=3,
            depth=0.5,
        )
        s.panel(
            f"M-60 {top}Q-40 {top - 100} 20 {top - 96}Q60 {top - 84} 66 {top + 8}L20 {top + 8}"
            f"Q10 {top - 40} -18 {top + 4}Z",
            lift=4,
            depth=0.5,
        )
        s.panel(
            f"M-200 {top - 4}Q-220 {top - 100} -204 {top - 128}L-172 {top - 122}Q-180 {top - 60} -166 {top - 8}Z",
            depth=0.5,
        )
        s.cord(f"M-196 {top - 112}Q-110 {top - 150} -40 {top - 90}", 15)
        s.panel(box(-118, top - 148, 26, 26, 4), "metal", casts=False, lift=2, depth=0.2)
        s.panel(box(6, top - 76, 24, 24, 4), "metal", casts=False, lift=2, depth=0.2)

    pair(sheet, shoe)


def ballet_flats(sheet: Sheet) -> None:
    """Low, round-toed, with a bow or a strap."""

    def shoe(s: Sheet) -> None:
        s.panel("M-194 606Q-100 650 60 622L60 664L-190 664Z", "cream", casts=False)
        s.panel(
            "M-208 668C-214 630 -208 606 -194 596C-170 650 -60 674 40 634C60 622 76 610 92 608"
            "C160 616 212 640 214 680Q180 692 40 690L-180 690Q-204 686 -208 668Z",
            folds=[((110, 620), (160, 634), (196, 664), 20, -1.0), ((-190, 640), (-100, 676), (20, 664), 12, 0.4)],
        )
        s.line("M-194 598C-170 652 -60 676 40 636C60 624 76 612 92 610", s.main.deep, 3, 0.5)
        if s.variant % 2 == 0:
            s.panel(
                "M78 618C60 590 34 596 40 614C44 630 64 628 78 618C96 634 124 636 124 616C122 598 92 598 78 618Z",
                "dim",
                lift=3,
                casts=False,
                depth=0.4,
            )
            s.panel(oval(79, 618, 8, 8), lift=2, casts=False, depth=0.3)
        else:
            s.cord("M-176 626Q-80 560 0 646", 11)
            s.button(-90, 590, 6, "metal")
        s.panel("M-204 682Q0 696 214 680L212 698L-198 700Z", "tan", depth=0.3)

    pair(sheet, shoe)


def slippers(sheet: Sheet) -> None:
    """Felt or fleece mules, lined with wool."""

    def shoe(s: Sheet) -> None:
        s.panel("M-212 674Q-214 650 -190 648L60 640L60 690L-200 694Z", "cream", depth=0.6)
        s.panel(
            "M-70 676C-60 610 -20 560 30 556C110 560 208 610 212 672Q206 692 140 692L-60 692Z",
            folds=[((40, 580), (110, 610), (180, 650), 24, -0.8), ((-40, 640), (0, 660), (40, 690), 14, 0.4)],
        )
        fur = "M-72 678C-62 612 -22 560 30 556"
        s.line(fur, s.tone("cream").base, 26)
        s.line(fur, s.tone("cream").deep, 24, 0.25, dash="3 6")
        s.panel("M-214 684L214 682Q218 704 200 710L-200 710Q-220 704 -214 684Z", "gum", depth=0.5)

    pair(sheet, shoe)


def kids_shoes(sheet: Sheet) -> None:
    """Round toes and two straps that close by themselves."""

    def shoe(s: Sheet) -> None:
        s.panel("M-150 552Q-90 580 -30 540L0 560L-140 606Z", "lining", casts=False)
        s.panel(
            "M-170 660C-178 600 -170 560 -154 540C-120 576 -80 566 -40 526Q-10 516 10 540"
            "C50 570 110 562 150 600Q182 640 172 680L-166 680Z",
            folds=[((60, 580), (110, 590), (150, 630), 26, -0.8), ((-150, 600), (-120, 630), (-120, 670), 14, 0.4)],
            depth=1.2,
        )
        s.panel("M80 566Q182 580 174 680L80 680Q120 620 80 566Z", "second", casts=False, depth=0.7)
        for dx, dy in ((0, 0), (44, 34)):
            s.panel(
                moved("M-100 640L-30 556Q-14 544 0 560Q10 572 -4 586L-64 668Z", dx, dy - 6),
                "second",
                casts=False,
                lift=4,
                depth=0.5,
            )
        s.panel("M-178 670Q0 682 180 668Q188 694 174 710L-168 710Q-186 694 -178 670Z", "rubber", depth=0.7)

    pair(sheet, shoe, dx=-86, dy=-46)
