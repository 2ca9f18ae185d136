"""The folder where the engines keep what they know, held by one process at a time.

    .threadly/
    ├─ THREADLY               says that the folder is ours; without it only an empty one is taken
    ├─ lock                   held (flock) while anything runs here; names the process that started it
    ├─ postgres/              the database; `local.conf` in it is yours, for settings of your own
    ├─ postgres-passwords     0600; of the roles `threadly` and `postgres`
    ├─ valkey/                the cache's snapshot, between a proper stop and the next start
    ├─ postgresql.log  valkey.log
    └─ run/                   the sockets, 0700; a link to a short temporary folder where a path would be too long

An ephemeral folder is the same in a temporary place and goes when its owner ends, even by kill -9.
"""

import asyncio
import fcntl
import os
import shutil
import stat
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from threadly.embedded.account import Account
from threadly.embedded.claim import claim
from threadly.embedded.descriptors import close, keep_private
from threadly.embedded.errors import DataInUse, DataNotUsable
from threadly.embedded.files import open_file

_LONGEST_SOCKET_PATH = 100  # bytes; systems allow 104 to 108
_LONGEST_SOCKET_NAME = len("/.s.PGSQL.5432.lock")
_PREVIOUS_OWNER_SECONDS = 6.0  # what the servers of a killed owner need to stop
_SCRATCH_PREFIX = "threadly-"
_SCRATCH_MODE = 0o711
_SHORT = Path("/tmp")  # noqa: S108  only as the place of a private folder; $TMPDIR is often too long for a socket
_LEFT_BY_SERVERS = {".s.PGSQL.5432": stat.S_IFSOCK, ".s.PGSQL.5432.lock": stat.S_IFREG, "valkey.sock": stat.S_IFSOCK}
_MEMORY = Path("/dev/shm")  # noqa: S108  a private folder in it, as in any other place for temporary files
_PLENTY_BYTES = 4 * 1024**3


@dataclass(frozen=True)
class Data:
    """A data folder we hold, with all that a server needs to know about it."""

    folder: Path
    account: Account
    sockets: Path
    """Private to the account, 0700; short enough for the name of any socket."""
    scratch: Path
    """Temporary, gone with us. Where the account is not our own, it may pass through and only we may write."""
    lock: Path
    lock_descriptor: int
    remove: tuple[Path, ...]
    """What a keeper removes when the owner is no longer there to do it."""

    def log(self, engine: str) -> Path:
        return self.folder / f"{engine}.log"


@asynccontextmanager
async def hold(folder: Path, *, ephemeral: bool, durable: bool) -> AsyncIterator[Data]:
    """Takes the folder for this process, making it when missing; `ephemeral` takes a new temporary one instead,
    in memory where nothing needs to be `durable` and there is plenty.

    Servers of an owner that was killed a moment ago are given the time to stop.

    Raises:
        DataInUse: Another process has it.
        DataNotUsable: It cannot be written, is not Threadly's, or its database belongs to another account.
    """
    folder = _place(folder, ephemeral=ephemeral, durable=durable)
    scratch: Path | None = None
    descriptor = -1
    try:
        try:
            claim(folder)
            descriptor = keep_private(open_file(folder / "lock", os.O_RDWR | os.O_CREAT))
            await _lock(descriptor, folder)
            account = Account.for_data(folder / "postgres")
            _refuse_foreign(folder, account)
            scratch, sockets = _make_run(folder, account)
        except OSError as problem:
            raise DataNotUsable(f"{folder} cannot be used: {problem.strerror} ({problem.filename}).") from problem
        yield Data(
            folder=folder,
            account=account,
            sockets=sockets,
            scratch=scratch,
            lock=folder / "lock",
            lock_descriptor=descriptor,
            remove=tuple({scratch, folder} if ephemeral else {scratch} - {folder / "run"}),
        )
    finally:
        if scratch is not None:
            with suppress(OSError, DataNotUsable):  # what does not belong there is for the next start to name
                _clear(folder / "run")
            if scratch != folder / "run":
                shutil.rmtree(scratch, ignore_errors=True)
        if ephemeral:
            shutil.rmtree(folder, ignore_errors=True)
        if descriptor >= 0:
            close(descriptor)


def _place(folder: Path, *, ephemeral: bool, durable: bool) -> Path:
    if not ephemeral:
        return Path(os.path.realpath(folder))
    in_memory = not durable and os.access(_MEMORY, os.W_OK) and shutil.disk_usage(_MEMORY).free > _PLENTY_BYTES
    return Path(tempfile.mkdtemp(prefix=_SCRATCH_PREFIX, dir=_MEMORY if in_memory else None))


async def _lock(descriptor: int, folder: Path) -> None:
    patience_ends = time.monotonic() + _PREVIOUS_OWNER_SECONDS
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            owner = _named_in(descriptor)
            if _is_alive(owner) or time.monotonic() > patience_ends:
                raise DataInUse(folder, owner) from None
            await asyncio.sleep(0.05)
        else:
            os.ftruncate(descriptor, 0)
            os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
            return


def _named_in(descriptor: int) -> int | None:
    text = os.pread(descriptor, 32, 0)
    return int(text) if text.strip().isdigit() else None


def _is_alive(pid: int | None) -> bool:
    if pid is None:
        return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _refuse_foreign(folder: Path, account: Account) -> None:
    """A database made by root belongs to `nobody`: say so, rather than let PostgreSQL stumble over it."""
    for engine in ("postgres", "valkey"):
        place = folder / engine
        if place.exists() and (owner := place.stat().st_uid) != account.uid:
            raise DataNotUsable(
                f"{place} belongs to the account with number {owner}, and this is number {account.uid}. Start Threadly "
                f"as you did before (data made as root is used as root), or choose another folder with --data DIR."
            )


def _make_run(folder: Path, account: Account) -> tuple[Path, Path]:
    """Scratch and sockets: `run/` is both, or, where its path is too long or the account may not enter, a link."""
    run = folder / "run"
    _clear(run)
    too_long = len(os.fsencode(run)) + _LONGEST_SOCKET_NAME > _LONGEST_SOCKET_PATH
    if not too_long and not account.borrowed:
        account.make_folder(run)
        return run, run
    scratch = _make_scratch()
    sockets = scratch / "run"
    run.symlink_to(sockets)
    account.make_folder(sockets)
    return scratch, sockets


def _make_scratch() -> Path:
    scratch = Path(
        tempfile.mkdtemp(prefix=_SCRATCH_PREFIX, dir=_SHORT if os.access(_SHORT, os.W_OK | os.X_OK) else None)
    )
    scratch.chmod(_SCRATCH_MODE)
    return scratch


def _clear(run: Path) -> None:
    """Whatever an earlier owner left: sockets without a server, or a link and the temporary folder it points to.

    Raises:
        DataNotUsable: There is something else in it; nothing was removed.
    """
    if run.is_symlink():
        scratch, is_ours = run.readlink().parent, _leads_to_scratch(run)
        run.unlink()
        if is_ours:
            shutil.rmtree(scratch, ignore_errors=True)
    elif os.path.lexists(run):
        left = list(run.iterdir())
        if strange := sorted(e.name for e in left if stat.S_IFMT(e.lstat().st_mode) != _LEFT_BY_SERVERS.get(e.name)):
            raise DataNotUsable(
                f"{run} is for sockets only, and holds {strange[0]}. Nothing was removed. Move that away, or choose "
                f"another folder with --data DIR."
            )
        for entry in left:
            entry.unlink()
        run.rmdir()


def _leads_to_scratch(run: Path) -> bool:
    """Whether the link is one of ours: where we make such folders, named, owned and open as we make them."""
    target = run.readlink()
    scratch = target.parent
    if target.name != run.name or scratch.parent not in {_SHORT, Path(tempfile.gettempdir())}:
        return False
    try:
        found = scratch.lstat()
    except OSError:
        return False
    as_made = (found.st_mode, found.st_uid) == (stat.S_IFDIR | _SCRATCH_MODE, os.geteuid())
    return as_made and scratch.name.startswith(_SCRATCH_PREFIX)
