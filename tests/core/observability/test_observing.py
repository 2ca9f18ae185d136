"""A process that tells all of it, by a few lines; in a process of its own, since logging is set up once in each."""

import asyncio
import json
import socket
import subprocess
import sys
from typing import Any

from threadly.core.observability.collecting import Collector, private_folder
from threadly.core.observability.metrics import TOPIC

PROGRAM = """
import asyncio, json, sys, urllib.request
import httpx, structlog
from opentelemetry import trace
from threadly.core.config import Profile
from threadly.core.observability import ObservabilitySettings, observing
from threadly.core.observability.health import Check, Unhealthy

log = structlog.get_logger("shop")
settings = ObservabilitySettings.model_validate_json(sys.argv[1])


class Told:
    def take(self, spans):
        print(json.dumps({"spans": [span.name for span in spans]}), flush=True)
        return True

    def close(self):
        print(json.dumps({"closed": "spans"}), flush=True)


async def app(scope, receive, send):
    if scope["path"] == "/fails":
        raise LookupError("no such thing")
    log.warning("Asked.", traced=trace.get_current_span().get_span_context().is_valid)
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"yes"})


async def well():
    if "ill" in sys.argv:
        raise Unhealthy("it is ill")


def ask(url):
    try:
        with urllib.request.urlopen(url) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as refusal:
        return refusal.code, refusal.read().decode()


def observed_so(**how):
    return observing(settings, name="shop 1", version="1.4", own=("__main__",), variables="SHOP_", **how)
"""
ONCE = """
async def main():
    async with observed_so(spans=Told() if "spans" in sys.argv else None) as observed:
        before = await asyncio.to_thread(ask, f"{observed.url}/readyz") if observed.url else None
        async with observed.watching([Check("ground", "responseTime", well)]) as health:
            whole = observed.around(app, health, route_of=lambda scope: scope["path"])
            async with httpx.AsyncClient(transport=httpx.ASGITransport(whole), base_url="http://shop") as client:
                answers = [await client.get(path) for path in ("/well", "/livez", "/readyz")]
                try:
                    await client.get("/fails")
                except LookupError:
                    pass
            told = {}
            if observed.url:
                for path in ("/metrics", "/health", "/errors"):
                    told[path] = await asyncio.to_thread(ask, observed.url + path)
            await asyncio.sleep(0.2)
    print(json.dumps({
        "before": before, "answers": [answer.status_code for answer in answers],
        "id": answers[0].headers["x-request-id"], "told": told,
    }))

asyncio.run(main())
"""
ANYWHERE = {"ops": {"listen": "127.0.0.1:0"}}


def run(settings: dict[str, Any], *words: str, script: str = ONCE) -> tuple[int, list[dict[str, Any]], str]:
    """Its exit code, what it said line by line, and what it complained of."""
    ended = subprocess.run(
        [sys.executable, "-c", PROGRAM + script, json.dumps(settings), *words], capture_output=True, text=True
    )
    return ended.returncode, [json.loads(line) for line in ended.stdout.splitlines()], ended.stderr


def test_a_process_tells_its_lines_counts_failures_and_health_by_a_few_lines_of_code() -> None:
    code, lines, complaints = run(ANYWHERE)

    assert (code, complaints) == (0, "")
    result = lines.pop()
    asked = next(line for line in lines if line["event"] == "Asked.")
    assert (asked["process"], asked["version"], asked["traced"]) == ("shop 1", "1.4", True)
    request = next(line for line in lines if line["event"] == "request" and line["route"] == "/well")
    assert request["request_id"] == asked["request_id"] == result["id"]
    assert not [line for line in lines if line.get("route") in {"/livez", "/readyz"}]  # probes are quiet
    assert result["before"][0] == 503
    assert result["answers"] == [200, 200, 200]
    metrics = result["told"]["/metrics"][1]
    assert 'threadly_http_requests_total{method="GET",route="/well",status="200"} 1' in metrics
    assert 'threadly_http_requests_total{method="GET",route="/fails",status="500"} 1' in metrics
    assert 'threadly_errors_total{work="request",level="error"} 1' in metrics
    assert 'threadly_process_resident_bytes{process="shop 1"}' in metrics
    health = json.loads(result["told"]["/health"][1])
    assert (health["status"], health["version"], health["serviceId"]) == ("pass", "1.4", "shop 1")
    (group,) = json.loads(result["told"]["/errors"][1])["groups"]
    assert (group["type"], group["count"], group["release"]) == ("LookupError", 1, "1.4")


def test_one_whose_ground_is_gone_is_alive_and_not_ready() -> None:
    _, lines, _ = run(ANYWHERE, "ill")

    result = lines.pop()
    assert result["answers"] == [200, 200, 503]
    assert [line["output"] for line in lines if line["event"] == "A check fails."] == ["it is ill"]


def test_spans_are_told_to_who_takes_them_before_the_process_ends() -> None:
    settings = ANYWHERE | {"tracing": {"endpoint": "http://collector:4318", "ratio": 1.0}}
    code, lines, complaints = run(settings, "spans")

    assert (code, complaints) == (0, "")
    assert "GET /well" in [name for line in lines for name in line.get("spans", ())]
    assert {"closed": "spans"} in lines


def test_to_send_what_nobody_here_sends_is_refused_before_anything_starts() -> None:
    settings = ANYWHERE | {
        "tracing": {"endpoint": "http://collector:4318"},
        "errors": {"sentry_dsn": "https://swordfish@sentry.example/1"},
    }
    code, lines, complaints = run(settings)

    assert (code, lines) == (1, [])
    assert "SHOP_TRACING__ENDPOINT is set, and nothing in this application sends anything there." in complaints
    assert "SHOP_ERRORS__SENTRY_DSN is set, and nothing in this application sends anything there." in complaints
    assert "swordfish" not in complaints


def test_where_the_private_address_is_off_nobody_is_told_and_all_else_works() -> None:
    code, lines, _ = run({"ops": {"listen": "off"}})

    assert code == 0
    assert lines[-1]["answers"] == [200, 200, 200]
    assert lines[-1]["told"] == {}


def test_an_address_that_is_taken_is_refused_by_the_variable_that_mends_it() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        code, _, complaints = run({"ops": {"listen": f"127.0.0.1:{taken.getsockname()[1]}"}})

    assert code == 1
    assert "SHOP_OPS__LISTEN=127.0.0.1:PORT" in complaints


async def test_where_a_process_keeps_several_each_reports_there_and_listens_nowhere() -> None:
    heard: dict[str, bytes] = {}

    class Subscriber:
        def heard(self, worker: str, body: bytes) -> None:
            heard[worker] = body

        def gone(self, worker: str) -> None:
            heard[f"{worker} is gone"] = b""

    with private_folder() as folder:
        path = folder / "reports.sock"
        async with Collector(path, subscribers={TOPIC: Subscriber()}).listening():
            settings = {"ops": {"socket": str(path)}}
            program = await asyncio.create_subprocess_exec(
                sys.executable, "-c", PROGRAM + ONCE, json.dumps(settings), stdout=asyncio.subprocess.PIPE
            )
            said, _ = await program.communicate()

    assert json.loads(said.splitlines()[-1])["told"] == {}
    assert any(b"threadly_http_requests" in body for body in heard.values())
