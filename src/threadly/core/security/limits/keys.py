"""Whom a limit is kept for, where nobody has said who they are: the network that their address is in."""

from functools import lru_cache
from ipaddress import IPv6Address
from typing import Final

from threadly.core.asgi.clients import address_of

UNKNOWN: Final = "unknown"
"""Whoever has no address: all who connect by a socket in the file system, without a proxy that names them."""


@lru_cache(maxsize=10_000)
def network_of(address: str) -> str:
    """An IPv4 address, or the /64 of an IPv6 one: whoever has one address of that has all of them."""
    found = address_of(address)
    if found is None:
        return UNKNOWN
    return f"{IPv6Address(int(found) >> 64 << 64)}/64" if isinstance(found, IPv6Address) else str(found)
