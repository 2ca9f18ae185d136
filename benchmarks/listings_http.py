"""What does the house cost? A page of 24 listings over HTTP, against a bare ASGI application with the same query.

Both on granian with one worker, on one PostgreSQL with 10,000 listings, asked in turn by the same keep-alive
connections. `bare.py` is the reference: asyncpg, msgspec and nothing else; it neither checks what it is asked, nor
signs a cursor, nor makes an ETag. Goal: at least half of its rate. Beside it, the worker's processor time.

    ./dev bench listings_http                      ten rounds of two seconds
    ./dev bench listings_http --url postgresql://… another, migrated database, which is emptied first
"""

import argparse
import asyncio
import os
import secrets
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import AsyncExitStack, ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.load import ask
from benchmarks.stock import fill
from threadly.core.config import Secret
from threadly.core.database import Database, DatabaseSettings
from threadly.core.database.migrate import upgrade
from threadly.embedded import engines
from threadly.migrations import MIGRATIONS

GOAL = 0.5
LISTINGS = 10_000


@dataclass
class Contender:
    """One server, and what its rounds came to."""

    name: str
    port: int
    path: str
    worker: int
    per_second: list[float] = field(default_factory=list)
    processor: list[float] = field(default_factory=list)
    """Seconds that the worker computed, per request."""

    def run(self, seconds: float, connections: int) -> None:
        """One round."""
        before = _computed(self.worker)
        load = ask(self.port, self.path, seconds=seconds, connections=connections)
        self.per_second.append(load.per_second)
        self.processor.append((_computed(self.worker) - before) / load.requests)


@contextmanager
def served(name: str, target: list[str], path: str, environment: dict[str, str]) -> Iterator[Contender]:
    """A server with one worker, while the block lasts."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "granian", "--interface", "asgi", "--loop", "uvloop", "--no-ws", "--no-access-log"]
    with tempfile.TemporaryFile() as log:  # a line for each request
        process = subprocess.Popen(
            [*command, "--log-level", "error", "--port", str(port), "--workers", "1", *target],
            env=os.environ | environment,
            stdout=log,
        )
        try:
            _wait_for(port)
            yield Contender(name, port, path, worker=_worker(process.pid))
        finally:
            process.terminate()
            process.wait(timeout=10)


def _wait_for(port: int) -> None:
    until = time.monotonic() + 20
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)
        else:
            return


def _worker(pid: int) -> int:
    """The one that answers: granian's child with the most memory; another keeps house for multiprocessing."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return max(map(int, children), key=lambda child: int(Path(f"/proc/{child}/statm").read_text().split()[1]))


def _computed(pid: int) -> float:
    """Seconds of processor time that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


async def prepare(stack: AsyncExitStack, url: str | None) -> str:
    """A shop of 10,000 listings; its address."""
    if url is None:
        running = await stack.enter_async_context(engines(ephemeral=True, valkey=False))
        assert running.database_url is not None
        url = running.database_url
    db = Database(DatabaseSettings(url=Secret(url), pool_size=2))
    await upgrade(db, MIGRATIONS)
    await db.close()
    await fill(url, listings=LISTINGS)
    return url


def measure(url: str, arguments: argparse.Namespace) -> tuple[Contender, Contender]:
    """Asks both in turn; the first round warms and is not counted."""
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        bare = stack.enter_context(served("bare", ["benchmarks.bare:app"], "/", {"BARE_DATABASE_URL": url}))
        environment = {
            "THREADLY_PROFILE": "test",
            "THREADLY_LIMITS__WIDENED": "1000000",
            "THREADLY_DATABASE__URL": url,
            "THREADLY_CACHE__URL": f"unix://{folder}/none.sock",  # a list asks no cache
            "THREADLY_MEDIA__FOLDER": folder,
            "THREADLY_SECURITY__SECRET": secrets.token_urlsafe(32),
        }
        ours = stack.enter_context(
            served("threadly", ["--factory", "threadly.app:app"], "/api/v1/listings", environment)
        )
        for number in range(arguments.rounds + 1):
            for contender in (bare, ours) if number % 2 else (ours, bare):
                contender.run(arguments.seconds, arguments.connections)
            if number == 0:
                for contender in (bare, ours):
                    contender.per_second.clear()
                    contender.processor.clear()
    return bare, ours


def report(console: Console, bare: Contender, ours: Contender) -> bool:
    """The table; whether the goal is met."""
    ratios = [mine / theirs for mine, theirs in zip(ours.per_second, bare.per_second, strict=True)]
    table = Table(title=f"24 of {LISTINGS:,} listings as JSON, one worker, uncached")
    for heading in ("", "requests/s", "of the bare one's", "rounds from", "to", "worker µs/request"):
        table.add_column(heading, justify="right")
    for contender, shares in ((bare, [1.0]), (ours, ratios)):
        table.add_row(
            contender.name,
            f"{statistics.median(contender.per_second):,.0f}",
            *(f"{share:.2f}" for share in (statistics.median(shares), min(shares), max(shares))),
            f"{statistics.median(contender.processor) * 1e6:.0f}",
        )
    console.print(table)
    met = statistics.median(ratios) >= GOAL
    console.print(f"goal: {GOAL} of the bare one's rate: {'met' if met else 'missed'}")
    return met


async def main(arguments: argparse.Namespace) -> bool:
    """Prepares, measures, prints."""
    async with AsyncExitStack() as stack:
        url = await prepare(stack, arguments.url)
        bare, ours = await asyncio.to_thread(measure, url, arguments)
    return report(Console(), bare, ours)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--url", help="a PostgreSQL of one's own; what is in its shop is lost")
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--seconds", type=float, default=2.0, help="for each server in each round")
    parser.add_argument("--connections", type=int, default=4)
    parser.add_argument("--quick", action="store_const", dest="seconds", const=0.5, help="rounds of half a second")
    sys.exit(0 if asyncio.run(main(parser.parse_args())) else 1)
