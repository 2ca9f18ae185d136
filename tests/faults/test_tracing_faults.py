"""Traces of the real server and worker: whole where somebody takes them, and in nobody's way where nobody does."""

import re
import signal
import statistics
import time
from collections.abc import Mapping
from http.client import HTTPConnection
from pathlib import Path
from urllib.request import Request, urlopen

import pytest

from tests.commands.conftest import installation
from tests.engines import EngineUrls
from tests.otlp_receiver import Behaviour, Received, Receiver, otlp_receiver
from tests.processes import eventually, program

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


@pytest.mark.parametrize("fails", [False, True])
def test_one_trace_leads_from_a_request_through_the_outbox_into_the_job_and_its_statements(
    traced: Mapping[str, str], fails: bool
) -> None:
    with otlp_receiver() as receiver:
        environment = {**traced, f"{TRACING}ENDPOINT": receiver.url}
        shop = "tests.faults.traced_shop"
        with program(shop, "serve", environment=environment) as server, program(shop, "work", environment=environment):
            url = server.line("http://")
            asked = Request(f"{url}/tests/look?{'fails' if fails else ''}", method="POST")
            with urlopen(asked, timeout=10) as answer:
                request_id = answer.headers["x-request-id"]
            eventually(lambda: receiver.named("process tests.look"), within=15, what="the job has been told")
            eventually(lambda: receiver.named("POST /tests/look"), within=15, what="the request has been told")
            server.told(signal.SIGTERM, within=8)

    (request,), (process,) = receiver.named("POST /tests/look"), receiver.named("process tests.look")
    (send,) = receiver.named("send tests.look")
    assert (request.kind, send.kind, process.kind) == ("server", "producer", "consumer")
    assert {span.trace_id for span in (request, send, process)} == {request.trace_id}
    assert (send.parent_id, process.parent_id) == (request.span_id, send.span_id)
    assert process.links == [(send.trace_id, send.span_id)]
    assert _named(receiver.below(request), "INSERT outbox")
    (statement,) = _named(receiver.below(process), "SELECT listings")
    assert (statement.kind, statement.attributes["db.query.text"]) == ("client", "SELECT count(*) FROM listings")
    assert request.attributes["threadly.request_id"] == request_id
    assert (request.attributes["http.route"], request.attributes["http.response.status_code"]) == ("/tests/look", 201)
    assert process.has_failed == fails
    if fails:
        assert process.attributes["error.type"] == "builtins.ValueError"
    assert b"anna" not in receiver.raw


@pytest.mark.parametrize("behaviour", ["refuse", "hang", "reset"])
def test_a_receiver_in_trouble_slows_no_request_and_no_stop_and_what_is_lost_is_counted(
    traced: Mapping[str, str], behaviour: Behaviour
) -> None:
    with otlp_receiver(behaviour) as receiver:
        without = _served(traced, None)
        within = _served({**traced, f"{TRACING}ENDPOINT": receiver.url}, receiver)
    assert within < 2 * without + 0.001


def _served(environment: Mapping[str, str], receiver: Receiver | None) -> float:
    """Seconds for a request; stops the server in time, and if there is a receiver, sees that losses are counted."""
    with program("threadly", "serve", "--port", "0", "--workers", "1", environment=environment) as server:
        url = server.line("answers at").partition("answers at ")[2].partition(",")[0]
        metrics = server.line("Metrics at").split()[2].rstrip(",")
        seconds = _median_of_requests(url, 600)
        if receiver is not None:
            eventually(lambda: receiver.requests, within=10, what="it has been tried")
            eventually(lambda: _lost(metrics) > 0, within=10, what="what is lost is counted")
        code, stopping = server.told(signal.SIGTERM, within=8)
        assert (code, stopping < 5) == (0, True)
    return seconds


def _median_of_requests(url: str, many: int) -> float:
    connection = HTTPConnection(url.removeprefix("http://"), timeout=5)
    took = []
    for _ in range(many):
        began = time.perf_counter()
        connection.request("GET", "/livez")
        connection.getresponse().read()
        took.append(time.perf_counter() - began)
    connection.close()
    return statistics.median(took)


def _lost(metrics: str) -> float:
    with urlopen(metrics, timeout=5) as answer:
        told = answer.read().decode()
    found = re.findall(r'^threadly_trace_spans_total\{outcome="(?:refused|overflow)"\} (\S+)$', told, re.MULTILINE)
    return sum(map(float, found))


def _named(spans: list[Received], name: str) -> list[Received]:
    return [span for span in spans if span.name == name]
