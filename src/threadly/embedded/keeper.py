"""Keeps one server for exactly as long as its owner lives: a small process between the two.

The owner (the Python process that wants the server) holds one end of a pipe, the lifeline. A byte on it, its end, or
the owner's death, however sudden, makes the keeper stop the server in order: each signal of the plan in turn with its
time, then SIGKILL. So a server never outlives its owner, and even an owner killed with -9 leaves a database that was
shut down properly. On Linux, the server also gets the first signal of the plan when the *keeper* is killed, and what a
killed server leaves behind (backends in the middle of a query) is handed to the keeper and ended too.

Keeper and server each lead a session of their own: the terminal's Ctrl-C reaches the application, which drains and then
lets go. SIGINT, SIGTERM and SIGHUP to the keeper itself are ignored, for a service manager that signals everything at
once should not take the database away from an application that is still answering.

Run by path, `python -I -S keeper.py PLAN`, with nothing but the standard library: 20 ms to start, and no need for
`threadly` to be importable.
"""

import contextlib
import ctypes
import fcntl
import json
import os
import select
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import TypedDict

_PR_SET_PDEATHSIG = 1
_PR_SET_CHILD_SUBREAPER = 36
_LOOK_AFTER_OWNER_SECONDS = 1.0  # should something else have got hold of the lifeline


class Plan(TypedDict):
    """What a keeper is told, as JSON in its only argument."""

    owner: int
    lifeline: int
    command: list[str]
    folder: str
    environment: dict[str, str]
    account: tuple[int, int] | None
    stops: list[tuple[str, float]]
    lock: str
    lock_descriptor: int
    remove: list[str]


def keep(plan: Plan) -> int:
    """Runs the server until it ends or its owner lets go; the server's exit code."""
    wakeups = _wake_on_signals()
    first_stop = signal.Signals[plan["stops"][0][0]]
    _prctl(_PR_SET_CHILD_SUBREAPER, 1)
    uid, gid = plan["account"] or (None, None)
    server = subprocess.Popen(
        plan["command"],
        cwd=plan["folder"],
        env=plan["environment"],
        user=uid,
        group=gid,
        extra_groups=None if uid is None else [],
        start_new_session=True,
        preexec_fn=_ask_for(first_stop),  # noqa: PLW1509  this process has one thread
    )
    while server.poll() is None:
        readable, _, _ = select.select([plan["lifeline"], wakeups], [], [], _LOOK_AFTER_OWNER_SECONDS)
        if wakeups in readable:
            os.read(wakeups, 4096)
        if plan["lifeline"] in readable or os.getppid() != plan["owner"]:
            _stop(server, plan["stops"])
    _end_leftovers()
    _remove_if_last(plan)
    return server.returncode if server.returncode >= 0 else 128 - server.returncode


def _stop(server: subprocess.Popen[bytes], stops: list[tuple[str, float]]) -> None:
    for name, seconds in stops:
        server.send_signal(signal.Signals[name])
        with contextlib.suppress(subprocess.TimeoutExpired):
            server.wait(seconds)
            return
    server.kill()
    server.wait()


def _wake_on_signals() -> int:
    """A descriptor that becomes readable with any signal. Handlers, not SIG_IGN: the server would inherit that."""
    wakeups, wake = os.pipe()
    os.set_blocking(wake, False)
    signal.set_wakeup_fd(wake, warn_on_full_buffer=False)
    for awaited in (signal.SIGCHLD, signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(awaited, _carry_on)
    return wakeups


def _carry_on(_signal: int, _frame: FrameType | None) -> None:
    """Being woken was all."""


def _ask_for(death_signal: signal.Signals) -> Callable[[], None]:
    return lambda: _prctl(_PR_SET_PDEATHSIG, death_signal)


def _prctl(option: int, value: int) -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(option, value, 0, 0, 0)


def _end_leftovers() -> None:
    """Kills what the server left behind and the system therefore made our child (Linux)."""
    with contextlib.suppress(ChildProcessError):
        while True:
            for child in _children():
                with contextlib.suppress(ProcessLookupError):
                    os.kill(child, signal.SIGKILL)
            os.waitpid(-1, 0)


def _children() -> list[int]:
    children = []
    for entry in Path("/proc").glob("[0-9]*/stat") if sys.platform == "linux" else ():
        with contextlib.suppress(OSError):
            parent = int(entry.read_bytes().rpartition(b")")[2].split()[1])
            if parent == os.getpid():
                children.append(int(entry.parent.name))
    return children


def _remove_if_last(plan: Plan) -> None:
    """Removes temporary folders when nobody else holds the data any more: neither the owner nor another keeper."""
    if not plan["remove"]:
        return
    os.close(plan["lock_descriptor"])
    with contextlib.suppress(OSError), Path(plan["lock"]).open("rb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        for folder in plan["remove"]:
            shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(keep(json.loads(sys.argv[1])))
