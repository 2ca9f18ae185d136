"""Counts as fast as it is let, reports, and writes down how far it has come: `python -m tests.faults.counting_worker`.

What it has counted stands in a file of eight bytes, so that who kills it knows.
"""

import asyncio
import mmap
import os
import sys
from pathlib import Path
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from threadly.core.observability import Reporter
from threadly.core.observability.metrics import TOPIC, snapshot

REPORTS_EACH: Final = 0.1
BYTES: Final = 8


async def main(collector: str, place: str) -> None:
    """Counts until it is killed."""
    registry = CollectorRegistry()
    counted = Counter("counted", "Steps.", registry=registry)
    lasted = Histogram("lasted", "Seconds.", registry=registry)
    Gauge("alive", "Those that live.", registry=registry).set(1)
    reporter = Reporter(Path(collector), every_seconds=REPORTS_EACH)
    reporter.offer(TOPIC, lambda: snapshot(registry))
    file = os.open(place, os.O_RDWR)
    with mmap.mmap(file, BYTES) as told:
        steps = 0
        async with reporter.reporting():
            while True:
                for _ in range(10):
                    steps += 1
                    told[:] = steps.to_bytes(BYTES)  # before it is counted: never less than what is reported
                    counted.inc()
                    lasted.observe(steps % 7 / 10)
                await asyncio.sleep(0.001)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
