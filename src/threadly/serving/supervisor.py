"""Keeps the workers of a web server: starts them, replaces those that end, and ends them all when asked to.

Guaranteed: SIGTERM and SIGINT count from the first moment, and let requests under way finish for `drain_seconds`; for
`not_ready_seconds` before that, after SIGTERM, the application is told that it is about to stop, and still answers; a
second signal ends everything at once; a worker that dies is replaced, for ever if need be; when this process is killed
with -9 its workers end within two seconds. A worker that cannot even start is an error only while none has been ready
yet (a mistake in the installation); later it is tried again, less and less often.
"""

import asyncio
import json
import os
import resource
import signal
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from threadly.serving.errors import WorkersFailed
from threadly.serving.listeners import Address, Listeners

_WORKER = "threadly.serving.worker"  # by name: it imports granian, which this process does without
_ORPHAN_GRACE_SECONDS = 1.5
# glibc keeps what a thread frees once it has freed something large: 40 MB in each worker after its first sign-ins.
_MEMORY = {"MALLOC_MMAP_THRESHOLD_": str(4 * 1024 * 1024)}
_SHORT_LIFE_SECONDS = 5.0
_FIRST_PAUSE_SECONDS = 0.1
_LONGEST_PAUSE_SECONDS = 30.0


def _no_more(_number: int) -> Mapping[str, str]:
    """A worker's environment is ours."""
    return {}


@dataclass(frozen=True, slots=True)
class Serving:
    """What is served, and how."""

    app: str
    """`module:name` of an ASGI application, or `module:name()` of a function that builds one; each worker loads it."""

    address: Address

    workers: int = 1

    drain_seconds: float = 10.0
    """How long requests under way may take to finish after a stop."""

    not_ready_seconds: float = 0.0
    """How long after SIGTERM everything is still answered, while `stopping` (threadly.core.asgi) tells the application
    to say that it is not ready, so that proxies send nothing more."""

    backlog: int = 1024
    """Connections that may wait to be accepted, for each worker."""

    backpressure: int = 2048
    """Connections that a worker holds at the same time, idle ones included; further ones wait in the backlog."""

    max_rss_bytes: int | None = None
    """A worker that has grown beyond this is replaced, after it has finished what it was doing."""

    memory_look_seconds: float = 10.0
    """How often that is looked at."""

    environment: Callable[[int], Mapping[str, str]] = _no_more
    """What else the environment of a worker has, by its number, which counts from 0."""


def _silently(_line: str) -> None:
    """Nobody asked to be told."""


@dataclass(slots=True)
class Supervisor:
    """The workers of one server."""

    serving: Serving
    on_ready: Callable[[Address], None]
    """Called once, when the first worker can answer."""
    on_event: Callable[[str], None] = _silently
    """Called with a sentence when a worker ended and is replaced."""
    _running: dict[int, asyncio.subprocess.Process] = field(default_factory=dict)
    _was_ready: bool = False
    _ready: set[int] = field(default_factory=set)
    _is_stopping: bool = False

    async def run(self) -> None:
        """Serves until this process is told to end.

        Raises:
            PortTaken, AddressNotUsable: Nothing was started.
            WorkersFailed: The application cannot be loaded, or does not start up.
        """
        listeners = Listeners(self.serving.address, count=self.serving.workers, backlog=self.serving.backlog)
        everything = asyncio.create_task(self._keep_all(listeners))
        loop = asyncio.get_running_loop()

        def end() -> None:
            listeners.close()
            everything.cancel()

        def hear(number: signal.Signals) -> None:
            if self._is_stopping:  # again: whoever asks has no patience left
                self._kill()
                end()
                return
            self._is_stopping = True
            if number is signal.SIGTERM and self.serving.not_ready_seconds > 0 and self._ready:
                self.on_event(f"It is about to stop: not ready for {self.serving.not_ready_seconds:g} s, then no more.")
                for worker in self._ready:
                    self._announce(worker)
                loop.call_later(self.serving.not_ready_seconds, end)
            else:
                end()

        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, hear, number)
        try:
            await everything
        except asyncio.CancelledError:
            if not self._is_stopping:
                raise
        except ExceptionGroup as failed:
            raise failed.exceptions[0] from None
        finally:
            listeners.close()

    def _announce(self, number: int) -> None:
        """Tells a worker that we are about to stop."""
        with suppress(ProcessLookupError):
            self._running[number].send_signal(signal.SIGUSR1)

    async def _keep_all(self, listeners: Listeners) -> None:
        async with asyncio.TaskGroup() as group:
            for number in range(self.serving.workers):
                group.create_task(self._keep(number, listeners))
            if self.serving.max_rss_bytes is not None:
                group.create_task(self._bound_memory(self.serving.max_rss_bytes))

    async def _keep(self, number: int, listeners: Listeners) -> None:
        failures = 0
        while True:
            try:
                ready, exit_code, seconds = await self._live_once(number, listeners)
            except OSError as refusal:  # of the system: no process, no descriptor, no memory
                if not self._was_ready:
                    raise
                ready, failures = False, failures + 1
                self.on_event(f"Worker {number + 1} cannot be started ({refusal.strerror}); it is tried again.")
            else:
                if not ready and not self._was_ready and exit_code > 0:
                    raise WorkersFailed(exit_code)
                failures = 0 if ready and seconds > _SHORT_LIFE_SECONDS else failures + 1
                self.on_event(f"Worker {number + 1} {how_it_ended(exit_code)}; another takes its place.")
            if failures > 1 or not ready:
                listeners.give_up(number)
                await asyncio.sleep(pause_after(failures))

    async def _live_once(self, number: int, listeners: Listeners) -> tuple[bool, int, float]:
        """One life of a worker: whether it was ever ready, its exit code, and how long it lived."""
        clock = asyncio.get_running_loop().time
        born = clock()
        listener = listeners.of(number).fileno()
        hears_ready, says_ready = os.pipe()
        plan = {
            "app": self.serving.app,
            "listener": listener,
            "ready": says_ready,
            "backlog": self.serving.backlog,
            "backpressure": self.serving.backpressure,
            "grace_seconds": min(self.serving.drain_seconds, _ORPHAN_GRACE_SECONDS),
        }
        try:
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", _WORKER, json.dumps(plan)),
                stdin=asyncio.subprocess.PIPE,  # its lifeline: see `lifeline`
                pass_fds=(listener, says_ready),
                env={**_MEMORY, **os.environ, **self.serving.environment(number)},
                start_new_session=True,  # Ctrl-C in a terminal is for us, who pass it on
            )
        except BaseException:
            os.close(hears_ready)
            raise
        finally:
            os.close(says_ready)
        self._running[number] = process
        try:
            ready = await _byte_or_end(hears_ready)
            if ready:
                self._ready.add(number)  # from here on it knows what SIGUSR1 means
                if self._is_stopping:
                    self._announce(number)
            if ready and not self._was_ready:
                self._was_ready = True
                self.on_ready(listeners.address)
            exit_code = await process.wait()
        finally:
            os.close(hears_ready)
            self._ready.discard(number)
            await self._end(process)
            del self._running[number]
        return ready, exit_code, clock() - born

    async def _end(self, process: asyncio.subprocess.Process) -> None:
        """Lets the worker finish what it does, within the time for that."""
        try:
            with suppress(ProcessLookupError):
                process.terminate()
            await asyncio.wait_for(process.wait(), self.serving.drain_seconds)
        except TimeoutError:
            self.on_event(f"A worker did not finish within {self.serving.drain_seconds:g} s and was killed.")
        finally:  # also when the patience of whoever stops us has ended
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()

    def _kill(self) -> None:
        for process in self._running.values():
            with suppress(ProcessLookupError):
                process.kill()

    async def _bound_memory(self, max_bytes: int) -> None:
        """Asks the largest worker to end when it has grown beyond the bound; one at a time, the others answer."""
        while True:
            await asyncio.sleep(self.serving.memory_look_seconds)
            sizes = {number: rss_bytes(process.pid) for number, process in self._running.items()}
            largest = max(sizes, key=lambda number: sizes[number], default=None)
            if largest is not None and sizes[largest] > max_bytes:
                self.on_event(f"Worker {largest + 1} has grown to {sizes[largest] >> 20} MiB.")
                self._running[largest].terminate()


def pause_after(failures: int) -> float:
    """Seconds until a worker that has failed so many times in a row is started again."""
    return float(min(_FIRST_PAUSE_SECONDS * 2 ** min(failures, 20), _LONGEST_PAUSE_SECONDS))


def rss_bytes(pid: int) -> int:
    """The resident memory of a process; 0 where the system does not tell."""
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * resource.getpagesize()
    except OSError:
        return 0


def how_it_ended(exit_code: int) -> str:
    """As a part of a sentence: `ended with 3`, `was ended by SIGKILL`."""
    if exit_code < 0:
        with suppress(ValueError):
            return f"was ended by {signal.Signals(-exit_code).name}"
    return f"ended with {exit_code}"


async def _byte_or_end(descriptor: int) -> bool:
    """Waits for a byte; False when the other end was closed without one."""
    loop = asyncio.get_running_loop()
    readable: asyncio.Future[bool] = loop.create_future()

    def read() -> None:
        loop.remove_reader(descriptor)
        readable.set_result(bool(os.read(descriptor, 1)))

    loop.add_reader(descriptor, read)
    try:
        return await readable
    finally:
        loop.remove_reader(descriptor)
