"""What the work under way has done so far, for the case that it fails: its last lines, and its last spans.

Guaranteed: bounded; a line costs a third of a microsecond, and outside of any work less; kept is the sentence of a
line and where it came from, never its fields. A sentence is scrubbed when it is told. Spans are those that tracing
keeps, where traces are told, by their names: which statements were sent, of which table, and how long they took. Not
guaranteed: that sentences below the level that is logged are here.
"""

from collections import deque
from collections.abc import Iterable, Iterator
from time import perf_counter, perf_counter_ns
from typing import Final, TypeAlias

import msgspec
from opentelemetry.trace import get_current_span

from threadly.core.observability.context import Work, current
from threadly.core.observability.scrubbing.text import scrub_text
from threadly.core.observability.tracing.spans import Span

MOST: Final = 20
_PLACE: Final = "crumbs"  # in what a Work carries along, so that no line has it

Noted: TypeAlias = tuple[float, str, str, str]


class Crumb(msgspec.Struct, frozen=True):
    """One thing that happened before."""

    seconds_before: float
    category: str
    """Whose line it was (`threadly.marketplace.listings`), or `span`."""
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
    """The last that was noted for it, and done in its trace, the oldest first."""
    if work is None or most == 0:
        return []
    noted: Iterable[Noted] = vars(work).get(_PLACE, ())
    now_ns = perf_counter_ns()
    now = now_ns / 1e9
    found = [Crumb(round(now - at, 6), logger, level, event) for at, logger, level, event in list(noted)]
    if work is current():
        found += _spans(most, now_ns)
    found.sort(key=lambda crumb: crumb.seconds_before, reverse=True)
    return [msgspec.structs.replace(crumb, message=scrub_text(crumb.message)) for crumb in found[-most:]]


def _spans(most: int, now: int) -> Iterator[Crumb]:
    span = get_current_span()
    if isinstance(span, Span):
        for each in span.local.spans[-most:]:
            took = ((each.ended or now) - each.began) / 1e6
            level = "error" if each.has_failed else "info"
            yield Crumb(round((now - each.began) / 1e9, 6), "span", level, f"{each.name} ({took:.1f} ms)")
