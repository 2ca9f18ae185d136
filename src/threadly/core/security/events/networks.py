"""Where somebody is, told no more closely than is needed to act: the network, and not the address."""

from functools import lru_cache
from ipaddress import IPv4Network, IPv6Address, IPv6Network
from typing import Final

from threadly.core.asgi.clients import address_of

_IPV4: Final = 24
_IPV6: Final = 48


@lru_cache(maxsize=10_000)
def prefix_of(address: str) -> str | None:
    """The /24 of an IPv4 address, the /48 of an IPv6 one; None for whoever has no address."""
    found = address_of(address)
    if found is None:
        return None
    if isinstance(found, IPv6Address):
        return str(IPv6Network((found.packed, _IPV6), strict=False))
    return str(IPv4Network((found.packed, _IPV4), strict=False))
