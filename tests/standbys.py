"""Streaming replicas of the embedded PostgreSQL, made by its own pg_basebackup, to read from and to break."""

import asyncio
import os
import shutil
import signal
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit, urlunsplit

import asyncpg

from tests.faults.proxy import Fault, Proxy
from tests.processes import below
from threadly.embedded import Engines, engines
from threadly.embedded.binaries import PostgresPrograms, find_postgres, reachable_postgres
from threadly.embedded.data import Data, hold
from threadly.embedded.process import Kept, Stops

_STOPS: Final[Stops] = (("SIGINT", 3.0), ("SIGQUIT", 0.5))
_PATIENCE_SECONDS: Final = 60.0
_MUCH: Final = """
    SELECT max(pg_logical_emit_message(false, 'much', repeat('0123456789abcdef', 1 << 16))) FROM generate_series(1, 64)
"""
_CATCHES_UP: Final = "SELECT bool_or(state = 'catchup' AND replay_lsn IS NOT NULL) FROM pg_stat_replication"


class Server:
    """A PostgreSQL that can be frozen and killed: the primary, or a replica of it."""

    def __init__(self, folder: Path, administrator_url: str) -> None:
        self._folder = folder
        self.administrator_url = administrator_url

    async def ask(self, question: str) -> object:
        """The first value that it answers, asked by who may do everything."""
        connection = await asyncpg.connect(self.administrator_url)
        try:
            return await connection.fetchval(question)
        finally:
            await connection.close()

    async def tune(self, setting: str) -> None:
        """Sets what may be changed while it runs."""
        await self.ask(f"ALTER SYSTEM SET {setting}")
        await self.ask("SELECT pg_reload_conf()")

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """All its processes do nothing meanwhile (SIGSTOP)."""
        family = self._family()
        _send(signal.SIGSTOP, family)
        try:
            yield
        finally:
            _send(signal.SIGCONT, family)

    def kill(self) -> None:
        """Ends all its processes at once (SIGKILL)."""
        _send(signal.SIGKILL, self._family())

    def _family(self) -> list[int]:
        postmaster = int((self._folder / "postmaster.pid").read_text().split("\n", 1)[0])
        return [postmaster, *below(postmaster)]


class Standby(Server):
    """A replica."""

    def __init__(self, data: Data, programs: PostgresPrograms, primary: Engines) -> None:
        self._data = data
        self._programs = programs
        self._primary = primary.administrator_url or ""
        self.url = _at(primary.database_url or "", data.sockets)
        self._server: Kept | None = None
        super().__init__(data.folder / "postgres", _at(self._primary, data.sockets))

    async def copy(self) -> None:
        """Takes a copy of the primary, which follows it once it is started."""
        self._data.account.make_folder(self._folder)
        place = self._data.account.name_for(self._folder)
        program = self._programs.prefix / "bin" / "pg_basebackup"
        options = ["--wal-method=stream", "--checkpoint=fast", "--write-recovery-conf", "--no-sync"]
        command: list[str | Path] = [program, f"--pgdata={place}", f"--dbname={self._primary}", *options]
        await self._run(command).finished()

    async def start(self) -> None:
        """Returns when it can be read from."""
        (self._folder / "postmaster.pid").unlink(missing_ok=True)
        place = self._data.account.name_for(self._folder)
        self._server = self._run([self._programs.postgres, "-D", place, "-k", str(self._data.sockets)])
        began = time.monotonic()
        while not self._is_ready():
            if self._server.exit_code is not None or time.monotonic() - began > _PATIENCE_SECONDS:
                raise self._server.failure("did not start")
            await asyncio.sleep(0.02)

    async def stop(self) -> None:
        """Ends it, if it runs."""
        if self._server is not None:
            await self._server.stop()

    async def promote(self) -> None:
        """Makes a primary of it."""
        assert await self.ask("SELECT pg_promote()")

    @asynccontextmanager
    async def paused(self) -> AsyncIterator[None]:
        """It keeps what it is sent, and replays nothing meanwhile."""
        await self.ask("SELECT pg_wal_replay_pause()")
        await until_it_says(self, "SELECT pg_get_wal_replay_pause_state()", "paused")
        try:
            yield
        finally:
            await self.ask("SELECT pg_wal_replay_resume()")

    @asynccontextmanager
    async def late_by(self, seconds: float) -> AsyncIterator[None]:
        """It replays each commit so long after it happened."""
        await self.tune(f"recovery_min_apply_delay = '{seconds * 1000:.0f}ms'")
        try:
            yield
        finally:
            await self.tune("recovery_min_apply_delay = 0")

    @asynccontextmanager
    async def behind(self, proxy: Proxy, primary: Server) -> AsyncIterator[None]:
        """It was away for 64 MiB, and is sent them through a proxy so slowly that it is in catchup for the block."""
        usual = str(await self.ask("SHOW primary_conninfo"))
        slowly = " ".join(part for part in usual.split() if part.partition("=")[0] not in {"host", "port", "sslmode"})
        await primary.tune("wal_keep_size = '1GB'")
        await self.tune("primary_conninfo = ''")
        await until_it_says(primary, "SELECT count(*) FROM pg_stat_replication", 0)
        try:
            await primary.ask(_MUCH)
            with proxy.suffering(Fault(latency=0.1)):
                through = f"{slowly} host=127.0.0.1 port={proxy.port} sslmode=disable".replace("'", "''")
                await self.tune(f"primary_conninfo = '{through}'")
                await until_it_says(primary, _CATCHES_UP, True)
                yield
        finally:
            await self.tune(f"primary_conninfo = '{usual.replace(chr(39), chr(39) * 2)}'")
            await primary.tune("wal_keep_size = 0")

    async def catch_up(self, primary: Server) -> None:
        """Returns when it has replayed all that the primary has written down by now."""
        written = await primary.ask("SELECT pg_current_wal_insert_lsn()::text")
        await until_it_says(self, f"SELECT pg_last_wal_replay_lsn() >= '{written}'", True)

    def _run(self, command: list[str | Path]) -> Kept:
        return Kept("PostgreSQL", command, self._folder, self._data, stops=_STOPS)

    def _is_ready(self) -> bool:
        try:
            lines = (self._folder / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return False
        return len(lines) > 7 and lines[7].strip() in {"ready", "standby"}


@dataclass(frozen=True, slots=True)
class Replicated:
    """A primary, and replicas of it."""

    url: str
    """The primary's, for the role `threadly`."""
    primary: Server
    standbys: list[Standby]


@asynccontextmanager
async def replicated(count: int = 1) -> AsyncIterator[Replicated]:
    """A primary and so many replicas, on their own, until the block ends."""
    async with engines(ephemeral=True, durable=False, valkey=False) as primary:
        assert primary.database_url is not None
        assert primary.administrator_url is not None
        server = Server(primary.data / "postgres", primary.administrator_url)
        async with _standbys(primary, count) as standbys:
            yield Replicated(primary.database_url, server, standbys)


async def until_it_says(server: Server, question: str, answer: object) -> None:
    """Waits until it answers so."""
    ends = time.monotonic() + _PATIENCE_SECONDS
    while (said := await server.ask(question)) != answer:
        assert time.monotonic() < ends, f"{question}: {said!r}"
        await asyncio.sleep(0.02)


@asynccontextmanager
async def _standbys(primary: Engines, count: int) -> AsyncIterator[list[Standby]]:
    if not count:
        yield []
        return
    async with _standby(primary) as first, _standbys(primary, count - 1) as others:
        yield [first, *others]


@asynccontextmanager
async def _standby(primary: Engines) -> AsyncIterator[Standby]:
    async with hold(primary.data, ephemeral=True, durable=False) as data:
        found = find_postgres()
        programs = reachable_postgres(found, data.account, data.scratch)
        if programs is not found:  # a copy of what servers need; this one is for us
            shutil.copy2(found.prefix / "bin" / "pg_basebackup", programs.prefix / "bin")
        standby = Standby(data, programs, primary)
        await standby.copy()
        await standby.start()
        try:
            yield standby
        finally:
            await standby.stop()


def _at(url: str, sockets: Path) -> str:
    return urlunsplit(urlsplit(url)._replace(query=f"host={sockets}"))


def _send(number: signal.Signals, family: list[int]) -> None:
    for pid in family:
        with suppress(ProcessLookupError):  # those of a connection come and go
            os.kill(pid, number)
