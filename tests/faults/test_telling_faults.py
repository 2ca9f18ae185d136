"""Nobody takes what the real server has to tell: it answers as ever, ends in time, and counts what was lost."""

import json
import os
import resource
import signal
import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import Final

import pytest

from tests.commands.conftest import installation
from tests.engines import EngineUrls
from tests.faults.breakable import Served, serving
from tests.processes import below, children, eventually
from tests.sentry_receiver import sentry_receiver

REQUESTS: Final = 500
"""Each leaves a line of 300 bytes and more: twice what a pipe and the smallest queue take."""
LONGEST_SECONDS: Final = 5.0
STOP_SECONDS: Final = 6.0
SMALLEST_QUEUE: Final = {"THREADLY_OBSERVABILITY__LOGS__QUEUE_BYTES": str(1 << 16)}
FULL_BYTES: Final = 40_000


@pytest.fixture
def shop(database_url: str, engine_urls: EngineUrls, tmp_path: Path) -> dict[str, str]:
    return installation(database_url, engine_urls.cache_url, tmp_path) | SMALLEST_QUEUE


def test_a_standard_output_that_nobody_reads_keeps_neither_requests_nor_the_end_waiting(
    shop: dict[str, str],
) -> None:
    with serving(shop, is_heard=False) as served:
        waits = asked(served, "/api/v1/nothing", status=404)
        eventually(lambda: served.sum("threadly_log_lines_dropped_total") > 0, within=5, what="losses are counted")
        began = time.monotonic()
        assert served.stop() == (0, False)
        seconds = time.monotonic() - began
    assert max(waits) < LONGEST_SECONDS
    assert seconds < STOP_SECONDS


def test_a_terminal_that_nobody_reads_keeps_no_worker_from_being_replaced_nor_the_end_waiting(
    shop: dict[str, str],
) -> None:
    with serving(shop | {"THREADLY_OBSERVABILITY__LOGS__FORM": "text"}, is_heard=False) as served:
        asked(served, "/api/v1/nothing", status=404)  # the pipe is full
        (worker,) = children(served.server.pid)
        os.kill(worker, signal.SIGKILL)
        eventually(
            lambda: children(served.server.pid) not in ([], [worker]) and served.is_ready, within=20, what="another"
        )
        began = time.monotonic()
        assert served.stop() == (0, False)
        seconds = time.monotonic() - began
    assert seconds < STOP_SECONDS


def test_a_full_disk_for_the_log_keeps_no_request_waiting_and_once_there_is_room_its_losses_are_told(
    shop: dict[str, str], tmp_path: Path
) -> None:
    log = tmp_path / "web.log"
    with serving(shop | {"THREADLY_OBSERVABILITY__LOGS__FILE": str(log)}, log=log) as served:
        with full(served, beyond=log.stat().st_size + FULL_BYTES):
            waits = asked(served, "/api/v1/nothing", status=404)
            eventually(lambda: served.sum("threadly_log_lines_dropped_total") > 0, within=5, what="losses are counted")
            waits += asked(served, "/api/v1/nothing", status=404, many=50)
        eventually(lambda: "Log lines were lost" in log.read_text(), within=10, what="there is room, and it is told")
        assert served.stop() == (0, False)

    assert max(waits) < LONGEST_SECONDS
    lines = [json.loads(line) for line in log.read_text().splitlines()]
    requests = sum(line.get("status") == 404 for line in lines)
    lost = sum(line.get("dropped", 0) for line in lines)
    assert lost > 0
    assert requests + lost == pytest.approx(REQUESTS + 50, abs=5)  # of which a few may have been other lines


@contextmanager
def full(served: Served, *, beyond: int) -> Iterator[None]:
    """No file of these processes may grow beyond so many bytes: writing fails, or stops in the midst of a line."""
    processes = [served.server.pid, *below(served.server.pid)]
    _, most = resource.prlimit(served.server.pid, resource.RLIMIT_FSIZE)
    for pid in processes:
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (beyond, most))
    try:
        yield
    finally:
        for pid in processes:
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (most, most))


def test_a_sentry_that_hangs_slows_no_request_and_no_stop(
    shop: dict[str, str],
) -> None:
    gone = shop | {"DATABASE_URL": "postgresql://nobody@127.0.0.1:1/nothing"}  # so that each request fails
    with serving(gone, waits=False) as served:
        without = statistics.median(asked(served, "/api/v1/listings", status=503, many=200))
    with sentry_receiver("hang") as receiver:
        told = gone | {"THREADLY_OBSERVABILITY__ERRORS__SENTRY_DSN": receiver.dsn}
        with serving(told, waits=False) as served:
            waits = asked(served, "/api/v1/listings", status=503, many=200)
            eventually(lambda: receiver.requests, within=10, what="it was tried")
            began = time.monotonic()
            assert served.stop() == (0, False)
            seconds = time.monotonic() - began
    assert statistics.median(waits) < 2 * without + 0.001
    assert max(waits) < LONGEST_SECONDS
    assert seconds < STOP_SECONDS


def asked(served: Served, path: str, *, status: int, many: int = REQUESTS) -> list[float]:
    """Seconds of so many requests, one after another, each answered so."""
    connection = HTTPConnection(served.url.removeprefix("http://"), timeout=10)
    waits = []
    for _ in range(many):
        began = time.perf_counter()
        connection.request("GET", path)
        answer = connection.getresponse()
        answer.read()
        waits.append(time.perf_counter() - began)
        assert answer.status == status
    connection.close()
    return waits
