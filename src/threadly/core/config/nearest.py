"""The name that somebody meant by one that is written nearly so."""

from collections.abc import Iterable
from difflib import get_close_matches
from typing import Final

_SLIPS: Final = 2


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The known name that is fewest slips of the pen away, two at most; or else one that looks alike; or None.

    A slip is a sign too many, missing, wrong, or in the place of its neighbour (the distance of Damerau and
    Levenshtein, where no part is changed twice).
    """
    names = list(known)
    distances = {each: distance(name, each) for each in names if abs(len(each) - len(name)) <= _SLIPS}
    close = min(distances, key=lambda each: distances[each], default=None)
    if close is not None and distances[close] <= min(_SLIPS, len(close) // 3):
        return close
    return next(iter(get_close_matches(name, names, n=1)), None)


def distance(one: str, other: str) -> int:
    """How many slips of the pen make one text the other."""
    before: list[int] = []
    last = list(range(len(other) + 1))
    for i, sign in enumerate(one, start=1):
        row = [i]
        for j, meant in enumerate(other, start=1):
            cost = min(row[j - 1] + 1, last[j] + 1, last[j - 1] + (sign != meant))
            if i > 1 and j > 1 and sign == other[j - 2] and one[i - 2] == meant:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        before, last = last, row
    return last[-1]
