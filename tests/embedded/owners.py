"""Owners of engines to be killed, and a look at which processes of theirs are left. Linux only."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import asyncpg

SOURCE = Path(__file__).parents[2] / "src"
_OWNER = Path(__file__).with_name("owner.py")


@dataclass(frozen=True)
class Owner:
    """A process that runs engines, and what it said first."""

    process: subprocess.Popen[str]
    facts: dict[str, str]


@contextmanager
def an_owner(
    data: Path, *, python: str = sys.executable, uid: int | None = None, path: Path = SOURCE, **options: bool
) -> Iterator[Owner]:
    """An owner that is up (or has said why not); killed at the end if it still lives."""
    with starting(data, _OWNER, python=python, uid=uid, path=path, **options) as process:
        assert process.stdout is not None
        said = process.stdout.readline()
        assert said, "the owner ended without a word"
        yield Owner(process, json.loads(said))


@contextmanager
def starting(
    data: Path,
    program: Path = _OWNER,
    *,
    python: str = sys.executable,
    uid: int | None = None,
    path: Path = SOURCE,
    **options: bool,
) -> Iterator[subprocess.Popen[str]]:
    """An owner that has just been started, in a session of its own."""
    packages = Path(asyncpg.__file__).parents[1]
    process = subprocess.Popen(
        [python, str(program), str(data), json.dumps(options)],
        stdout=subprocess.PIPE,
        text=True,
        env={"PYTHONPATH": f"{path}:{SOURCE}:{packages}", "PYTHONDONTWRITEBYTECODE": "1", "PATH": os.defpath},
        start_new_session=True,
        user=uid,
        group=uid,
        extra_groups=None if uid is None else [],
    )
    with process:
        try:
            yield process
        finally:
            process.kill()


def servers_in(data: Path, program: str = "") -> list[int]:
    """Processes that stand in the data folder, and keepers of it; of one program, where named."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            command = (entry / "cmdline").read_bytes().split(b"\0")
            stands_in = (entry / "cwd").readlink().is_relative_to(data)
            keeps = any(part.endswith(b"keeper.py") for part in command) and os.fsencode(data) in b" ".join(command)
            name = "keeper" if keeps else (entry / "exe").readlink().name
            if (stands_in or keeps) and program in name:
                found.append(int(entry.name))
    return sorted(found)


def none_left(data: Path, *, within_seconds: float = 5.0) -> bool:
    """Whether every server and keeper of the folder is gone in time."""
    patience_ends = time.monotonic() + within_seconds
    while servers_in(data):
        if time.monotonic() > patience_ends:
            return False
        time.sleep(0.02)
    return True
