"""Programs that a test starts, and who of theirs still lives."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

import httpx

ROOT: Final = Path(__file__).parent.parent
_TOLD_ANYWHERE: Final = {  # what else may run on this machine has the usual ports
    "THREADLY_PROFILE": "test",
    "THREADLY_LIMITS__WIDENED": "1000000",
    "THREADLY_OBSERVABILITY__OPS__LISTEN": "127.0.0.1:0",
    "THREADLY_OBSERVABILITY__OPS__WORK_LISTEN": "127.0.0.1:0",
}


class Program:
    """A Python module that runs, with its output to read."""

    def __init__(
        self, arguments: tuple[str, ...], environment: Mapping[str, str], workplace: Path, *, is_heard: bool
    ) -> None:
        self.began = time.monotonic()
        self.process = subprocess.Popen(
            [sys.executable, "-m", *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE if is_heard else subprocess.DEVNULL,
            stderr=subprocess.STDOUT,
            text=True,
            cwd=workplace,
            env={**environment, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1", "COLUMNS": "120"},
        )
        self.said: list[str] = []

    @property
    def pid(self) -> int:
        return self.process.pid

    def line(self, holding: str = "") -> str:
        """The next line that holds this text."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.said.append(line)
            if holding in line:
                return line.rstrip()
        raise AssertionError(f"it ended without saying {holding!r}:\n{''.join(self.said)}")

    def finish(self, within: float) -> tuple[int, str]:
        """Its exit code and all that it said, once it has ended by itself."""
        rest, _ = self.process.communicate(timeout=within)
        self.said.append(rest or "")
        return self.process.returncode, "".join(self.said)

    def told(self, number: int, within: float) -> tuple[int, float]:
        """Its exit code after this signal, and the seconds it took."""
        began = time.monotonic()
        self.process.send_signal(number)
        code, _ = self.finish(within)
        return code, time.monotonic() - began


@contextmanager
def program(
    *arguments: str, environment: Mapping[str, str] | None = None, workplace: Path = ROOT, is_heard: bool = True
) -> Iterator[Program]:
    """`python -m ARGUMENTS…` for the length of the `with`; whatever is left of it then is killed.

    What it says must be read while it runs, or else not be heard: a full pipe would stop it.
    """
    clean = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("THREADLY_") and name not in {"DATABASE_URL", "REDIS_URL"}
    }
    environment = clean | _TOLD_ANYWHERE | dict(environment or {})
    started = Program(arguments, environment, workplace, is_heard=is_heard)
    try:
        yield started
    finally:
        family = below(started.pid)
        if started.process.poll() is None:
            started.process.kill()
            started.process.wait()
        if started.process.stdout is not None:
            started.process.stdout.close()
        eventually(lambda: not alive(family), within=8, what="everything has ended")


def children(pid: int) -> list[int]:
    """The processes that this one started, in each of its threads the oldest first."""
    found = []
    for listed in sorted(Path(f"/proc/{pid}/task").glob("*/children")):
        with suppress(OSError):  # a thread that has just ended
            found += [int(child) for child in listed.read_text().split()]
    return found


def below(pid: int) -> list[int]:
    """Every process below this one."""
    family = []
    waiting = children(pid)
    while waiting:
        family.append(waiting.pop())
        waiting += children(family[-1])
    return family


def alive(pids: list[int]) -> list[int]:
    """Those that have not ended; a zombie has."""
    return [pid for pid in pids if _state(pid) not in {"Z", "X", ""}]


def cpu_ticks(pid: int) -> int:
    """How long it has used a processor, in the kernel's ticks."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()
    return int(fields[11]) + int(fields[12])


def eventually(true: Callable[[], object], *, within: float, what: str) -> float:
    """Waits until it is; the seconds it took."""
    began = time.monotonic()
    while not true():
        assert time.monotonic() < began + within, f"{what}: not within {within} s"
        time.sleep(0.01)
    return time.monotonic() - began


def answering(url: str, *, within: float) -> None:
    """Waits until a server answers there. Raises what kept it from doing so (`httpx.HTTPError`) when it has not."""
    until = time.monotonic() + within
    while True:
        try:
            httpx.get(url).raise_for_status()
        except httpx.HTTPError:
            if time.monotonic() > until:
                raise
            time.sleep(0.05)
        else:
            return


def needed(what: str, how: str) -> str:
    """Why a test is skipped. In CI nothing may be missing.

    Raises:
        AssertionError: It is, in CI.
    """
    assert "CI" not in os.environ, f"CI needs {what}: {how}"
    return f"needs {what}: {how}"


def _state(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2][:1]
    except OSError:
        return ""
