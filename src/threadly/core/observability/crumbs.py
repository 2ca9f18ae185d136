"""What the work under way has told so far, kept for the case that it fails: its last lines, in a few slots.

Guaranteed: bounded; a line costs a third of a microsecond, and outside of any work less; kept is the sentence of a
line and where it came from, never its fields. A sentence is scrubbed when it is told. Not guaranteed: that sentences
below the level that is logged are here.
"""

from collections import deque
from time import perf_counter
from typing import Final, TypeAlias

import msgspec

from threadly.core.observability.context import Work
from threadly.core.observability.scrubbing.text import scrub_text

MOST: Final = 20
_PLACE: Final = "crumbs"  # in what a Work carries along, so that no line has it

Noted: TypeAlias = tuple[float, str, str, str]


class Crumb(msgspec.Struct, frozen=True):
    """One thing that happened before."""

    seconds_before: float
    category: str
    """Whose line it was (`threadly.core.database`), or `span`."""
    level: str
    message: str


def note(work: Work, logger: str, level: str, event: str) -> None:
    """Keeps a line for the work that is under way."""
    kept = vars(work)
    if _PLACE in kept:
        kept[_PLACE].append((perf_counter(), logger, level, event))
    else:
        kept[_PLACE] = deque([(perf_counter(), logger, level, event)], MOST)


def crumbs_of(work: Work | None, *, most: int = MOST) -> list[Crumb]:
    """What was noted for it, the oldest first."""
    noted: deque[Noted] | None = None if work is None else vars(work).get(_PLACE)
    if noted is None or most == 0:
        return []
    now = perf_counter()
    return [
        Crumb(round(now - at, 3), logger, level, scrub_text(event)) for at, logger, level, event in list(noted)[-most:]
    ]
