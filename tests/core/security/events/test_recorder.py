"""What is recorded is counted, written in the background, bounded, and never in anybody's way."""

import asyncio
import json
from dataclasses import dataclass

import pytest
from prometheus_client import REGISTRY

from tests.conftest import Lines
from tests.core.security.events.keeping import KEYS, Clock, Kept, recorder
from threadly.core.keys import KeyRing
from threadly.core.security.events import EventSettings, LimitHit, SecurityEvent, SecurityEvents, UnknownHost, digests
from threadly.core.security.events.recorder import WINDOW_SECONDS


def counted(kind: str, *, of: str = "threadly_security_events_total") -> float:
    return REGISTRY.get_sample_value(of, {"kind": kind}) or 0.0


async def test_the_same_of_one_subject_within_a_window_is_one_row() -> None:
    store, clock = Kept(), Clock()
    events = recorder(store, clock=clock)
    before = counted("limit_hit")
    for _ in range(5):
        events.record(LimitHit(limit="auth", network="192.0.2.0/24"))
        clock.now += 1
    events.record(LimitHit(limit="auth", network="198.51.100.0/24"))
    clock.now += WINDOW_SECONDS
    events.record(LimitHit(limit="auth", network="192.0.2.0/24"))

    assert await events.write()
    assert [row.count for row in store.rows] == [5, 1, 1]
    first, other, later = store.rows
    assert (first.last_at - first.first_at).total_seconds() == 4
    assert first.fingerprint == later.fingerprint != other.fingerprint
    assert (later.window_at - first.window_at).total_seconds() == WINDOW_SECONDS
    assert counted("limit_hit") - before == 7


async def test_what_was_written_meanwhile_counts_up_again() -> None:
    store = Kept()
    events = recorder(store)
    async with events.running():
        for _ in range(3):
            events.record(UnknownHost())
            await asyncio.sleep(0.03)
    assert sum(row.count for row in store.rows) == 3


async def test_while_nothing_can_be_written_subjects_wait_up_to_a_bound_and_all_are_counted(lines: Lines) -> None:
    store = Kept()
    store.is_gone = True
    events = recorder(store, most=100)
    before = counted("limit_hit"), counted("limit_hit", of="threadly_security_events_dropped_total")
    for number in range(150):
        events.record(LimitHit(limit=f"l{number}"))
        events.record(LimitHit(limit="l0"))

    assert not await events.write()
    assert (events.waiting, events.dropped, events.trouble) == (100, 50, "ConnectionRefusedError")
    assert events.dropped_at is not None
    assert counted("limit_hit") - before[0] == 300
    assert counted("limit_hit", of="threadly_security_events_dropped_total") - before[1] == 50

    store.is_gone = False
    assert await events.write()
    assert (events.waiting, events.trouble) == (0, None)
    assert sum(row.count for row in store.rows) == 250
    assert [line["event"] for line in lines] == [
        "Security events cannot be written; they wait.",
        "Security events are written again.",
    ]


async def test_what_comes_while_a_batch_fails_is_counted_beside_it() -> None:
    store = Kept()
    events = recorder(store, most=2)

    class Slow(Kept):
        async def add(self, rows: object) -> None:
            events.record(UnknownHost(network="192.0.2.0/24"))
            events.record(UnknownHost(network="203.0.113.0/24"))
            events.record(UnknownHost(network="203.0.113.0/24"))
            raise TimeoutError

    events._store = Slow()
    events.record(UnknownHost(network="192.0.2.0/24"))
    events.record(UnknownHost(network="198.51.100.0/24"))
    assert not await events.write()
    assert events.dropped == 1, "the bound holds, and what had come before and found no room is counted"
    events._store = store
    await events.write()
    assert {row.network: row.count for row in store.rows} == {"192.0.2.0/24": 2, "203.0.113.0/24": 2}


async def test_many_are_written_in_batches() -> None:
    store = Kept()
    events = recorder(store)
    for number in range(1_200):
        events.record(LimitHit(limit=f"l{number}"))
    await events.write()
    assert store.batches == [500, 500, 200]


async def test_each_kind_has_one_line_of_the_log_however_many_come(lines: Lines) -> None:
    events = recorder(Kept())
    async with events.running():
        for number in range(500):
            events.record(LimitHit(limit=f"l{number}"))
        events.record(UnknownHost())
        await asyncio.sleep(0.1)
        for _ in range(20):
            events.record(UnknownHost())
            await asyncio.sleep(0.01)
    told = [(line["seen"], line["count"]) for line in lines if line["event"] == "security_events"]
    assert told == [("limit_hit", 500), ("unknown_host", 1), ("unknown_host", 20)]  # the last as it ends


async def test_it_ends_in_time_where_nobody_takes_what_is_left() -> None:
    class Hanging(Kept):
        async def add(self, rows: object) -> None:
            await asyncio.sleep(3600)

    events = SecurityEvents(Hanging(), EventSettings(), keys=KEYS)
    async with asyncio.timeout(20):
        async with events.running():
            events.record(UnknownHost())
    assert events.waiting == 1


def test_a_digest_is_by_the_keys_of_the_site() -> None:
    events, others = recorder(Kept()), SecurityEvents(Kept(), EventSettings(), keys=KeyRing.of(b"f" * 32))
    assert [events.digest("mila")] == digests("mila", KEYS)
    assert events.digest("mila") != others.digest("mila")


async def test_an_application_adds_kinds_of_its_own() -> None:
    @dataclass(frozen=True, slots=True, kw_only=True)
    class DoorForced(SecurityEvent):
        """Somebody forced a door."""

        kind = "door_forced"
        door: str

    store = Kept()
    events = recorder(store)
    events.record(DoorForced(door="back"))
    await events.write()
    assert json.loads(json.dumps(store.rows[0].facts)) == {"door": "back"}


@pytest.mark.parametrize("count", [0, 1])
async def test_who_has_nothing_to_write_asks_nobody(count: int) -> None:
    store = Kept()
    events = recorder(store)
    for _ in range(count):
        events.record(UnknownHost())
    await events.write()
    assert len(store.batches) == count
