"""What lies or stands behind: walls, floors, coloured paper, with calm daylight from the upper left."""

from collections.abc import Callable
from random import Random

from threadly.sample.pictures.look import Background
from threadly.sample.pictures.palette import mix

FLOOR = 742.0
"""Where the wall meets the floor when something stands, in units of the sheet."""


def wall(kind: Background, *, standing: bool) -> str:
    """The SVG body of a background on the 800 x 1000 sheet; `standing` adds a table top under the lower quarter."""
    colour, draw = _KINDS[kind]
    body = f'<rect width="800" height="1000" fill="{colour}"/>' + draw(colour)
    if standing:
        body += _table(colour)
    return _definitions(colour) + body + '<rect width="800" height="1000" fill="url(#day)"/>'


def window_light(random: Random) -> str:
    """A patch of sun through a window, thrown aslant; sometimes none."""
    if random.random() < 0.45:
        return ""
    x, y = random.uniform(-120, 220), random.uniform(-60, 160)
    corners = [(x + column * 230, y + row * 300 + column * 60) for column in range(2) for row in range(2)]
    return "".join(
        f'<path d="M{left - grow:.0f} {top - grow:.0f}L{left + 205 + grow:.0f} {top + 54 - grow:.0f}'
        f'L{left + 290 + grow:.0f} {top + 330 + grow:.0f}L{left + 85 - grow:.0f} {top + 276 + grow:.0f}Z"'
        ' fill="#fff6df" fill-opacity=".07"/>'
        for left, top in corners
        for grow in (0, 9)
    )


def _definitions(colour: str) -> str:
    lit, dim = mix(colour, "#fffaf0", 0.75), mix(colour, "#2a2230", 0.8)
    return (
        '<defs><radialGradient id="day" cx=".3" cy=".22" r="1.05">'
        f'<stop stop-color="{lit}" stop-opacity=".5"/><stop offset=".45" stop-color="{lit}" stop-opacity=".04"/>'
        f'<stop offset=".5" stop-color="{dim}" stop-opacity="0"/>'
        f'<stop offset="1" stop-color="{dim}" stop-opacity=".42"/>'
        "</radialGradient></defs>"
    )


def _random(name: str) -> Random:
    return Random(name)  # noqa: S311 - a background always looks the same


def _paper(colour: str) -> str:
    random = _random(colour)
    dark = mix(colour, "#3b3030", 0.3)
    specks = "".join(
        f"M{random.uniform(0, 800):.0f} {random.uniform(0, 1000):.0f}"
        f"l{random.uniform(1, 4):.1f} {random.uniform(-2, 2):.1f}"
        for _ in range(160)
    )
    return f'<path d="{specks}" stroke="{dark}" stroke-opacity=".13" stroke-width="1.2" stroke-linecap="round"/>'


def _plaster(colour: str) -> str:
    random = _random(colour)
    lit, dark = mix(colour, "#ffffff", 0.5), mix(colour, "#3a3436", 0.35)
    clouds = []
    for _ in range(46):
        x, y = random.uniform(-60, 860), random.uniform(-60, 1060)
        rx, ry, turn = random.uniform(50, 190), random.uniform(14, 60), random.uniform(-35, 35)
        clouds.append(
            f'<ellipse rx="{rx:.0f}" ry="{ry:.0f}" transform="translate({x:.0f} {y:.0f}) rotate({turn:.0f})"'
            f' fill="{random.choice((lit, dark))}" fill-opacity=".035"/>'
        )
    return "".join(clouds) + _paper(colour)


def _linen(colour: str) -> str:
    random = _random(colour)
    lit, dark = mix(colour, "#ffffff", 0.6), mix(colour, "#4a4038", 0.4)
    threads = []
    for _ in range(330):
        x, y, length = random.uniform(-40, 800), random.uniform(0, 1000), random.uniform(30, 170)
        way = f"h{length:.0f}" if random.random() < 0.5 else f"v{length:.0f}"
        threads.append((f"M{x:.0f} {y:.0f}{way}", random.random() < 0.5))
    light = "".join(d for d, bright in threads if bright)
    dim = "".join(d for d, bright in threads if not bright)
    return (
        f'<path d="{light}" stroke="{lit}" stroke-opacity=".3" stroke-width="1.3"/>'
        f'<path d="{dim}" stroke="{dark}" stroke-opacity=".13" stroke-width="1.3"/>'
    )


def _boards(colour: str) -> str:
    random = _random(colour)
    parts = []
    widths = (138, 124, 142, 130, 136, 130)
    x = 0
    for index, width in enumerate(widths):
        tint = mix(colour, random.choice(("#ffffff", "#3b2412")), random.uniform(0.02, 0.11))
        parts.append(f'<rect x="{x}" width="{width}" height="1000" fill="{tint}"/>')
        dark, lit = mix(tint, "#24150a", 0.55), mix(tint, "#fff3df", 0.6)
        for _ in range(15):
            gx, bend = x + random.uniform(5, width - 5), random.uniform(-9, 9)
            parts.append(
                f'<path d="M{gx:.0f} -10C{gx + bend:.0f} 300 {gx - bend:.0f} 700 {gx + bend / 2:.0f} 1010" fill="none"'
                f' stroke="{dark}" stroke-opacity="{random.uniform(0.05, 0.16):.2f}"'
                f' stroke-width="{random.uniform(0.8, 2.6):.1f}"/>'
            )
        joint = (180 + 377 * index) % 1000
        parts.append(
            f'<path d="M{x} {joint}h{width}M{x} 0V1000" stroke="{dark}" stroke-opacity=".6" stroke-width="2"/>'
            f'<path d="M{x + 2.5} 0V1000" stroke="{lit}" stroke-opacity=".35" stroke-width="1.5"/>'
        )
        x += width
    return "".join(parts)


def _tiles(colour: str) -> str:
    random = _random(colour)
    grout, lit = mix(colour, "#5a544e", 0.32), mix(colour, "#ffffff", 0.7)
    parts = [f'<rect width="800" height="1000" fill="{grout}"/>']
    for row in range(13):
        for column in range(-1, 6):
            x, y = column * 160 + (row % 2) * 80, row * 80 - 12
            tint = mix(colour, random.choice(("#ffffff", "#24302a")), random.uniform(0, 0.08))
            parts.append(
                f'<rect x="{x + 2}" y="{y + 2}" width="156" height="76" rx="3" fill="{tint}"/>'
                f'<path d="M{x + 5} {y + 74}V{y + 5}H{x + 154}" fill="none"'
                f' stroke="{lit}" stroke-opacity=".55" stroke-width="2.4"/>'
            )
    return "".join(parts)


def _sheet(colour: str) -> str:
    random = _random(colour)
    lit, dark = mix(colour, "#ffffff", 0.85), mix(colour, "#4a4454", 0.6)
    folds = []
    for _ in range(15):
        x, y = random.uniform(-160, 860), random.uniform(-80, 1040)
        length, bend, turn = random.uniform(240, 620), random.uniform(-60, 60), random.uniform(20, 75)
        for width, tone, opacity in ((58, dark, 0.035), (36, dark, 0.04), (16, dark, 0.05), (-26, lit, 0.25)):
            folds.append(
                f'<path d="M0 0Q{length / 2:.0f} {bend:.0f} {length:.0f} 0'
                f'Q{length / 2:.0f} {bend + width * 2:.0f} 0 0Z"'
                f' transform="translate({x:.0f} {y:.0f}) rotate({turn:.0f})" fill="{tone}" fill-opacity="{opacity}"/>'
            )
    return "".join(folds)


def _rug(colour: str) -> str:
    lit, dark = mix(colour, "#ffffff", 0.5), mix(colour, "#40342c", 0.4)
    rows = "".join(f"M0 {y}H800" for y in range(6, 1000, 13))
    loops = "".join(f"M{x} {y}h9" for y in range(12, 1000, 13) for x in range((y * 7) % 17, 800, 17))
    return (
        f'<path d="{rows}" stroke="{dark}" stroke-opacity=".17" stroke-width="2.4"/>'
        f'<path d="{loops}" stroke="{lit}" stroke-opacity=".34" stroke-width="4" stroke-linecap="round"/>'
    )


def _table(colour: str) -> str:
    top = mix(colour, "#fbf3e6", 0.55)
    edge = mix(colour, "#33281f", 0.5)
    shade = "".join(
        f'<rect y="{FLOOR - grow}" width="800" height="{grow * 2}" fill="{edge}" fill-opacity=".045"/>'
        for grow in (4, 12, 26)
    )
    return (
        f'<rect y="{FLOOR}" width="800" height="{1000 - FLOOR}" fill="{top}"/>{shade}'
        f'<rect y="{FLOOR}" width="800" height="2" fill="{edge}" fill-opacity=".25"/>'
    )


_KINDS: dict[Background, tuple[str, Callable[[str], str]]] = {
    Background.LINEN_WALL: ("#e6ddcf", _linen),
    Background.PLASTER: ("#e8e4dd", _plaster),
    Background.GREY_WALL: ("#cfd1d1", _plaster),
    Background.OAK: ("#c9a57c", _boards),
    Background.WALNUT: ("#8d6a50", _boards),
    Background.WHITE_BOARDS: ("#e9e5de", _boards),
    Background.TILES: ("#eceae5", _tiles),
    Background.GREEN_TILES: ("#a9bfae", _tiles),
    Background.BLUSH: ("#ecd0c5", _paper),
    Background.SAGE: ("#c3ccb8", _paper),
    Background.SKY: ("#c6d5de", _paper),
    Background.SAND: ("#e2cda9", _paper),
    Background.LILAC: ("#d5cde0", _paper),
    Background.CONCRETE: ("#bdbab5", _plaster),
    Background.BEDSHEET: ("#eceaea", _sheet),
    Background.RUG: ("#dccfbb", _rug),
}
