"""Which processes are below this one, and which of those still live. Linux; elsewhere nobody is found."""

import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

_PROCESSES = Path("/proc")


@dataclass(frozen=True, slots=True)
class Process:
    """One process for good: numbers are used again, the moment of its start is not."""

    pid: int
    started: int
    parent: int
    name: str


def descendants() -> frozenset[Process]:
    """Every process below this one, at any depth."""
    below: dict[int, list[Process]] = {}
    for stat in _PROCESSES.glob("[0-9]*/stat"):
        with suppress(OSError):
            found = _read(stat)
            below.setdefault(found.parent, []).append(found)
    family, waiting = set(), [os.getpid()]
    while waiting:
        children = below.get(waiting.pop(), [])
        family.update(children)
        waiting += [child.pid for child in children]
    return frozenset(process for process in family if not _is_tracker(process))


def still_alive(processes: frozenset[Process]) -> list[Process]:
    """Those that have not ended; a zombie has."""
    alive = []
    for process in processes:
        with suppress(OSError):
            stat = _PROCESSES / str(process.pid) / "stat"
            state = stat.read_text().rpartition(") ")[2][0]
            same = _read(stat).started == process.started  # its parent may have become another
            if same and state != "Z":
                alive.append(process)
    return alive


def _is_tracker(process: Process) -> bool:
    """Whether it is the helper that Python keeps beside a process which ever used a pool of them; it ends with us."""
    try:
        return b"multiprocessing.resource_tracker" in (_PROCESSES / str(process.pid) / "cmdline").read_bytes()
    except OSError:
        return False


def _read(stat: Path) -> Process:
    """From `PID (NAME) STATE PPID … STARTED …`: the name may hold anything, so the rest begins at the last bracket."""
    head, _, rest = stat.read_text(errors="replace").rpartition(") ")
    fields = rest.split()
    return Process(int(stat.parent.name), started=int(fields[19]), parent=int(fields[1]), name=head.partition("(")[2])
