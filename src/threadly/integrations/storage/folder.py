"""A folder of this machine as a store.

Guaranteed: a file is whole or absent, also for who reads at this very moment, and also when the power goes; what a
crash leaves is a draft, whose name begins with `DRAFT`. The folder need not be there before the first file is.
"""

import asyncio
import errno
import os
from collections.abc import AsyncIterator, Callable, Generator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from itertools import islice
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Final, ParamSpec, TypeVar

from threadly.marketplace.media import PictureNotFound, PicturesOutOfSpace, PicturesUnstorable, Stored

P = ParamSpec("P")
T = TypeVar("T")

DRAFT: Final = ".draft-"
"""What the names of files begin with that are not whole yet."""

_FULL: Final = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_BATCH: Final = 1000
_THREADS: Final = 16
_READABLE: Final = 0o644


class Folder:
    """Files beside each other in one folder."""

    def __init__(self, folder: Path, *, wait_seconds: float = 5.0) -> None:
        self.folder = folder
        self._wait_seconds = wait_seconds
        # Of its own: a disk that hangs must not take the threads that others work in.
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="pictures")

    async def put(self, file: str, content: bytes) -> None:
        try:
            await self._bounded(_write, self.folder, file, content)
        except PictureNotFound as gone:  # somebody has taken the folder or the draft away
            raise PicturesUnstorable from gone

    async def get(self, file: str) -> bytes:
        return await self._bounded((self.folder / file).read_bytes)

    async def delete(self, files: Sequence[str]) -> None:
        await self._bounded(_remove, self.folder, files)

    async def listed(self) -> AsyncIterator[Sequence[Stored]]:
        entries = _scanned(self.folder)
        try:
            while batch := await self._bounded(_batch, entries):
                yield batch
        finally:
            with suppress(ValueError):  # a thread still waits for the disk in it
                entries.close()

    async def _bounded(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """What the work returns; a disk that does not answer costs a thread, and the caller a few seconds."""
        try:
            async with asyncio.timeout(self._wait_seconds):
                return await asyncio.get_running_loop().run_in_executor(self._threads, partial(work, *args, **kwargs))
        except FileNotFoundError:
            raise PictureNotFound from None
        except TimeoutError:
            raise PicturesUnstorable from None
        except OSError as refusal:
            if refusal.errno in _FULL:
                raise PicturesOutOfSpace from refusal
            raise PicturesUnstorable from refusal


def _write(folder: Path, file: str, content: bytes) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=folder, prefix=DRAFT, delete=False) as draft:
        try:
            draft.write(content)
            draft.flush()
            os.fchmod(draft.fileno(), _READABLE)
            os.fsync(draft.fileno())
            Path(draft.name).replace(folder / file)
        except BaseException:
            Path(draft.name).unlink(missing_ok=True)
            raise
    _sync(folder)


def _sync(folder: Path) -> None:
    """Makes the names in a folder last."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _remove(folder: Path, files: Sequence[str]) -> None:
    for file in files:
        (folder / file).unlink(missing_ok=True)


def _scanned(folder: Path) -> Generator[Stored, None, None]:
    try:
        entries = os.scandir(folder)
    except FileNotFoundError:
        return
    with entries:
        for entry in entries:
            with suppress(FileNotFoundError):  # gone since
                if entry.is_file(follow_symlinks=False):
                    changed_at = datetime.fromtimestamp(entry.stat(follow_symlinks=False).st_mtime, UTC)
                    yield Stored(entry.name, changed_at, is_draft=entry.name.startswith(DRAFT))


def _batch(found: Generator[Stored, None, None]) -> list[Stored]:
    return list(islice(found, _BATCH))
