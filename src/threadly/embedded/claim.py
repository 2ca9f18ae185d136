"""Which folder we may take for data: a new one, an empty one, or one that carries our marker.

The data folder is written to and cleaned up, by root at times. So whatever else somebody's `--data` names is refused
before anything in it is touched. The marker says that we made the folder; its owner and mode, that nobody else has a
say in what lies in it.
"""

import os
import stat
from contextlib import suppress
from pathlib import Path

from threadly.embedded.errors import DataNotUsable
from threadly.embedded.files import open_file

MARKER = "THREADLY"
_TEXT = b"Threadly data, format 1\n"
_OTHERS_MAY_WRITE = stat.S_IWGRP | stat.S_IWOTH


def claim(folder: Path) -> None:
    """Makes sure that `folder` (resolved) is ours, making and marking it where it is new or empty.

    Raises:
        DataNotUsable: It holds something else, or others have a say in it; nothing was changed.
        OSError: It cannot be made or looked into.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    with suppress(FileExistsError):
        folder.mkdir(mode=0o700)
    names = set(os.listdir(folder))  # noqa: PTH208  before the marker is read: whoever claims writes that first
    _refuse_shared(folder)
    marked = _marker(folder)
    if marked == _TEXT:
        return
    if marked or not names <= {MARKER}:
        raise DataNotUsable(
            f"{folder} holds something that is not Threadly's data (no file {MARKER} of this version). Nothing was "
            f"changed. Choose a folder that is new or empty with --data DIR."
        )
    _put(folder / MARKER, _TEXT)
    _put(folder / ".gitignore", b"*\n")


def _refuse_shared(folder: Path) -> None:
    found = folder.lstat()
    if found.st_uid != os.geteuid():
        raise DataNotUsable(
            f"{folder} belongs to the account with number {found.st_uid}, and this is number {os.geteuid()}. Start "
            f"Threadly as that account, or choose another folder with --data DIR."
        )
    if found.st_mode & _OTHERS_MAY_WRITE:
        raise DataNotUsable(
            f"Other accounts may write to {folder} (mode {stat.S_IMODE(found.st_mode):04o}). Take that away with "
            f"`chmod go-w`, or choose another folder with --data DIR."
        )


def _marker(folder: Path) -> bytes:
    """What the marker says; nothing where there is none, or where its writer was killed in the middle."""
    try:
        descriptor = open_file(folder / MARKER, os.O_RDONLY)
    except FileNotFoundError:
        return b""
    with os.fdopen(descriptor, "rb") as file:
        return file.read(len(_TEXT) + 1)


def _put(place: Path, text: bytes) -> None:
    """Writes the file. Two that start in the same empty folder write the same, and the lock decides later."""
    with os.fdopen(open_file(place, os.O_WRONLY | os.O_CREAT), "wb") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
