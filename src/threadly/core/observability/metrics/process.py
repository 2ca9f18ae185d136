"""The process itself: memory, processor, open files, and how long its event loop keeps others waiting.

Linux tells memory and open files; elsewhere those two are left out.
"""

import asyncio
import resource
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Final

from prometheus_client import (
    GC_COLLECTOR,
    PLATFORM_COLLECTOR,
    PROCESS_COLLECTOR,
    REGISTRY,
    CollectorRegistry,
    Histogram,
    Metric,
)

from threadly.core.observability.metrics.exposition import sampled
from threadly.core.observability.metrics.families import Family, Kind, Series

LAG_BOUNDS: Final = (0.001, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0)
LAG: Final = Histogram(
    "threadly_event_loop_lag_seconds", "By how much the event loop was late for an appointment.", buckets=LAG_BOUNDS
)

_LOOK_SECONDS: Final = 0.25
_STATM: Final = Path("/proc/self/statm")
_OPEN_FILES: Final = Path("/proc/self/fd")


class Process:
    """What the system says of this process, asked when somebody collects.

    Args:
        name: Tells it apart from the others of this server, and is used again by the one that takes its place.
    """

    def __init__(self, name: str) -> None:
        self._name = name

    def families(self) -> Iterator[Family]:
        """As they are sent."""
        used = resource.getrusage(resource.RUSAGE_SELF)
        yield self._family("cpu_seconds", Kind.COUNTER, "Seconds of a processor.", used.ru_utime + used.ru_stime)
        with suppress(OSError):
            resident = int(_STATM.read_text().split()[1]) * resource.getpagesize()
            yield self._family("resident_bytes", Kind.GAUGE, "Memory that is in use.", resident)
        with suppress(OSError):
            yield self._family(
                "open_files", Kind.GAUGE, "Files and connections.", sum(1 for _ in _OPEN_FILES.iterdir())
            )

    def collect(self) -> list[Metric]:
        """As prometheus_client wants them."""
        return [sampled(family) for family in self.families()]

    def _family(self, what: str, kind: Kind, text: str, value: float) -> Family:
        return Family(f"threadly_process_{what}", kind, text, ("process",), [Series((self._name,), value)])


@asynccontextmanager
async def watch(name: str, *, registry: CollectorRegistry = REGISTRY) -> AsyncIterator[None]:
    """Has the registry tell of this process for as long as the block lasts.

    What prometheus_client tells of it unasked (its garbage, its Python) is taken out: added up over the workers of a
    server, it would mean nothing.
    """
    for unasked in (GC_COLLECTOR, PLATFORM_COLLECTOR, PROCESS_COLLECTOR):
        with suppress(KeyError):
            registry.unregister(unasked)
    process = Process(name)
    registry.register(process)
    looking = asyncio.create_task(_look(), name="lag")
    try:
        yield
    finally:
        looking.cancel()
        registry.unregister(process)


async def _look() -> None:
    clock = asyncio.get_running_loop().time
    while True:
        due = clock() + _LOOK_SECONDS
        await asyncio.sleep(_LOOK_SECONDS)
        LAG.observe(max(0.0, clock() - due))
