"""Skirts."""

from threadly.sample.pictures.paths import across, box, whole
from threadly.sample.pictures.sheet import Sheet
from threadly.sample.pictures.waists import clips, elastic_waist, gathers, waistband


def mini_skirt(sheet: Sheet) -> None:
    """Short, straight, buttoned or with a zip."""
    _skirt(sheet, waist=116, hem=176, bottom=450, hip=164)
    if sheet.back:
        sheet.seam("M0 156L0 458")
    elif sheet.variant % 2 == 0:
        sheet.panel(box(-15, 154, 30, 306), casts=False, depth=0.3, lift=2)
        for i in range(5):
            sheet.button(0, 182 + i * 60, 7.5, "metal")
    else:
        sheet.stitch("M28 158Q32 230 3 272")
    waistband(sheet, 116, 120, 34, button=False)


def midi_skirt(sheet: Sheet) -> None:
    """A pencil or softly flared skirt to the calf."""
    if sheet.variant % 2:
        _skirt(sheet, waist=100, hem=128, bottom=790, hip=148)
        sheet.seam("M44 560L40 796", width=2.6, opacity=0.8)
    else:
        _skirt(sheet, waist=96, hem=252, bottom=800, hip=140, flowing=True)
    waistband(sheet, 98, 120, 34, loops=False, button=False)


def pleated_skirt(sheet: Sheet) -> None:
    """Knife pleats from waist to hem."""
    bottom, waist, hem, count = 640, 98, 250, 12
    clips(sheet, waist, 120)
    d = _skirt_outline(waist, hem, bottom, 140)
    zigzag = "".join(
        f"L{hem - 2 * hem * i / (2 * count)} {bottom + (12 if i % 2 else -4) + 12 * (1 - abs(1 - i / count))}"
        for i in range(2 * count + 1)
    )
    sheet.panel(
        f"M{-waist} 120L{waist} 120C{waist + 12} 170 132 210 140 250L{hem} {bottom}{zigzag}"
        f"L-140 250C-132 210 {-waist - 12} 170 {-waist} 120Z",
        depth=0.8,
    )
    with sheet.within(d):
        for i in range(-count + 1, count):
            top, low = waist * i / count, hem * i / count
            for width, opacity in ((1.0, 0.1), (0.6, 0.12), (0.3, 0.12)):
                step = hem / count * width
                sheet.ink(
                    f"M{top} 150L{low} {bottom + 20}L{low + step} {bottom + 20}L{top + waist / count * width} 150Z",
                    sheet.main.deep,
                    opacity,
                )
            sheet.line(f"M{top} 150L{low} {bottom + 20}", sheet.main.light, 1.6, 0.5)
    waistband(sheet, waist, 120, 36, loops=False, button=False)


def maxi_skirt(sheet: Sheet) -> None:
    """To the floor, in tiers."""
    rows = ((98, 120, 150, 380), (140, 372, 206, 630), (196, 622, 276, 900))
    clips(sheet, 98, 120)
    for waist, top, hem, bottom in reversed(rows):
        d = whole(
            f"M0 {top}L{waist} {top}Q{(waist + hem) / 2 + 12} {(top + bottom) / 2} {hem} {bottom}"
            f"Q{hem * 0.5} {bottom + 26} 0 {bottom + 26}"
        )
        sheet.panel(d, lift=6 if top > 130 else 3, folds=gathers(sheet, waist, top, hem, bottom))
    elastic_waist(sheet, 100, 116, 30, cord=sheet.variant % 2 == 0, tone="main")


def _skirt_outline(waist: float, hem: float, bottom: float, hip: float) -> str:
    return whole(
        f"M0 120L{waist} 120C{waist + 14} 170 {hip - 8} 210 {hip} 260"
        f"C{hip + 6} {(260 + bottom) / 2} {hem} {bottom - 80} {hem} {bottom}"
        f"Q{hem * 0.5} {bottom + 22} 0 {bottom + 22}"
    )


def _skirt(sheet: Sheet, *, waist: float, hem: float, bottom: float, hip: float, flowing: bool = False) -> None:
    clips(sheet, waist, 120)
    if not sheet.back:
        sheet.panel(whole(f"M0 112L{waist - 8} 114L{waist - 4} 132L0 142"), "lining", casts=False, depth=0.4)
    folds = (
        gathers(sheet, waist, 150, hem, bottom)
        if flowing
        else [
            ((-hip + 8, 250), (-hip * 0.5, 262), (-20, 240), 16, 0.45),
            ((hip - 8, 270), (hip * 0.5, 276), (30, 300), 16, 0.45),
            ((hip * 0.4, bottom - 130), (hip * 0.46, bottom - 60), (hip * 0.5, bottom), 18, 0.5),
            ((-hip * 0.5, bottom - 170), (-hip * 0.5, bottom - 80), (-hip * 0.55, bottom), 18, 0.5),
            ((-hip * 0.4, 200), (-hip * 0.5, 380), (-hip * 0.5, bottom), 34, -0.5),
        ]
    )
    sheet.panel(_skirt_outline(waist, hem, bottom, hip), folds=folds)
    sheet.stitch(across(f"M0 {bottom + 10}Q{hem * 0.5} {bottom + 10} {hem} {bottom - 12}"), opacity=0.5)
