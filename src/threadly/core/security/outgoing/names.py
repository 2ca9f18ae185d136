"""Which numbers a name leads to, asked once."""

import asyncio
import socket
from collections.abc import Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from ipaddress import ip_address
from typing import Protocol

from threadly.core.asgi import Network
from threadly.core.security.outgoing.errors import AddressRefused, Reason
from threadly.core.security.outgoing.numbers import is_public


@cache
def _looking_up() -> ThreadPoolExecutor:
    """A name server that hangs holds threads beyond the time of who asks: not those that others need."""
    return ThreadPoolExecutor(max_workers=8, thread_name_prefix="looking up")


class Resolver(Protocol):
    """Looks a name up."""

    async def __call__(self, name: str, /) -> Sequence[str]:
        """Its numbers, the best first.

        Raises:
            OSError: There is no such name, or nobody who knows.
        """


async def system_resolver(name: str) -> Sequence[str]:
    """By the system's own, with all that it is set up to do."""
    found = await asyncio.get_running_loop().run_in_executor(_looking_up(), _numbers, name)
    return list(dict.fromkeys(found))


def _numbers(name: str) -> list[str]:
    return [str(address[0]) for *_, address in socket.getaddrinfo(name, None, type=socket.SOCK_STREAM)]


class Checked:
    """Looks names up, and lets nothing but public numbers through.

    Args:
        refused, allowed: As of `is_public`.
    """

    def __init__(self, resolver: Resolver, *, refused: Collection[Network], allowed: Collection[Network]) -> None:
        self._resolver = resolver
        self._refused = refused
        self._allowed = allowed

    async def numbers(self, host: str) -> Sequence[str]:
        """What to connect to, of a name, or of a number.

        Raises:
            AddressRefused: One of them is not public: who mixes them means harm, or a network that is not for us.
        """
        try:
            told: Sequence[str] = [str(ip_address(host))]
        except ValueError:
            try:
                told = await self._resolver(host)
            except (OSError, UnicodeError):
                told = []
        if not told:
            raise AddressRefused(Reason.UNKNOWN)
        try:
            found = [ip_address(each) for each in told]
        except ValueError:
            raise AddressRefused(Reason.PRIVATE) from None
        if not all(is_public(each, refused=self._refused, allowed=self._allowed) for each in found):
            raise AddressRefused(Reason.PRIVATE)
        return [str(each) for each in found]
