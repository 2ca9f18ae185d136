"""Of an address, the network is told."""

import pytest

from threadly.core.security.events import prefix_of


@pytest.mark.parametrize(
    ("address", "prefix"),
    [
        ("203.0.113.77", "203.0.113.0/24"),
        ("2001:db8:1:2:3::4", "2001:db8:1::/48"),
        ("::ffff:203.0.113.77", "203.0.113.0/24"),
        ("", None),
        ("unix", None),
        ("shop.example", None),
    ],
)
def test_an_address_is_told_by_its_network(address: str, prefix: str | None) -> None:
    assert prefix_of(address) == prefix
