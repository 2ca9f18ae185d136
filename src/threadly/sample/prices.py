"""What things go for: brand × category × condition, and a little of everybody's own opinion, on a charming ending."""

import math
from bisect import bisect
from functools import cache
from itertools import pairwise
from statistics import NormalDist
from typing import Final

from threadly.marketplace.catalog import Condition

CONDITIONS: Final = {
    Condition.NEW_WITH_TAGS: 1.45,
    Condition.NEW_WITHOUT_TAGS: 1.25,
    Condition.VERY_GOOD: 1.0,
    Condition.GOOD: 0.78,
    Condition.SATISFACTORY: 0.5,
}
"""What a condition does to a price."""

_OPINION: Final = 0.27  # the standard deviation of ln(price) between sellers of like things


def _charming() -> list[int]:
    """Amounts in cents that people ask, ascending."""
    asked = {*range(150, 1000, 50), 790, 890, 990, 1250, 1490, 1990, 2490, 2990, 3990, 4990}
    asked |= {whole * 100 for whole in (*range(10, 31), *range(32, 100, 3), *range(35, 100, 5))}
    asked |= {whole * 100 for whole in (39, 49, 59, 69, 79, 89, 99)}
    asked |= {whole * 100 for whole in (*range(100, 300, 5), *range(119, 300, 10))}
    asked |= {whole * 100 for whole in (*range(300, 1000, 10), *range(349, 1000, 50))}
    asked |= {whole * 100 for whole in (*range(1000, 10_000, 50), *range(1090, 10_000, 100))}
    return sorted(asked)


_ASKED: Final = _charming()
_BETWEEN: Final = [(lower + upper) / 2 for lower, upper in pairwise(_ASKED)]
_OPINIONS: Final = 64
_FACTORS: Final = [math.exp(NormalDist(0, _OPINION).inv_cdf((number + 0.5) / _OPINIONS)) for number in range(_OPINIONS)]


def charming(cents: float) -> int:
    """The amount nearest to `cents` that a person would write on a tag."""
    return _ASKED[bisect(_BETWEEN, cents)]


@cache
def asked(base: int, tier: float, condition: Condition) -> tuple[int, ...]:
    """64 prices in cents, equally likely and ascending, for a leaf's base price in euros and a tier's factor."""
    middle = base * 100 * tier * CONDITIONS[condition]
    return tuple(charming(middle * factor) for factor in _FACTORS)
