"""What a picture may be, and what is made of it."""

import hashlib
from collections.abc import Iterable
from typing import Final

WIDTHS: Final = (320, 640, 1280)
"""Each picture is kept as WebP in these widths, in pixels; one that is narrower keeps its own width in that file."""

TALLEST: Final = 2
"""How many times as tall as its nominal width a file may be; a taller picture is made narrower."""

MOST_BYTES: Final = 10 * 1024 * 1024
"""The largest picture that is taken: 10 MB, by the larger of the two ways to count."""

MOST_PIXELS: Final = 50_000_000
"""The most that is decoded."""

LONGEST_SIDE: Final = 20_000
"""Of what is decoded, in pixels."""

MOST_SLENDER: Final = 20
"""How many times as long as its shorter side the longer one may be."""

MOST_UNUSED: Final = 60
"""Pictures that a member may store in a day without using them: the photos of six listings, thought better of."""

LONGEST_PLACEHOLDER: Final = 1000
"""Characters of a placeholder's data URI."""


def name_of(largest: bytes) -> str:
    """The name that follows from a picture's largest file: 32 hexadecimal digits."""
    return hashlib.blake2b(largest, digest_size=16).hexdigest()


def files_of(names: Iterable[str]) -> list[str]:
    """The files that pictures of these names have in the store."""
    return [file_of(name, width) for name in names for width in WIDTHS]


def file_of(name: str, width: int) -> str:
    """The file of one width."""
    return f"{name}-{width}.webp"
