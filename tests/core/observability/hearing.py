"""A collector and workers for tests, in a folder with a short path."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from threadly.core.observability.frames import Frame, packed

Connection = tuple[asyncio.StreamReader, asyncio.StreamWriter]


async def until(true: Callable[[], object], *, within: float = 5.0) -> None:
    """Waits until it is."""
    async with asyncio.timeout(within):
        while not true():  # noqa: ASYNC110 - any condition
            await asyncio.sleep(0.005)


@asynccontextmanager
async def connected(path: Path) -> AsyncIterator[Connection]:
    """A connection to a collector, as a worker's."""
    reader, writer = await asyncio.open_unix_connection(path)
    try:
        yield reader, writer
    finally:
        writer.close()


async def says(writer: asyncio.StreamWriter, worker: str, number: int, body: bytes, topic: str = "metrics") -> None:
    """A worker tells what it has to say on a topic."""
    writer.write(packed(Frame(worker, number, topic, body)))
    await writer.drain()
