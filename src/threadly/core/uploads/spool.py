"""Bytes on their way: in memory while they are few, then in a file that has no name, and so outlives nobody."""

import asyncio
from contextlib import suppress
from tempfile import TemporaryFile
from typing import IO, Final

_IN_MEMORY: Final = 256 * 1024


class Spool:
    """Grows as bytes arrive, and gives them back whole. Writes and reads files in a thread."""

    def __init__(self) -> None:
        self.size = 0
        self._fresh = bytearray()
        self._file: IO[bytes] | None = None
        self._flushing: asyncio.Task[None] | None = None

    async def write(self, piece: bytes) -> None:
        """Takes more.

        Raises:
            OSError: The disk does.
        """
        self._fresh += piece
        self.size += len(piece)
        if len(self._fresh) > _IN_MEMORY:
            fresh, self._fresh = self._fresh, bytearray()
            self._flushing = asyncio.create_task(asyncio.to_thread(self._flush, fresh))
            await asyncio.shield(self._flushing)  # a thread cannot be stopped: who is cancelled leaves it to `drop`

    async def read(self) -> bytes:
        """All of it; any number of times."""
        if self._file is None:
            return bytes(self._fresh)
        return await asyncio.to_thread(self._whole, self._file)

    async def drop(self) -> None:
        """Forgets everything, on disk as well; a write under way is waited for, so that it leaves no file behind."""
        self._fresh.clear()
        if self._flushing is not None:
            with suppress(OSError):
                await asyncio.shield(self._flushing)
        if self._file is not None:
            self._file.close()
            self._file = None

    def _flush(self, fresh: bytearray) -> None:
        if self._file is None:
            self._file = TemporaryFile(buffering=0)  # noqa: SIM115  closed by `drop`
        view = memoryview(fresh)
        while view:
            written = self._file.write(view)
            view = view[written:]

    def _whole(self, file: IO[bytes]) -> bytes:
        file.seek(0)
        on_disk = file.read()
        file.seek(0, 2)
        return on_disk + self._fresh
