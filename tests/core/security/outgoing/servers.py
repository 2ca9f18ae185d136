"""Two HTTP servers: one outside, which anybody may ask, and one inside, which nobody may reach."""

import asyncio
import gzip
import ssl
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import unquote

OUTSIDE: Final = "127.0.0.10"
SILENT: Final = "127.0.0.11"
"""Outside, and nobody answers there."""
INSIDE: Final = "127.0.0.66"
MOST: Final = 10_000


@dataclass
class Servers:
    """What each was asked for."""

    outside: list[str] = field(default_factory=list)
    inside: list[str] = field(default_factory=list)
    heads: list[str] = field(default_factory=list)
    port: int = 0
    tls_port: int = 0


@asynccontextmanager
async def both(tls: ssl.SSLContext) -> AsyncIterator[Servers]:
    """On the same port of two addresses of this machine, so that one may be taken for the other; and one by TLS."""
    servers = Servers()

    def serving(asked: list[str]) -> "_Serve":
        return _Serve(servers, asked)

    async with AsyncExitStack() as stack:
        outside = await stack.enter_async_context(
            await asyncio.start_server(serving(servers.outside).serve, OUTSIDE, 0)
        )
        servers.port = outside.sockets[0].getsockname()[1]
        await stack.enter_async_context(await asyncio.start_server(serving(servers.inside).serve, INSIDE, servers.port))
        secure = await stack.enter_async_context(
            await asyncio.start_server(serving(servers.outside).serve, OUTSIDE, 0, ssl=tls)
        )
        servers.tls_port = secure.sockets[0].getsockname()[1]
        yield servers


@dataclass
class _Serve:
    servers: Servers
    asked: list[str]

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            path = head.split(" ")[1]
            self.asked.append(path)
            self.servers.heads.append(head)
            await self._answer(path, reader, writer)
        writer.close()

    async def _answer(self, path: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        kind, _, rest = path.removeprefix("/").partition("/")
        match kind:
            case "to":  # /to/307/ADDRESS
                status, _, address = rest.partition("/")
                writer.write(_head(int(status), b"", f"location: {unquote(address)}"))
            case "loop":
                writer.write(_head(302, b"", "location: /loop"))
            case "hops":  # /hops/3: three more
                more = int(rest)
                writer.write(_head(302, b"", f"location: /hops/{more - 1}") if more else _head(200, b"there"))
            case "long":
                writer.write(_head(200, b"x" * int(rest)))
            case "lie":
                writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 99999999999\r\n\r\nx")
            case "endless":
                writer.write(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n")
                while True:
                    writer.write(b"400\r\n" + b"x" * 1024 + b"\r\n")
                    await writer.drain()
            case "chunked":
                writer.write(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\none\r\n3\r\ntwo\r\n0\r\n\r\n")
            case "packed":
                writer.write(_head(200, gzip.compress(b"\0" * 10_000_000), "content-encoding: gzip"))
            case "headers":
                writer.write(b"HTTP/1.1 200 OK\r\n")
                while True:
                    writer.write(b"x: " + b"x" * 1000 + b"\r\n")
                    await writer.drain()
            case "drip":
                writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 5000\r\n\r\n")
                while True:
                    writer.write(b"x")
                    await writer.drain()
                    await asyncio.sleep(0.05)
            case "silent":
                await reader.read()
            case "garbage":
                writer.write(b"+OK\r\n-ERR unknown command\r\n\r\n")
            case "missing":
                writer.write(_head(404, b"no"))
            case "nothing":
                writer.write(b"HTTP/1.1 204 No Content\r\n\r\n")
            case _:
                writer.write(_head(200, b"fine"))
        await writer.drain()


def _head(status: int, body: bytes, *more: str) -> bytes:
    lines = [f"HTTP/1.1 {status} Some", f"content-length: {len(body)}", *more, "", ""]
    return "\r\n".join(lines).encode("latin-1") + body
