"""How far somebody has seen the log (WAL) of the database, as a place in it.

A place is a timeline and a number of bytes: after a failover the log goes on from where the promoted replica stood, on
the next timeline, so that a replica which still follows the old one may stand further, and yet lack what came since.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final, Self

import msgspec


class Position(msgspec.Struct, frozen=True, array_like=True):
    """A place in the log."""

    timeline: int
    byte: int

    def includes(self, other: Self) -> bool:
        """Whether who stands here has all that was written up to the other place."""
        return self.timeline >= other.timeline and self.byte >= other.byte

    def is_before(self, other: Self) -> bool:
        """Whether a primary that stood at the other place cannot have come here since: its log only goes on."""
        return (self.timeline, self.byte) < (other.timeline, other.byte)


START: Final = Position(0, 0)
"""Of who has written nothing, and takes whatever is there."""


class Seen:
    """What whoever asks may not miss; one for a request."""

    __slots__ = ("has_written", "position")

    def __init__(self, position: Position | None) -> None:
        self.position = position
        """None: nobody knows, so only the primary will do."""
        self.has_written = False
        """Since the request began; until it is over, only the primary will do."""


_current: Final[ContextVar[Seen | None]] = ContextVar("threadly_seen", default=None)

seen: Final = _current.get
"""What whoever asks may not miss. None outside of a request: then only the primary will do."""


def note_write() -> None:
    """Whoever asks may be about to commit something."""
    if (asked_by := _current.get()) is not None:
        asked_by.has_written = True


@contextmanager
def following(position: Position | None) -> Iterator[Seen]:
    """What happens in the block is asked by somebody who has seen this much."""
    asked_by = Seen(position)
    token = _current.set(asked_by)
    try:
        yield asked_by
    finally:
        _current.reset(token)
