"""A small TCP proxy on loopback that does to a connection what networks do: it stands between us and an engine.

Each way has a fault of its own, which may change while connections run; it counts from the next bytes on. The proxy
has a thread of its own, so a test may block. Everything ends with the block. What it cannot do: keep a connection from
being accepted, since the kernel does that; in a black hole, one is had and nothing is heard on it.
"""

import asyncio
import random
import socket
import struct
import threading
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from enum import Enum, auto
from pathlib import Path
from typing import Final

_CHUNK: Final = 1 << 16
_LOOK_SECONDS: Final = 0.005
_GAP_SECONDS: Final = 0.001
_END_SECONDS: Final = 5.0
_HARDLY: Final = struct.pack("ii", 1, 0)  # SO_LINGER: closing resets


class Towards(Enum):
    """A way: whose bytes suffer."""

    SERVER = auto()
    CLIENT = auto()


@dataclass(frozen=True, slots=True)
class Fault:
    """What happens to the bytes of one way; nothing, if nothing is said."""

    latency: float = 0.0
    """Seconds before each portion goes on."""
    jitter: float = 0.0
    """Up to so many more."""
    holds: bool = False
    """A black hole: nothing goes on, nor is the end of a side told, until the fault is over."""
    resets: bool = False
    """Who says something is answered with RST, and so is the other side."""
    cuts_after: int | None = None
    """Of each connection so many bytes still go on, then both sides are closed."""
    slices: int | None = None
    """Bytes that go on at a time, each in a packet of its own, a millisecond apart."""
    closes_after: float = 0.0
    """Seconds before the end of one side is told to the other."""


NOTHING: Final = Fault()


class Proxy:
    """Listens on a port of its own; whoever comes is led to the server.

    Args:
        server: Its socket, in the file system or as host and port.
    """

    def __init__(self, server: Path | tuple[str, int]) -> None:
        self.port = 0
        self.accepted = 0
        """Connections since the beginning."""
        self.server = server
        """Where who comes from now on is led."""
        self._faults = dict.fromkeys(Towards, NOTHING)
        self._loop = asyncio.new_event_loop()
        self._under_way: set[asyncio.Task[None]] = set()
        self._is_up = False
        self._listening: asyncio.Server | None = None

    @property
    def open(self) -> int:
        """Connections that are led to the server now."""
        return len(self._under_way)

    @contextmanager
    def suffering(self, fault: Fault, *ways: Towards) -> Iterator[None]:
        """Lets these ways suffer until the block ends; both of them, if none is named."""
        before = dict(self._faults)
        self._faults |= dict.fromkeys(ways or tuple(Towards), fault)
        try:
            yield
        finally:
            self._faults |= before

    @contextmanager
    def down(self) -> Iterator[None]:
        """Nobody listens, and every connection is reset."""
        self._run(self._fall())
        try:
            yield
        finally:
            self._run(self._rise())

    @contextmanager
    def running(self) -> Iterator["Proxy"]:
        """Leads until the block ends."""
        thread = threading.Thread(target=self._loop.run_forever, name="proxy", daemon=True)
        thread.start()
        try:
            self._run(self._rise())
            yield self
        finally:
            self._run(self._fall())
            self._loop.call_soon_threadsafe(self._loop.stop)
            thread.join(_END_SECONDS)
            self._loop.close()

    def _run(self, step: Coroutine[None, None, None]) -> None:
        asyncio.run_coroutine_threadsafe(step, self._loop).result(_END_SECONDS)

    async def _rise(self) -> None:
        self._listening = await asyncio.start_server(self._lead, "127.0.0.1", self.port)
        self.port = self._listening.sockets[0].getsockname()[1]

    async def _fall(self) -> None:
        if self._listening is not None:
            self._listening.close()
        for task in self._under_way:
            task.cancel()
        if self._under_way:
            await asyncio.wait(self._under_way, timeout=_END_SECONDS)

    async def _lead(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self.accepted += 1
        self._under_way.add(task)
        writers = [writer]
        try:
            beyond, back = await self._reached()
            writers.append(back)
            async with asyncio.TaskGroup() as both:
                both.create_task(self._pass_on(reader, back, Towards.SERVER))
                both.create_task(self._pass_on(beyond, writer, Towards.CLIENT))
        except* (_Reset, asyncio.CancelledError):
            for each in writers:
                with suppress(OSError):
                    each.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _HARDLY)
        except* (_Cut, OSError):
            pass  # the server is gone, or a side is: both are closed
        finally:
            for each in writers:
                each.transport.abort()
            self._under_way.discard(task)

    async def _reached(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        if isinstance(self.server, Path):
            return await asyncio.open_unix_connection(self.server)
        return await asyncio.open_connection(*self.server)

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, way: Towards) -> None:
        known, passed = NOTHING, 0
        while chunk := await reader.read(_CHUNK):
            fault = await self._fault(way)
            if fault is not known:
                known, passed = fault, 0
            if fault.resets:
                raise _Reset
            if fault.latency or fault.jitter:
                await asyncio.sleep(fault.latency + random.uniform(0, fault.jitter))
            allowed = chunk if fault.cuts_after is None else chunk[: fault.cuts_after - passed]
            passed += len(allowed)
            await _write(writer, allowed, fault.slices or _CHUNK)
            if len(allowed) < len(chunk):
                raise _Cut
        await asyncio.sleep((await self._fault(way)).closes_after)
        if writer.can_write_eof():
            writer.write_eof()

    async def _fault(self, way: Towards) -> Fault:
        """That of now, or the next one that lets something through."""
        while (fault := self._faults[way]).holds:  # noqa: ASYNC110 - another thread ends it
            await asyncio.sleep(_LOOK_SECONDS)
        return fault


async def _write(writer: asyncio.StreamWriter, chunk: bytes, at_a_time: int) -> None:
    """Returns when the system has all of it."""
    writer.transport.set_write_buffer_limits(high=0)
    for begin in range(0, len(chunk), at_a_time):
        writer.write(chunk[begin : begin + at_a_time])
        await writer.drain()
        if at_a_time < _CHUNK:
            await asyncio.sleep(_GAP_SECONDS)


class _Reset(Exception):
    """Both sides are reset."""


class _Cut(Exception):
    """Both sides are closed."""
