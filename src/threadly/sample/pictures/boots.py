"""Boots and high sneakers, as pairs."""

from threadly.sample.pictures.paths import box
from threadly.sample.pictures.sheet import Sheet
from threadly.sample.pictures.shoes import pair


def high_tops(sheet: Sheet) -> None:
    """Canvas over the ankle, a rubber toe cap and a stripe round the sole."""

    def shoe(s: Sheet) -> None:
        s.panel("M-190 420L-60 414L-64 450L-186 456Z", "lining", casts=False)
        s.panel(
            "M-202 660C-210 570 -200 490 -192 424Q-186 432 -120 430L-54 418"
            "C-50 480 -40 540 10 580C60 606 130 620 186 634Q212 650 208 676L-200 676Z",
            folds=[((-190, 560), (-140, 580), (-90, 560), 16, 0.5), ((40, 596), (56, 630), (50, 670), 13, 0.5)],
        )
        s.panel("M-204 640Q-206 520 -196 430L-172 432Q-180 540 -172 676L-200 676Z", "second", casts=False, depth=0.4)
        s.panel(
            "M-70 420L-50 418C-46 480 -36 540 14 578L60 600Q44 616 24 612C-40 580 -76 500 -78 432Z",
            "dim",
            casts=False,
            depth=0.4,
            lift=2,
        )
        for i in range(7):
            x, y = -60 + i * i * 1.9 + i * 4, 440 + i * 25 - i * i * 0.6
            s.cord(f"M{x - 18} {y + 8}L{x + 20} {y - 4}", 7, "rubber")
        s.button(-132, 540, 30, "rubber")
        s.panel("M130 622Q214 634 212 676L120 676Q150 650 130 622Z", "rubber", casts=False, depth=0.6)
        s.panel("M-210 666L216 664Q222 690 212 706L-202 706Q-214 690 -210 666Z", "rubber", depth=0.5)
        s.line("M-210 676L216 674", s.second.base, 4)

    pair(sheet, shoe)


def ankle_boots(sheet: Sheet) -> None:
    """Leather to the ankle, on a block heel; elastic sides, a zip or laces."""

    def shoe(s: Sheet) -> None:
        s.panel("M-170 420L-30 414L-34 444L-166 450Z", "lining", casts=False)
        s.panel(
            "M-186 660C-176 580 -186 500 -178 424Q-100 434 -22 416C-24 480 -10 540 40 576"
            "C90 604 160 612 190 638Q206 654 204 678L-60 684L-180 674Z",
            folds=[
                ((-176, 560), (-120, 584), (-50, 560), 20, 0.6),
                ((-170, 520), (-110, 540), (-40, 510), 14, 0.4),
                ((60, 592), (70, 630), (56, 668), 14, 0.5),
                ((-130, 440), (-136, 520), (-120, 640), 26, -0.9),
            ],
        )
        if s.variant % 2 == 0:
            s.panel("M-134 436L-76 432Q-80 520 -96 562Q-120 540 -134 436Z", "lining", casts=False, depth=0.3)
            s.ribs([((-128 + i * 7, 440), (-104 + i * 2.4, 552)) for i in range(1, 7)], tone="lining")
            s.cord("M-176 426Q-196 402 -178 394Q-164 400 -166 424", 9, shadow=False)
        else:
            s.zipper("M-96 438Q-92 540 -104 640", puller=(-96, 446))
        s.panel("M-188 668Q-60 684 206 668L206 692Q60 700 -40 694L-100 690L-186 690Z", "ink", depth=0.3)
        s.panel(
            "M-188 684L-98 688L-106 706L-184 706Z" if s.variant % 3 == 0 else "M-188 682L-92 688L-104 732L-182 732Z",
            "ink",
            depth=0.6,
        )

    pair(sheet, shoe)


def knee_boots(sheet: Sheet) -> None:
    """To the knee, with a shaft that has lived."""

    def shoe(s: Sheet) -> None:
        s.panel("M-160 170Q-80 150 4 166L0 200L-156 200Z", "lining", casts=False)
        s.panel(
            "M-164 660C-150 600 -148 560 -156 480C-170 380 -166 260 -164 176Q-80 196 8 172"
            "C10 280 0 380 -16 470C-24 540 0 580 50 600C100 616 170 622 196 646Q206 660 204 680"
            "L-40 690L-160 676Z",
            folds=[
                ((-150, 560), (-90, 580), (-16, 556), 18, 0.6),
                ((-154, 520), (-90, 530), (-20, 500), 14, 0.5),
                ((-160, 400), (-110, 420), (-50, 400), 14, 0.4),
                ((-110, 190), (-118, 350), (-104, 640), 26, -1.0),
                ((64, 606), (72, 640), (60, 672), 13, 0.5),
            ],
        )
        s.seam("M-70 190Q-80 400 -92 560Q-100 640 -100 676", opacity=0.4)
        if s.variant % 2:
            s.panel("M-158 512Q-80 540 -18 500L-18 526Q-80 566 -156 538Z", "dim", lift=4, casts=False, depth=0.4)
            s.panel(box(-76, 516, 30, 34, 4), "metal", lift=3, casts=False, depth=0.2)
        s.panel("M-164 670Q-40 692 206 672L206 694Q60 700 -30 696L-90 692L-160 692Z", "ink", depth=0.3)
        s.panel("M-164 684L-84 690L-104 742L-152 742Z", "ink", depth=0.6)

    pair(sheet, shoe, dx=-96, dy=-40)


def rain_boots(sheet: Sheet) -> None:
    """Glossy rubber to the calf."""

    def shoe(s: Sheet) -> None:
        s.panel("M-172 300L10 300L6 330L-168 330Z", "lining", casts=False)
        s.panel(
            "M-186 676C-176 600 -164 520 -176 304Q-80 318 14 302C10 420 10 500 30 552"
            "C60 592 150 596 186 630Q212 650 210 684L-180 688Z",
            gloss=1.2,
            folds=[
                ((-130, 320), (-124, 460), (-140, 660), 30, -1.3),
                ((-150, 570), (-80, 600), (20, 560), 22, 0.5),
                ((70, 600), (140, 612), (190, 650), 22, -1.2),
            ],
        )
        s.panel("M-177 304Q-80 318 15 302L14 336Q-80 352 -175 338Z", "second", casts=False, depth=0.4)
        s.panel(
            "M-192 668Q0 684 216 668Q222 694 212 710L40 712L30 700L-60 700L-72 714L-186 712Q-198 694 -192 668Z",
            "second" if s.variant % 2 else "ink",
            depth=0.4,
        )
        s.seam("M-176 600Q-90 620 40 580", opacity=0.35)

    pair(sheet, shoe, dx=-96, dy=-42)
