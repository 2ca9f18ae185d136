"""Every silhouette the program can draw, by its stable name."""

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType

from threadly.sample.pictures import (
    accessories,
    bags,
    beauty,
    boots,
    children,
    coats,
    dresses,
    home,
    jackets,
    jewellery,
    knitwear,
    nightwear,
    shoes,
    skirts,
    tops,
    trousers,
)
from threadly.sample.pictures.look import Fabric, Garment, Pose, Print
from threadly.sample.pictures.sheet import Sheet

_F, _P = Fabric, Print
_KNITS = (_F.KNIT, _F.WOOL, _F.CASHMERE, _F.COTTON)
_LIGHT = (_F.COTTON, _F.LINEN, _F.SILK, _F.VISCOSE, _F.POLYESTER)
_JERSEY = (_F.COTTON, _F.POLYESTER, _F.VISCOSE)
_SWEAT = (_F.COTTON, _F.FLEECE, _F.POLYESTER)
_SUIT = (_F.WOOL, _F.LINEN, _F.COTTON, _F.POLYESTER, _F.VELVET)
_DENIM = (_F.DENIM,)
_SHELL = (_F.SYNTHETIC, _F.POLYESTER)
_LEATHER = (_F.LEATHER, _F.SUEDE)
_BAG = (_F.LEATHER, _F.SUEDE, _F.SYNTHETIC)
_SWIM = (_F.SYNTHETIC, _F.POLYESTER)
_HARD = (_F.SYNTHETIC,)

_PLAIN = (_P.PLAIN,)
_TEE = (_P.PLAIN, _P.STRIPES, _P.GRAPHIC, _P.COLOUR_BLOCK, _P.DOTS)
_SHIRT = (_P.PLAIN, _P.STRIPES, _P.PINSTRIPES, _P.CHECKS, _P.GINGHAM, _P.DOTS)
_PRETTY = (_P.PLAIN, _P.FLORAL, _P.DOTS, _P.ANIMAL, _P.STRIPES, _P.GINGHAM, _P.CHECKS)
_KNIT = (_P.PLAIN, _P.STRIPES, _P.COLOUR_BLOCK)
_CLOTH = (_P.PLAIN, _P.CHECKS, _P.PINSTRIPES, _P.HERRINGBONE)
_SPORT = (_P.PLAIN, _P.COLOUR_BLOCK)
_SKIN = (_P.PLAIN, _P.ANIMAL)
_ALL = (_P.PLAIN, _P.FLORAL, _P.DOTS, _P.STRIPES, _P.CHECKS, _P.HERRINGBONE, _P.ANIMAL)

Row = tuple[Callable[[Sheet], None], tuple[Fabric, ...], tuple[Print, ...]]
"""What draws it; the fabrics it may be made of, the usual one first; the prints that suit it."""

_TOPS: tuple[Row, ...] = (
    (tops.t_shirt, _JERSEY, _TEE),
    (tops.long_sleeve, _JERSEY, _TEE),
    (tops.tank_top, _JERSEY, _TEE),
    (tops.camisole, (_F.SILK, _F.VISCOSE, _F.COTTON), _PRETTY),
    (tops.crop_top, _JERSEY, _PRETTY),
    (tops.polo, (_F.COTTON, _F.POLYESTER), _KNIT),
    (tops.shirt, (_F.COTTON, _F.LINEN, _F.DENIM, _F.SILK), _SHIRT),
    (tops.short_sleeve_shirt, (_F.COTTON, _F.LINEN, _F.VISCOSE), (*_SHIRT, _P.FLORAL)),
    (tops.blouse, (_F.VISCOSE, _F.SILK, _F.COTTON, _F.POLYESTER), _PRETTY),
    (tops.sweatshirt, _SWEAT, (*_SPORT, _P.GRAPHIC, _P.STRIPES)),
    (tops.hoodie, _SWEAT, (*_SPORT, _P.GRAPHIC)),
    (knitwear.sweater, _KNITS, _KNIT),
    (knitwear.turtleneck, _KNITS, _KNIT),
    (knitwear.cardigan, _KNITS, _KNIT),
    (knitwear.vest_knit, _KNITS, (*_KNIT, _P.CHECKS)),
)
_OUTERWEAR: tuple[Row, ...] = (
    (jackets.blazer, _SUIT, _CLOTH),
    (jackets.waistcoat, _SUIT, _CLOTH),
    (jackets.denim_jacket, _DENIM, _PLAIN),
    (jackets.biker_jacket, _LEATHER, _PLAIN),
    (jackets.bomber, (_F.SYNTHETIC, _F.POLYESTER, _F.LEATHER, _F.SUEDE), _SPORT),
    (jackets.puffer, _SHELL, _SPORT),
    (jackets.gilet, (_F.SYNTHETIC, _F.FLEECE), _SPORT),
    (coats.trench_coat, (_F.COTTON, _F.POLYESTER, _F.LEATHER), _PLAIN),
    (coats.wool_coat, (_F.WOOL, _F.CASHMERE, _F.POLYESTER), _CLOTH),
    (coats.parka, (_F.COTTON, _F.SYNTHETIC), _PLAIN),
    (coats.raincoat, _SHELL, (_P.PLAIN, _P.DOTS)),
    (coats.kimono, (_F.SILK, _F.VISCOSE, _F.LINEN), (_P.PLAIN, _P.FLORAL, _P.ANIMAL)),
)
_BOTTOMS: tuple[Row, ...] = (
    (trousers.skinny_jeans, _DENIM, _PLAIN),
    (trousers.straight_jeans, _DENIM, _PLAIN),
    (trousers.flared_jeans, _DENIM, _PLAIN),
    (trousers.wide_trousers, (_F.WOOL, _F.LINEN, _F.VISCOSE, _F.POLYESTER), _CLOTH),
    (trousers.chinos, (_F.COTTON, _F.LINEN, _F.WOOL), _CLOTH),
    (trousers.cargo_trousers, (_F.COTTON, _F.POLYESTER), _PLAIN),
    (trousers.joggers, _SWEAT, _PLAIN),
    (trousers.leggings, (_F.SYNTHETIC, _F.COTTON), (_P.PLAIN, _P.ANIMAL)),
    (trousers.shorts, (_F.COTTON, _F.DENIM, _F.LINEN), (_P.PLAIN, _P.CHECKS, _P.STRIPES)),
    (trousers.sport_shorts, _SHELL, _PLAIN),
    (skirts.mini_skirt, (_F.COTTON, _F.DENIM, _F.LEATHER, _F.SUEDE, _F.WOOL), _CLOTH),
    (skirts.midi_skirt, _LIGHT, _PRETTY),
    (skirts.pleated_skirt, (_F.POLYESTER, _F.WOOL, _F.VISCOSE), (_P.PLAIN, _P.CHECKS)),
    (skirts.maxi_skirt, _LIGHT, _PRETTY),
)
_DRESSES: tuple[Row, ...] = (
    (dresses.mini_dress, (_F.COTTON, _F.VISCOSE, _F.VELVET, _F.LINEN), _PRETTY),
    (dresses.midi_dress, _LIGHT, _PRETTY),
    (dresses.maxi_dress, _LIGHT, _PRETTY),
    (dresses.shirt_dress, (_F.COTTON, _F.LINEN, _F.DENIM), _SHIRT),
    (dresses.wrap_dress, (_F.VISCOSE, _F.SILK, _F.POLYESTER), _PRETTY),
    (dresses.slip_dress, (_F.SILK, _F.VISCOSE, _F.VELVET), (_P.PLAIN, _P.ANIMAL, _P.FLORAL)),
    (dresses.evening_gown, (_F.SILK, _F.VELVET, _F.POLYESTER), _PLAIN),
    (dresses.knit_dress, _KNITS, (_P.PLAIN, _P.STRIPES)),
    (dresses.jumpsuit, _LIGHT, _PRETTY),
    (dresses.dungarees, (_F.DENIM, _F.COTTON), _PLAIN),
)
_NIGHTWEAR: tuple[Row, ...] = (
    (nightwear.swimsuit, _SWIM, _PRETTY),
    (nightwear.bikini, _SWIM, _PRETTY),
    (nightwear.swim_shorts, _SHELL, (_P.PLAIN, _P.STRIPES, _P.FLORAL, _P.DOTS)),
    (nightwear.pyjamas, (_F.COTTON, _F.SILK, _F.VISCOSE), (_P.PLAIN, _P.STRIPES, _P.CHECKS, _P.DOTS)),
    (nightwear.nightdress, (_F.COTTON, _F.SILK), (_P.PLAIN, _P.FLORAL, _P.DOTS)),
    (nightwear.bathrobe, (_F.FLEECE, _F.COTTON), (_P.PLAIN, _P.STRIPES)),
    (nightwear.bra_set, (_F.SYNTHETIC, _F.COTTON, _F.SILK), (_P.PLAIN, _P.DOTS)),
    (nightwear.boxers, _JERSEY, (_P.PLAIN, _P.STRIPES, _P.CHECKS)),
    (nightwear.tights, (_F.SYNTHETIC,), (_P.PLAIN, _P.DOTS)),
)
_CHILDREN: tuple[Row, ...] = (
    (children.baby_body, (_F.COTTON,), (_P.PLAIN, _P.STRIPES, _P.DOTS)),
    (children.romper, (_F.COTTON, _F.FLEECE), (_P.PLAIN, _P.STRIPES, _P.DOTS)),
    (children.kids_dress, (_F.COTTON, _F.VELVET), _PRETTY),
    (children.kids_dungarees, (_F.DENIM, _F.COTTON), _PLAIN),
    (children.kids_t_shirt, (_F.COTTON,), (_P.PLAIN, _P.STRIPES)),
    (children.kids_coat, (_F.WOOL, _F.FLEECE, _F.SYNTHETIC), (_P.PLAIN, _P.CHECKS)),
)
_SHOES: tuple[Row, ...] = (
    (shoes.sneakers, (_F.LEATHER, _F.SYNTHETIC, _F.SUEDE), _PLAIN),
    (boots.high_tops, (_F.COTTON, _F.LEATHER), (_P.PLAIN, _P.CHECKS)),
    (boots.ankle_boots, _LEATHER, _SKIN),
    (boots.knee_boots, _LEATHER, _PLAIN),
    (shoes.loafers, _LEATHER, _SKIN),
    (shoes.lace_ups, _LEATHER, _PLAIN),
    (shoes.heels, (_F.LEATHER, _F.SUEDE, _F.SILK), _SKIN),
    (shoes.sandals, _LEATHER, _PLAIN),
    (shoes.ballet_flats, _LEATHER, _SKIN),
    (shoes.slippers, (_F.FLEECE, _F.WOOL, _F.SUEDE), (_P.PLAIN, _P.CHECKS)),
    (boots.rain_boots, _HARD, (_P.PLAIN, _P.DOTS)),
    (shoes.kids_shoes, (_F.LEATHER, _F.SYNTHETIC), _PLAIN),
)
_BAGS: tuple[Row, ...] = (
    (bags.handbag, _BAG, _SKIN),
    (bags.tote, (_F.COTTON, _F.LEATHER, _F.LINEN), (_P.PLAIN, _P.STRIPES, _P.FLORAL)),
    (bags.backpack, (_F.SYNTHETIC, _F.COTTON, _F.LEATHER), (_P.PLAIN, _P.DOTS, _P.FLORAL)),
    (bags.crossbody, _BAG, _SKIN),
    (bags.clutch, (_F.LEATHER, _F.SILK, _F.VELVET), _SKIN),
    (bags.bucket_bag, _BAG, _PLAIN),
    (bags.belt_bag, (_F.SYNTHETIC, _F.LEATHER), _PLAIN),
    (bags.weekender, (_F.COTTON, _F.LEATHER, _F.SYNTHETIC), (_P.PLAIN, _P.CHECKS)),
    (bags.wallet, _LEATHER, _SKIN),
)
_ACCESSORIES: tuple[Row, ...] = (
    (accessories.belt, _LEATHER, _PLAIN),
    (accessories.scarf, (_F.WOOL, _F.KNIT, _F.CASHMERE), (_P.PLAIN, _P.CHECKS, _P.STRIPES, _P.HERRINGBONE)),
    (accessories.silk_scarf, (_F.SILK, _F.POLYESTER), (_P.PLAIN, _P.FLORAL, _P.DOTS, _P.ANIMAL)),
    (accessories.beanie, _KNITS, (_P.PLAIN, _P.STRIPES)),
    (accessories.cap, (_F.COTTON, _F.DENIM, _F.SYNTHETIC), _SPORT),
    (accessories.wide_brim_hat, (_F.WOOL, _F.LINEN), _PLAIN),
    (accessories.gloves, (_F.LEATHER, _F.KNIT, _F.SUEDE), _PLAIN),
    (accessories.sunglasses, _HARD, _SKIN),
    (accessories.glasses, _HARD, _PLAIN),
    (accessories.tie, (_F.SILK, _F.WOOL), (_P.PLAIN, _P.STRIPES, _P.DOTS, _P.CHECKS)),
    (accessories.bow_tie, (_F.SILK, _F.VELVET), (_P.PLAIN, _P.DOTS, _P.CHECKS)),
    (accessories.socks, (_F.COTTON, _F.WOOL), (_P.PLAIN, _P.STRIPES, _P.DOTS)),
    (accessories.umbrella, _SHELL, (_P.PLAIN, _P.DOTS, _P.CHECKS)),
    (accessories.hair_band, (_F.VELVET, _F.SILK, _F.COTTON), (_P.PLAIN, _P.FLORAL, _P.DOTS)),
)
_JEWELLERY: tuple[Row, ...] = (
    (jewellery.necklace, _HARD, _PLAIN),
    (jewellery.pendant, _HARD, _PLAIN),
    (jewellery.earrings, _HARD, _PLAIN),
    (jewellery.ring, _HARD, _PLAIN),
    (jewellery.bracelet, _HARD, _PLAIN),
    (jewellery.brooch, _HARD, _PLAIN),
    (jewellery.watch, (_F.LEATHER, _F.SYNTHETIC), _PLAIN),
)
_HOME: tuple[Row, ...] = (
    (home.cushion, (_F.COTTON, _F.LINEN, _F.VELVET, _F.KNIT), _ALL),
    (home.blanket, (_F.WOOL, _F.KNIT, _F.FLEECE, _F.COTTON), (_P.PLAIN, _P.CHECKS, _P.HERRINGBONE, _P.STRIPES)),
    (home.towels, (_F.FLEECE, _F.COTTON), (_P.PLAIN, _P.STRIPES)),
    (home.rug, (_F.WOOL, _F.COTTON), (_P.PLAIN, _P.HERRINGBONE)),
    (home.vase, _HARD, (_P.PLAIN, _P.STRIPES, _P.DOTS)),
    (home.candle, _HARD, _PLAIN),
    (home.lamp, (_F.LINEN, _F.COTTON), (_P.PLAIN, _P.FLORAL, _P.STRIPES)),
    (home.mug, _HARD, (_P.PLAIN, _P.DOTS)),
    (home.picture_frame, _HARD, _PLAIN),
    (home.basket, _HARD, _PLAIN),
)
_BEAUTY: tuple[Row, ...] = tuple(
    (draw, _HARD, _PLAIN)
    for draw in (
        beauty.perfume,
        beauty.lipstick,
        beauty.skincare_jar,
        beauty.serum,
        beauty.nail_polish,
        beauty.make_up_palette,
        beauty.brush_set,
        beauty.soap,
        beauty.pump_bottle,
    )
)

_FOLDED_TOP, _FOLDED_TROUSERS = (-132.0, 96.0, 132.0, 500.0), (-6.0, 112.0, 134.0, 500.0)
_NEVER_FOLDED = frozenset({"swimsuit", "bikini", "bra-set", "tights", "evening-gown", "camisole", "boxers", "bathrobe"})
_FOCUS = {"hoodie": (0.0, 300.0, 2.0), "parka": (0.0, 380.0, 2.0), "watch": (0.0, 500.0, 2.2), "tie": (0.0, 300.0, 2.6)}


def _family(
    family: str,
    pose: Pose,
    focus: tuple[float, float, float],
    rows: Iterable[Row],
    *,
    folded: tuple[float, float, float, float] | None = None,
    sided: bool = True,
) -> list[Garment]:
    made = []
    for draw, fabrics, prints in rows:
        name = draw.__name__.replace("_", "-")
        made.append(
            Garment(
                name=name,
                family=family,
                draw=draw,
                pose=pose,
                fabric=fabrics[0],
                fabrics=frozenset(fabrics),
                prints=frozenset(prints),
                focus=_FOCUS.get(name, focus),
                folded=None if name in _NEVER_FOLDED else folded,
                sided=sided,
            )
        )
    return made


_EVERY = (
    *_family("tops", Pose.HANGS, (14, 262, 2.3), _TOPS, folded=_FOLDED_TOP),
    *_family("outerwear", Pose.HANGS, (20, 320, 2.2), _OUTERWEAR, folded=_FOLDED_TOP),
    *_family("bottoms", Pose.HANGS, (34, 210, 2.3), _BOTTOMS, folded=_FOLDED_TROUSERS),
    *_family("dresses", Pose.HANGS, (16, 330, 2.2), _DRESSES, folded=_FOLDED_TOP),
    *_family("nightwear", Pose.HANGS, (30, 300, 1.9), _NIGHTWEAR, folded=_FOLDED_TOP),
    *_family("children", Pose.HANGS, (0, 320, 2.0), _CHILDREN, folded=_FOLDED_TOP),
    *_family("shoes", Pose.STANDS, (20, 620, 1.9), _SHOES),
    *_family("bags", Pose.STANDS, (30, 590, 1.9), _BAGS),
    *_family("accessories", Pose.LIES, (0, 500, 1.9), _ACCESSORIES, sided=False),
    *_family("jewellery", Pose.LIES, (0, 480, 1.8), _JEWELLERY, sided=False),
    *_family("home", Pose.STANDS, (40, 560, 1.8), _HOME, sided=False),
    *_family("beauty", Pose.STANDS, (0, 590, 1.7), _BEAUTY, sided=False),
)

GARMENTS: Mapping[str, Garment] = MappingProxyType({garment.name: garment for garment in _EVERY})
"""Every silhouette by its name: "t-shirt", "ankle-boots". Names are stable; more may come."""
