"""What it costs a request that an event is recorded: ours, beside no more than a count in a dictionary.

Four ways take turns in one process: the floor (an entry of a dictionary counts up, and a counter of prometheus-client),
an event of a subject that was seen before, one of a subject that was not, and a refusal that is no event.

    ./dev bench events              50,000 each, nine rounds
    ./dev bench events --quick      5,000 each, five rounds
"""

import argparse
import gc
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from typing import Any, Final

from prometheus_client import CollectorRegistry, Counter
from rich.console import Console
from rich.table import Table

from threadly.core.errors import NotFound
from threadly.core.keys import KeyRing
from threadly.core.security.events import IN_CORE, EventSettings, LimitHit, Noticing, Row, SecurityEvents
from threadly.core.security.limits import LimitReached

MOST_US: Final = 5.0
SCOPE: Final[dict[str, Any]] = {"type": "http", "client": ("203.0.113.9", 4711)}


class Nowhere:
    """A store that keeps nothing."""

    async def add(self, rows: Sequence[Row]) -> None:
        """Forgets them."""


def ways(number: int) -> dict[str, Callable[[], None]]:
    """Each does it so many times."""
    counter = Counter("floor_total", "A count.", ["kind"], registry=CollectorRegistry()).labels("limit_hit")
    counted: dict[str, int] = {"x": 0}
    reached, missing = LimitReached(limit="auth"), NotFound()

    def events() -> SecurityEvents:
        return SecurityEvents(Nowhere(), EventSettings(), keys=KeyRing.of(b"0" * 32), most=2 * number)

    def floor() -> None:
        for _ in range(number):
            counted["x"] += 1
            counter.inc()

    def seen_before() -> None:
        notice = Noticing(events(), IN_CORE, member=lambda: None)
        for _ in range(number):
            notice(SCOPE, reached)

    def another_each_time() -> None:
        record = events().record
        for each in range(number):
            record(LimitHit(limit="auth", network=f"203.0.{each}.0/24"))

    def no_event() -> None:
        notice = Noticing(events(), IN_CORE, member=lambda: None)
        for _ in range(number):
            notice(SCOPE, missing)

    return {
        "floor: a dictionary and a counter": floor,
        "a refusal of a subject seen before": seen_before,
        "an event of a new subject": another_each_time,
        "a refusal that is no event": no_event,
    }


def main() -> int:
    """Prints the table; 1 if recording takes longer than it may."""
    parser = argparse.ArgumentParser(prog="bench events", description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true")
    is_quick = parser.parse_args().quick
    number, rounds = (5_000, 5) if is_quick else (50_000, 9)
    timed: dict[str, list[float]] = {}
    for _ in range(rounds):
        for name, run in ways(number).items():
            gc.collect()
            began = time.perf_counter()
            run()
            timed.setdefault(name, []).append((time.perf_counter() - began) / number * 1e6)
    medians = {name: statistics.median(times) for name, times in timed.items()}
    floor = next(iter(medians.values()))
    table = Table("what", "µs", "times the floor", title="Recording a security event, medians")
    for name, median in medians.items():
        table.add_row(name, f"{median:.2f}", f"{median / floor:.1f}")
    Console().print(table)
    longest = max(medians.values())
    return 0 if longest <= MOST_US else 1


if __name__ == "__main__":
    sys.exit(main())
