"""A name server on this machine, and a resolver that asks it: both speak DNS over UDP, as far as is needed."""

import asyncio
import secrets
import socket
import struct
from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from ipaddress import ip_address
from typing import Final

A, AAAA = 1, 28
_SIZES: Final = {A: 4, AAAA: 16}


class NameServer(asyncio.DatagramProtocol):
    """Answers by a table: a name has its numbers, the first time, the second time, and from then on the last."""

    def __init__(self, zone: Mapping[str, Sequence[Sequence[str]]]) -> None:
        self.zone = zone
        self.asked: Counter[str] = Counter()
        """How often each name was asked for numbers of IPv4."""
        self.place = ("", 0)
        self._transport: asyncio.DatagramTransport | None = None

    @asynccontextmanager
    async def running(self) -> AsyncIterator["NameServer"]:
        loop = asyncio.get_running_loop()
        transport, _ = await loop.create_datagram_endpoint(lambda: self, ("127.0.0.1", 0))
        self._transport = transport
        self.place = transport.get_extra_info("sockname")
        try:
            yield self
        finally:
            transport.close()

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        name, end = _name(data, 12)
        kind, _ = struct.unpack("!HH", data[end : end + 4])
        self.asked[name] += kind == A
        times = self.zone.get(name, ())
        turn = min(self.asked[name], len(times)) - 1
        numbers = [ip_address(each).packed for each in times[turn]] if times else []
        fitting = [number for number in numbers if len(number) == _SIZES[kind]]
        head = data[:2] + struct.pack("!HHHHH", 0x8180 if times else 0x8183, 1, len(fitting), 0, 0)
        records = [b"\xc0\x0c" + struct.pack("!HHIH", kind, 1, 0, len(each)) + each for each in fitting]
        assert self._transport is not None
        self._transport.sendto(head + data[12 : end + 4] + b"".join(records), addr)

    async def resolver(self, name: str) -> Sequence[str]:
        """Asks the server, as a stub resolver does."""
        return [*await self._ask(name, A), *await self._ask(name, AAAA)]

    async def _ask(self, name: str, kind: int) -> Sequence[str]:
        labels = b"".join(bytes([len(label)]) + label.encode() for label in name.split("."))
        query = secrets.token_bytes(2) + struct.pack("!HHHHH", 0x0100, 1, 0, 0, 0) + labels + b"\0"
        query += struct.pack("!HH", kind, 1)
        loop = asyncio.get_running_loop()
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
            asking.setblocking(False)
            asking.connect(self.place)
            await loop.sock_sendall(asking, query)
            answer = await loop.sock_recv(asking, 1024)
        flags, _, count = struct.unpack("!HHH", answer[2:8])
        if flags & 0xF:
            raise OSError("no such name")
        at, found = len(query), []
        for _ in range(count):
            size = struct.unpack("!H", answer[at + 10 : at + 12])[0]
            found.append(str(ip_address(answer[at + 12 : at + 12 + size])))
            at += 12 + size
        return found


def _name(data: bytes, at: int) -> tuple[str, int]:
    labels = []
    while size := data[at]:
        labels.append(data[at + 1 : at + 1 + size].decode())
        at += 1 + size
    return ".".join(labels).lower(), at + 1
