"""What a worker tells, and that it never waits for who hears it."""

import asyncio
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import Lines
from tests.core.observability.hearing import until
from threadly.core.observability.collecting import SOCKET, Collector, private_folder
from threadly.core.observability.frames import LONGEST_FRAME
from threadly.core.observability.reporting import Reporter

SOON = 0.02


@pytest.fixture
def path() -> Iterator[Path]:
    with private_folder() as folder:
        yield folder / SOCKET


async def test_each_report_says_what_is_true_now_and_the_last_one_when_the_worker_ends(path: Path) -> None:
    told = [b"nothing yet"]
    reporter = Reporter(path, every_seconds=30)
    reporter.offer("health", lambda: told[0])
    reporter.offer("errors", lambda: None)
    heard: list[bytes] = []

    class Subscriber:
        def heard(self, worker: str, body: bytes) -> None:
            assert worker == reporter.worker
            heard.append(body)

        def gone(self, worker: str) -> None:
            heard.append(b"gone")

    async with Collector(path, subscribers={"health": Subscriber()}).listening() as collector:
        async with reporter.reporting():
            await until(lambda: heard)
            told[0] = b"all there was"
            assert collector.latest("errors") == {}
        await until(lambda: heard[-1] == b"gone")
    assert heard == [b"nothing yet", b"all there was", b"gone"]
    assert reporter.dropped == 0


async def test_who_collects_may_be_gone_come_late_and_be_started_anew(path: Path) -> None:
    reporter = Reporter(path, every_seconds=SOON)
    reporter.offer("health", lambda: b"well")
    async with reporter.reporting():
        await until(lambda: reporter.dropped > 1)
        for _ in range(2):
            async with Collector(path).listening() as collector:
                await until(lambda: collector.latest("health") == {reporter.worker: b"well"})
                assert collector.refused == {}


async def test_who_collects_and_reads_nothing_is_not_waited_for_and_memory_is_bounded(path: Path) -> None:
    accepted = []
    server = await asyncio.start_unix_server(lambda *connection: accepted.append(connection), path, limit=1)
    reporter = Reporter(path, every_seconds=0.001)
    reporter.offer("errors", lambda: b"x" * (LONGEST_FRAME - 200))
    longest = 0.0
    async with server:
        async with reporter.reporting():
            while reporter.dropped < 50:
                began = time.thread_time()
                await asyncio.sleep(0.001)
                longest = max(longest, time.thread_time() - began)
                connection = reporter._connection
                waiting = connection[1].transport.get_write_buffer_size() if connection else 0
                assert waiting <= LONGEST_FRAME + 4
            assert len(accepted) > 2, "it gives up a connection that nobody reads"
            began = time.monotonic()
        assert time.monotonic() - began < 1.5, "nor does its end wait"
        for _, writer in accepted:
            writer.transport.abort()
    assert longest < 0.1


async def test_a_topic_that_fails_or_is_too_long_is_logged_once_and_the_others_are_told(
    path: Path, lines: Lines
) -> None:
    def failing() -> bytes:
        raise RuntimeError("not today")

    reporter = Reporter(path, every_seconds=SOON)
    reporter.offer("metrics", failing)
    reporter.offer("errors", lambda: b"x" * (LONGEST_FRAME + 1))
    reporter.offer("health", lambda: b"well")
    async with Collector(path).listening() as collector, reporter.reporting():
        await until(lambda: collector.latest("health") and reporter.dropped >= 4)
        assert (collector.latest("metrics"), collector.latest("errors")) == ({}, {})
    assert [(line["event"], line["topic"]) for line in lines] == [
        ("A topic cannot be reported.", "metrics"),
        ("A topic cannot be reported.", "errors"),
    ]


async def test_without_anybody_who_collects_nothing_is_asked_or_sent() -> None:
    def never() -> bytes:
        raise AssertionError("nobody asked")

    reporter = Reporter(None)
    reporter.offer("metrics", never)
    async with reporter.reporting():
        await asyncio.sleep(0)
    assert reporter.dropped == 0


def test_a_topic_is_offered_once() -> None:
    reporter = Reporter(None)
    reporter.offer("metrics", lambda: b"")
    with pytest.raises(ValueError, match="offered twice"):
        reporter.offer("metrics", lambda: b"")


def test_each_worker_has_an_identity_of_its_own() -> None:
    assert len({Reporter(None).worker for _ in range(100)}) == 100
