"""What a worker tells the process that collects from all of them: by topic, about once a second, and when it ends.

    reporter = Reporter(path)                        # a path of None: nobody collects, and nothing is sent
    reporter.offer("metrics", snapshot)              # called for each report: what is true now, as bytes
    async with reporter.reporting():
        ...

Guaranteed: nothing here waits for whoever collects, or fails with it; what cannot be sent at once is dropped and
counted, and a later report says it all again, since each says what is true and not what has changed. Killed with -9, a
worker has told all but its last second. Not guaranteed: that every report arrives.
"""

import asyncio
import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Final

import structlog

from threadly.core.observability.frames import Frame, packed

EVERY_SECONDS: Final = 1.0
_CONNECT_SECONDS: Final = 1.0
_FAREWELL_SECONDS: Final = 0.5
_PATIENCE: Final = 10  # reports in a row that whoever collects may leave unread, before we connect anew

_log: Final = structlog.get_logger(__name__)

Supplier = Callable[[], bytes | None]
"""What is true now; None: nothing to say this time. It is called on the event loop, so it must be quick. What it raises
is logged once for each topic, and counts as dropped."""


class Reporter:
    """One worker's voice. Connects when it first reports, and again whenever it must."""

    def __init__(self, path: Path | None, *, every_seconds: float = EVERY_SECONDS) -> None:
        self.worker: Final = secrets.token_hex(16)
        """Who we are to whoever collects."""
        self.dropped = 0
        """Reports that could not be sent."""
        self._path = path
        self._every = every_seconds
        self._suppliers: dict[str, Supplier] = {}
        self._mute: set[str] = set()
        self._number = 0
        self._unread = 0
        self._connection: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    def offer(self, topic: str, supplier: Supplier) -> None:
        """From now on, each report says of this topic what `supplier` returns.

        Raises:
            ValueError: Somebody else speaks of this topic.
        """
        if topic in self._suppliers:
            raise ValueError(f"{topic} is offered twice")
        self._suppliers[topic] = supplier

    @asynccontextmanager
    async def reporting(self) -> AsyncIterator[None]:
        """Reports for as long as the block lasts, and once more when it ends."""
        if self._path is None:
            yield
            return
        repeating = asyncio.create_task(self._repeat(), name="report")
        try:
            yield
        finally:
            repeating.cancel()
            with suppress(asyncio.CancelledError):
                await repeating
            with suppress(TimeoutError):
                async with asyncio.timeout(_FAREWELL_SECONDS):
                    await self._report()
                    await self._empty()
            self._hang_up()

    async def _repeat(self) -> None:
        while True:
            await self._report()
            await asyncio.sleep(self._every)

    async def _report(self) -> None:
        """Says what there is to say, if it can be said without waiting for whoever hears it."""
        frames = self._frames()
        try:
            writer = await self._connected()
        except (OSError, TimeoutError):
            self.dropped += 1
            return
        if writer.transport.get_write_buffer_size():
            self.dropped += 1
            self._unread += 1
            if self._unread >= _PATIENCE:
                self._hang_up()
            return
        self._unread = 0
        writer.write(frames)

    def _frames(self) -> bytes:
        said = []
        for topic, supplier in self._suppliers.items():
            try:
                body = supplier()
                if body is not None:
                    said.append(packed(Frame(self.worker, self._number, topic, body)))
                    self._number += 1
            except Exception as failure:  # noqa: BLE001 - one topic must not silence the others
                self._complain(topic, failure)
        return b"".join(said)

    def _complain(self, topic: str, failure: Exception) -> None:
        self.dropped += 1
        if topic not in self._mute:
            self._mute.add(topic)
            _log.error("A topic cannot be reported.", topic=topic, exc_info=failure)

    async def _connected(self) -> asyncio.StreamWriter:
        if self._connection is not None:
            reader, writer = self._connection
            if not reader.at_eof() and not writer.is_closing():
                return writer
            self._hang_up()
        async with asyncio.timeout(_CONNECT_SECONDS):
            self._connection = reader, writer = await asyncio.open_unix_connection(self._path)
        writer.transport.set_write_buffer_limits(high=0)
        return writer

    async def _empty(self) -> None:
        if self._connection is not None:
            with suppress(OSError):
                await self._connection[1].drain()

    def _hang_up(self) -> None:
        """Lets go of the connection, and of what is still to be sent on it if it is not read."""
        if self._connection is None:
            return
        _, writer = self._connection
        self._connection = None
        self._unread = 0
        if writer.transport.get_write_buffer_size():
            writer.transport.abort()
        else:
            writer.close()
