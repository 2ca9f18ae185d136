"""The demo's own processes: started with a log, watched, and ended with everything below them."""

import asyncio
import os
import re
import signal
import sys
from collections import deque
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from threadly.commands.errors import ChildDied
from threadly.embedded import open_log
from threadly.serving import how_it_ended

_QUOTED_LINES = 15
_STOP_SECONDS = 2.5


class Child:
    """A `threadly` command that runs for as long as its `async with`."""

    def __init__(self, name: str, process: asyncio.subprocess.Process, log: Path, file: BinaryIO) -> None:
        self.name = name
        self.log = log
        self._process = process
        self._file = file
        self._last_lines: deque[str] = deque(maxlen=_QUOTED_LINES)
        self._spoke = asyncio.Event()
        self._reading = asyncio.create_task(self._read())

    @property
    def pid(self) -> int:
        return self._process.pid

    async def said(self, pattern: re.Pattern[str]) -> re.Match[str]:
        """Waits until it has written a line in which the pattern is found.

        Raises:
            ChildDied: It ended without.
        """
        while True:
            for line in self._last_lines:
                if found := pattern.search(line):
                    return found
            if self._reading.done():
                raise await self.died()
            self._spoke.clear()
            await self._spoke.wait()

    async def died(self) -> ChildDied:
        """Waits until it has ended by itself; the error that says so."""
        exit_code = await self._process.wait()
        with suppress(TimeoutError):  # a grandchild may still hold its output
            await asyncio.wait_for(asyncio.shield(self._reading), 1.0)
        return ChildDied(self.name, how_it_ended(exit_code), log=self.log, last_lines=list(self._last_lines))

    async def stop(self) -> None:
        """Lets it finish, for two and a half seconds at most."""
        try:
            with suppress(ProcessLookupError):
                self._process.terminate()
            await asyncio.wait_for(self._process.wait(), _STOP_SECONDS)
        except TimeoutError:
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            await self._process.wait()
        finally:
            self._reading.cancel()
            self._file.close()

    async def _read(self) -> None:
        if self._process.stdout is None:
            raise RuntimeError("it was started with its output piped")
        try:
            async for line in self._process.stdout:
                self._file.write(line)
                self._last_lines.append(line.decode(errors="replace").rstrip())
                self._spoke.set()
        finally:
            self._spoke.set()


@asynccontextmanager
async def child(name: str, *arguments: str, environment: Mapping[str, str], log: Path) -> AsyncIterator[Child]:
    """`threadly ARGUMENTS…` for the length of the `async with`; it also ends when this process is killed."""
    file = open_log(log)
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "threadly", *arguments, "--until-stdin-closes"),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        env={**environment, "PYTHONUNBUFFERED": "1"},
        start_new_session=True,  # Ctrl-C in the terminal is for the demo, which stops everything in order
    )
    started = Child(name, process, log, file)
    try:
        yield started
    finally:
        await started.stop()
