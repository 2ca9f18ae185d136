"""What a storm of failures costs: those that fail, and everybody else. Ours beside Sentry's `capture_exception`.

First, in one process and in turn: a failure of thirty frames handed to each, of a kind that is known. Sentry's SDK is
as `init` leaves it, but for its integrations, which would change what is measured; what it would send goes nowhere.

Then the real application, served by one worker on a real PostgreSQL, while 1,000 failures a second of three kinds are
raised and handed over within its event loop, or none are; another route is asked all the while, in rounds that take
turns. Goal: its p99 rises by no more than a tenth. Told to nobody, a storm shows what raising alone does, and what this
machine does: where that row strays from 1 by more than a tenth, the rows below it prove nothing.

    ./dev bench errors              5,000 failures and five rounds each; twenty turns of two seconds
    ./dev bench errors --quick      1,000 and three; six turns of one second
"""

import argparse
import asyncio
import os
import socket
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import sentry_sdk
import structlog
import uvloop
from rich.console import Console
from rich.table import Table
from sentry_sdk.envelope import Envelope

from threadly.app import Application
from threadly.core.asgi import ASGIApp, Receive, Scope, Send
from threadly.core.config import Secret
from threadly.core.database import Database, DatabaseSettings
from threadly.core.database.migrate import upgrade
from threadly.core.observability import Work
from threadly.core.observability.errors import ErrorSettings, Noise, Tracker
from threadly.embedded import engines
from threadly.migrations import MIGRATIONS
from threadly.noise import RULES, SERIOUS

GOAL: Final = 1.10
PER_SECOND: Final = 1000
ASKED: Final = "/api/v1/listings"
CLIENTS: Final = 4
PAUSE: Final = 0.01
NOBODY: Final = "nobody"
SENTRY: Final = "sentry-sdk"
OURS: Final = "threadly"

Tell = Callable[[Exception], object]


class NoTransport(sentry_sdk.Transport):
    """Takes what Sentry's SDK would send, and forgets it."""

    def capture_envelope(self, envelope: Envelope) -> None:
        """Forgets it."""


def with_sentry() -> Tell:
    """As most have it, without integrations."""
    sentry_sdk.init(
        dsn="https://key@sentry.invalid/1",
        transport=NoTransport,
        default_integrations=False,
        auto_enabling_integrations=False,
    )
    return sentry_sdk.capture_exception


def with_ours() -> Tell:
    """As wiring makes it."""
    noise = Noise(RULES, serious=SERIOUS)
    return Tracker(ErrorSettings(), noise=noise, own=("threadly", "benchmarks"), release="1").capture


def failed(kind: int, text: str, deep: int = 30) -> Exception:
    """A failure that came through so many frames, of one of three kinds."""
    try:
        (_sell, _pay, _ship)[kind % 3](text, deep)
    except Exception as failure:  # noqa: BLE001
        return failure
    raise AssertionError("it raised nothing")


def _sell(text: str, deep: int) -> None:
    if deep:
        _sell(text, deep - 1)
    raise ValueError(text)


def _pay(text: str, deep: int) -> None:
    if deep:
        _pay(text, deep - 1)
    raise KeyError(text)


def _ship(text: str, deep: int) -> None:
    if deep:
        _ship(text, deep - 1)
    raise OSError(text)


# In one process


def handed_over(tell: Tell, failures: int) -> float:
    """Microseconds of processor time that one takes to hand over."""
    several = [failed(number, f"order {number}") for number in range(min(failures, 500))]
    spent = 0.0
    for at in range(0, failures, len(several)):
        for failure in several:
            vars(failure).pop("_threadly_told", None)
        with Work(method="GET", route="/listings/{id}"):
            began = time.process_time()
            for failure in several:
                tell(failure)
            spent += time.process_time() - began
        del at
    return spent / failures * 1e6


# Served: what the worker runs


def nobody(_: Exception) -> None:
    """Is told."""


TELLS: Final[dict[str, Callable[[], Tell]]] = {NOBODY: lambda: nobody, OURS: with_ours, SENTRY: with_sentry}


class Stormy:
    """The application, with a storm that `/storm?NAME` begins and ends."""

    def __init__(self) -> None:
        self._app: ASGIApp = Application()
        self._storm: asyncio.Task[None] | None = None
        self._tells: dict[str, Tell] = {}
        self._raised = Raised()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] != "/storm":
            await self._app(scope, receive, send)
            return
        told = await self._turn(scope["query_string"].decode())
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"%d" % len(told))]})
        await send({"type": "http.response.body", "body": told})

    async def _turn(self, name: str) -> bytes:
        if self._storm is not None:
            self._storm.cancel()
            await asyncio.wait([self._storm])
            self._storm = None
        told, self._raised = self._raised.a_second, Raised()
        if name in TELLS:
            if name not in self._tells:
                self._tells[name] = TELLS[name]()
            self._storm = asyncio.create_task(_rage(self._tells[name], self._raised))
        return b"%.0f" % told


@dataclass
class Raised:
    """How many failures a storm has raised, since when."""

    number: int = 0
    since: float = field(default_factory=time.perf_counter)

    @property
    def a_second(self) -> float:
        """On average."""
        return self.number / (time.perf_counter() - self.since)


async def _rage(tell: Tell, raised: Raised) -> None:
    while True:
        due = int((time.perf_counter() - raised.since) * PER_SECOND) - raised.number
        for _ in range(min(due, 10)):
            raised.number += 1
            tell(failed(raised.number, f"order {raised.number}"))
        await asyncio.sleep(1 / PER_SECOND)


def app() -> Stormy:
    """What the server runs."""
    return Stormy()


# Served: who asks


@asynccontextmanager
async def served(environment: dict[str, str]) -> AsyncIterator[int]:
    """The port of a server with one worker."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
    options = ["--interface", "asgi", "--loop", "uvloop", "--no-ws", "--no-access-log", "--log-level", "error"]
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "granian", *options, "--port", str(port), "--workers", "1", "--factory",
        "benchmarks.errors:app", env=os.environ | environment, stdout=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    try:
        for _ in range(200):
            try:
                await asked(port, ASKED)
            except OSError:
                await asyncio.sleep(0.1)
            else:
                break
        yield port
    finally:
        process.terminate()
        await process.wait()


async def asked(port: int, path: str) -> bytes:
    """What is answered, on a connection of its own."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        return await _ask(reader, writer, path)
    finally:
        writer.close()


async def _ask(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, path: str) -> bytes:
    writer.write(f"GET {path} HTTP/1.1\r\nhost: localhost\r\n\r\n".encode())
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    if not head.startswith(b"http/1.1 200"):
        raise RuntimeError(head.decode())
    return await reader.readexactly(int(head.partition(b"content-length: ")[2].partition(b"\r\n")[0]))


async def waits(port: int, seconds: float) -> list[float]:
    """How long each answer took, with a few clients that pause between two questions."""

    async def client() -> list[float]:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        took = []
        until = time.perf_counter() + seconds
        while time.perf_counter() < until:
            began = time.perf_counter()
            await _ask(reader, writer, ASKED)
            took.append(time.perf_counter() - began)
            await asyncio.sleep(PAUSE)
        writer.close()
        return took

    return [each for several in await asyncio.gather(*(client() for _ in range(CLIENTS))) for each in several]


@dataclass
class Turns:
    """The p99 of another route, with a storm and without, in turns that follow each other."""

    with_storm: list[float] = field(default_factory=list)
    without: list[float] = field(default_factory=list)
    raised: list[int] = field(default_factory=list)
    """Failures a second, by turn: fewer than asked for where telling of one takes too long."""

    @property
    def rises(self) -> list[float]:
        """By turn, smallest first."""
        return sorted(one / other for one, other in zip(self.with_storm, self.without, strict=True))


async def storms(turns: int, seconds: float) -> dict[str, Turns]:
    """By who is told of the storm; Sentry last, since what it leaves behind would be felt."""
    found = {name: Turns() for name in TELLS}
    async with AsyncExitStack() as stack:
        running = await stack.enter_async_context(engines(ephemeral=True))
        assert running.database_url is not None
        assert running.cache_url is not None
        db = Database(DatabaseSettings(url=Secret(running.database_url), pool_size=2))
        await upgrade(db, MIGRATIONS)
        await db.close()
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        environment = {
            "THREADLY_PROFILE": "test",
            "THREADLY_LIMITS__WIDENED": "1000000",
            "DATABASE_URL": running.database_url,
            "REDIS_URL": running.cache_url,
            "THREADLY_MEDIA__FOLDER": str(folder),
            "THREADLY_SECURITY__SECRET": "0123456789abcdef" * 2,
        }
        port = await stack.enter_async_context(served(environment))
        for name, seen in found.items():
            await asked(port, f"/storm?{name}")
            await waits(port, seconds)  # warms
            for turn in range(turns):
                for is_stormy in (turn % 2 == 0, turn % 2 == 1):
                    await asked(port, f"/storm?{name if is_stormy else ''}")
                    await asyncio.sleep(0.2)
                    p99 = statistics.quantiles(await waits(port, seconds), n=100)[98]
                    (seen.with_storm if is_stormy else seen.without).append(p99)
                    if is_stormy:
                        seen.raised.append(int(await asked(port, "/storm?")))
    return found


def main() -> int:
    """Measures both; 1 if the goal is missed, or there was no storm to speak of."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true")
    quick = parser.parse_args().quick
    structlog.configure(logger_factory=structlog.ReturnLoggerFactory(), processors=[_silent])
    to = Console()
    costs = _costs(1000 if quick else 5000, 3 if quick else 5)
    table = Table("handed over, a known kind", "µs", "of ours")
    for name, spent in costs.items():
        table.add_row(name, f"{spent:.1f}", f"{spent / costs[OURS]:.1f}")
    to.print(table)
    found = uvloop.run(storms(6 if quick else 20, 1.0 if quick else 2.0))
    table = Table("storm told to", "raised a second", "p99 without", "with", "rise, median", "middle half")
    for name, seen in found.items():
        without, stormy = (f"{statistics.median(took) * 1e3:.2f} ms" for took in (seen.without, seen.with_storm))
        quarter, middle, three = statistics.quantiles(seen.rises, n=4)
        raised = f"{statistics.median(seen.raised):.0f}"
        table.add_row(name, raised, without, stormy, f"{middle:.2f}", f"{quarter:.2f} – {three:.2f}")
    to.print(table)
    ours = found[OURS]
    was_a_storm = statistics.median(ours.raised) >= 0.98 * PER_SECOND
    return int(not was_a_storm or statistics.median(ours.rises) > GOAL)


def _costs(failures: int, rounds: int) -> dict[str, float]:
    tells = {OURS: with_ours(), SENTRY: with_sentry()}
    seen: dict[str, list[float]] = {name: [] for name in tells}
    for _ in range(rounds):
        for name, tell in tells.items():
            seen[name].append(handed_over(tell, failures))
    return {name: statistics.median(several) for name, several in seen.items()}


def _silent(*_: Any) -> str:  # noqa: ANN401
    raise structlog.DropEvent


if __name__ == "__main__":
    sys.exit(main())
