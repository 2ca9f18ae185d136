"""What lies in a folder, to the last byte, for tests in which nothing may change."""

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

Entry = tuple[str, int, int, int, int, bytes]


@contextmanager
def unchanged(*places: Path) -> Iterator[None]:
    """Asserts that every name, mode, owner, number, time of change and content below is afterwards as it was before."""
    before = [_tree(place) for place in places]
    yield
    assert [_tree(place) for place in places] == before


def _tree(place: Path) -> list[Entry]:
    return sorted(_entry(found) for found in (place, *place.rglob("*")) if os.path.lexists(found))


def _entry(place: Path) -> Entry:
    found = place.lstat()
    content = place.read_bytes() if stat.S_ISREG(found.st_mode) else b""
    if stat.S_ISLNK(found.st_mode):
        content = os.fsencode(place.readlink())
    return (str(place), found.st_mode, found.st_uid, found.st_ino, found.st_mtime_ns, content)
