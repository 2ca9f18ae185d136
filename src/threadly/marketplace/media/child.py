"""One process that decodes pictures; `decoder.py` is its program. What it says is checked like a stranger's word.

Guaranteed, on Linux: between two pictures it computes nothing, and for each it has so much time, whatever it does about
signals; what it says unasked is nobody's answer. Not guaranteed: that an answer is made of the picture that was asked
about. A child that one picture has taken over may keep the next ones, refuse them, take their time, or give one out as
what was made of another, until it is worn (`is_worn`); it can tell nobody else.
"""

import asyncio
import json
import os
import resource
import signal
import struct
import sys
from contextlib import suppress
from pathlib import Path
from typing import Annotated, Final, Literal, cast

import msgspec
from msgspec import Meta

from threadly.marketplace.media.limits import Limits
from threadly.marketplace.media.policy import (
    LONGEST_PLACEHOLDER,
    LONGEST_SIDE,
    MOST_BYTES,
    MOST_PIXELS,
    MOST_SLENDER,
    TALLEST,
    WIDTHS,
)

_PROGRAM: Final = Path(__file__).parent / "decoder.py"
_LENGTH: Final = struct.Struct("!I")
_MARK_BYTES: Final = 8
"""Of each question, for the answer to begin with: none can be made before its question has come."""
_LONGEST_HEAD: Final = 4096
_LARGEST_FILE: Final = 8 << 20
_PIECE: Final = 128 * 1024
_START_SECONDS: Final = 20.0
_END_SECONDS: Final = 5.0
_START_CPU_SECONDS: Final = 30
_MOST_THREADS: Final = 64
"""Five are usual behind an answer."""
_LOOK_SECONDS: Final = 0.2
_SLACK_SECONDS: Final = 0.5
"""By which the system may be late to end it."""
_TURNS: Final = 2
"""Of the event loop, so that it has read what is there."""
_GONE: Final = (BrokenPipeError, ConnectionResetError, FileNotFoundError, ProcessLookupError)
_TICKS: Final = os.sysconf("SC_CLK_TCK")
_OUR_LIMITS: Final = (signal.SIGABRT, signal.SIGBUS, signal.SIGFPE, signal.SIGILL, signal.SIGSEGV, signal.SIGXCPU)

_Side = Annotated[int, Meta(ge=0, le=WIDTHS[-1] * TALLEST)]


class Ended(Exception):
    """The child is no more, or talks nonsense."""

    def __init__(self, *, from_outside: bool, perhaps_for_earlier: bool = False) -> None:
        super().__init__("the decoder ended")
        self.from_outside = from_outside
        """Somebody killed it; the picture need not be to blame."""
        self.perhaps_for_earlier = perhaps_for_earlier
        """It had answered before, and nothing to this picture: an earlier one may be to blame."""


class Head(msgspec.Struct, frozen=True, kw_only=True):
    """What a child tells of a picture."""

    refused: Annotated[str, Meta(max_length=40)] | None = None
    width: _Side = 0
    height: _Side = 0
    placeholder: Annotated[
        str, Meta(max_length=LONGEST_PLACEHOLDER, pattern=r"^(data:image/webp;base64,[0-9A-Za-z+/=]+)?$")
    ] = ""
    files: list[Annotated[int, Meta(ge=1, le=_LARGEST_FILE)]] = []
    resident_bytes: int = 0
    peak_bytes: int = 0
    cpu_ms: int = 0
    lack: Annotated[str, Meta(max_length=200)] | None = None
    """In the first: what the machine lacks to confine it."""


_decoder: Final = msgspec.json.Decoder(Head)


class Child:
    """A child that answers one question at a time, and stands still while it is asked none."""

    def __init__(self, process: asyncio.subprocess.Process, limits: Limits) -> None:
        self._process = process
        self._to = cast("asyncio.StreamWriter", process.stdin)
        self._from = cast("asyncio.StreamReader", process.stdout)
        self._limits = limits
        self._asked = 0
        self._resident_bytes = 0
        self._until = 0
        """So many seconds of the processor are granted."""
        self._ended_for: Literal["threads", "time"] | None = None
        self.lack: str | None = None
        """What the machine lacks to confine it; None: nothing."""

    @classmethod
    async def started(cls, limits: Limits) -> "Child":
        """A child that is ready.

        Raises:
            Ended, TimeoutError: It did not get that far.
        """
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-P", "-s", str(_PROGRAM), _plan(limits)),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env=_environment(),
            start_new_session=True,  # Ctrl-C in a terminal is for those above it
        )
        child = cls(process, limits)
        try:
            async with asyncio.timeout(_START_SECONDS):
                child.lack = (await child._answer())[0].lack
            child._signal(signal.SIGSTOP)
        except BaseException:
            await child.end()
            raise
        return child

    @property
    def pid(self) -> int:
        """The process."""
        return self._process.pid

    @property
    def lives(self) -> bool:
        """Whether it can be asked."""
        return self._process.returncode is None

    @property
    def is_worn(self) -> bool:
        """Whether it has done enough."""
        return self._asked >= self._limits.pictures_each or self._resident_bytes > self._limits.resident_bytes

    async def ask(self, picture: bytes) -> tuple[Head, list[bytes]]:
        """What it tells of a picture, and the files.

        Raises:
            Ended: It has ended over this picture, or answered nonsense.
        """
        self._asked += 1
        mark = os.urandom(_MARK_BYTES)
        loop = asyncio.get_running_loop()
        first = loop.create_task(self._from.read(1))
        watching: asyncio.Task[None] | None = None
        try:
            for _ in range(_TURNS):
                await asyncio.sleep(0)
            if first.done() and await first:
                raise self._unasked()
            try:
                self._grant()
                watching = loop.create_task(self._watch())
                self._signal(signal.SIGCONT)
                await self._send(mark, picture)
            except _GONE:
                raise await self._ended(silent=not (first.done() and await first)) from None
            head, files = await self._answer(mark, await first)
        finally:
            first.cancel()
            if watching is not None:
                watching.cancel()
        if head.refused is None and (len(files) != len(WIDTHS) or not head.placeholder or head.width * head.height < 1):
            raise Ended(from_outside=False)
        self._resident_bytes = head.resident_bytes
        self._signal(signal.SIGSTOP)
        try:
            if self._excess() is not None:
                raise Ended(from_outside=False)
        except _GONE:
            raise await self._ended() from None
        return head, files

    async def end(self) -> None:
        """Kills it, whatever it does."""
        self._signal(signal.SIGKILL)
        self._to.close()
        await self._process.wait()

    async def _send(self, mark: bytes, picture: bytes) -> None:
        self._to.write(_LENGTH.pack(len(picture)) + mark)
        for at in range(0, len(picture), _PIECE):
            self._to.write(picture[at : at + _PIECE])
            await self._to.drain()

    def _grant(self) -> None:
        """So much more processor time; beyond it, the system sends the process a signal that ends it.

        It can ignore that, but not `_watch`. Where there is no such call, all that it was started with has to do, and
        the time of the clock.
        """
        if sys.platform == "linux":
            _, most = resource.prlimit(self.pid, resource.RLIMIT_CPU)
            self._until = min(int(self._used()[0]) + 1 + self._limits.cpu_seconds, most)
            resource.prlimit(self.pid, resource.RLIMIT_CPU, (self._until, most))

    async def _watch(self) -> None:
        """Ends it as soon as it is seen with more than decoding takes: others need theirs."""
        with suppress(*_GONE):
            while (excess := self._excess()) is None:  # noqa: ASYNC110 - the kernel tells no event of it
                await asyncio.sleep(_LOOK_SECONDS)
            self._ended_for = excess
            self._signal(signal.SIGKILL)

    def _excess(self) -> Literal["threads", "time"] | None:
        """What it has more of than decoding takes, or than it was granted; only Linux tells."""
        if sys.platform != "linux":
            return None
        seconds, threads = self._used()
        if threads > _MOST_THREADS:
            return "threads"
        return "time" if seconds > self._until + _SLACK_SECONDS else None

    def _used(self) -> tuple[float, int]:
        """Its seconds of the processor, and its threads, as the system tells them (proc_pid_stat(5))."""
        told = Path(f"/proc/{self.pid}/stat").read_text(encoding="latin-1").rpartition(")")[2].split()
        return (int(told[11]) + int(told[12])) / _TICKS, int(told[17])

    def _signal(self, number: signal.Signals) -> None:
        with suppress(ProcessLookupError):
            self._process.send_signal(number)

    async def _answer(self, mark: bytes = b"", said: bytes = b"") -> tuple[Head, list[bytes]]:
        """What it tells to the question with that mark; the first byte of it may have been said."""
        try:
            said += await self._from.readexactly(len(mark) + _LENGTH.size - len(said))
            if not said.startswith(mark):
                raise self._unasked()
            (length,) = _LENGTH.unpack(said[len(mark) :])
            if length > _LONGEST_HEAD:
                raise Ended(from_outside=False)
            head = _decoder.decode(await self._from.readexactly(length))
            if len(head.files) > len(WIDTHS):
                raise Ended(from_outside=False)
            files = [await self._from.readexactly(size) for size in head.files]
        except asyncio.IncompleteReadError as cut:
            raise await self._ended(silent=not said + cut.partial) from None
        except msgspec.DecodeError:
            raise Ended(from_outside=False) from None
        if not all(file[:4] == b"RIFF" and file[8:12] == b"WEBP" for file in files):
            raise Ended(from_outside=False)
        return head, files

    def _unasked(self) -> Ended:
        """It has said what nobody asked for."""
        return Ended(from_outside=False, perhaps_for_earlier=self._asked > 1)

    async def _ended(self, *, silent: bool = False) -> Ended:
        """Why it has ended; silent: without a byte of an answer."""
        try:
            async with asyncio.timeout(_END_SECONDS):
                code = await self._process.wait()
        except TimeoutError:
            code = 0  # it lives, and has closed its output
        return Ended(
            from_outside=code < 0 and self._ended_for is None and -code not in _OUR_LIMITS,
            perhaps_for_earlier=silent and self._asked > 1 and self._ended_for != "time" and -code != signal.SIGXCPU,
        )


def _plan(limits: Limits) -> str:
    return json.dumps(
        {
            "parent": os.getpid(),
            "widths": WIDTHS,
            "tallest": TALLEST,
            "most_bytes": MOST_BYTES,
            "most_pixels": MOST_PIXELS,
            "longest_side": LONGEST_SIDE,
            "most_slender": MOST_SLENDER,
            "longest_placeholder": LONGEST_PLACEHOLDER,
            "memory_bytes": limits.memory_bytes,
            "cpu_seconds": _START_CPU_SECONDS + limits.pictures_each * (1 + limits.cpu_seconds),
        }
    )


def _environment() -> dict[str, str]:
    """What it needs and no more: none of our secrets. One thread does the work, in one arena of memory."""
    modules = os.pathsep.join(path for path in sys.path if Path(path).is_absolute())
    return {"PYTHONPATH": modules, "VIPS_CONCURRENCY": "1", "MALLOC_ARENA_MAX": "1", "LC_ALL": "C.UTF-8"}
