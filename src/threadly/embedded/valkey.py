"""Valkey 9 as a cache in a data folder.

Its content survives a proper stop, by a snapshot that is read once at the next start and removed. After a crash the
cache starts empty, on purpose: an older snapshot would bring back values that were invalidated since.
"""

import asyncio
import secrets
import time
from collections.abc import Callable

from threadly.embedded.binaries import find_valkey, reachable_valkey
from threadly.embedded.data import Data
from threadly.embedded.files import replace_file
from threadly.embedded.orphans import stop_orphans
from threadly.embedded.postgres_settings import MIB, machine_memory_bytes
from threadly.embedded.process import POLL_SECONDS, Kept, Stops

_STOPS: Stops = (("SIGTERM", 3.5),)
_START_SECONDS = 60.0
_SNAPSHOT = "dump.rdb"

_CONFIGURATION = """\
# Written by Threadly at every start.
# Reachable through the private socket only, and there with the password only.
port 0
unixsocket {socket}
unixsocketperm 700
requirepass {password}
# A cache: bounded, and what is used least goes first. Every key may go.
maxmemory {memory_mib}mb
maxmemory-policy allkeys-lfu
maxclients 1000
# No snapshots but at the end; see threadly.embedded.valkey for why.
save ""
appendonly no
shutdown-on-sigterm {at_the_end} now force
dbfilename {snapshot}
daemonize no
logfile ""
"""


class Valkey:
    """One Valkey server. `start` and `stop` once each; the address is known from the beginning."""

    name = "Valkey"

    def __init__(self, data: Data, *, durable: bool, on_progress: Callable[[str], None]) -> None:
        """Raises EnginesNotInstalled when the binary is missing."""
        self._data = data
        self._durable = durable
        self._on_progress = on_progress
        self._program = find_valkey()
        self._folder = data.folder / "valkey"
        self._socket = data.sockets / "valkey.sock"
        self._password = secrets.token_urlsafe(32)
        self._server: Kept | None = None

    @property
    def url(self) -> str:
        """The cache's address, with its password; a new one at every start."""
        return f"unix://:{self._password}@{self._socket}"

    async def start(self) -> None:
        """Returns when the server answers.

        Raises:
            EngineFailed: It did not start; the error quotes its log.
        """
        self._program = reachable_valkey(self._program, self._data.account, self._data.scratch)
        if not self._folder.exists():
            self._data.account.make_folder(self._folder)
        if await stop_orphans("valkey-server", self._folder, _STOPS):
            self._on_progress("Stopped a Valkey that an earlier run had left behind")
        configuration = self._configure()
        snapshot = self._folder / _SNAPSHOT
        if not await self._serve(configuration) and snapshot.exists():
            self._on_progress("Valkey cannot read its snapshot; the cache starts empty")
            snapshot.replace(snapshot.with_suffix(".unreadable"))
            await self._serve(configuration)
        if (failure := self.lost("did not start")) is not None:
            raise failure
        snapshot.unlink(missing_ok=True)

    async def stop(self) -> None:
        """Writes the snapshot and ends the server, within 5 s."""
        if self._server is not None:
            await self._server.stop()

    def lost(self, happened: str = "ended by itself") -> Exception | None:
        """The error to raise when the server has ended by itself."""
        if self._server is None or self._server.exit_code is None:
            return None
        return self._server.failure(happened)

    def _configure(self) -> str:
        configuration = self._folder / "valkey.conf"
        replace_file(
            configuration,
            _CONFIGURATION.format(
                socket=self._socket,
                password=self._password,
                memory_mib=max(64, min(machine_memory_bytes() // 16 // MIB, 256)),
                at_the_end="save" if self._durable else "nosave",
                snapshot=_SNAPSHOT,
            ),
            self._data.account,
        )
        return f"{self._data.account.name_for(self._folder)}/{configuration.name}"

    async def _serve(self, configuration: str) -> bool:
        """Starts the server; False when it ended instead of answering."""
        self._server = Kept(self.name, [self._program, configuration], self._folder, self._data, stops=_STOPS)
        patience_ends = time.monotonic() + _START_SECONDS
        while self._server.exit_code is None:
            if await self._answers():
                return True
            if time.monotonic() > patience_ends:
                raise self._server.failure(f"was not ready after {_START_SECONDS:.0f} s")
            await asyncio.sleep(POLL_SECONDS)
        return False

    async def _answers(self) -> bool:
        try:
            reader, writer = await asyncio.open_unix_connection(self._socket)
        except OSError:
            return False
        try:
            writer.write(f"AUTH {self._password}\r\nPING\r\n".encode())
            replies = [await reader.readline(), await reader.readline()]
        except OSError:
            return False
        finally:
            writer.close()
        return replies == [b"+OK\r\n", b"+PONG\r\n"]  # while it loads its snapshot, it says so instead
