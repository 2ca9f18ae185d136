"""What it costs a request to be told of: ours, beside Sentry's init with its middleware and OpenTelemetry's own.

All in one process, in turn, around the same bare ASGI application, by the processor time of the whole process, so that
threads which write and send count as well. Ours does all of it: ids, W3C context, counts by route, a line of JSON in a
real file, spans of which one in a hundred is told. The others do what they do when nothing else is asked of them, and
what they would send goes nowhere.

    ./dev bench telemetry              20,000 requests each, nine rounds
    ./dev bench telemetry --quick      4,000 requests each, five rounds
"""

import argparse
import asyncio
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import sentry_sdk
import uvloop
from opentelemetry.instrumentation.asgi import OpenTelemetryMiddleware
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult
from rich.console import Console
from rich.table import Table
from sentry_sdk.envelope import Envelope
from sentry_sdk.integrations.asgi import SentryAsgiMiddleware

from benchmarks.browser import BROWSER
from threadly.core.asgi import ASGIApp, Message, Receive, Scope, Send
from threadly.core.observability import LogSettings, Telemetry, current, set_up_logs
from threadly.core.observability.metrics import Requests
from threadly.core.observability.tracing import Ended, Exporter, Tracing, TracingSettings, install

MOST_US: Final = 15.0
LEAST_OF_SENTRY: Final = 5.0
LEAST_OF_OTEL: Final = 10.0
HEADERS: Final = [*BROWSER, (b"cookie", b"threadly_session=0123456789abcdef0123456789abcdef")]
ANSWER: Final = [(b"content-type", b"text/plain"), (b"content-length", b"5")]


async def bare(_scope: Scope, _receive: Receive, send: Send) -> None:
    """Says hello, and notes the route as a router would."""
    if (work := current()) is not None:
        work.route = "/listings/{id}"
    await send({"type": "http.response.start", "status": 200, "headers": ANSWER})
    await send({"type": "http.response.body", "body": b"hello"})


class Nowhere(SpanExporter):
    """Takes spans, and forgets them."""

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        """For OpenTelemetry."""
        return SpanExportResult.SUCCESS

    def take(self, spans: Sequence[Ended]) -> bool:
        """For ours."""
        return True

    def close(self) -> None:
        """Nothing is open."""


class NoTransport(sentry_sdk.Transport):
    """Sends nothing."""

    def capture_envelope(self, envelope: Envelope) -> None:
        """Forgets it."""


def contenders(folder: Path) -> dict[str, ASGIApp]:
    """The applications, by what is around them."""
    set_up_logs(LogSettings(file=folder / "web.log"), registry=None)
    settings = TracingSettings(ratio=0.01)
    exporter = Exporter(Nowhere())
    exporter.start()
    tracing = Tracing(settings, exporter)
    install(tracing)
    ours = Telemetry(bare, tracing=tracing, requests=Requests(registry=None), trusts=lambda _: False)

    sentry_sdk.init("http://key@127.0.0.1:1/1", transport=NoTransport)
    sentry: Any = SentryAsgiMiddleware(bare)

    provider = TracerProvider()
    provider.add_span_processor(BatchSpanProcessor(Nowhere()))
    otel: Any = OpenTelemetryMiddleware(bare, tracer_provider=provider)
    return {"nothing": bare, "ours": ours, "Sentry, init only": sentry, "OpenTelemetry's ASGI": otel}


async def round_of(app: ASGIApp, requests: int) -> float:
    """Microseconds of processor time a request."""

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(_: Message) -> None:
        """Nobody is there."""

    began = time.process_time()
    for _ in range(requests):
        scope: Scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": "GET",
            "scheme": "https",
            "path": "/listings/0199a7a2",
            "raw_path": b"/listings/0199a7a2",
            "query_string": b"",
            "root_path": "",
            "headers": HEADERS,
            "client": ("203.0.113.9", 4711),
            "server": ("127.0.0.1", 8000),
        }
        await app(scope, receive, send)
    return (time.process_time() - began) / requests * 1e6


async def measured(requests: int, rounds: int) -> dict[str, float]:
    """The median of each, beyond nothing."""
    with tempfile.TemporaryDirectory() as folder:
        apps = contenders(Path(folder))
        taken: dict[str, list[float]] = {name: [] for name in apps}
        for app in apps.values():
            await round_of(app, requests // 10)
        for _ in range(rounds):
            for name, app in apps.items():
                taken[name].append(await round_of(app, requests))
                await asyncio.sleep(0.05)
    medians = {name: statistics.median(each) for name, each in taken.items()}
    return {name: median - medians["nothing"] for name, median in medians.items()} | {"nothing": medians["nothing"]}


def main() -> int:
    """Prints the figures; 1 if a limit is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true")
    quick = parser.parse_args().quick
    more = uvloop.run(measured(4_000, 5) if quick else measured(20_000, 9))
    ours = more["ours"]
    table = Table("around a bare application", "µs a request more", "times ours")
    for name, figure in more.items():
        if name == "nothing":
            table.add_row(name, f"({figure:.1f} in all)", "")
        else:
            table.add_row(name, f"{figure:.1f}", f"{figure / ours:.1f}")
    Console().print(table)
    kept = {
        f"ours at most {MOST_US:.0f} µs": ours <= MOST_US,
        f"Sentry at least {LEAST_OF_SENTRY:.0f} times": more["Sentry, init only"] >= LEAST_OF_SENTRY * ours,
        f"OpenTelemetry at least {LEAST_OF_OTEL:.0f} times": more["OpenTelemetry's ASGI"] >= LEAST_OF_OTEL * ours,
    }
    for goal, is_kept in kept.items():
        print(f"{'kept  ' if is_kept else 'MISSED'}  {goal}")
    return 0 if all(kept.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
