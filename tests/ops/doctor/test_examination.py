"""All of it at once, in bounded time. With engines that hang: tests/faults/test_health_faults.py."""

import asyncio
import time

import pytest

from tests.settings.installations import GOOD
from threadly.core.config import Reading
from threadly.core.observability.health import Status
from threadly.ops.doctor import examination, examine, worst
from threadly.ops.doctor.findings import Findings
from threadly.settings import Settings, read


def reading_of(settings: Settings) -> Reading[Settings]:
    """As if it had been read."""
    good = read(GOOD)
    return Reading(settings, (), (), (), good.places, good.readable, good.names)


async def test_an_installation_that_is_well_is_examined_quickly(settings: Settings) -> None:
    await examine(reading_of(settings))
    began = time.monotonic()
    found = await examine(reading_of(settings))
    assert time.monotonic() - began < 0.9  # 0.03 s on a machine that has nothing else to do
    assert {finding.area for finding in found.findings} == {"settings", "database", "valkey", "media", "machine"}
    assert worst(found.findings) is not Status.FAIL
    assert found.left == 0


async def test_settings_that_cannot_be_used_are_all_there_is_to_say() -> None:
    found = await examine(read({}))
    assert {finding.area for finding in found.findings} == {"settings"}
    assert worst(found.findings) is Status.FAIL


async def test_a_look_that_hangs_or_breaks_is_a_finding_and_what_it_saw_stays(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    released = asyncio.Event()

    async def hang(_: Settings, found: Findings) -> None:
        found.good("version", "18.1", expected="16 or newer")
        while not released.is_set():
            try:
                await released.wait()
            except asyncio.CancelledError:
                continue

    async def fail(_settings: Settings, _found: Findings) -> None:
        raise KeyError("topsecret")

    monkeypatch.setattr(examination, "_REACHING", (("database", hang), ("media", hang), ("valkey", fail)))
    found = await examine(reading_of(settings), longest_seconds=0.2)
    released.set()
    assert found.left == 2
    assert [(finding.area, finding.about, finding.status) for finding in found.findings[1:]] == [
        ("database", "version", Status.PASS),
        ("database", "answers", Status.FAIL),
        ("media", "version", Status.PASS),
        ("media", "answers", Status.WARN),
        ("valkey", "examination", Status.FAIL),
    ]
    assert found.findings[-1].seen == "it ended with KeyError"
