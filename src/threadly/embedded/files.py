"""Files in the data folder, opened and replaced so that nothing planted in their place is followed."""

import errno
import os
import stat
import tempfile
from pathlib import Path
from typing import BinaryIO

from threadly.embedded.account import Account
from threadly.embedded.errors import DataNotUsable

_LARGEST_LOG_BYTES = 10 * 1024 * 1024
_NO_FILE = {errno.ELOOP, errno.EMLINK, errno.ENXIO, errno.EISDIR}  # a link (Linux, BSD), a pipe or socket, a folder


def open_file(place: Path, flags: int) -> int:
    """A descriptor of a regular file, closed on exec; mode 0600 where `flags` create it.

    Raises:
        DataNotUsable: A link, a pipe or anything else that is no regular file lies there; it was left as it is.
        OSError: As `os.open` has it.
    """
    try:  # not blocking: opening a pipe would wait for its other end; regular files know no difference
        descriptor = os.open(place, flags | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK, 0o600)
    except OSError as problem:
        if problem.errno in _NO_FILE:
            raise _not_a_file(place) from None
        raise
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise _not_a_file(place)
    return descriptor


def open_log(place: Path) -> BinaryIO:
    """For appending, unbuffered and private; a log that has grown large becomes `.log.1` first.

    Raises:
        DataNotUsable, OSError: As `open_file` has it.
    """
    descriptor = _open_to_append(place)
    if os.fstat(descriptor).st_size > _LARGEST_LOG_BYTES:
        os.close(descriptor)
        place.replace(place.with_suffix(".log.1"))
        descriptor = _open_to_append(place)
    log = os.fdopen(descriptor, "ab", buffering=0)
    log.seek(0, os.SEEK_END)
    return log


def replace_file(place: Path, text: str, owner: Account | None = None) -> None:
    """Replaces a file at once, mode 0600, and gives it to `owner`. A new file is moved there: no link is followed."""
    descriptor, new = tempfile.mkstemp(dir=place.parent)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
        file.flush()
        os.fsync(descriptor)
        if owner is not None and owner.borrowed:  # by descriptor: in a folder of that account, names may be swapped
            os.fchown(descriptor, owner.uid, owner.gid)
    Path(new).replace(place)


def _open_to_append(place: Path) -> int:
    return open_file(place, os.O_WRONLY | os.O_APPEND | os.O_CREAT)


def _not_a_file(place: Path) -> DataNotUsable:
    return DataNotUsable(
        f"{place} is not a regular file, and was left as it is. Move it away, or choose another folder with --data DIR."
    )
