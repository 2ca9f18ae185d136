"""What lines are written to: a stream that is open already, or a file that is put aside when it is large or old.

Guaranteed: lines of several processes never mix. In a pipe, since what is written at once fits `PIPE_BUF` (pipe(7)); in
a file, since it is opened for appending. Processes may share one: one puts it aside, under a lock, and the others see
that. Another program may rotate it too (logrotate): it is opened anew when its name means another file.
"""

import errno
import fcntl
import os
import select
import stat
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import structlog

from threadly.core import clock
from threadly.core.observability.logs.sink import Gone

LONGEST_LINE: Final = 4096
"""In bytes, with its end: what a pipe takes at once."""
_GONE: Final = {errno.EPIPE, errno.EBADF, errno.ECONNRESET}
_DAY_AND_TIME: Final = len("2026-11-27T07:32:13")
_BEGINNING: Final = 64
_PRIVATE: Final = 0o640

_log: Final = structlog.get_logger(__name__)


class Stream:
    """A descriptor of this process, as standard output; never closed."""

    def __init__(self, descriptor: int = 1) -> None:
        self._descriptor = descriptor
        self._at_once = 1 << 20 if _is_file(descriptor) else LONGEST_LINE

    def write(self, lines: bytes) -> int:
        """As many whole lines as fit."""
        part = lines
        if len(lines) > self._at_once:
            part = lines[: lines.rfind(b"\n", 0, self._at_once) + 1] or lines[: self._at_once]
        try:
            return os.write(self._descriptor, part)
        except BlockingIOError:  # somebody who shares it wants it so
            select.select([], [self._descriptor], [], 1.0)
            return 0
        except OSError as failure:
            if failure.errno in _GONE:
                raise Gone from None
            raise

    def close(self) -> None:
        """It is not ours to close."""


class File:
    """A file that is rotated.

    Args:
        most_bytes: Size beyond which it is put aside.
        longest: Age beyond which it is; by the time in its first line.
        kept: How many that were put aside are kept: `shop.log.20261127T073213.500000Z`, and so on.
    """

    def __init__(self, path: Path, *, most_bytes: int, longest: timedelta, kept: int) -> None:
        self._path = path
        self._most_bytes = most_bytes
        self._longest = longest
        self._kept = kept
        self._descriptor: int | None = None
        self._until: datetime | None = None
        self._grows_on = False

    def write(self, lines: bytes) -> int:
        """All of them, unless the disk is full."""
        descriptor = self._current()
        try:
            return os.write(descriptor, lines)
        except OSError:
            self.close()  # the next attempt opens it anew
            raise

    def close(self) -> None:
        """Closes it; writing opens it again."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def _current(self) -> int:
        if self._descriptor is not None and not _is_same(self._descriptor, self._path):
            self.close()
        descriptor = self._opened() if self._descriptor is None else self._descriptor
        is_old = self._until is not None and clock.now() >= self._until
        if is_old or os.fstat(descriptor).st_size >= self._most_bytes:
            try:
                self._put_aside(descriptor)
                self._grows_on = False
            except OSError as refusal:  # its folder is not ours: it grows on, rather than that a line is lost
                if not self._grows_on:
                    self._grows_on = True
                    _log.warning("The log's file cannot be put aside, so it grows on.", reason=refusal.strerror)
            descriptor = self._opened()
        return descriptor

    def open(self) -> None:
        """Opens it now, so that whoever sets it up hears that it cannot be.

        Raises:
            OSError: It cannot.
        """
        self._opened()

    def _opened(self) -> int:
        self.close()
        self._descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, _PRIVATE)
        self._until = _began(self._descriptor) + self._longest
        return self._descriptor

    def _put_aside(self, descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX)  # goes with the descriptor
        if _is_same(descriptor, self._path) and stat.S_ISREG(os.fstat(descriptor).st_mode):
            self._path.rename(self._free_name())
            self._forget()
        self.close()

    def _free_name(self) -> Path:
        while (free := self._path.with_name(f"{self._path.name}.{clock.now():%Y%m%dT%H%M%S.%fZ}")).exists():
            pass
        return free

    def _forget(self) -> None:
        aside = sorted(self._path.parent.glob(f"{_escaped(self._path.name)}.[0-9]*T*Z*"), key=lambda file: file.name)
        for file in aside[: max(0, len(aside) - self._kept)]:
            with suppress(OSError):
                file.unlink()


def _began(descriptor: int) -> datetime:
    """When its first line was written: every form of ours tells that first."""
    if not _is_file(descriptor):
        return clock.now()
    beginning = os.pread(descriptor, _BEGINNING, 0).decode(errors="replace")
    at = beginning.find("20")
    with suppress(ValueError):
        return datetime.fromisoformat(f"{beginning[at : at + _DAY_AND_TIME]}+00:00")
    return clock.now()


def _is_file(descriptor: int) -> bool:
    try:
        return stat.S_ISREG(os.fstat(descriptor).st_mode)
    except OSError:
        return False


def _is_same(descriptor: int, path: Path) -> bool:
    try:
        ours, named = os.fstat(descriptor), path.stat()
    except OSError:
        return False
    return (ours.st_dev, ours.st_ino) == (named.st_dev, named.st_ino)


def _escaped(name: str) -> str:
    return "".join(f"[{sign}]" if sign in "*?[" else sign for sign in name)
