"""A small HTTP server for those who run a shop: `GET` a few paths, from a private address.

    async with Listener(("127.0.0.1", 9464), {"/metrics": metrics}).listening() as listener:
        listener.url

It shares an event loop with work that matters more, so it is bounded in all it takes: connections at a time, the length
of a request, the time until it has come, the time for an answer. One request a connection. On an address of this
machine alone, it answers under no other name: a page in a browser could else reach it by having its own name lead here.
"""

import asyncio
import errno
import ipaddress
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import ClassVar, Final

import structlog

MOST_CONNECTIONS: Final = 32
LONGEST_HEAD: Final = 8192
_HEAD_SECONDS: Final = 5.0
_ANSWER_SECONDS: Final = 5.0
_WRITE_SECONDS: Final = 10.0
_METHODS: Final = ("GET", "HEAD")

_log: Final = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Asked:
    """A request for one of the paths."""

    path: str
    query: str = ""
    """What stands behind the question mark, as it came."""
    headers: Mapping[str, str] = field(default_factory=dict)
    """By their names in small letters."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What is answered."""

    body: bytes
    content_type: str = "text/plain; charset=utf-8"
    status: int = 200


Handler = Callable[[Asked], Awaitable[Answer]]


class OpsPortTaken(RuntimeError):
    """Another process listens where those who run this one would be told. Its text is meant for the terminal."""

    code: ClassVar[str] = "ops_port_taken"

    def __init__(self, host: str, port: int, *, setting: str) -> None:
        super().__init__(
            f"Port {port} of {host}, where metrics are told, is taken by another program. Choose another by "
            f"{setting}=127.0.0.1:PORT (port 0 takes any that is free), or `off` to tell nobody."
        )


class OpsAddressNotUsable(RuntimeError):
    """The address where those who run this process would be told does not exist here, or is not allowed to us."""

    code: ClassVar[str] = "ops_address_not_usable"

    def __init__(self, host: str, port: int, why: str, *, setting: str) -> None:
        super().__init__(f"Cannot listen on port {port} of {host}, which {setting} names: {why}.")


class Listener:
    """Answers at one address.

    Args:
        place: Host and port; port 0 takes any that is free.
        routes: Who answers for which path. What one raises is logged, and answered with 500.
        setting: What names the address, for the refusal of one that is of no use.
        tries: How many ports are tried, beginning with that one.
    """

    def __init__(
        self, place: tuple[str, int], routes: Mapping[str, Handler], *, setting: str = "OPS", tries: int = 1
    ) -> None:
        self._place = place
        self._routes = routes
        self._setting = setting
        self._tries = tries
        self._is_local = _is_local(place[0])
        self._connections: set[asyncio.Task[None]] = set()
        self._silent: dict[asyncio.Task[None], None] = {}
        """Those that have not said yet what they want, the longest first."""
        self.url = ""

    @asynccontextmanager
    async def listening(self) -> AsyncIterator["Listener"]:
        """Answers for as long as the block lasts.

        Raises:
            OpsPortTaken: Somebody else listens there.
            OpsAddressNotUsable: It is not an address of this machine, or not allowed to us.
        """
        server = await self._open()
        host, port = server.sockets[0].getsockname()[:2]
        self.url = f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
        try:
            yield self
        finally:
            server.close()
            answering = list(self._connections)
            for connection in answering:
                connection.cancel()
            await asyncio.gather(*answering, return_exceptions=True)

    async def _open(self) -> asyncio.Server:
        host, first = self._place
        for port in range(first, first + self._tries):
            try:
                return await asyncio.start_server(self._serve, host, port, limit=LONGEST_HEAD, backlog=MOST_CONNECTIONS)
            except OSError as refused:
                if refused.errno != errno.EADDRINUSE:
                    why = refused.strerror or str(refused)
                    raise OpsAddressNotUsable(host, port, why, setting=self._setting) from None
        raise OpsPortTaken(host, first, setting=self._setting)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is None or not self._has_room():
            writer.transport.abort()
            return
        self._connections.add(task)
        self._silent[task] = None
        try:
            async with asyncio.timeout(_HEAD_SECONDS):
                head = await self._head(reader)
            del self._silent[task]
            is_head, answer = await self._answer(head)
            writer.write(_written(answer, is_head=is_head))
            async with asyncio.timeout(_WRITE_SECONDS):
                await writer.drain()
                writer.close()
                await writer.wait_closed()
        except (OSError, TimeoutError, EOFError, asyncio.CancelledError):
            pass  # whoever asked has gone, or is too slow; or we end
        finally:
            self._connections.discard(task)
            self._silent.pop(task, None)
            writer.transport.abort()

    def _has_room(self) -> bool:
        """Whether one more is heard: whoever has been silent for longest makes room."""
        if len(self._connections) < MOST_CONNECTIONS:
            return True
        if self._silent:
            silent = next(iter(self._silent))
            del self._silent[silent]
            self._connections.discard(silent)
            silent.cancel()
            return True
        return False

    async def _head(self, reader: asyncio.StreamReader) -> bytes | None:
        """The request's head; None for one that is too long."""
        try:
            return await reader.readuntil(b"\r\n\r\n")
        except asyncio.LimitOverrunError:
            return None

    async def _answer(self, head: bytes | None) -> tuple[bool, Answer]:
        if head is None:
            return False, _plain(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)
        try:
            method, target, asked = _read(head)
        except ValueError:
            return False, _plain(HTTPStatus.BAD_REQUEST)
        is_head = method == "HEAD"
        if method not in _METHODS:
            return is_head, _plain(HTTPStatus.METHOD_NOT_ALLOWED)
        if self._is_local and not _is_local(_host(asked.headers.get("host", ""))):
            return is_head, _plain(HTTPStatus.MISDIRECTED_REQUEST)
        handler = self._routes.get(target)
        if handler is None:
            return is_head, _plain(HTTPStatus.NOT_FOUND, "".join(f"{path}\n" for path in sorted(self._routes)))
        try:
            async with asyncio.timeout(_ANSWER_SECONDS):
                return is_head, await handler(asked)
        except TimeoutError:
            return is_head, _plain(HTTPStatus.SERVICE_UNAVAILABLE)
        except Exception:  # noqa: BLE001 - whatever a handler raises, the others are answered
            _log.exception("What was asked for cannot be told.", target=target)
            return is_head, _plain(HTTPStatus.INTERNAL_SERVER_ERROR)


def _read(head: bytes) -> tuple[str, str, Asked]:
    first, *lines = head.decode("latin-1").split("\r\n")
    method, target, version = first.split(" ")
    if not version.startswith("HTTP/1.") or not target.startswith("/"):
        raise ValueError("no request of HTTP/1")
    headers = {}
    for line in lines:
        if line:
            name, colon, value = line.partition(":")
            if not colon:
                raise ValueError("no header")
            headers[name.lower()] = value.strip()
    path, _, query = target.partition("?")
    return method, path, Asked(path, query, headers)


def _written(answer: Answer, *, is_head: bool) -> bytes:
    phrase = HTTPStatus(answer.status).phrase
    allowed = f"allow: {', '.join(_METHODS)}\r\n" if answer.status == HTTPStatus.METHOD_NOT_ALLOWED else ""
    head = (
        f"HTTP/1.1 {answer.status} {phrase}\r\ncontent-type: {answer.content_type}\r\n"
        f"content-length: {len(answer.body)}\r\ncache-control: no-store\r\nx-content-type-options: nosniff\r\n"
        f"{allowed}connection: close\r\n\r\n"
    )
    return head.encode("latin-1") + (b"" if is_head else answer.body)


def _plain(status: HTTPStatus, more: str = "") -> Answer:
    return Answer(f"{status.value} {status.phrase}\n{more}".encode(), status=status.value)


def _host(header: str) -> str:
    host, colon, port = header.rpartition(":")
    return (host if colon and port.isdigit() else header).strip("[]")


def _is_local(host: str) -> bool:
    """Whether it is this machine, and can be nothing else."""
    with suppress(ValueError):
        return ipaddress.ip_address(host).is_loopback
    return host == "localhost"
