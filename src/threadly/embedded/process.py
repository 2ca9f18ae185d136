"""A server under its keeper, seen from the process that owns it."""

import asyncio
import json
import math
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from threadly.embedded import keeper
from threadly.embedded.data import Data
from threadly.embedded.descriptors import close, keep_private
from threadly.embedded.errors import EngineFailed
from threadly.embedded.files import open_log

Stops = Sequence[tuple[str, float]]
"""Signals in the order in which they are tried, each with the seconds it is given; SIGKILL follows."""

POLL_SECONDS = 0.01
_QUOTED_LINES = 8


class Kept:
    """One run of a server program. It ends when asked to, and in any case when this process does."""

    def __init__(
        self, engine: str, command: Sequence[str | Path], folder: Path, data: Data, *, stops: Stops, stdin: str = ""
    ) -> None:
        """Starts `command` inside `folder` as the account of `data`; output goes to the log."""
        self.engine = engine
        self._log = data.log(engine.lower())
        self._patience_seconds = sum(seconds for _, seconds in stops) + 1.0
        with open_log(self._log) as log:
            self._log_begins = log.tell()
            its_end, ours = os.pipe()
            self._lifeline = keep_private(ours)
            plan: keeper.Plan = {
                "owner": os.getpid(),
                "lifeline": its_end,
                "command": [str(part) for part in command],
                "folder": str(folder),
                "environment": {"PATH": os.defpath, "LC_ALL": "C"},
                "account": (data.account.uid, data.account.gid) if data.account.borrowed else None,
                "stops": list(stops),
                "lock": str(data.lock),
                "lock_descriptor": data.lock_descriptor,
                "remove": [str(place) for place in data.remove],
            }
            self._keeper = subprocess.Popen(
                [sys.executable, "-I", "-S", keeper.__file__, json.dumps(plan)],
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                pass_fds=(its_end, data.lock_descriptor),
                start_new_session=True,
            )
            os.close(its_end)
        if self._keeper.stdin is not None:
            with suppress(BrokenPipeError), self._keeper.stdin as its_input:  # one that has ended says so by its code
                its_input.write(stdin.encode())

    @property
    def exit_code(self) -> int | None:
        """None while it runs."""
        return self._keeper.poll()

    async def finished(self) -> None:
        """Waits for a program that ends by itself; stops it when the waiting is cancelled.

        Raises:
            EngineFailed: It ended with anything but 0.
        """
        try:
            await self._ended(math.inf)
        finally:
            await self.stop()
        if self.exit_code != 0:
            raise self.failure("could not be set up")

    async def stop(self) -> None:
        """Stops the server in order and waits until no process of it is left. Again is harmless."""
        self._let_go()
        await self._ended(self._patience_seconds)
        if self.exit_code is None:  # a keeper that hangs: its end is a signal to the server too
            self._keeper.kill()
            self._keeper.wait()

    def failure(self, happened: str) -> EngineFailed:
        """The error which says that `happened`, quoting what this run wrote to its log."""
        lines = self.log_text().strip().splitlines()
        return EngineFailed(self.engine, happened, log=self._log, last_lines="\n".join(lines[-_QUOTED_LINES:]))

    def log_text(self) -> str:
        """What this run has written so far."""
        with self._log.open("rb") as log:
            log.seek(self._log_begins)
            return log.read().decode(errors="replace")

    async def _ended(self, seconds: float) -> None:
        patience_ends = time.monotonic() + seconds
        while self.exit_code is None and time.monotonic() < patience_ends:  # noqa: ASYNC110  another process: no event
            await asyncio.sleep(POLL_SECONDS)

    def _let_go(self) -> None:
        if self._lifeline >= 0:
            with suppress(BrokenPipeError):
                os.write(self._lifeline, b".")
            close(self._lifeline)
            self._lifeline = -1
