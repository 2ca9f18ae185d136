"""How many requests one visitor has under way at once, in one worker.

    addresses = Slots("address", 100)
    app = AtOnce(app, slots=addresses, key=network, refuse=…)

    hold(scope, members, str(id))       # inside, once it is known who asks; AtOnceReached if it is one too many

Who is one too many is refused at once, and waits for nothing. Each worker counts for itself: that costs a fraction of a
microsecond, and a count that all share costs two round trips a request, and leaks where a worker dies.

Guaranteed: a slot is given back when the application is through with a request, however that ends: with an answer, an
error, or cancelled; a client that vanishes changes nothing in that. All that one may hold is bounded by that.

To be used within one event loop.
"""

from collections.abc import Callable
from typing import Final

from prometheus_client import Counter

from threadly.core.asgi import ASGIApp, Receive, Scope, Send
from threadly.core.errors import Problem, TooManyRequests

REFUSED: Final = Counter(
    "threadly_at_once_refused_total", "Requests refused since too many of one visitor were under way.", ["of"]
)
HELD: Final = "threadly.slots"
"""Where a request's slots stand in its scope, and in each copy of that."""


class AtOnceReached(TooManyRequests):
    """As many requests of this visitor are under way as may be at once. Nothing was done."""

    code = "at_once_reached"
    title = "That was a lot at the same time. Please wait a moment."

    @property
    def retry_after_seconds(self) -> int:
        return 1


class Slots:
    """So many at once, of each key.

    Args:
        name: Of what these are: `address`, `member`.
        most: Of each key.
    """

    def __init__(self, name: str, most: int) -> None:
        self.name = name
        self.most = most
        self._taken: dict[str, int] = {}

    def take(self, key: str) -> bool:
        """Takes one, if one is left."""
        taken = self._taken.get(key, 0)
        if taken >= self.most:
            REFUSED.labels(self.name).inc()
            return False
        self._taken[key] = taken + 1
        return True

    def give_back(self, key: str) -> None:
        """Gives one back that was taken."""
        if (taken := self._taken[key]) > 1:
            self._taken[key] = taken - 1
        else:
            del self._taken[key]

    def taken(self, key: str) -> int:
        """How many are under way."""
        return self._taken.get(key, 0)

    def __len__(self) -> int:
        """How many keys have any."""
        return len(self._taken)


class AtOnce:
    """Lets in so many requests of one key at once.

    Args:
        key: Whose a request is.
        refuse: Makes the answer that says that it is one too many.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        slots: Slots,
        key: Callable[[Scope], str],
        refuse: Callable[[Scope, Problem], ASGIApp],
    ) -> None:
        self.app = app
        self._slots = slots
        self._key = key
        self._refuse = refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        key = self._key(scope)
        if not self._slots.take(key):
            await self._refuse(scope, _reached(self._slots))(scope, receive, send)
            return
        held: list[tuple[Slots, str]] = [(self._slots, key)]
        scope[HELD] = held
        try:
            await self.app(scope, receive, send)
        finally:
            for slots, each in held:
                slots.give_back(each)


def hold(scope: Scope, slots: Slots, key: str) -> None:
    """Takes one more slot for a request under way, once, until it ends.

    Raises:
        AtOnceReached: None is left.
        RuntimeError: The request has not come by `AtOnce`, which would give it back.
    """
    held: list[tuple[Slots, str]] | None = scope.get(HELD)
    if held is None:
        raise RuntimeError("nobody would give this slot back: put AtOnce around the application")
    if (slots, key) in held:
        return
    if not slots.take(key):
        raise _reached(slots)
    held.append((slots, key))


def _reached(slots: Slots) -> AtOnceReached:
    return AtOnceReached(limit=slots.name, most=slots.most)
