"""What stands about in a styled picture: a clothes rail with its neighbours, a box, a sprig, a tag."""

from random import Random

from threadly.sample.pictures import backgrounds
from threadly.sample.pictures.look import Pose
from threadly.sample.pictures.palette import mix, paint
from threadly.sample.pictures.paths import box, oval, spindle

_NEIGHBOURS = ("#d8cdbd", "#b7b1a8", "#8f9a9c", "#c7a894", "#a9b0a0", "#6f6a68", "#e8e3da", "#98836f", "#7c8796")


def rail(random: Random) -> str:
    """A steel rail across the top, and what hangs left and right of the middle, seen from its narrow side."""
    steel = paint("#8d8f93")
    bar = "".join(
        f'<path d="M-20 {y}L820 {y}" stroke="{colour}" stroke-width="{width}" stroke-opacity="{opacity}"/>'
        for y, colour, width, opacity in (
            (24, "#15121c", 12, 0.08),
            (0, steel.deep, 15, 1),
            (-1, steel.base, 12, 1),
            (-4, steel.light, 3, 0.8),
        )
    )
    others = "".join(
        _neighbour(random, x + random.uniform(-7, 7), 1 if x > 400 else -1) for x in (22, 78, 128, 778, 728, 680)
    )
    return f'<g transform="translate(0 92)">{others}{bar}</g>'


def _neighbour(random: Random, x: float, side: int) -> str:
    cloth = paint(random.choice(_NEIGHBOURS))
    width, length = random.uniform(30, 44), random.uniform(430, 720)
    d = (
        f"M{x - 8:.0f} 70Q{x:.0f} 56 {x + 8:.0f} 70Q{x + width:.0f} 92 {x + width:.0f} 140"
        f"L{x + width * 0.9:.0f} {length:.0f}"
        f"Q{x:.0f} {length + 14:.0f} {x - width * 0.9:.0f} {length:.0f}L{x - width:.0f} 140"
        f"Q{x - width:.0f} 92 {x - 8:.0f} 70Z"
    )
    hook = f"M{x:.0f} 64L{x:.0f} 18Q{x + 14:.0f} 10 {x + 13:.0f} -6Q{x:.0f} -20 {x - 11:.0f} -5"
    folds = "".join(
        f'<path d="{spindle((x + width * t, 120), (x + width * t * 1.1, length / 2), (x + width * t, length), 9)}"'
        f' fill="{cloth.deep}" fill-opacity=".13"/>'
        for t in (-0.62, -0.15, 0.3, 0.7)
    )
    shade = "".join(
        f'<path d="{d}" fill="none" stroke="#1a1420" stroke-width="{w}" stroke-opacity=".035"'
        ' transform="translate(10 12)"/>'
        for w in (40, 30, 20, 10)
    )
    rim = "".join(
        f'<path d="{d}" fill="none" stroke="{cloth.deep}" stroke-width="{w}" stroke-opacity="{o}"/>'
        for w, o in ((14, 0.06), (8, 0.08), (1.4, 0.45))
    )
    ridge = spindle((x - width * 0.5 * side, 110), (x - width * 0.5, length / 2), (x - width * 0.5, length), 14)
    lit = f'<path d="{ridge}" fill="{cloth.light}" fill-opacity=".25"/>'
    return (
        f'{shade}<path d="{hook}" fill="none" stroke="#77757a" stroke-width="5" stroke-linecap="round"/>'
        f'<path d="{d}" fill="{cloth.base}"/>{folds}{lit}{rim}'
    )


def beside(pose: Pose, random: Random) -> str:
    """A parcel behind what stands; a sprig and a tag beside what lies."""
    if pose is Pose.STANDS:
        return _parcel(random.choice(("#b98f63", "#d8cbb6", "#9aa593", "#c9a79a")), random.uniform(0.9, 1.1))
    return _sprig(random) + _tag()


def _parcel(colour: str, size: float) -> str:
    card = paint(colour)
    y = backgrounds.FLOOR + 34
    top = y - 300 * size
    bow = "".join(spindle((150, top - 12), (150 + 66 * s, top - 78), (150 + 90 * s, top - 26), 22) for s in (-1, 1))
    soft = "".join(
        f'<path d="{oval(196, y, 190 * g, 22 * g)}" fill="#1a1420" fill-opacity=".05"/>' for g in (1.15, 1.07, 1.0, 0.9)
    )
    return (
        f'{soft}<path d="{box(40, top, 290, 300 * size, 4)}" fill="{card.base}"/>'
        f'<path d="{box(270, top, 60, 300 * size, 4)}" fill="{card.dark}" fill-opacity=".35"/>'
        f'<path d="{box(30, top - 12, 310, 62, 4)}" fill="{mix(card.base, card.light, 0.25)}"/>'
        f'<path d="M30 {top + 50}H340" stroke="{card.deep}" stroke-opacity=".35" stroke-width="5"/>'
        f'<path d="M150 {top - 12}V{y}" stroke="#f3eee4" stroke-width="22" stroke-opacity=".85"/>'
        f'<path d="M161 {top - 12}V{y}" stroke="{card.deep}" stroke-width="2" stroke-opacity=".25"/>'
        f'<path d="{bow}" fill="#f3eee4"/>'
    )


def _sprig(random: Random) -> str:
    green = random.choice(("#7d8b6f", "#a08f6a", "#8c9a86"))
    leaf = paint(green)
    leaves = []
    for i in range(9):
        y = -30 - i * 38
        for side in (-1, 1):
            end = (side * (62 - i * 4), y - 40)
            d = spindle((0, y), (end[0] * 0.4, y - 36), end, 15)
            leaves.append(f'<path d="{d}" fill="{leaf.base if side < 0 else mix(leaf.base, leaf.dark, 0.3)}"/>')
    body = f'<path d="M0 30Q10 -160 0 -380" fill="none" stroke="{leaf.dark}" stroke-width="4"/>' + "".join(leaves)
    shadow = body.replace(leaf.base, "#1a1420").replace(leaf.dark, "#1a1420")
    place = f"translate(150 {random.uniform(880, 940):.0f}) rotate({random.uniform(-16, 4):.0f})"
    return (
        f'<g transform="translate(10 14)" opacity=".12"><g transform="{place}">{shadow}</g></g>'
        f'<g transform="{place}">{body}</g>'
    )


def _tag() -> str:
    tag = "M0 0L84 0L104 26L84 52L0 52Z"
    return (
        '<g transform="translate(600 872) rotate(-18)">'
        f'<path d="{tag}" fill="#1a1420" fill-opacity=".14" transform="translate(5 9)"/>'
        f'<path d="{tag}" fill="#efe6d6"/>'
        '<circle cx="88" cy="26" r="6" fill="#8d7a62"/><path d="M12 18h50M12 32h34" stroke="#8b8378" stroke-width="4"/>'
        '<path d="M88 26Q150 10 190 40" fill="none" stroke="#9a8a70" stroke-width="3"/></g>'
    )
