"""Hears what all workers of a server have to say, over a unix socket, in the process that keeps them.

    with private_folder() as folder:
        async with Collector(folder / SOCKET, subscribers={"metrics": totals}).listening() as collector:
            collector.latest("health")               # {worker: what it said last}, of those that live

A worker lives as long as its connection does: the system closes that however the worker ends, at once. Workers are told
apart by an identity that each draws by lot (`reporting`), so neither a number that is used again nor a connection that
is made anew confuses anything.

Guaranteed: bounded memory, however many workers come and go; a frame that is malformed, too long, old, or from another
account's process changes nothing, and is counted. Not guaranteed: anything against a process of our own account.
"""

import asyncio
import collections
import os
import shutil
import socket
import struct
import tempfile
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager, suppress
from pathlib import Path
from typing import Final, Protocol

import msgspec
import structlog
from prometheus_client import Counter

from threadly.core.observability.frames import HEAD, LONGEST_FRAME, Frame, unpacked

SOCKET: Final = "collect.sock"
LONGEST_PATH: Final = 100
"""Of a socket, in bytes: systems allow 103 to 107."""
MOST_CONNECTIONS: Final = 512
MOST_TOPICS: Final = 16
"""Of one worker."""

REFUSED: Final = Counter("threadly_reports_refused_total", "Connections of workers that were refused.", ["reason"])

_MENDED_BY: Final = {
    "crowd": f"See what connects so often: {MOST_CONNECTIONS} are heard at a time.",
    "malformed": "Run all workers of one release: start the server anew.",
    "slow": "See what keeps the worker, or this machine, so busy: a report must come within ten seconds.",
    "stranger": "Run all workers of a server by the account that runs the server.",
    "too_long": "See which metric has so many series: a report must fit a mebibyte.",
}
"""By why a worker was not heard."""
_PREFIX: Final = "threadly-"
_BACKLOG: Final = 64  # as many are accepted at a time; others wait in the system, and not in our memory
_FRAME_SECONDS: Final = 10.0
_CREDENTIALS: Final = struct.Struct("3i")  # process, user, group

_log: Final = structlog.get_logger(__name__)


class NoRoomForSocket(RuntimeError):
    """Every place for a socket has too long a path. Its text is meant for the person at the terminal."""

    code = "no_room_for_socket"

    def __init__(self, folder: Path) -> None:
        super().__init__(
            f"The path of a socket in {folder} would be too long (over {LONGEST_PATH} characters). "
            f"Let TMPDIR name a folder with a shorter path."
        )


class Subscriber(Protocol):
    """Who hears of one topic. Called on the event loop, one call at a time."""

    def heard(self, worker: str, body: bytes) -> None:
        """A worker said something new.

        Raises:
            msgspec.DecodeError: It makes no sense.
        """

    def gone(self, worker: str) -> None:
        """A worker has ended, or is out of reach; should it speak again, that is told as anything else it says."""


class Collector:
    """What workers said last.

    Args:
        subscribers: By the topic that each wants to hear of.
        user: Whose processes are heard; ours, if not said.
    """

    def __init__(
        self, path: Path, *, subscribers: Mapping[str, Subscriber] | None = None, user: int | None = None
    ) -> None:
        self.path: Final = path
        self.refused: Final[collections.Counter[str]] = collections.Counter()
        """How many connections were closed, by why; and as `old`, how many frames came behind later ones."""
        self._user = os.geteuid() if user is None else user
        self._subscribers = dict(subscribers or {})
        self._living: dict[str, _Worker] = {}
        self._connections: dict[asyncio.Task[None], str | None] = {}

    def latest(self, topic: str) -> dict[str, bytes]:
        """What each living worker said last of this topic."""
        return {worker.identity: worker.said[topic] for worker in self._living.values() if topic in worker.said}

    @property
    def living(self) -> int:
        """How many workers are connected, and have said something."""
        return len(self._living)

    @asynccontextmanager
    async def listening(self) -> AsyncIterator["Collector"]:
        """Hears workers for as long as the block lasts. A socket that is left from an earlier life is replaced."""
        self.path.unlink(missing_ok=True)
        server = await asyncio.start_unix_server(self._serve, self.path, backlog=_BACKLOG)
        self.path.chmod(0o600)
        try:
            yield self
        finally:
            server.close()
            serving = list(self._connections)
            for connection in serving:
                connection.cancel()
            await asyncio.gather(*serving, return_exceptions=True)
            self.path.unlink(missing_ok=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is None:
            raise RuntimeError("asyncio serves each connection in a task")
        try:
            if self._is_welcome(writer):
                self._connections[task] = None
                await self._hear(reader, task)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass  # it has ended, be it in the middle of a frame
        except TimeoutError:
            self._refuse("slow")
        except msgspec.DecodeError:
            self._refuse("malformed")
        except asyncio.CancelledError:
            pass  # asyncio would log it as a fault of ours
        finally:
            self._end(task)
            writer.transport.abort()

    def _is_welcome(self, writer: asyncio.StreamWriter) -> bool:
        if len(self._connections) >= MOST_CONNECTIONS:
            self._refuse("crowd")
            return False
        user = _user_of(writer.get_extra_info("socket"))
        if user is not None and user != self._user:
            self._refuse("stranger")
            return False
        return True

    async def _hear(self, reader: asyncio.StreamReader, task: asyncio.Task[None]) -> None:
        while True:
            size = int.from_bytes(await reader.readexactly(HEAD))
            if size > LONGEST_FRAME:
                self._refuse("too_long")
                return
            async with asyncio.timeout(_FRAME_SECONDS):
                content = await reader.readexactly(size)
            self._take(unpacked(content), task)

    def _take(self, frame: Frame, task: asyncio.Task[None]) -> None:
        if self._connections[task] not in {None, frame.worker}:
            raise msgspec.ValidationError("a connection is one worker's")
        self._connections[task] = frame.worker
        worker = self._living.get(frame.worker)
        if worker is None:
            worker = self._living[frame.worker] = _Worker(frame.worker, task)
        if frame.number <= worker.number:
            self.refused["old"] += 1
            return
        worker.connection = task  # it may have connected anew before the end of its old connection was seen
        worker.number = frame.number
        if frame.topic not in worker.said and len(worker.said) >= MOST_TOPICS:
            raise msgspec.ValidationError("too many topics")
        if frame.topic in self._subscribers:
            self._subscribers[frame.topic].heard(frame.worker, frame.body)
        worker.said[frame.topic] = frame.body

    def _end(self, task: asyncio.Task[None]) -> None:
        identity = self._connections.pop(task, None)
        if identity is None or identity not in self._living or self._living[identity].connection is not task:
            return
        del self._living[identity]
        for subscriber in self._subscribers.values():
            subscriber.gone(identity)

    def _refuse(self, reason: str) -> None:
        self.refused[reason] += 1
        REFUSED.labels(reason).inc()
        if self.refused[reason] == 1:
            _log.warning(
                "A worker is not heard, so its numbers are missing here; further ones are only counted.",
                socket=str(self.path),
                reason=reason,
                do=_MENDED_BY[reason],
            )


class _Worker:
    """One that lives."""

    __slots__ = ("connection", "identity", "number", "said")

    def __init__(self, identity: str, connection: asyncio.Task[None]) -> None:
        self.identity = identity
        self.connection = connection
        self.number = -1
        self.said: dict[str, bytes] = {}


@contextmanager
def private_folder() -> Iterator[Path]:
    """A folder that only this account can enter, with a short path; what earlier ones of ours left is removed.

    Raises:
        NoRoomForSocket: The folder for temporary files has too long a path.
    """
    place = Path(tempfile.gettempdir())
    _sweep(place)
    folder = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=place))
    try:
        if len(os.fsencode(folder / SOCKET)) > LONGEST_PATH:
            raise NoRoomForSocket(folder)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _sweep(place: Path) -> None:
    """Removes the folders of collectors that were killed: nobody listens at their sockets."""
    for left in place.glob(f"{_PREFIX}*/{SOCKET}"):
        with suppress(OSError), socket.socket(socket.AF_UNIX) as asking:
            if left.stat().st_uid != os.geteuid():
                continue
            asking.settimeout(0.1)
            try:
                asking.connect(str(left))
            except ConnectionRefusedError:
                shutil.rmtree(left.parent, ignore_errors=True)


def _user_of(connection: socket.socket) -> int | None:
    """Whose process is at the other end; None where the system does not tell."""
    if not hasattr(socket, "SO_PEERCRED"):
        return None
    told = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _CREDENTIALS.size)
    _, user, _ = _CREDENTIALS.unpack(told)
    return int(user)
