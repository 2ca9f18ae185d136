"""Who asks, whatever stands in between, and whoever lies about it."""

from ipaddress import ip_network
from typing import Any

import pytest

from threadly.core.asgi import UNIX_SOCKET, ClientAddress, Message, Proxies, Scope

PROXIES = [ip_network("10.0.0.0/8"), ip_network("192.0.2.7/32"), ip_network("2001:db8:1::/48")]


async def seen(
    peer: tuple[str, int] | None,
    *headers: tuple[str, str],
    trusted: list[Any] = PROXIES,
    kind: str = "http",
) -> tuple[Any, str]:
    """What the application takes for the client, and for the scheme."""
    told: list[tuple[Any, str]] = []

    async def app(scope: Scope, _receive: object, _send: object) -> None:
        told.append((scope["client"] and scope["client"][0], scope["scheme"]))

    async def receive() -> Message:
        return {}

    async def send(_: Message) -> None:
        return None

    raw = [(name.encode(), value.encode("latin-1")) for name, value in headers]
    scope = {"type": kind, "client": peer, "scheme": "http", "headers": raw}
    await ClientAddress(app, trusted=Proxies(trusted))(scope, receive, send)
    return told[0]


def forwarded(*values: str) -> list[tuple[str, str]]:
    return [("x-forwarded-for", value) for value in values]


@pytest.mark.parametrize(
    ("case", "peer", "lists", "client"),
    [
        ("one proxy", "10.0.0.1", ["198.51.100.9"], "198.51.100.9"),
        ("a proxy that is one address", "192.0.2.7", ["198.51.100.9"], "198.51.100.9"),
        ("its neighbour", "192.0.2.8", ["198.51.100.9"], "192.0.2.8"),
        ("nothing said", "10.0.0.1", [], "10.0.0.1"),
        ("many hops", "10.0.0.1", ["198.51.100.9, 10.0.0.3,10.9.9.9 , 192.0.2.7"], "198.51.100.9"),
        ("many hops in many headers", "10.0.0.1", ["198.51.100.9", "10.0.0.3", "10.9.9.9"], "198.51.100.9"),
        ("a client that claims another's", "10.0.0.1", ["203.0.113.1, 198.51.100.9"], "198.51.100.9"),
        (
            "a client that claims a proxy's",
            "10.0.0.1",
            ["203.0.113.1, 10.0.0.9, 198.51.100.9, 10.0.0.2"],
            "198.51.100.9",
        ),
        ("a header of the client's own", "10.0.0.1", ["203.0.113.1", "198.51.100.9"], "198.51.100.9"),
        ("a stranger who claims", "198.51.100.9", ["203.0.113.1"], "198.51.100.9"),
        ("proxies all the way", "10.0.0.1", ["10.0.0.5, 10.0.0.4"], "10.0.0.5"),
        ("no address", "10.0.0.1", ["198.51.100.9, unknown"], "10.0.0.1"),
        ("no address behind a proxy", "10.0.0.1", ["198.51.100.9, _hidden, 10.0.0.2"], "10.0.0.1"),
        ("no address further left", "10.0.0.1", ["<script>, 198.51.100.9"], "198.51.100.9"),
        ("empty", "10.0.0.1", [""], "10.0.0.1"),
        ("an empty place", "10.0.0.1", ["198.51.100.9,,10.0.0.2"], "10.0.0.1"),
        ("an octal lookalike", "10.0.0.1", ["0198.051.100.009"], "10.0.0.1"),
        ("with a port", "10.0.0.1", ["198.51.100.9:51234"], "198.51.100.9"),
        ("with no port", "10.0.0.1", ["198.51.100.9:http"], "10.0.0.1"),
        ("IPv6", "10.0.0.1", ["2001:DB8::0:1"], "2001:db8::1"),
        ("IPv6 with a port", "10.0.0.1", ["[2001:db8::1]:443"], "2001:db8::1"),
        ("IPv6 in brackets", "10.0.0.1", ["[2001:db8::1]"], "2001:db8::1"),
        ("IPv6 with a zone", "10.0.0.1", ["fe80::1%eth0"], "10.0.0.1"),
        ("an IPv6 proxy", "2001:db8:1::5", ["198.51.100.9, 2001:db8:1:2::9"], "198.51.100.9"),
        ("an IPv4 proxy, written as IPv6", "::ffff:10.0.0.1", ["::ffff:198.51.100.9"], "198.51.100.9"),
        ("on this machine, not named", "127.0.0.1", ["198.51.100.9"], "127.0.0.1"),
    ],
)
async def test_the_client_is_the_first_from_the_right_that_is_no_proxy(
    case: str, peer: str, lists: list[str], client: str
) -> None:
    assert (await seen((peer, 4711), *forwarded(*lists)))[0] == client


async def test_who_connects_by_a_socket_is_trusted_if_that_is_said() -> None:
    for peer in (None, ("", 0)):
        assert (await seen(peer, *forwarded("198.51.100.9"), trusted=[UNIX_SOCKET]))[0] == "198.51.100.9"
        assert (await seen(peer, *forwarded("198.51.100.9")))[0] in (None, "")


async def test_nobody_is_trusted_unless_named() -> None:
    told = await seen(("10.0.0.1", 1), *forwarded("198.51.100.9"), ("x-forwarded-proto", "https"), trusted=[])
    assert told == ("10.0.0.1", "http")


@pytest.mark.parametrize(
    ("peer", "said", "scheme"),
    [
        ("10.0.0.1", ["https"], "https"),
        ("10.0.0.1", ["HTTPS "], "https"),
        ("10.0.0.1", ["http"], "http"),
        ("10.0.0.1", ["https", "http"], "http"),
        ("10.0.0.1", ["gopher"], "http"),
        ("198.51.100.9", ["https"], "http"),
    ],
)
async def test_the_scheme_is_what_a_trusted_proxy_says_once(peer: str, said: list[str], scheme: str) -> None:
    assert (await seen((peer, 1), *[("x-forwarded-proto", value) for value in said]))[1] == scheme


async def test_what_is_not_http_passes() -> None:
    assert (await seen(("10.0.0.1", 1), *forwarded("198.51.100.9"), kind="websocket"))[0] == "10.0.0.1"
