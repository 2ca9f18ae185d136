"""How a fabric takes the light: its texture, its sheen, and how deep and how sharp its folds are."""

from dataclasses import dataclass

from threadly.sample.pictures.look import Fabric
from threadly.sample.pictures.palette import Paint
from threadly.sample.pictures.tiles import Tile


@dataclass(frozen=True, slots=True)
class Hand:
    """The hand of a fabric, as tailors call how it feels and falls. 1 is ordinary cotton."""

    folds: float = 1.0
    """How marked the folds are."""

    sheen: float = 0.3
    """How strongly a lit ridge shines."""

    loft: float = 1.0
    """How thick and round the edges look."""

    stitched: bool = False
    """Whether seams are topstitched with a thread that shows."""


HANDS: dict[Fabric, Hand] = {
    Fabric.COTTON: Hand(),
    Fabric.DENIM: Hand(folds=0.8, sheen=0.35, stitched=True),
    Fabric.WOOL: Hand(folds=0.75, sheen=0.15, loft=1.35),
    Fabric.KNIT: Hand(folds=0.7, sheen=0.15, loft=1.5),
    Fabric.CASHMERE: Hand(folds=0.8, sheen=0.22, loft=1.5),
    Fabric.LEATHER: Hand(folds=1.1, sheen=1.3, loft=1.3),
    Fabric.SUEDE: Hand(folds=0.9, sheen=0.2, loft=1.2),
    Fabric.SILK: Hand(folds=1.3, sheen=1.5, loft=0.9),
    Fabric.LINEN: Hand(folds=1.35, sheen=0.2),
    Fabric.POLYESTER: Hand(folds=0.9, sheen=0.55),
    Fabric.VISCOSE: Hand(folds=1.15, sheen=0.5),
    Fabric.FLEECE: Hand(folds=0.5, sheen=0.1, loft=1.8),
    Fabric.VELVET: Hand(folds=1.2, sheen=1.0, loft=1.6),
    Fabric.SYNTHETIC: Hand(folds=1.0, sheen=0.85, loft=1.2),
}


def texture(fabric: Fabric, ground: Paint) -> Tile | None:
    """The tile laid over the colour, or None for a smooth fabric."""
    lit, dim = ground.light, ground.dark
    if fabric is Fabric.DENIM:
        return Tile(
            6,
            6,
            f'<path d="M-1 7L7 -1M-1 1L1 -1M5 7L7 5" stroke="{lit}" stroke-opacity=".22" stroke-width="1.1"/>'
            f'<path d="M-1 4L4 -1M2 7L7 2" stroke="{dim}" stroke-opacity=".16" stroke-width="1"/>',
        )
    if fabric in {Fabric.KNIT, Fabric.CASHMERE}:
        width, strength = (11, 0.3) if fabric is Fabric.KNIT else (6, 0.16)
        return _knit(width, dim, lit, strength)
    if fabric is Fabric.WOOL:
        return Tile(
            9,
            9,
            f'<path d="M0 9L9 0M0 0L2 -2M7 11L9 9" stroke="{dim}" stroke-opacity=".2" stroke-width="1.6"/>'
            f'<path d="M2 4L4 5M6 7L8 6" stroke="{lit}" stroke-opacity=".3" stroke-width=".9"/>',
        )
    if fabric is Fabric.LINEN:
        return Tile(
            17,
            13,
            f'<path d="M0 2H17M0 7H11M3 11H17" stroke="{dim}" stroke-opacity=".14" stroke-width=".9"/>'
            f'<path d="M3 0V13M9 0V8M14 3V13" stroke="{lit}" stroke-opacity=".35" stroke-width=".8"/>',
        )
    if fabric is Fabric.FLEECE:
        return Tile(
            16,
            14,
            f'<g fill="{lit}" fill-opacity=".28"><circle cx="4" cy="3" r="3.4"/><circle cx="12" cy="10" r="3.6"/></g>'
            f'<g fill="{dim}" fill-opacity=".14"><circle cx="6" cy="9" r="2.6"/><circle cx="13" cy="3" r="2.4"/></g>',
        )
    if fabric in {Fabric.SUEDE, Fabric.VELVET}:
        return Tile(
            23,
            19,
            f'<path d="M2 3L6 2M13 8L18 6M5 14L9 15M17 16L21 15"'
            f' stroke="{lit}" stroke-opacity=".2" stroke-width="1.6"/>',
        )
    if fabric is Fabric.LEATHER:
        return Tile(
            21,
            17,
            f'<path d="M1 4Q6 2 9 5M12 12Q16 9 20 12M3 14Q6 12 8 15" fill="none" stroke="{dim}" stroke-opacity=".16"/>',
        )
    if fabric is Fabric.COTTON:
        return Tile(5, 5, f'<path d="M0 1.5H5M1.5 0V5" stroke="{dim}" stroke-opacity=".05"/>')
    return None


def _knit(width: int, dim: str, lit: str, strength: float) -> Tile:
    half, rise = width / 2, width * 0.45
    return Tile(
        width,
        width,
        f'<path d="M0 {rise}L{half} {width}L{width} {rise}" fill="none"'
        f' stroke="{dim}" stroke-opacity="{strength}" stroke-width="{width * 0.2:.1f}"/>'
        f'<path d="M0 {rise - 2}L{half} {width - 2}L{width} {rise - 2}" fill="none"'
        f' stroke="{lit}" stroke-opacity="{strength * 0.8:.2f}" stroke-width="1"/>'
        f'<path d="M{half} 0V{width}" stroke="{dim}" stroke-opacity="{strength * 0.5:.2f}"/>',
    )
