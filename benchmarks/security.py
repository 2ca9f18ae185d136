"""What does everything above the faces cost a request: telemetry, security, the session; and what would frameworks ask?

The application's own layers, as `threadly.app` puts them, around an application that only answers; limits by a Valkey
of our own, of which workers lease (one round trip in some seconds, which is counted by its processor time); sessions
without the look at the database (`known` stands for it). Each as the requests of a page of somebody unknown, of a
member, and of a form that a member sends. Beside it, five `BaseHTTPMiddleware` of Starlette, each of which adds a
header, for scale. All in one process, in turns, by the processor time of the process.

    ./dev bench security              20,000 requests each, nine rounds
    ./dev bench security --quick      4,000 requests each, five rounds
    ./dev bench security --layers     what each layer adds, from the inside out
"""

import argparse
import asyncio
import copy
import gc
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass
from hashlib import sha256
from ipaddress import ip_network
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import uvloop
from litestar import Litestar
from rich.console import Console
from rich.table import Table
from starlette.middleware.base import BaseHTTPMiddleware
from starlette.requests import Request
from starlette.responses import Response

from benchmarks.browser import BROWSER
from threadly import entrance, limiting
from threadly.app import create
from threadly.core.asgi import ASGIApp, Bounds, ClientAddress, Message, Receive, Scope, Send, whole_body
from threadly.core.auth import Actor, AuthSettings, sessions
from threadly.core.config import Secret
from threadly.core.database import Database, DatabaseSettings
from threadly.core.observability import LogSettings, Telemetry, current, set_up_logs
from threadly.core.security import AtOnce, CspReports, Hosts, HttpsOnly, SameOrigin, SecurityHeaders
from threadly.embedded import engines
from threadly.settings import (
    CacheSettings,
    LimitsSettings,
    MediaSettings,
    SecuritySettings,
    ServerSettings,
    Settings,
    SiteSettings,
)
from threadly.tiers import Tier
from threadly.web.forms import FORM
from threadly.wiring import Services, services

MOST_US: Final = 45.0
MOST_OF_SECURITY_US: Final = 25.0
TOKEN: Final = "a" * 43
MEMBER: Final = UUID("0199a7a2-0000-7000-8000-000000000001")
SECURITY: Final = (Bounds, ClientAddress, AtOnce, Hosts, HttpsOnly, CspReports, SameOrigin, SecurityHeaders)
ANSWER: Final = [(b"content-type", b"text/html; charset=utf-8"), (b"content-length", b"5")]
BODY: Final = b"title=Linen+summer+dress&description=Worn+twice&price=24.50"
SESSION: Final = (b"cookie", b"__Host-threadly_session=" + TOKEN.encode())
SENT: Final = [
    (b"origin", b"https://shop.example"),
    (b"content-type", b"application/x-www-form-urlencoded"),
    (b"content-length", str(len(BODY)).encode()),
]
REQUESTS: Final[dict[str, tuple[str, list[tuple[bytes, bytes]], Tier]]] = {
    "a page, of somebody unknown": ("GET", BROWSER, Tier.PAGE),
    "a page, of a member": ("GET", [*BROWSER, SESSION], Tier.PAGE),
    "a form, of a member": ("POST", [*BROWSER, SESSION, *SENT], Tier.GENERAL),
}


async def bare(scope: Scope, receive: Receive, send: Send) -> None:
    """Reads what is sent, notes the route as a router would, and says hello."""
    if scope["method"] == "POST":
        await whole_body(receive)
    if (work := current()) is not None:
        work.route = "/listings/{id}"
    await send({"type": "http.response.start", "status": 200, "headers": ANSWER})
    await send({"type": "http.response.body", "body": b"hello"})


async def known(db: Database, token: str, *, settings: AuthSettings) -> Actor | None:
    """As `sessions.recognised`, but for the look at the database."""
    sha256(token.encode()).digest()
    return Actor(id=MEMBER, session_id=MEMBER)


def with_session(built: Services, app: ASGIApp) -> ASGIApp:
    """Finds out who asks, as pages do."""

    async def look(scope: Scope, receive: Receive, send: Send) -> None:
        if token := entrance.by_cookie(built, scope):
            await entrance.recognised(built, scope, token)
        await app(scope, receive, send)

    return look


@dataclass(eq=False)
class Handler:
    """A route, as Litestar puts it into the scope."""

    opt: dict[str, object]


def routed(built: Services) -> ASGIApp:
    """What stands around each route, and around `bare`."""
    handlers = {tier: Handler({limiting.TIER: tier, limiting.BODY: FORM}) for _, _, tier in REQUESTS.values()}

    def refuse(_scope: Scope, problem: Exception) -> ASGIApp:
        raise problem

    inner: ASGIApp = limiting.middleware(built, refuse)(limiting.bodies(refuse)(with_session(built, bare)))

    async def route(scope: Scope, receive: Receive, send: Send) -> None:
        scope["route_handler"] = handlers[scope["tier"]]
        await inner(scope, receive, send)

    return route


def layers(app: Any) -> list[Any]:  # noqa: ANN401
    """The application's own, the outermost first."""
    found = []
    while not isinstance(app, Litestar):
        found.append(app)
        app = app.app
    return found


def around(inner: ASGIApp, stack: Sequence[Any], kinds: Collection[type] | None = None) -> ASGIApp:
    """These layers around something; only those of these kinds."""
    for layer in reversed(stack):
        if kinds is None or type(layer) in kinds:
            outer = copy.copy(layer)
            outer.app = inner
            inner = outer
    return inner


class AddsAHeader(BaseHTTPMiddleware):
    """As an application's own middleware is written."""

    async def dispatch(self, request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
        """Answers, with one header more."""
        response = await call_next(request)
        response.headers["x-frame-options"] = "DENY"
        return response


def five() -> ASGIApp:
    """Five of them."""
    app: Any = bare
    for _ in range(5):
        app = AddsAHeader(app)
    wrapped: ASGIApp = app
    return wrapped


def contenders(built: Services) -> dict[str, ASGIApp]:
    """By what is around `bare`."""
    stack = layers(create(built))
    return {
        "nothing": bare,
        "telemetry": around(bare, stack, {Telemetry}),
        "security and session": around(routed(built), stack, SECURITY),
        "all of it": around(routed(built), stack),
        "Starlette, five": five(),
    }


def by_layer(built: Services) -> dict[str, ASGIApp]:
    """One layer more each, from the inside out."""
    stack = layers(create(built))
    found: dict[str, ASGIApp] = {"nothing": bare, "session": with_slots(built, stack), "limits, bodies": routed(built)}
    found["limits, bodies"] = around(routed(built), stack, {AtOnce})
    for at in range(len(stack) - 1, -1, -1):
        kinds = {type(layer) for layer in stack[at:]} | {AtOnce}
        found[type(stack[at]).__name__] = around(routed(built), stack, kinds)
    return found


def with_slots(built: Services, stack: Sequence[Any]) -> ASGIApp:
    """The session alone; it needs who gives its slot back."""
    return around(with_session(built, bare), stack, {AtOnce})


async def round_of(app: ASGIApp, kind: str, requests: int) -> float:
    """Microseconds of processor time a request."""
    method, headers, tier = REQUESTS[kind]

    async def receive() -> Message:
        return {"type": "http.request", "body": BODY if method == "POST" else b"", "more_body": False}

    async def send(message: Message) -> None:
        assert message.get("status", 200) == 200

    began = time.process_time()
    for number in range(requests):
        if number % 20 == 0:
            await asyncio.sleep(0)  # as between requests: what was to be called later is let go
        scope: Scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": method,
            "scheme": "https",
            "path": "/listings/0199a7a2",
            "raw_path": b"/listings/0199a7a2",
            "query_string": b"",
            "root_path": "",
            "client": ("127.0.0.1", 50_000),
            "server": ("127.0.0.1", 8000),
            "headers": list(headers),
            "tier": tier,
        }
        await app(scope, receive, send)
    return (time.process_time() - began) / requests * 1e6


async def measured(apps: dict[str, ASGIApp], requests: int, rounds: int) -> dict[str, dict[str, float]]:
    """By kind of request, the median of each beyond nothing."""
    taken: dict[str, dict[str, list[float]]] = {kind: {name: [] for name in apps} for kind in REQUESTS}
    for _ in range(rounds):
        for kind, found in taken.items():
            for name, app in apps.items():
                found[name].append(await round_of(app, kind, requests))
                await asyncio.sleep(0)
    medians = {kind: {name: statistics.median(each) for name, each in found.items()} for kind, found in taken.items()}
    return {kind: {name: each - found["nothing"] for name, each in found.items()} for kind, found in medians.items()}


async def run(requests: int, rounds: int, *, is_by_layer: bool) -> dict[str, dict[str, float]]:
    """On engines of their own."""
    async with engines(ephemeral=True) as running:
        assert running.database_url is not None
        assert running.cache_url is not None
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            set_up_logs(LogSettings(file=folder / "web.log"), registry=None)
            settings = Settings(
                database=DatabaseSettings(url=Secret(running.database_url), pool_size=2),
                cache=CacheSettings(url=Secret(running.cache_url)),
                media=MediaSettings(folder=folder / "media"),
                security=SecuritySettings(secret=Secret("0123456789abcdef" * 2)),
                site=SiteSettings(url="https://shop.example"),
                server=ServerSettings(trusted_proxies=(ip_network("127.0.0.1"),)),
                limits=LimitsSettings(widened=1_000_000),
            )
            async with services(settings) as built:
                sessions.recognised = known
                apps = by_layer(built) if is_by_layer else contenders(built)
                gc.collect()
                gc.freeze()  # as a worker does
                return await measured(apps, requests, rounds)


def main() -> int:
    """Prints the figures; 1 if a goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--layers", action="store_true")
    options = parser.parse_args()
    told = uvloop.run(run(*((4_000, 5) if options.quick else (20_000, 9)), is_by_layer=options.layers))
    table = Table("µs a request more", *told)
    for name in next(iter(told.values())):
        table.add_row(name, *(f"{found[name]:.1f}" for found in told.values()))
    Console().print(table)
    if options.layers:
        return 0
    kept = {
        f"{kind}: {name} at most {most:g} µs: {found[name]:.1f}": found[name] <= most
        for kind, found in told.items()
        for name, most in (("security and session", MOST_OF_SECURITY_US), ("all of it", MOST_US))
    }
    for goal, is_kept in kept.items():
        print(f"{'kept  ' if is_kept else 'MISSED'}  {goal}")
    return 0 if all(kept.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
