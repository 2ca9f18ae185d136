"""Identifiers that sort by the time they were made: UUID version 7 (RFC 9562, section 5.7).

Guaranteed: within one process each id is greater than the one before, also within a millisecond and
when the clock steps back (method 1 of section 6.2: the 12 bits after the timestamp count, seeded at
random each millisecond; when they run out, the timestamp runs ahead). Not guaranteed: order across processes.
An id tells when it was made; where that must stay private, use a random one.
"""

import secrets
import time
from threading import Lock
from uuid import UUID

_lock = Lock()
_last = 0  # the 60 bits of timestamp and counter that were given out last

_COUNTER_BITS = 12
_RANDOM_BITS = 62
_VERSION_7 = 0x7 << 76
_VARIANT_RFC_9562 = 0b10 << 62


def new() -> UUID:
    """A new id, greater than every id that this process has made."""
    return _next(time.time_ns() // 1_000_000)


def at(milliseconds: int, *, randomness: int | None = None) -> UUID:
    """An id for a moment in the past, random in its remaining 74 bits; for data that is brought in, not made now.

    Args:
        milliseconds: Since the Unix epoch, under 2**48.
        randomness: The 74 bits, where the same input must give the same id again.
    """
    if randomness is None:
        randomness = secrets.randbits(_COUNTER_BITS + _RANDOM_BITS)
    return _of(milliseconds << _COUNTER_BITS | randomness >> _RANDOM_BITS, randomness & ((1 << _RANDOM_BITS) - 1))


def _next(milliseconds: int) -> UUID:
    global _last  # noqa: PLW0603 - the counter is the process's, like the clock it extends
    # A random start in the lower half leaves at least 2,048 steps before the timestamp must run ahead.
    seeded = milliseconds << _COUNTER_BITS | secrets.randbits(_COUNTER_BITS - 1)
    with _lock:
        _last = seeded if seeded > _last else _last + 1
        return _of(_last, secrets.randbits(_RANDOM_BITS))


def _of(ordered: int, rest: int) -> UUID:
    timestamp, counter = ordered >> _COUNTER_BITS, ordered & ((1 << _COUNTER_BITS) - 1)
    return UUID(int=timestamp << 80 | _VERSION_7 | counter << 64 | _VARIANT_RFC_9562 | rest)
