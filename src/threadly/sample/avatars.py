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
    """Of one or two letters."""
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
    """On a disc, so that no pattern troubles them. The generic family is what every machine has."""
    size = 30 if len(initials) > 1 else 36
    return (
        f'<circle cx="50" cy="50" r="30" fill="{paper}" fill-opacity=".9"/>'
        f'<text x="50" y="{50 + size * 0.36:.1f}" font-family="sans-serif" font-weight="600" font-size="{size}"'
        f' text-anchor="middle" fill="{ink}">{initials}</text>'
    )


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
