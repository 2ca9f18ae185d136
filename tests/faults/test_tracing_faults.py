"""Traces of the real server and worker: whole where somebody takes them, and in nobody's way where nobody does."""

import re
import signal
import statistics
import time
from collections.abc import Mapping
from http.client import HTTPConnection
from pathlib import Path
from typing import Final
from urllib.request import Request, urlopen

import pytest

from tests.commands.conftest import installation
from tests.engines import EngineUrls
from tests.otlp_receiver import Behaviour, Received, Receiver, otlp_receiver
from tests.processes import Program, eventually, program

TROUBLES: Final[tuple[Behaviour, ...]] = ("refuse", "hang", "reset")
STOP_SECONDS: Final = 10.0
"""Five are promised; the rest is for a busy machine."""
TRACING = "THREADLY_OBSERVABILITY__TRACING__"


@pytest.fixture
def traced(database_url: str, engine_urls: EngineUrls, tmp_path: Path) -> Mapping[str, str]:
    """An installation that tells of every trace."""
    return {
        **installation(database_url, engine_urls.cache_url, tmp_path),
        f"{TRACING}RATIO": "1",
        f"{TRACING}TIMEOUT": "PT1S",
        "THREADLY_OBSERVABILITY__OPS__LISTEN": "127.0.0.1:0",
        "THREADLY_OBSERVABILITY__OPS__WORK_LISTEN": "off",
    }


def test_one_trace_leads_from_each_request_through_the_outbox_into_its_job_and_its_statements(
    traced: Mapping[str, str],
) -> None:
    with otlp_receiver() as receiver:
        environment = {**traced, f"{TRACING}ENDPOINT": receiver.url}
        shop = "tests.faults.traced_shop"
        with program(shop, "serve", environment=environment) as server, program(shop, "work", environment=environment):
            url = server.line("http://")
            asked = {fails: _look(url, fails=fails) for fails in (False, True)}
            eventually(
                lambda: len(receiver.named("process tests.look")) == 2, within=15, what="the jobs have been told"
            )
            eventually(lambda: len(receiver.named("POST /tests/look")) == 2, within=15, what="so have the requests")
            server.told(signal.SIGTERM, within=8)

    assert b"anna" not in receiver.raw
    for fails, request_id in asked.items():
        _is_one_trace(receiver, request_id, fails=fails)


def _look(url: str, *, fails: bool) -> str:
    """Asks for a job, which may fail; the id of the request."""
    with urlopen(Request(f"{url}/tests/look?{'fails' if fails else ''}", method="POST"), timeout=10) as answer:
        return str(answer.headers["x-request-id"])


def _is_one_trace(receiver: Receiver, request_id: str, *, fails: bool) -> None:
    (request,) = (
        span for span in receiver.named("POST /tests/look") if span.attributes["threadly.request_id"] == request_id
    )
    (process,) = (span for span in receiver.named("process tests.look") if span.trace_id == request.trace_id)
    (send,) = (span for span in receiver.named("send tests.look") if span.trace_id == request.trace_id)
    assert (request.kind, send.kind, process.kind) == ("server", "producer", "consumer")
    assert (send.parent_id, process.parent_id) == (request.span_id, send.span_id)
    assert process.links == [(send.trace_id, send.span_id)]
    assert _named(receiver.below(request), "INSERT outbox")
    (statement,) = _named(receiver.below(process), "SELECT listings")
    assert (statement.kind, statement.attributes["db.query.text"]) == ("client", "SELECT count(*) FROM listings")
    assert (request.attributes["http.route"], request.attributes["http.response.status_code"]) == ("/tests/look", 201)
    assert process.has_failed == fails
    if fails:
        assert process.attributes["error.type"] == "builtins.ValueError"


def test_a_receiver_in_trouble_slows_no_request_and_no_stop_and_what_is_lost_is_counted(
    traced: Mapping[str, str],
) -> None:
    serve = ("threadly", "serve", "--port", "0", "--workers", "1")
    with program(*serve, environment=traced) as plain:
        plain_url = _url(plain)
        for behaviour in TROUBLES:
            with (
                otlp_receiver(behaviour) as receiver,
                program(*serve, environment={**traced, f"{TRACING}ENDPOINT": receiver.url}) as server,
            ):
                _is_in_nobodys_way(receiver, server, plain_url)


def _is_in_nobodys_way(receiver: Receiver, server: Program, plain_url: str) -> None:
    url, metrics = _url(server), server.line("Metrics at").split()[2].rstrip(",")
    without, within = _medians_of_requests(plain_url, url, times=600)
    eventually(lambda: receiver.requests, within=10, what="it has been tried")
    eventually(lambda: _lost(metrics) > 0, within=10, what="what is lost is counted")
    code, stopping = server.told(signal.SIGTERM, within=30)
    assert within < 2 * without + 0.001, receiver.behaviour
    assert code == 0
    assert stopping < STOP_SECONDS, receiver.behaviour


def _url(server: Program) -> str:
    return server.line("answers at").partition("answers at ")[2].partition(",")[0]


def _medians_of_requests(*urls: str, times: int) -> list[float]:
    """Seconds at each server, asked in turn, so that whatever else this machine does slows all of them."""
    took: list[list[float]] = [[] for _ in urls]
    connections = [HTTPConnection(url.removeprefix("http://"), timeout=5) for url in urls]
    for _ in range(times):
        for connection, seconds in zip(connections, took, strict=True):
            began = time.perf_counter()
            connection.request("GET", "/livez")
            connection.getresponse().read()
            seconds.append(time.perf_counter() - began)
    for connection in connections:
        connection.close()
    return [statistics.median(seconds) for seconds in took]


def _lost(metrics: str) -> float:
    with urlopen(metrics, timeout=5) as answer:
        told = answer.read().decode()
    found = re.findall(r'^threadly_trace_spans_total\{outcome="(?:refused|overflow)"\} (\S+)$', told, re.MULTILINE)
    return sum(map(float, found))


def _named(spans: list[Received], name: str) -> list[Received]:
    return [span for span in spans if span.name == name]
