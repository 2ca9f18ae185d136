"""A store that keeps rows in memory, or is gone."""

from collections.abc import Sequence

from threadly.core.keys import KeyRing
from threadly.core.security.events import EventSettings, Row, SecurityEvents

KEYS = KeyRing.of(b"0123456789abcdef" * 2)


class Kept:
    """What was written; while it is gone, nothing is."""

    def __init__(self) -> None:
        self.rows: list[Row] = []
        self.batches: list[int] = []
        self.is_gone = False

    async def add(self, rows: Sequence[Row]) -> None:
        if self.is_gone:
            raise ConnectionRefusedError
        self.rows += rows
        self.batches.append(len(rows))


class Clock:
    """Seconds since 1970, as a test wants them."""

    def __init__(self) -> None:
        self.now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


def recorder(store: Kept, *, clock: Clock | None = None, most: int = 5_000) -> SecurityEvents:
    """Takes events."""
    return SecurityEvents(store, EventSettings(), keys=KEYS, every_seconds=0.01, most=most, clock=clock or Clock())
