"""The log of the primary: where it ended at each look, and how far behind somebody is by that.

By our own clock alone: what replicas say of time (`pg_last_xact_replay_timestamp`) grows while nobody writes.
"""

import asyncio
from collections import deque

from threadly.core.database.replicas.position import START, Position

_HEADER_BYTES = 40
"""A page of the log begins with so much at most that is no part of any record: an idle log may end behind it."""


class Log:
    """Where the log has ended.

    Args:
        most_bytes: One that is further behind is not read from.
        most_seconds: The same in time.
    """

    def __init__(self, *, most_bytes: int, most_seconds: float) -> None:
        self.end = START
        """When the primary was last looked at."""
        self._most_bytes = most_bytes
        self._most_seconds = most_seconds
        self._ends: deque[tuple[float, int]] = deque()
        self._timeline_since = 0.0

    def note(self, end: Position) -> None:
        """It ends there now. What is too old to judge anybody by is forgotten."""
        now = asyncio.get_running_loop().time()
        if self.end.timeline != end.timeline:
            self._timeline_since = now
        if self.end != end:
            self._ends.append((now, end.byte))
        self.end = end
        while len(self._ends) > 1 and self._ends[1][0] < now - 2 * self._most_seconds:
            self._ends.popleft()

    def bytes_behind(self, byte: int) -> int:
        """How much of it is beyond so many bytes."""
        return max(self.end.byte - byte, 0)

    def seconds_behind(self, byte: int) -> float:
        """For how long it has been longer than so many bytes, as far as we have looked."""
        longer = next((at for at, end in self._ends if end > byte + _HEADER_BYTES), None)
        return 0.0 if longer is None else asyncio.get_running_loop().time() - longer

    def left_by(self, position: Position) -> str | None:
        """Why nobody should read where an old timeline goes on, once there was time to follow; None where one may."""
        for_seconds = asyncio.get_running_loop().time() - self._timeline_since
        if position.timeline < self.end.timeline and for_seconds > self._most_seconds:
            return f"it does not follow the primary to timeline {self.end.timeline}"
        return None

    def too_far(self, bytes_behind: int, seconds_behind: float) -> str | None:
        """Why nobody should read so far behind; None where one may."""
        if bytes_behind > self._most_bytes:
            return f"it is {bytes_behind >> 20} MiB behind"
        if seconds_behind > self._most_seconds:
            return f"it is {seconds_behind:.0f} s behind"
        return None
