"""Asks a server again and again, while what it depends on hangs."""

import asyncio
import os
import signal
import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from tests.processes import below, children, program
from threadly.embedded import blocking_engines


@dataclass(frozen=True, slots=True)
class Waits:
    """How long answers took, in milliseconds."""

    p50: float
    p99: float
    most: float
    codes: frozenset[int]

    @classmethod
    def of(cls, seconds: list[float], codes: set[int]) -> "Waits":
        cuts = statistics.quantiles(seconds, n=100)
        return cls(cuts[49] * 1000, cuts[98] * 1000, max(seconds) * 1000, frozenset(codes))

    def __str__(self) -> str:
        return f"p50 {self.p50:.2f} ms, p99 {self.p99:.2f} ms, at most {self.most:.1f} ms"


async def probe(port: int, path: str, *, count: int, keeps: bool = True, pause: float = 0.0) -> Waits:
    """Asks so many times, one after another, `pause` apart from beginning to beginning."""
    waits, codes = [], set()
    connection = None
    request = f"GET {path} HTTP/1.1\r\nhost: probe\r\n\r\n".encode()
    for _ in range(count):
        began = time.perf_counter()
        if connection is None:
            connection = await asyncio.open_connection("127.0.0.1", port)
        reader, writer = connection
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        await reader.readexactly(int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0]))
        waits.append(time.perf_counter() - began)
        codes.add(int(head[9:12]))
        if not keeps:
            writer.close()
            connection = None
        await asyncio.sleep(max(pause - waits[-1], 0))
    if connection is not None:
        connection[1].close()
    return Waits.of(waits, codes)


@dataclass(frozen=True, slots=True)
class Shop:
    """An installation, and the processes that its engines live below."""

    environment: dict[str, str]
    engines: list[int]

    @contextmanager
    def hanging(self) -> Iterator[None]:
        """Its engines do nothing meanwhile; nor do the processes that they have for each connection."""
        stopped = []
        for pid in (pid for engine in self.engines for pid in below(engine)):
            with suppress(ProcessLookupError):  # what an engine has for a moment only may be gone by now
                os.kill(pid, signal.SIGSTOP)
                stopped.append(pid)
        try:
            yield
        finally:
            for pid in stopped:
                os.kill(pid, signal.SIGCONT)


@contextmanager
def shop_of_its_own(folder: str) -> Iterator[Shop]:
    """A migrated one, on engines that nobody else uses."""
    others = children(os.getpid())
    with blocking_engines(ephemeral=True, durable=False) as running:
        engines = [pid for pid in children(os.getpid()) if pid not in others]
        environment = {
            "THREADLY_PROFILE": "test",
            "THREADLY_LIMITS__WIDENED": "1000000",
            "THREADLY_DATABASE__URL": running.database_url or "",
            "THREADLY_CACHE__URL": running.cache_url or "",
            "THREADLY_MEDIA__FOLDER": folder,
            "THREADLY_SECURITY__SECRET": "kT4nVb7x2qLw9sYc5mRz8eHj3uPa6fGd",
        }
        with program("threadly", "db", "upgrade", environment=environment) as upgrade:
            assert upgrade.finish(within=120)[0] == 0
        yield Shop(environment, engines)
