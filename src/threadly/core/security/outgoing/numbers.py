"""Which numbers are servers of the public internet.

By IANA's registries of special-purpose addresses, the whole of each entry, whatever of it is said to be reachable; of
IPv6 only what is given out at all (2000::/3), so that mapped, translated (NAT64) and local forms are not. Beside them
one that clouds use within: Azure's 168.63.129.16. Python's own `is_global` differs from release to release.
"""

from collections.abc import Collection
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_network
from typing import Final, TypeAlias

from threadly.core.asgi import Network

Number: TypeAlias = IPv4Address | IPv6Address

_GIVEN_OUT: Final = IPv6Network("2000::/3")
_SPECIAL: Final = tuple(
    map(
        ip_network,
        [
            "0.0.0.0/8",
            "10.0.0.0/8",
            "100.64.0.0/10",
            "127.0.0.0/8",
            "169.254.0.0/16",
            "172.16.0.0/12",
            "192.0.0.0/24",
            "192.0.2.0/24",
            "192.31.196.0/24",
            "192.52.193.0/24",
            "192.88.99.0/24",
            "192.168.0.0/16",
            "192.175.48.0/24",
            "198.18.0.0/15",
            "198.51.100.0/24",
            "203.0.113.0/24",
            "224.0.0.0/4",
            "240.0.0.0/4",
            "168.63.129.16/32",
            "2001::/23",
            "2001:db8::/32",
            "2002::/16",
            "2620:4f:8000::/48",
            "3fff::/20",
        ],
    )
)
_ISATAP: Final = frozenset({0x00005EFE, 0x02005EFE})
"""In the middle of an IPv6 number: the rest of it is an IPv4 number of a tunnel's far end (RFC 5214)."""


def is_public(number: Number, *, refused: Collection[Network] = (), allowed: Collection[Network] = ()) -> bool:
    """Whether it is of the public internet.

    Args:
        refused: One's own networks, which are public by number.
        allowed: What is asked all the same; it wins.
    """
    if any(number in network for network in allowed):
        return True
    if isinstance(number, IPv6Address):
        is_tunnel = int(number) >> 32 & 0xFFFFFFFF in _ISATAP
        if number not in _GIVEN_OUT or number.scope_id is not None or is_tunnel:
            return False
    return not any(number in network for network in (*_SPECIAL, *refused))
