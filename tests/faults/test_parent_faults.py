"""The process that keeps the workers of the real server and hears what they count: killed, stopped, started anew."""

import os
import signal
import time
from http.client import HTTPConnection
from pathlib import Path
from typing import Final

import pytest

from tests.commands.conftest import installation
from tests.engines import EngineUrls
from tests.faults.breakable import Served, serving
from tests.processes import alive, below, children, eventually

PATH: Final = "/api/v1/nothing"
COUNTED: Final = ("threadly_http_requests_total", 'status="404"')
STOPPED_SECONDS: Final = 4.0
"""Long enough for several reports that nobody reads."""
ORPHANED_SECONDS: Final = 2.5
ANSWER_SECONDS: Final = 1.0


@pytest.fixture
def shop(database_url: str, engine_urls: EngineUrls, tmp_path: Path) -> dict[str, str]:
    return installation(database_url, engine_urls.cache_url, tmp_path)


def test_killed_with_9_it_takes_its_workers_along_and_the_next_one_has_both_addresses_at_once(
    shop: dict[str, str],
) -> None:
    with serving(shop, workers=2) as first:
        family = below(first.server.pid)
        assert len(children(first.server.pid)) == 2
        assert status(first) == 404
        first.server.process.kill()
        eventually(lambda: not alive(family), within=ORPHANED_SECONDS, what="no orphan is left")
        again = shop | {"THREADLY_OBSERVABILITY__OPS__LISTEN": first.private.removeprefix("http://")}
        with serving(again, workers=2, port=int(first.url.rpartition(":")[2])) as second:
            assert (second.url, second.private) == (first.url, first.private)
            assert status(second) == 404
            eventually(lambda: second.sum(*COUNTED) == 1, within=4, what="it counts from nothing")


def test_stopped_for_seconds_its_workers_answer_and_afterwards_its_counters_are_right(shop: dict[str, str]) -> None:
    with serving(shop, workers=2) as served:
        answered, waits = 0, []
        os.kill(served.server.pid, signal.SIGSTOP)
        try:
            until = time.monotonic() + STOPPED_SECONDS
            while time.monotonic() < until:
                began = time.monotonic()
                assert status(served) == 404
                waits.append(time.monotonic() - began)
                answered += 1
                time.sleep(0.005)
        finally:
            os.kill(served.server.pid, signal.SIGCONT)
        eventually(lambda: served.sum(*COUNTED) == answered, within=5, what="every answer is counted, once")
        assert served.sum("threadly_workers") == 2
        assert served.is_ready
        workers = children(served.server.pid)
        assert served.stop() == (0, False)
    assert max(waits) < ANSWER_SECONDS
    assert alive(workers) == []


def status(served: Served) -> int:
    """What a new connection is answered."""
    connection = HTTPConnection(served.url.removeprefix("http://"), timeout=5)
    try:
        connection.request("GET", PATH)
        return connection.getresponse().status
    finally:
        connection.close()
