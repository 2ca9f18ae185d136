"""Chance that is the same again: everything here follows from the words it is given."""

import hashlib
from collections.abc import Sequence
from random import Random
from typing import TypeVar

ItemT = TypeVar("ItemT")

FACES = 256
"""A die of as many faces as a byte has values: so one byte of randomness chooses from any weighted list at once."""


def chance(*words: object) -> Random:
    """A generator of its own for whatever the words name."""
    return Random("|".join(map(str, words)))  # noqa: S311 - it must repeat itself


def digest(bits: int, *words: object) -> int:
    """A number of so many bits that follows from the words."""
    whole = hashlib.blake2b("|".join(map(str, words)).encode(), digest_size=16).digest()
    return int.from_bytes(whole, "big") >> (128 - bits)


def die(items: Sequence[ItemT], weights: Sequence[float] | None = None) -> tuple[ItemT, ...]:
    """The items on 256 faces, each on a share of them near its weight, and on one at least while there is room."""
    if not items:
        raise ValueError("a die needs something to show")
    shares = [1.0] * len(items) if weights is None else list(weights)
    if len(items) > FACES:
        raise ValueError(f"a die has {FACES} faces; {len(items)} items do not fit")
    spare = FACES - len(items)
    total = sum(shares)
    faces: list[ItemT] = []
    passed = 0.0
    for index, (item, share) in enumerate(zip(items, shares, strict=True), start=1):
        passed += share
        faces += [item] * (index + round(spare * passed / total) - len(faces))
    return tuple(faces)
