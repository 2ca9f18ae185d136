"""Secrets in files of their own, changed in one step: whoever reads meanwhile sees what was there, or what is now."""

import os
import secrets
import stat
from contextlib import suppress
from pathlib import Path
from typing import Final

_OURS_ALONE: Final = 0o600
_NOT_FOR_OTHERS: Final = 0o640
"""What a file may keep of its mode: a service may read it by its group."""


def keep(path: Path, text: str) -> None:
    """Writes a secret, with a line feed behind it. A new file is for its owner alone; one that is there keeps its
    owner, its group, and of its mode what lets nobody else in.

    Raises:
        OSError: It cannot be written; what was there is there.
    """
    place = path.resolve()
    try:
        before = place.stat()
    except FileNotFoundError:
        before = None
    draft = place.with_name(f".{place.name}.{secrets.token_hex(4)}")  # what begins with a dot is read as no setting
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _OURS_ALONE), "w") as file:
            file.write(f"{text}\n")
            if before is not None:
                if (before.st_uid, before.st_gid) != (os.geteuid(), os.getegid()):
                    os.fchown(file.fileno(), before.st_uid, before.st_gid)
                os.fchmod(file.fileno(), stat.S_IMODE(before.st_mode) & _NOT_FOR_OTHERS | _OURS_ALONE)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(place)
    except BaseException:
        with suppress(FileNotFoundError):
            draft.unlink()
        raise
