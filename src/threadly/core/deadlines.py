"""Until when whoever asks will wait: set once at the edge, heard by all that is called from there.

    with within(5.0):
        await shop.answer(request)  # whatever waits in there asks `left`

Guaranteed: within another deadline, one can only be sooner; what a request leaves running behind it (a task that keeps
a copy of its context) has no deadline of a request that is over. Not guaranteed: that what does not ask is ended.
"""

import math
import time
from contextvars import ContextVar, Token
from typing import Final, Self

_current: Final[ContextVar["Deadline | None"]] = ContextVar("deadline", default=None)


class Deadline:
    """The moment after which nobody waits any more, by the monotonic clock; that of what happens in its block."""

    __slots__ = ("_before", "_latest", "_seconds", "at")

    def __init__(self, seconds: float, *, latest: float = math.inf) -> None:
        self._seconds = seconds
        self._latest = latest
        self.renew()

    # By hand: this is entered for each request, and by `contextmanager` it takes twice as long.
    def __enter__(self) -> Self:
        self._before: Token[Deadline | None] = _current.set(self)
        return self

    def __exit__(self, *_: object) -> None:
        _current.reset(self._before)
        self._seconds = self._latest = self.at = math.inf  # whatever is left behind may renew it

    def renew(self) -> None:
        """The whole time again, from now on: what took long was the client's part, or is done."""
        self.at = min(time.monotonic() + self._seconds, self._latest)


def within(seconds: float) -> Deadline:
    """What happens in the block has so many seconds from now on, and no more than it had anyway."""
    outer = _current.get()
    return Deadline(seconds) if outer is None else Deadline(seconds, latest=outer.at)


def current() -> Deadline | None:
    """That of what is under way, if it has one."""
    return _current.get()


def left() -> float | None:
    """Seconds that are left, never fewer than none; None where there is no deadline."""
    deadline = _current.get()
    if deadline is None or deadline.at == math.inf:
        return None
    return max(deadline.at - time.monotonic(), 0.0)


def renew() -> None:
    """The whole time again for what is under way, where it has a deadline."""
    if (deadline := _current.get()) is not None:
        deadline.renew()
