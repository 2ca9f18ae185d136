"""A process that computes, and can do nothing else."""

import json
import subprocess
import sys
from collections.abc import Callable
from functools import cache

import pytest

from threadly.core import seccomp

TRIES = """
import ctypes, errno, json, mmap, os, resource, signal, socket, sys, threading
from threadly.core import seccomp

parent, libc, told = os.getppid(), ctypes.CDLL(None, use_errno=True), {}

def asked(number, *values):
    if libc.syscall(number, *values) < 0:
        raise OSError(ctypes.get_errno(), "")

def run_from_memory():
    mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)

def forbidden_threads():
    thread.go.set()
    thread.join()
    if isinstance(thread.found, OSError):
        raise thread.found

class Earlier(threading.Thread):
    # Runs before the filter is there.
    def __init__(self):
        super().__init__(daemon=True)
        self.go, self.found = threading.Event(), None
    def run(self):
        self.go.wait()
        try:
            os.open("/etc/hostname", os.O_RDONLY)
        except OSError as refusal:
            self.found = refusal

thread = Earlier()
thread.start()
seccomp.compute_only()
for name, attempt in {
    "read a file": lambda: os.open("/etc/hostname", os.O_RDONLY),
    "write a file": lambda: os.open(sys.argv[1], os.O_WRONLY | os.O_CREAT),
    "remove a file": lambda: os.unlink(sys.argv[1]),
    "a socket": lambda: socket.socket(socket.AF_INET, socket.SOCK_STREAM),
    "a unix socket": lambda: socket.socket(socket.AF_UNIX, socket.SOCK_STREAM),
    "a pair of sockets": socket.socketpair,
    "a program": lambda: os.execv("/bin/true", ["true"]),
    "a process": os.fork,
    "a process by spawn": lambda: os.posix_spawn("/bin/true", ["true"], {}),
    "a signal to others": lambda: os.kill(parent, 0),
    "a signal that wakes it": lambda: signal.pthread_kill(threading.get_ident(), signal.SIGCONT),
    "an end of others": lambda: asked(234, 1 << 30, 1 << 30, signal.SIGABRT),  # of nobody, if it were let through
    "a limit of memory": lambda: resource.setrlimit(resource.RLIMIT_AS, (1 << 40, 1 << 40)),
    "a limit of its own time": lambda: resource.setrlimit(resource.RLIMIT_CPU, (30, -1)),
    "a limit of others": lambda: resource.prlimit(parent, resource.RLIMIT_CPU, (9, 9)),
    "code in memory": run_from_memory,
    "a namespace": lambda: asked(272, 0x10000000),
    "to look into another process": lambda: asked(101, 16, parent, 0, 0),
    "a thread that was there before": forbidden_threads,
}.items():
    try:
        attempt()
        told[name] = "done"
    except OSError as refusal:
        told[name] = errno.errorcode[refusal.errno]
    except ValueError as refusal:  # the module's word for it
        told[name] = "EPERM" if "not allowed" in str(refusal) else str(refusal)

sums = []
for number in range(4):
    worker = threading.Thread(target=lambda: sums.append(sum(bytes(1 << 20))))
    worker.start()
    worker.join()
told["threads"] = str(len(sums))
print(json.dumps(told), flush=True)
os.abort()
"""


@cache
def tried(place: str) -> tuple[dict[str, str], int]:
    """What became of each attempt, and how the process ended."""
    ended = subprocess.run(
        [sys.executable, "-c", TRIES, place], capture_output=True, text=True, timeout=60, check=False
    )
    assert ended.stdout, ended.stderr
    return json.loads(ended.stdout), ended.returncode


def test_whoever_computes_only_is_refused_everything_else_and_has_its_threads() -> None:
    told, code = tried("/tmp/threadly-seccomp")

    assert {name: what for name, what in told.items() if what != "EPERM"} == {"threads": "4"}
    assert code == -6  # a library that gives up can end its own process


@pytest.mark.parametrize(
    ("system", "machine", "lack"),
    [
        ("darwin", "arm64", "has no seccomp"),
        ("linux", "riscv64", "the system calls of riscv64 are not known"),
        ("linux", "x86_64", None),
    ],
)
def test_what_a_machine_lacks_is_said(
    monkeypatch: pytest.MonkeyPatch, system: str, machine: str, lack: str | None
) -> None:
    monkeypatch.setattr(sys, "platform", system)
    monkeypatch.setattr("platform.machine", lambda: machine)

    assert (seccomp.lack() or "").endswith(lack or "")
    assert (seccomp.lack() is None) is (lack is None)


@pytest.mark.parametrize("machine", ["x86_64", "aarch64"])
def test_every_machine_numbers_every_call_once(machine: str) -> None:
    known: Callable[[], seccomp._Machine] = lambda: seccomp._MACHINES[machine]  # noqa: E731
    numbers = known().numbers
    assert len(set(numbers.values())) == len(numbers) == len(seccomp._COMPUTING)
    assert known().clone3 not in numbers.values()
    assert all(len(line) == 8 for line in seccomp._program(known(), 1))
