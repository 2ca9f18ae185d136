"""A small HTTP/1.1 proxy: it looks at /readyz of each server, and sends requests to those that are ready, in turn.

As an ordinary one does, it keeps connections to servers open and uses them again, for less long than servers do, and
tries nothing twice: a request that a server loses is lost.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import ExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from itertools import count

from tests.processes import Program, program

LOOK_SECONDS = 0.1
IDLE_SECONDS = 5.0

Connection = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@dataclass(slots=True)
class Server:
    """One of those behind it."""

    port: int
    is_ready: bool = False
    answered: int = 0
    idle: list[tuple[float, Connection]] = field(default_factory=list)
    """Since when, and which."""

    async def connection(self) -> Connection:
        """One that was used a moment ago, or a new one."""
        while self.idle:
            since, (reader, writer) = self.idle.pop()
            if time.monotonic() - since < IDLE_SECONDS and not reader.at_eof():
                return reader, writer
            writer.transport.abort()
        return await asyncio.open_connection("127.0.0.1", self.port)

    def forget_idle(self) -> None:
        """Keeps no connection."""
        while self.idle:
            self.idle.pop()[1][1].transport.abort()


class Balancer:
    """A proxy on a port of its own."""

    def __init__(self) -> None:
        self.servers: dict[int, Server] = {}
        self.port = 0
        self.lost: list[str] = []
        """Requests that came to no answer, and why."""
        self._turn = count()
        self._opened: list[asyncio.StreamWriter] = []

    @asynccontextmanager
    async def running(self) -> AsyncIterator["Balancer"]:
        """Listens for as long as the block lasts."""
        listening = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = listening.sockets[0].getsockname()[1]
        looking = asyncio.create_task(self._look())
        try:
            yield self
        finally:
            looking.cancel()
            listening.close()
            for writer in self._opened:
                writer.transport.abort()

    async def ready(self, port: int, *, within: float = 20.0) -> None:
        """Returns when this server gets requests."""
        self.servers.setdefault(port, Server(port))
        until = time.monotonic() + within
        while not self.servers[port].is_ready:
            assert time.monotonic() < until, f"{port} is not ready"
            await asyncio.sleep(LOOK_SECONDS / 2)

    async def _look(self) -> None:
        while True:
            for server in list(self.servers.values()):
                server.is_ready = await _is_ready(server.port)
                if not server.is_ready:
                    server.forget_idle()
            await asyncio.sleep(LOOK_SECONDS)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._opened.append(writer)
        with suppress(OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                writer.write(await self._answered(head))
                await writer.drain()
        writer.transport.abort()

    async def _answered(self, head: bytes) -> bytes:
        ready = [server for server in self.servers.values() if server.is_ready]
        if not ready:
            self.lost.append("no server is ready")
            return _gone()
        server = ready[next(self._turn) % len(ready)]
        try:
            reader, writer = await server.connection()
            self._opened.append(writer)
            writer.write(head)
            answer, closes = await _read(reader)
        except (OSError, asyncio.IncompleteReadError) as failure:
            self.lost.append(f"{server.port}: {failure!r}")
            return _gone()
        if closes or not server.is_ready:
            writer.close()
        else:
            server.idle.append((time.monotonic(), (reader, writer)))
        server.answered += 1
        return answer


async def started(alive: ExitStack, environment: Mapping[str, str], balancer: Balancer) -> tuple[Program, int]:
    """A server that gets requests, and its port."""
    arguments = ("threadly", "serve", "--port", "0", "--workers", "1")
    server = alive.enter_context(program(*arguments, environment=environment))
    said = await asyncio.to_thread(server.line, "answers at")
    port = int(said.partition("answers at ")[2].partition(",")[0].rpartition(":")[2])
    await balancer.ready(port)
    return server, port


async def _is_ready(port: int) -> bool:
    try:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return False
    try:
        writer.write(b"GET /readyz HTTP/1.1\r\nhost: probe\r\nconnection: close\r\n\r\n")
        async with asyncio.timeout(2):
            return b" 200 " in await reader.readline()
    except (OSError, TimeoutError):
        return False
    finally:
        writer.transport.abort()


async def _read(reader: asyncio.StreamReader) -> tuple[bytes, bool]:
    """A whole answer, as its proxy passes it on, and whether the connection ends with it."""
    head = await reader.readuntil(b"\r\n\r\n")
    lines = head.split(b"\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(b":") for line in lines[1:])}
    body = await reader.readexactly(int(headers[b"content-length"]))
    own = b"\r\n".join(line for line in lines if not line.lower().startswith(b"connection:"))
    return own + body, headers.get(b"connection", b"").lower() == b"close"


def _gone() -> bytes:
    return b"HTTP/1.1 502 Bad Gateway\r\ncontent-length: 0\r\n\r\n"
