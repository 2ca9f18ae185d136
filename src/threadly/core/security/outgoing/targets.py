"""What an address says, read in one way: whatever two readers could read differently is refused.

The parts that are read here are those which the request is made of; nobody reads the text again.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address
from typing import Final
from urllib.parse import quote

import idna

from threadly.core.security.outgoing.errors import AddressRefused, Reason

MOST_CHARACTERS: Final = 2048
PORTS: Final = {"https": 443, "http": 80}

_ADDRESS: Final = re.compile(
    r"(?P<scheme>[a-z][a-z0-9+.-]*)://(?P<authority>[^/?#]*)(?P<path>[^?#]*)(?P<query>\?[^#]*)?(?:#.*)?", re.IGNORECASE
)
_SCHEME: Final = re.compile(r"(?P<scheme>[a-z][a-z0-9+.-]*):", re.IGNORECASE)
_PLACE: Final = re.compile(r"(?:\[(?P<six>[0-9A-Fa-f:.]+)\]|(?P<name>[^:\[\]%]+))(?::(?P<port>[0-9]{1,5}))?")
_UNSEEN: Final = re.compile(r"[\x00-\x20\x7f-\xa0\\\u1680\u180e\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ufeff]")
_LABEL: Final = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
_NUMBER: Final = re.compile(r"[0-9]+|0x[0-9a-f]*")
"""The last part of a name that a browser takes for a number (WHATWG, `ends in a number`)."""
_MOST_NAME: Final = 253
_HIGHEST_PORT: Final = 65535
_WITHIN: Final = (
    "localhost", "local", "internal", "intranet", "private", "corp", "home", "lan", "home.arpa", "in-addr.arpa",
    "ip6.arpa", "onion", "alt", "test", "invalid", "svc", "localdomain",
)  # fmt: skip
"""What names end in that mean something within a network only, or nothing."""


@dataclass(frozen=True, slots=True)
class Target:
    """A place to ask, and what for."""

    scheme: str
    host: str
    """A name in small ASCII letters, or a number."""
    port: int
    path: str
    """With the query."""

    @property
    def origin(self) -> tuple[str, str, int]:
        return self.scheme, self.host, self.port

    @property
    def url(self) -> str:
        """As it was understood."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        port = "" if PORTS.get(self.scheme) == self.port else f":{self.port}"
        return f"{self.scheme}://{host}{port}{self.path}"


def target(address: str, *, schemes: Collection[str], ports: Collection[int]) -> Target:
    """What an address says.

    Raises:
        AddressRefused: It is none, is spelled oddly, or names a scheme, a port, credentials or a name that are not for
            outside. Whether a name leads to a public number is not seen here.
    """
    if len(address) > MOST_CHARACTERS or _UNSEEN.search(address):
        raise AddressRefused(Reason.FORM)
    begins = _SCHEME.match(address)
    if begins is None or begins["scheme"].lower() not in schemes:
        raise AddressRefused(Reason.FORM if begins is None else Reason.SCHEME)
    scheme = begins["scheme"].lower()
    found = _ADDRESS.fullmatch(address)
    if found is None:
        raise AddressRefused(Reason.FORM)
    if "@" in found["authority"]:
        raise AddressRefused(Reason.CREDENTIALS)
    place = _PLACE.fullmatch(found["authority"])
    if place is None:
        raise AddressRefused(Reason.FORM)
    port = int(place["port"] or PORTS.get(scheme, 0))
    if port not in ports or not 0 < port <= _HIGHEST_PORT:
        raise AddressRefused(Reason.PORT)
    host = _number(place["six"]) if place["six"] else _host(place["name"])
    path = quote(found["path"] or "/", safe="%/:@!$&'()*+,;=~-._")
    return Target(scheme, host, port, path + quote(found["query"] or "", safe="%/?:@!$&'()*+,;=~-._"))


def _number(six: str) -> str:
    try:
        return str(IPv6Address(six))
    except ValueError:
        raise AddressRefused(Reason.FORM) from None


def _host(name: str) -> str:
    try:
        ascii_name = name.lower() if name.isascii() else idna.encode(name).decode("ascii")
    except idna.IDNAError:
        raise AddressRefused(Reason.FORM) from None
    host = ascii_name.removesuffix(".")
    labels = host.split(".")
    if _NUMBER.fullmatch(labels[-1]):
        try:
            return str(IPv4Address(host))  # four numbers without a zero in front, and nothing else
        except ValueError:
            raise AddressRefused(Reason.FORM) from None
    if len(host) > _MOST_NAME or not all(map(_LABEL.fullmatch, labels)):
        raise AddressRefused(Reason.FORM)
    if len(labels) < 2 or any(host == end or host.endswith(f".{end}") for end in _WITHIN):
        raise AddressRefused(Reason.NAME)
    return host
