"""Where lines wait to be written, and the thread that writes them: who logs never waits for who reads.

Guaranteed: handing a line over takes no lock and no system call but the one that wakes the writer, at most a hundred
times a second; what waits is bounded in bytes, and what does not fit is counted, and told once lines flow again. The
last eighth of the room is for warnings and errors. A full disk is waited out, counted, and told of on standard error
when it begins and when it ends; a reader that has gone costs what was written to it. A fork begins with nothing of its
parent's. Not guaranteed: the lines of the last hundredth of a second of a process that is killed with -9; that a count
is exact while several threads log and the room is full.
"""

import _thread
import atexit
import os
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import timedelta
from sys import is_finalizing
from typing import Final, Protocol

GATHER_SECONDS: Final = 0.01
CLOSE: Final = timedelta(seconds=2)
"""How long a process that ends waits for its last lines to be written."""
_LOOK_SECONDS: Final = 5.0
_RETRY_SECONDS: Final = 1.0
_BATCH: Final = 1 << 16


_STANDARD_ERROR: Final = 2


class Outlet(Protocol):
    """What lines are written to."""

    def write(self, lines: bytes) -> int:
        """Writes whole lines, or as many of their bytes as it can; how many it wrote.

        Raises:
            Gone: Nobody will ever read them.
            OSError: Not now.
        """

    def close(self) -> None:
        """Called once, after the last line."""


class Gone(Exception):
    """Whoever read the lines has closed its end."""


class Sink:
    """The lines of one process.

    Args:
        queue_bytes: How much may wait.
        told: Makes what is to be said from time to time: of lines that were dropped (their number), of repeats.
    """

    def __init__(self, outlet: Outlet, *, queue_bytes: int, told: Callable[[int], Iterable[bytes]]) -> None:
        self.dropped = 0
        """Lines that were lost, since the process began."""
        self.failures = 0
        """Attempts to write that failed, since the process began."""
        self._outlet = outlet
        self._room = queue_bytes
        self._room_for_news = queue_bytes - queue_bytes // 8
        self._told = told
        self._told_of = 0
        self._lines: deque[bytes] = deque()
        self._waiting = 0  # bytes; set right whenever the writer has written, should threads have miscounted
        self._awake = False
        self._closing = False
        self._has_cried = False
        self._writer: threading.Thread | None = None
        # Not an Event: a finaliser may log while this very thread is inside of one, and would wait for itself.
        self._bell = _thread.allocate_lock()
        self._begin_anew()
        os.register_at_fork(after_in_child=self._begin_anew)
        atexit.register(self.close)

    def put(self, line: bytes, urgent: bool = False) -> None:
        """Takes a line, with its end; what is urgent may use all of the room."""
        waiting = self._waiting + len(line)
        if waiting > (self._room if urgent else self._room_for_news):
            self.dropped += 1
            return
        self._waiting = waiting
        self._lines.append(line)
        if not self._awake:
            self._wake()

    def close(self, within: timedelta = CLOSE) -> None:
        """Writes what waits, for so long at most; what is left then is lost, and counted."""
        writer = self._writer
        self._closing = True
        if writer is None:
            return
        self._ring()
        writer.join(within.total_seconds())
        self._writer = None
        if writer.is_alive():
            self.dropped += len(self._lines)
        else:
            self._begin_anew()

    def _begin_anew(self) -> None:
        self._lines = deque()
        self._waiting = 0
        self._awake = self._closing = False
        self._writer = None
        self._bell = _thread.allocate_lock()
        self._bell.acquire()

    def _wake(self) -> None:
        if self._writer is None and is_finalizing():  # no thread begins any more, and 3.11 would wait for it for ever
            self.dropped += len(self._lines)
            self._lines.clear()
            self._waiting = 0
            return
        self._awake = True
        if self._writer is None:
            self._writer = threading.Thread(target=self._write_all, name="log lines", daemon=True)
            try:
                self._writer.start()
            except RuntimeError:  # the interpreter is ending, or there is no thread to be had
                self._writer = None
                self._awake = False
                return
        self._ring()

    def _ring(self) -> None:
        try:
            self._bell.release()
        except RuntimeError:  # it has rung already
            return

    def _write_all(self) -> None:
        looked = time.monotonic()
        is_last = False
        while not is_last:
            self._await_lines()
            is_last = self._closing
            self._drain()
            if is_last or time.monotonic() - looked >= _LOOK_SECONDS or self.dropped > self._told_of:
                looked = time.monotonic()
                self._say()
        self._drain()  # what was said last
        self._outlet.close()

    def _await_lines(self) -> None:
        """Returns when some have gathered, or it is time to look at other things."""
        if self._closing:
            return
        self._awake = False
        if not self._lines:  # whoever puts one from here on rings
            self._bell.acquire(timeout=_LOOK_SECONDS)
        self._awake = True
        if not self._closing:
            self._bell.acquire(timeout=GATHER_SECONDS)

    def _say(self) -> None:
        dropped = self.dropped
        said = b"".join(self._told(dropped - self._told_of))
        if said and self._written(said):
            self._told_of = dropped

    def _drain(self) -> None:
        while self._lines:
            batch, size = [], 0
            while self._lines and size < _BATCH:
                line = self._lines.popleft()
                batch.append(line)
                size += len(line)
            if not self._written(b"".join(batch)):
                self.dropped += len(batch)
            self._waiting = self._waiting - size if self._lines else 0

    def _written(self, lines: bytes) -> bool:
        while lines:
            try:
                lines = lines[self._outlet.write(lines) :]
                if self._has_cried:
                    self._has_cried = False
                    _say("The log is written again.")
            except Gone:
                return False
            except Exception as failure:  # noqa: BLE001  whatever it is, the next lines may be written
                self.failures += 1
                self._cry(failure)
                if self._closing or not isinstance(failure, OSError):
                    return False
                self._bell.acquire(timeout=_RETRY_SECONDS)
        return True

    def _cry(self, failure: Exception) -> None:
        """Says once, where an operator may still look, that nothing can be written."""
        if not self._has_cried:
            self._has_cried = True
            _say(f"The log cannot be written: {type(failure).__name__}, {_why(failure)}.")


def _say(sentence: str) -> None:
    with suppress(OSError):
        os.write(_STANDARD_ERROR, f"{sentence}\n".encode())


def _why(failure: Exception) -> str:
    return (failure.strerror if isinstance(failure, OSError) else None) or "a defect"
