"""Who really asks, where proxies stand in between: the address that each of them adds to X-Forwarded-For, on its right.

The list is read from the right, past proxies that the owner has named; the first address that is nobody's of theirs is
the client's. What stands further left is what the client says of itself, and is not believed. Guaranteed: who is not
let in by a named proxy is whoever connects, whatever headers they send; without named proxies, that is everybody.
"""

from collections.abc import Iterable
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Final, TypeAlias

from threadly.core.asgi.headers import headers_by_name
from threadly.core.asgi.types import ASGIApp, Receive, Scope, Send

Network: TypeAlias = IPv4Network | IPv6Network
Peer: TypeAlias = tuple[str, int] | None
"""Who connects, as ASGI tells it (`client`)."""
_Address: TypeAlias = IPv4Address | IPv6Address

UNIX_SOCKET: Final = "unix"
"""Stands for whoever connects by a socket in the file system, and so has no address."""
_FOR: Final = b"x-forwarded-for"
_MOST_KEPT: Final = 4096
_LONGEST_KEPT: Final = 100
"""Of a list of hops: reading an address anew takes as long as all of security else, and who sends a long one may."""
_SCHEME: Final = b"x-forwarded-proto"
_SCHEMES: Final = {b"http": "http", b"https": "https"}


class Proxies:
    """Those that the owner has named.

    Args:
        trusted: Networks, and `UNIX_SOCKET`.
    """

    def __init__(self, trusted: Iterable[Network | str]) -> None:
        named = list(trusted)
        self._include_address = lru_cache(_MOST_KEPT)(self._includes)
        self._networks = [proxy for proxy in named if not isinstance(proxy, str)]
        self._include_sockets = UNIX_SOCKET in named

    def include(self, peer: Peer) -> bool:
        """Whether who connects is one of them (ASGI's `client`)."""
        if peer is None or not peer[0]:
            return self._include_sockets
        return self._include_address(peer[0])

    def _includes(self, text: str) -> bool:
        address = _address(text)
        return address is not None and self.are_at(address)

    def are_at(self, address: _Address) -> bool:
        """Whether this address is of one of their networks."""
        return any(address in network for network in self._networks)


class ClientAddress:
    """Sets `scope["client"]` and `scope["scheme"]` to what trusted proxies say of a request."""

    def __init__(self, app: ASGIApp, *, trusted: Proxies) -> None:
        self.app = app
        self._trusted = trusted
        self._known = lru_cache(_MOST_KEPT)(self._client)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and self._trusted.include(scope.get("client")):
            self._look_behind(scope)
        await self.app(scope, receive, send)

    def _look_behind(self, scope: Scope) -> None:
        sent = headers_by_name(scope)
        hops = b",".join(sent.all(_FOR))
        if hops and (client := (self._known if len(hops) <= _LONGEST_KEPT else self._client)(hops)) is not None:
            scope["client"] = (client, 0)
        scheme = _SCHEMES.get(sent.get(_SCHEME, b"").strip().lower())
        if scheme is not None:
            scope["scheme"] = scheme

    def _client(self, hops: bytes) -> str | None:
        """The first from the right that is no proxy; if all are, the leftmost; None if one on the way is no address."""
        address = None
        for hop in reversed(hops.split(b",")):
            address = _address(hop.strip().decode("latin-1"))
            if address is None or not self._trusted.are_at(address):
                break
        return None if address is None else str(address)


def address_of(text: str) -> _Address | None:
    """An address, of IPv4 where it is one that is written as IPv6; None if it is none."""
    try:
        found = ip_address(text)
    except ValueError:
        return None
    return (found.ipv4_mapped or found) if isinstance(found, IPv6Address) else found


def _address(text: str) -> _Address | None:
    """An address as proxies write it: with a port or without, IPv6 in brackets or bare; None if it is none."""
    if text.startswith("["):
        text, _, port = text[1:].partition("]")
        if port and not _is_port(port.removeprefix(":")):
            return None
    elif text.count(":") == 1:
        text, _, port = text.partition(":")
        if not _is_port(port):
            return None
    try:
        found = ip_address(text)
    except ValueError:
        return None
    if isinstance(found, IPv6Address):
        if found.scope_id is not None:
            return None
        return found.ipv4_mapped or found
    return found


def _is_port(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 5
