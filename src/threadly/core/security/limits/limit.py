"""A limit: how much within how long, what holds where nobody can be asked; what is asked of it, and what it says."""

import math
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Final, NamedTuple

MOST_A_SECOND: Final = 1_000_000
"""Times are kept in whole microseconds."""
LEASED_SHARE: Final = 0.05
"""A lease lasts for this share of the time in which a whole burst comes back: so much more may be let in at most."""


class Sharing(StrEnum):
    """How the workers of a site keep one limit together."""

    EXACT = "exact"
    """The store is asked each time: never one too many."""
    LEASED = "leased"
    """Workers take some at once, and let in from that: few are asked for, and at most 5 % too many let in."""


class Alone(StrEnum):
    """What a worker does that cannot ask the store: the direction in which a limit fails."""

    COUNTS = "counts"
    """It counts by itself, as if the others had let in as much as it has."""
    REFUSES = "refuses"
    """It refuses, until the store is back."""


@dataclass(frozen=True)
class Limit:
    """So many within so long, by GCRA (ITU-T I.371): at any time, as much as the burst, and what has come back since.

    Over any time t at most `burst + quota * t / seconds` are let in.
    """

    name: str
    """Lower case, as in `auth`; part of every key."""
    quota: int
    seconds: float = 60.0
    burst: int | None = None
    """At once; as many as the quota, if not said."""
    sharing: Sharing = Sharing.EXACT
    alone: Alone = Alone.COUNTS

    def __post_init__(self) -> None:
        if self.quota < 1 or self.seconds <= 0 or self.at_once < 1:
            raise ValueError(f"limit {self.name}: at least one, within some time")
        if self.quota > self.seconds * MOST_A_SECOND:
            raise ValueError(f"limit {self.name}: at most {MOST_A_SECOND} a second")

    @cached_property
    def at_once(self) -> int:
        """The burst."""
        return self.quota if self.burst is None else self.burst

    @cached_property
    def interval(self) -> float:
        """Seconds in which one comes back."""
        return self.seconds / self.quota

    @cached_property
    def tolerance(self) -> float:
        """Seconds in which a whole burst comes back."""
        return self.interval * self.at_once

    @cached_property
    def slack(self) -> float:
        """What sums of floats may be off: who comes at the very moment is not too early."""
        return self.interval * 1e-6

    @cached_property
    def lease_seconds(self) -> float:
        """How long what a worker has taken is good for."""
        return self.tolerance * LEASED_SHARE

    @cached_property
    def lease_least(self) -> int:
        """What is taken at once for a key that is new, by all workers together."""
        return max(1, self.at_once // 50)

    @cached_property
    def lease_most(self) -> int:
        """What one worker takes at once, at most."""
        return max(1, self.at_once // 10)

    @cached_property
    def told(self) -> bytes:
        """As clients are told of it: `RateLimit-Policy`."""
        return b'"%b";q=%d;w=%d' % (self.name.encode(), self.quota, math.ceil(self.seconds))

    def left(self, rest: float) -> int:
        """How many may come now, where the whole burst is back after `rest` seconds."""
        # What sums of floats may be off, as a part of one: what has just come back counts.
        return max(0, int((self.tolerance - rest) / self.interval + 1e-9)) if rest > 0.0 else self.at_once


class Asked(NamedTuple):  # made some times a request: a frozen dataclass takes three times as long
    """One limit that a request is under."""

    limit: Limit
    key: str
    cost: int = 1


class Verdict(NamedTuple):
    """Whether a request may go on, by the limit that matters most: the one that refuses, or has least left."""

    limit: Limit
    left: int
    """How many more may come now."""
    reset: float
    """Seconds until the whole burst is back; of a refusal, until it makes sense to come again."""
    is_refused: bool = False
