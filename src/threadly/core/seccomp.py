"""A process gives up all system calls but those that computing takes (Linux, seccomp-BPF), for as long as it lives.

    if (lack := seccomp.lack()) is None:
        seccomp.compute_only()          # threads that run already as well

What is left: to read and write what is open, memory that nothing is run from, threads, locks, clocks, an end. All else
is refused with EPERM: opening and making files, sockets, programs, processes, other limits of its own, and every signal
but SIGABRT to itself: none that would wake it where it was stopped. So a library that strangers' bytes have taken over
can use up its own process, and no more.

Guaranteed: nothing takes the filter off, and every thread has it. Not guaranteed: anything where the kernel has no
seccomp, or the processor is none of those named here; `lack` says so, and whoever uses this has to tell it.
"""

import ctypes
import errno
import os
import platform
import signal
import struct
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

_LOAD, _RETURN, _IF_EQUAL, _IF_ANY_BIT = 0x20, 0x06, 0x15, 0x45
_ALLOW, _ERROR, _KILL = 0x7FFF0000, 0x00050000, 0x80000000
_NUMBER_AT, _MACHINE_AT, _ARGUMENTS_AT = 0, 4, 16  # in struct seccomp_data, whose arguments have eight bytes each

_PR_GET_SECCOMP, _PR_SET_NO_NEW_PRIVS, _PR_SET_NAME = 21, 38, 15
_SET_MODE_FILTER, _ALL_THREADS = 1, 1
_PROT_EXEC, _CLONE_THREAD = 4, 0x10000

_COMPUTING: Final = (
    *("futex", "read", "write", "mmap", "munmap", "mremap", "madvise", "brk", "mprotect", "clone"),
    *("clock_gettime", "clock_nanosleep", "nanosleep", "gettimeofday", "sched_yield", "sched_getaffinity"),
    *("pread64", "readv", "writev", "lseek", "fstat", "close", "getrusage", "sysinfo", "getrandom", "getpid", "gettid"),
    *("rt_sigaction", "rt_sigprocmask", "rt_sigreturn", "sigaltstack", "set_robust_list", "rseq", "restart_syscall"),
    *("prctl", "tgkill", "exit", "exit_group"),
)


@dataclass(frozen=True, slots=True)
class _Machine:
    """How the kernel numbers what it is asked, on one kind of processor."""

    audit: int
    seccomp: int
    clone3: int
    numbers: Mapping[str, int]


def _numbered(*numbers: int) -> Mapping[str, int]:
    return dict(zip(_COMPUTING, numbers, strict=True))


_MACHINES: Final[Mapping[str, _Machine]] = {
    "x86_64": _Machine(
        0xC000003E,
        317,
        435,
        _numbered(
            *(202, 0, 1, 9, 11, 25, 28, 12, 10, 56),
            *(228, 230, 35, 96, 24, 204),
            *(17, 19, 20, 8, 5, 3, 98, 99, 318, 39, 186),
            *(13, 14, 15, 131, 273, 334, 219),
            *(157, 234, 60, 231),
        ),
    ),
    "aarch64": _Machine(
        0xC00000B7,
        277,
        435,
        _numbered(
            *(98, 63, 64, 222, 215, 216, 233, 214, 226, 220),
            *(113, 115, 101, 169, 124, 123),
            *(67, 65, 66, 62, 80, 57, 165, 179, 278, 172, 178),
            *(134, 135, 139, 132, 99, 293, 128),
            *(167, 131, 93, 94),
        ),
    ),
}
"""From the kernel's own tables: arch/x86/entry/syscalls/syscall_64.tbl and include/uapi/asm-generic/unistd.h."""


def lack() -> str | None:
    """Why this machine cannot filter system calls; None where it can."""
    if sys.platform != "linux":
        return f"{platform.system()} has no seccomp"
    if platform.machine() not in _MACHINES or sys.maxsize < 1 << 32:
        return f"the system calls of {platform.machine()} are not known"
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_PR_GET_SECCOMP, 0, 0, 0, 0) < 0:
        return "the kernel has no seccomp"
    return None


def compute_only() -> None:
    """From now on, this process computes, and nothing else.

    Raises:
        OSError: The kernel did not take the filter. Look at `lack` first.
    """
    machine = _MACHINES[platform.machine()]
    program = _program(machine, os.getpid())
    code = ctypes.create_string_buffer(b"".join(program))
    head = struct.pack("@HP", len(program), ctypes.addressof(code))
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "no_new_privs was refused")
    if libc.syscall(machine.seccomp, _SET_MODE_FILTER, _ALL_THREADS, head) != 0:
        raise OSError(ctypes.get_errno(), "the filter of system calls was refused")


def _program(machine: _Machine, own_pid: int) -> list[bytes]:
    """The filter, in the kernel's classic BPF: eight bytes an instruction."""
    some: Mapping[str, Sequence[bytes]] = {
        "mmap": _unless(2, _PROT_EXEC),
        "mprotect": _unless(2, _PROT_EXEC),
        "clone": _if(_IF_ANY_BIT, 0, _CLONE_THREAD),  # a thread, and no process
        "tgkill": _if_both((0, own_pid), (2, signal.SIGABRT)),  # which is what abort() asks for
        "prctl": _if(_IF_EQUAL, 0, _PR_SET_NAME),
    }
    lines = [_line(_LOAD, _MACHINE_AT), _line(_IF_EQUAL, machine.audit, 1, 0), _line(_RETURN, _KILL)]
    lines.append(_line(_LOAD, _NUMBER_AT))
    for name, number in machine.numbers.items():
        block = some.get(name, (_line(_RETURN, _ALLOW),))
        lines += (_line(_IF_EQUAL, number, 0, len(block)), *block)
    # Whose flags lie in memory, where no filter sees them: who hears that it is unknown asks for a clone instead.
    lines += (_line(_IF_EQUAL, machine.clone3, 0, 1), _line(_RETURN, _ERROR | errno.ENOSYS))
    lines.append(_line(_RETURN, _ERROR | errno.EPERM))
    return lines


def _if(test: int, argument: int, value: int) -> tuple[bytes, ...]:
    """Allows, if an argument passes; or else refuses."""
    answers = (_line(_RETURN, _ALLOW), _line(_RETURN, _ERROR | errno.EPERM))
    return (_argument(argument), _line(test, value, 0, 1), *answers)


def _if_both(one: tuple[int, int], other: tuple[int, int]) -> tuple[bytes, ...]:
    """Allows, if each of two arguments is what it should be; or else refuses."""
    allowed = _if(_IF_EQUAL, *other)
    return (_argument(one[0]), _line(_IF_EQUAL, one[1], 0, len(allowed) - 1), *allowed)


def _unless(argument: int, bits: int) -> tuple[bytes, ...]:
    """Allows, if none of these bits is set; or else refuses."""
    answers = (_line(_RETURN, _ERROR | errno.EPERM), _line(_RETURN, _ALLOW))
    return (_argument(argument), _line(_IF_ANY_BIT, bits, 0, 1), *answers)


def _argument(position: int) -> bytes:
    return _line(_LOAD, _ARGUMENTS_AT + 8 * position)  # its lower half; both processors are little-endian


def _line(code: int, value: int, if_so: int = 0, if_not: int = 0) -> bytes:
    return struct.pack("=HBBI", code, if_so, if_not, value)
