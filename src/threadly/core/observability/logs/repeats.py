"""The same line over and over: some of them each second are told, the rest is counted and told as one.

Guaranteed: the first `per_second` of each second are told, of each event, level and kind of failure by itself, so that
a flood of one cannot hide another; none is forgotten, only counted. Memory is bounded: of events whose names differ
without end (which none should), those beyond the first thousand in a second count as one for each logger and level.
"""

from typing import Final, NamedTuple

_MOST: Final = 1024


class Line(NamedTuple):
    """What lines have in common that are the same."""

    logger: str
    level: str
    event: str
    failure: str


class Repeats:
    """Counts, for one process."""

    def __init__(self, per_second: int) -> None:
        self._most = per_second
        self._until = 0.0
        self._seen: dict[Line | tuple[str, str, str, str], int] = {}
        self._untold: dict[Line | tuple[str, str, str, str], int] = {}

    def admits(self, line: tuple[str, str, str, str], now: float) -> bool:
        """Whether this one is told; `now` is in seconds, by any clock that only goes forward."""
        if now >= self._until:
            self._until = now + 1.0
            self._seen = {}
        seen = self._seen.get(line, 0) + 1
        if seen == 1 and len(self._seen) >= _MOST:
            line = (line[0], line[1], "", line[3])
            seen = self._seen.get(line, 0) + 1
        self._seen[line] = seen
        if seen <= self._most:
            return True
        if line in self._untold or len(self._untold) < _MOST:
            self._untold[line] = self._untold.get(line, 0) + 1
        else:
            rest = (line[0], line[1], "", "")
            self._untold[rest] = self._untold.get(rest, 0) + 1
        return False

    def untold(self) -> list[tuple[Line, int]]:
        """How many of which were not told since this was asked last."""
        untold, self._untold = self._untold, {}
        return [(Line(*line), count) for line, count in untold.items()]
