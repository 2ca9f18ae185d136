"""What is told of the process itself."""

import asyncio
import time

from prometheus_client import REGISTRY, CollectorRegistry

from threadly.core.observability.metrics.process import LAG, watch
from threadly.core.observability.metrics.snapshot import families


async def test_memory_processor_and_open_files_are_told_by_the_name_of_the_process() -> None:
    registry = CollectorRegistry()
    async with watch("web 1", registry=registry):
        told = {family.name: family.series[0] for family in families(registry)}
    assert told.keys() == {
        "threadly_process_cpu_seconds",
        "threadly_process_resident_bytes",
        "threadly_process_open_files",
    }
    assert {series.labels for series in told.values()} == {("web 1",)}
    assert told["threadly_process_resident_bytes"].value > 10 << 20
    assert told["threadly_process_open_files"].value > 2
    assert list(families(registry)) == []


async def test_what_nobody_asked_for_is_taken_out() -> None:
    async with watch("web 1"):
        names = {family.name for family in families(REGISTRY)}
    assert not {name for name in names if name.startswith(("python_", "process_"))}


async def test_an_event_loop_that_is_held_up_is_told() -> None:
    late = _late()
    async with watch("web 1", registry=CollectorRegistry()):
        await asyncio.sleep(0.01)
        time.sleep(0.4)  # noqa: ASYNC251 - that is the fault
        await asyncio.sleep(0.01)
    assert _late() == late + 1


def _late() -> float:
    """Appointments that were kept more than 0.1 s late."""
    return float(sum(bucket.get() for bucket in LAG._buckets[6:]))
