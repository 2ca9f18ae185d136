"""A small HTTP load generator: keep-alive connections on raw sockets, one request in flight on each."""

import asyncio
import time
from dataclasses import dataclass

import uvloop


@dataclass(frozen=True, slots=True)
class Load:
    """What one run saw."""

    requests: int
    seconds: float

    @property
    def per_second(self) -> float:
        return self.requests / self.seconds


class UnexpectedAnswer(Exception):
    """The server answered something other than a whole 200."""


def ask(port: int, path: str, *, seconds: float, connections: int = 8) -> Load:
    """Asks for one path for some seconds.

    Raises:
        UnexpectedAnswer: Any answer was not 200, or lacks its length.
    """
    return uvloop.run(_ask(port, path, seconds, connections))


async def _ask(port: int, path: str, seconds: float, connections: int) -> Load:
    begin = time.perf_counter()
    counts = await asyncio.gather(*(_client(port, path, begin + seconds) for _ in range(connections)))
    return Load(requests=sum(counts), seconds=time.perf_counter() - begin)


async def _client(port: int, path: str, end: float) -> int:
    loop = asyncio.get_running_loop()
    transport, connection = await loop.create_connection(_Connection, "127.0.0.1", port)
    request = f"GET {path} HTTP/1.1\r\nhost: localhost\r\n\r\n".encode()
    count = 0
    try:
        while time.perf_counter() < end:
            connection.answered = loop.create_future()
            transport.write(request)
            await connection.answered
            count += 1
    finally:
        transport.close()
    return count


class _Connection(asyncio.Protocol):
    answered: asyncio.Future[None]

    def __init__(self) -> None:
        self._missing = 0
        self._head = b""

    def data_received(self, data: bytes) -> None:
        if self._missing == 0:
            self._head += data
            end = self._head.find(b"\r\n\r\n")
            if end < 0:
                return
            head = self._head[:end].lower()
            if not head.startswith(b"http/1.1 200") or b"content-length: " not in head:
                self.answered.set_exception(UnexpectedAnswer(head.decode(errors="replace")))
                return
            length = int(head.partition(b"content-length: ")[2].partition(b"\r\n")[0])
            self._missing = length - (len(self._head) - end - 4)
            self._head = b""
        else:
            self._missing -= len(data)
        if self._missing == 0:
            self.answered.set_result(None)

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.answered.done():
            self.answered.set_exception(UnexpectedAnswer("the connection was closed"))
