"""A limit that one process keeps by itself, without waiting: the generic cell rate algorithm over plain numbers.

    sign_ins = LocalLimiter(Limit("auth", 10))
    if (wait := sign_ins.spend("203.0.113.7")) > 0.0:
        raise TooFast(seconds=wait)

Of each key one number is kept: when its whole burst will be back (the "theoretical arrival time"). Guaranteed: over any
time t at most `burst + quota * t / seconds` is let in; a refusal spends nothing. Any thread may ask, where the
interpreter holds a lock; without one, from the thread of one event loop.
"""

import time
from collections.abc import Callable
from typing import Final

from threadly.core.security.limits.limit import Limit
from threadly.core.security.limits.shards import MASK, Shards

MOST_KEYS: Final = 1_000_000


class LocalLimiter:
    """One limit, by key.

    Args:
        most_keys: Keys that are remembered; see `Shards` for who is forgotten.
        clock: Seconds that never go back.
    """

    def __init__(
        self, limit: Limit, *, most_keys: int = MOST_KEYS, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.limit = limit
        self._interval = limit.interval
        self._most_early = limit.tolerance + limit.slack
        self._clock = clock
        self._full = Shards(most_keys)
        self._shards, self._most = self._full.shards, self._full.most_each

    def __len__(self) -> int:
        return len(self._full)

    def spend(self, key: str, cost: float = 1.0) -> float:
        """0.0 if it is spent; else in how many seconds it might be, and nothing is. A cost over the burst never is."""
        now = self._clock()
        shard = self._shards[hash(key) & MASK]
        full = shard.get(key, now)
        after = (max(now, full)) + self._interval * cost
        if after - now > self._most_early:
            return after - now - self.limit.tolerance
        if len(shard) < self._most:
            shard[key] = after
        else:
            self._full.set(key, after, now)
        return 0.0

    def rest(self, key: str) -> float:
        """Seconds until the whole burst of a key is back."""
        return max(0.0, self._full.get(key) - self._clock())
