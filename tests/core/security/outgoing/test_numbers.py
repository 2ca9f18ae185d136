"""Public is what IANA gives to anybody's servers."""

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from threadly.core.security.outgoing import is_public


@pytest.mark.parametrize(
    "number",
    ["1.1.1.1", "8.8.8.8", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "126.255.255.255",
     "128.0.0.0", "169.253.255.255", "172.15.255.255", "172.32.0.0", "192.167.255.255", "192.169.0.0",
     "198.17.255.255", "198.20.0.0", "223.255.255.255", "2606:4700::1111", "2a00:1450:4001::1", "2001:200::1",
     "2001:4860:4860::8888", "2003::1"],
)  # fmt: skip
def test_what_stands_just_outside_of_a_special_network_is_public(number: str) -> None:
    assert is_public(ip_address(number))


@pytest.mark.parametrize(
    "number",
    ["0.0.0.0", "10.255.255.255", "100.64.0.0", "100.127.255.255", "127.255.255.255", "169.254.0.0", "172.16.0.0",
     "172.31.255.255", "192.168.255.255", "198.18.0.0", "198.19.255.255", "224.0.0.0", "255.255.255.255",
     "168.63.129.16", "2001::1", "2001:1ff::1", "2001:db8::", "2002::", "3fff::1", "2620:4f:8000::1", "4000::1",
     "1fff::1", "64:ff9b::808:808", "::ffff:8.8.8.8", "fe80::1%eth0", "2a00::1%eth0", "2a00::5efe:808:808",
     "2a00::200:5efe:808:808"],
)  # fmt: skip
def test_what_stands_at_the_edge_of_a_special_network_is_not(number: str) -> None:
    assert not is_public(ip_address(number))


@given(st.integers(0, 2**32 - 1))
def test_what_python_takes_for_private_or_special_is_not_public(number: int) -> None:
    four = IPv4Address(number)
    odd = four.is_private or four.is_multicast or four.is_reserved or four.is_loopback or four.is_link_local
    # Python leaves these out of what it calls private.
    assert not (odd and is_public(four)) or four in ip_network("192.0.0.0/24")
    assert not is_public(IPv6Address(f"::ffff:{four}"))
    assert not is_public(IPv6Address((0x2002 << 112) | number << 80))
    assert not is_public(IPv6Address((0x64FF9B << 96) | number))


def test_ones_own_networks_are_refused_and_what_is_allowed_wins() -> None:
    own = [ip_network("8.8.8.0/24"), ip_network("127.0.0.10")]
    assert not is_public(ip_address("8.8.8.8"), refused=own)
    assert is_public(ip_address("127.0.0.10"), refused=own, allowed=[ip_network("127.0.0.10")])
