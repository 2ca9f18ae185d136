"""Avatars of sample members: initials on a quiet pattern, or a pattern alone, drawn by the program."""

import base64
import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from random import Random
from typing import Final

import pyvips

from threadly.marketplace.media import WIDTHS
from threadly.sample.chance import chance

_PALETTES: Final = (
    ("#f4e3d3", "#d98f6b", "#7a3f2c"),
    ("#e3ecdf", "#8fb08c", "#33543a"),
    ("#dfe8f1", "#86a9cf", "#27466b"),
    ("#f3dfe4", "#d994a6", "#74304a"),
    ("#efe6f4", "#a98ac4", "#4b2f68"),
    ("#f6ecd0", "#dfb455", "#6d4f10"),
    ("#dcefec", "#6fb3ac", "#1d5450"),
    ("#ece7df", "#a89a86", "#453c30"),
    ("#e2e4ea", "#7f8aa3", "#2b3448"),
)
"""Paper, pattern and ink."""


@dataclass(frozen=True, slots=True)
class Avatar:
    """All that decides an avatar."""

    initials: str
    """One or two Latin capitals; what is none is not drawn."""
    seed: int


@dataclass(frozen=True, slots=True)
class Painted:
    """An avatar's files by width, square, and its placeholder as a data URI."""

    files: Mapping[int, bytes]
    placeholder: str
    width: int = max(WIDTHS)
    height: int = max(WIDTHS)


def paint(avatars: Iterable[Avatar]) -> Iterator[Painted]:
    """The pictures of the avatars, one after the other; about 25 ms each."""
    for avatar in avatars:
        whole = pyvips.Image.svgload_buffer(draw(avatar).encode(), scale=max(WIDTHS) / 100).flatten().copy_memory()
        sizes = {width: whole.resize(width / whole.width) if width < whole.width else whole for width in WIDTHS}
        files = {width: bytes(image.webpsave_buffer(Q=80, effort=0)) for width, image in sizes.items()}
        tiny = whole.thumbnail_image(8).webpsave_buffer(Q=50)
        yield Painted(files=files, placeholder="data:image/webp;base64," + base64.b64encode(tiny).decode())


def draw(avatar: Avatar) -> str:
    """An SVG document of 100 × 100."""
    random = chance("avatar", avatar.seed)
    paper, tone, ink = random.choice(_PALETTES)
    pattern = random.choice((_waves, _dots, _arches, _petals, _hills, _stripes))(random, tone)
    letters = "" if random.random() < 0.25 else _letters(avatar.initials, paper, ink)
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100" width="100" height="100">'
        f'<rect width="100" height="100" fill="{paper}"/>{pattern}{letters}</svg>'
    )


def _letters(initials: str, paper: str, ink: str) -> str:
    """On a disc, so that no pattern troubles them; drawn by strokes, since a bare machine has no fonts."""
    drawn = [(_STROKES[letter], _WIDTHS.get(letter, 20)) for letter in initials if letter in _STROKES]
    if not drawn:
        return ""
    gap, size = 8, 0.78 if len(drawn) > 1 else 1.0
    left = -(sum(width for _, width in drawn) + gap * (len(drawn) - 1)) / 2
    paths = ""
    for strokes, width in drawn:
        paths += f'<path transform="translate({left:.1f} -14)" d="{strokes}"/>'
        left += width + gap
    return (
        f'<circle cx="50" cy="50" r="30" fill="{paper}" fill-opacity=".93"/>'
        f'<g transform="translate(50 50) scale({size})" fill="none" stroke="{ink}" stroke-width="4.4"'
        f' stroke-linecap="round" stroke-linejoin="round">{paths}</g>'
    )


_STROKES: Final = {
    "A": "M0 28L10 0L20 28M3.6 18H16.4",
    "B": "M0 0V28H11A7 7 0 0 0 11 13.6H0M11 13.6A6.8 6.8 0 0 0 11 0H0",
    "C": "M18.5 5A10 14 0 1 0 18.5 23",
    "D": "M0 0V28H7A13 14 0 0 0 7 0Z",
    "E": "M16 0H0V28H16M0 14H13",
    "F": "M16 0H0V28M0 14H13",
    "G": "M18.5 5A10 14 0 1 0 20 15.5H12",
    "H": "M0 0V28M19 0V28M0 14H19",
    "I": "M2 0V28",
    "J": "M13 0V21A6.5 7 0 0 1 0 21",
    "K": "M0 0V28M18 0L0 16M6.6 10.4L18 28",
    "L": "M0 0V28H15",
    "M": "M0 28V0L11.5 18L23 0V28",
    "N": "M0 28V0L19 28V0",
    "O": "M10 0A10 14 0 1 1 10 28A10 14 0 1 1 10 0Z",
    "P": "M0 28V0H10A8 8 0 0 1 10 16H0",
    "Q": "M10 0A10 14 0 1 1 10 28A10 14 0 1 1 10 0ZM12.5 20L20 29",
    "R": "M0 28V0H10A7.6 7.6 0 0 1 10 15.2H0M9.5 15.2L18 28",
    "S": "M17 4.6A8 7 0 1 0 9.5 13.8A8 7.1 0 1 1 1 23.4",
    "T": "M0 0H20M10 0V28",
    "U": "M0 0V18A9.5 10 0 0 0 19 18V0",
    "V": "M0 0L10 28L20 0",
    "W": "M0 0L6.5 28L13.5 5L20.5 28L27 0",
    "X": "M0 0L18 28M18 0L0 28",
    "Y": "M0 0L10 14L20 0M10 14V28",
    "Z": "M0 0H18L0 28H18",
}
"""Capital letters, 28 high."""

_NARROW: Final = {"E": 16, "F": 16, "H": 19, "I": 4, "J": 13, "K": 18, "L": 15, "N": 19, "P": 18, "R": 18, "S": 18}
_WIDTHS: Final = _NARROW | {"M": 23, "U": 19, "W": 27, "X": 18, "Z": 18}
"""Of those that are not 20 wide."""


def _waves(random: Random, tone: str) -> str:
    step, swing = random.uniform(9, 15), random.uniform(3, 7)
    rows = range(-1, math.ceil(100 / step) + 2)
    lines = "".join(f'<path d="M-20 {row * step:.1f}q10 {-swing:.1f} 20 0' + "t20 0" * 6 + '"/>' for row in rows)
    turn = random.uniform(-30, 30)
    placed = f"rotate({turn:.0f} 50 50) scale(1.3) translate(-12 -12)"
    return f'<g transform="{placed}" fill="none" stroke="{tone}" stroke-width="3">{lines}</g>'


def _dots(random: Random, tone: str) -> str:
    step = random.choice((14, 18, 24))
    spots = "".join(
        f'<circle cx="{x + (step / 2 if row % 2 else 0):.1f}" cy="{y}" r="{step * 0.24:.1f}"/>'
        for row, y in enumerate(range(0, 110, step))
        for x in range(-step, 110, step)
    )
    return f'<g fill="{tone}" fill-opacity=".75">{spots}</g>'


def _arches(random: Random, tone: str) -> str:
    x, y = random.choice((0, 50, 100)), random.choice((100, 100, 0))
    rings = "".join(
        f'<circle cx="{x}" cy="{y}" r="{radius}" stroke-opacity="{0.35 + 0.5 * (radius % 28) / 28:.2f}"/>'
        for radius in range(14, 130, 14)
    )
    return f'<g fill="none" stroke="{tone}" stroke-width="8">{rings}</g>'


def _petals(random: Random, tone: str) -> str:
    count, start = random.choice((6, 8, 10)), random.uniform(0, 60)
    leaves = "".join(
        f'<ellipse cx="50" cy="16" rx="11" ry="32" transform="rotate({start + 360 / count * number:.1f} 50 50)"/>'
        for number in range(count)
    )
    return f'<g fill="{tone}" fill-opacity=".55">{leaves}</g>'


def _hills(random: Random, tone: str) -> str:
    sun = f'<circle cx="{random.uniform(22, 78):.0f}" cy="{random.uniform(20, 36):.0f}" r="10" fill-opacity=".9"/>'
    ridges = "".join(
        f'<path d="M-10 {y}Q{random.uniform(10, 40):.0f} {y - 26:.0f} 55 {y}T120 {y - 6}V110H-10Z"'
        f' fill-opacity="{share}"/>'
        for y, share in ((56, 0.35), (70, 0.55), (84, 0.9))
    )
    return f'<g fill="{tone}">{sun}{ridges}</g>'


def _stripes(random: Random, tone: str) -> str:
    step, turn = random.uniform(10, 22), random.choice((-45, 45, 0, 90, 20))
    bars = "".join(
        f'<rect x="{number * step - 40:.1f}" y="-40" width="{step * 0.45:.1f}" height="180"/>' for number in range(18)
    )
    return f'<g fill="{tone}" fill-opacity=".7" transform="rotate({turn} 50 50)">{bars}</g>'
