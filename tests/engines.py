"""One PostgreSQL and one Valkey for a whole test session, shared by all workers of pytest-xdist.

The first worker that asks is the host: it starts them and, when it is done itself, waits until nobody uses them any
more. Locks of the system say who lives and who uses (never a counter), so a worker or a pytest killed with -9 leaves
nothing behind: its locks go with it, and the engines go with their host.
"""

import fcntl
import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import pytest

from threadly.embedded import blocking_engines


@dataclass(frozen=True)
class EngineUrls:
    """Where the session's engines are. Nothing in them is kept."""

    database_url: str
    """For the role `threadly`, which owns databases and may create them."""
    serving_url: str
    """For the role `threadly_serving`, which owns nothing."""
    administrator_url: str
    """For the role `postgres`, which may do everything."""
    cache_url: str


@pytest.fixture(scope="session")
def engine_urls(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EngineUrls]:
    """The engines of this test session, started when first asked for."""
    own = tmp_path_factory.getbasetemp()
    meeting_place = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own
    with shared_engines(meeting_place) as urls:
        yield urls


@contextmanager
def shared_engines(meeting_place: Path) -> Iterator[EngineUrls]:
    """The engines of everybody who meets in this folder."""
    addresses = meeting_place / "engines.json"
    with (
        _locked(meeting_place / "engines.door") as door,
        _opened(meeting_place / "engines.host") as host,
        _opened(meeting_place / "engines.users") as users,
    ):
        if not _try_lock(host):  # somebody else hosts, and will until we let go of `users`
            fcntl.flock(users, fcntl.LOCK_SH)
            fcntl.flock(door, fcntl.LOCK_UN)
            yield EngineUrls(**json.loads(addresses.read_text()))
            return
        with blocking_engines(ephemeral=True, durable=False) as running:
            urls = EngineUrls(
                database_url=running.database_url or "",
                serving_url=running.serving_url or "",
                administrator_url=running.administrator_url or "",
                cache_url=running.cache_url or "",
            )
            addresses.write_text(json.dumps(asdict(urls)))
            fcntl.flock(door, fcntl.LOCK_UN)
            try:
                yield urls
            finally:
                _close_behind_the_last(door, users)


def _close_behind_the_last(door: int, users: int) -> None:
    """Returns with the door closed and nobody inside but us."""
    while True:
        fcntl.flock(door, fcntl.LOCK_EX)
        if _try_lock(users):
            return
        fcntl.flock(door, fcntl.LOCK_UN)
        time.sleep(0.05)


@contextmanager
def _locked(place: Path) -> Iterator[int]:
    with _opened(place) as descriptor:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield descriptor


@contextmanager
def _opened(place: Path) -> Iterator[int]:
    """A descriptor for locking; closing it lets go of its lock."""
    descriptor = os.open(place, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def _try_lock(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
