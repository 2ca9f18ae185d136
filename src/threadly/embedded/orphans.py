"""Servers that outlived both their owner and their keeper: found by where they stand, and stopped.

Whoever holds the lock of a data folder is the only one who may run servers in it. So a server program that still stands
in one of its folders is an orphan. Process files and numbers prove nothing (numbers are reused, in containers quickly);
the working directory of a living process does. Each is pinned by a pidfd before it is looked at, so that the signal
reaches the process that was examined. Linux only; elsewhere PostgreSQL's own check of its pid file has to do.
"""

import asyncio
import os
import select
import signal
import sys
import time
from contextlib import suppress
from pathlib import Path

from threadly.embedded.process import POLL_SECONDS, Stops


async def stop_orphans(program: str, folder: Path, stops: Stops) -> int:
    """Stops every `program` whose working directory is `folder`; how many there were."""
    orphans = _orphans(program, folder)
    found = len(orphans)
    for name, seconds in (*stops, ("SIGKILL", 2.0)):
        _signal(orphans, signal.Signals[name])
        patience_ends = time.monotonic() + seconds
        while orphans and time.monotonic() < patience_ends:
            ended, _, _ = select.select(orphans, [], [], 0)
            for pinned in ended:
                orphans.remove(pinned)
                os.close(pinned)
            await asyncio.sleep(POLL_SECONDS)
    for pinned in orphans:
        os.close(pinned)
    return found


def _orphans(program: str, folder: Path) -> list[int]:
    orphans = []
    for entry in Path("/proc").glob("[0-9]*") if sys.platform == "linux" and folder.exists() else ():
        with suppress(OSError):  # ended meanwhile, or not ours to look at
            pinned = os.pidfd_open(int(entry.name))
            try:
                stands_here = (entry / "cwd").samefile(folder)
                is_program = (entry / "exe").readlink().name.removesuffix(" (deleted)") == program
            except OSError:
                os.close(pinned)
                continue
            if stands_here and is_program:
                orphans.append(pinned)
            else:
                os.close(pinned)
    return orphans


def _signal(orphans: list[int], number: signal.Signals) -> None:
    for pinned in orphans:
        with suppress(ProcessLookupError):
            signal.pidfd_send_signal(pinned, number)
