"""Metrics while workers are killed, and while everything that they depend on hangs."""

import asyncio
import math
import random
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import pairwise
from pathlib import Path
from typing import Final
from urllib.request import urlopen

from tests.core.observability.hearing import until
from tests.faults.breakable import Served
from tests.faults.counting_worker import BYTES
from tests.faults.probing import Shop
from tests.processes import ROOT, eventually
from threadly.core.observability import SOCKET, Collector, private_folder
from threadly.core.observability.metrics import TOPIC, Kind, Totals

LIVES: Final = 6
AT_MOST_LOST: Final = 1.0
"""Seconds of a worker's life before it was killed."""
LONGEST: Final = 0.5
"""Seconds for `/metrics`: ten times its goal, for the sake of busy machines."""


async def test_workers_killed_at_any_moment_take_no_more_than_their_last_second_and_nothing_goes_backwards(
    tmp_path: Path,
) -> None:
    totals = Totals()
    chance = random.Random(7)
    certain = possible = 0
    with private_folder() as folder:
        async with (
            Collector(folder / SOCKET, subscribers={TOPIC: totals}).listening() as collector,
            watched(totals) as seen,
        ):
            for life in range(LIVES):
                known, last = await lived(collector, tmp_path / str(life), chance.uniform(0.0, 2.0))
                certain, possible = certain + known, possible + last
            await until(lambda: not collector.living)
            await asyncio.sleep(0.05)
            assert [family.name for family in totals.families() if family.kind is Kind.GAUGE and family.series] == []
    assert 0 < certain <= seen[-1]["counted"] <= possible
    for before, after in pairwise(seen):
        assert all(after[name] >= value for name, value in before.items())


async def lived(collector: Collector, place: Path, seconds: float) -> tuple[int, int]:
    """What a worker had counted a second before it was killed, and when it was."""
    await asyncio.to_thread(place.write_bytes, b"\0" * BYTES)
    worker = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.faults.counting_worker", str(collector.path), str(place)), cwd=ROOT
    )
    steps: list[tuple[float, int]] = []
    end = math.inf
    while time.monotonic() < end:
        steps.append((time.monotonic(), counted(place)))
        if steps[-1][1] and end == math.inf:
            end = time.monotonic() + seconds
        await asyncio.sleep(0.01)
    killed = time.monotonic()
    worker.kill()
    await worker.wait()
    return max((count for at, count in steps if at <= killed - AT_MOST_LOST), default=0), counted(place)


def counted(place: Path) -> int:
    """How far a worker has come."""
    return int.from_bytes(place.read_bytes())


@asynccontextmanager
async def watched(totals: Totals) -> AsyncIterator[list[dict[str, float]]]:
    """Every counter and every bucket, again and again."""
    seen: list[dict[str, float]] = []

    async def watch() -> None:
        while True:
            seen.append(
                {
                    f"{family.name}{part}": value
                    for family in totals.families()
                    if family.kind is not Kind.GAUGE
                    for series in family.series
                    for part, value in [("", series.value), *enumerate(map(float, series.counts))]
                }
            )
            await asyncio.sleep(0.005)

    watching = asyncio.create_task(watch())
    try:
        yield seen
    finally:
        watching.cancel()


def test_metrics_are_told_while_postgresql_and_valkey_are_both_stopped(
    hanging_shop: Shop, hanging_server: Served
) -> None:
    url = f"{hanging_server.private}/metrics"
    eventually(lambda: b'process="web 1"' in asked(url)[0], within=10, what="the worker reports")
    with hanging_shop.hanging():
        waits = sorted(asked(url)[1] for _ in range(30))
        told, _ = asked(url)
    assert waits[-1] < LONGEST
    assert b'process="web 1"' in told


def asked(url: str) -> tuple[bytes, float]:
    """What is told, and the seconds it took."""
    began = time.monotonic()
    with urlopen(url, timeout=5) as answer:
        return answer.read(), time.monotonic() - began
