"""The address of a server: claimed for it alone, spread over its workers."""

import socket
from urllib.parse import urlsplit

import pytest

from tests.processes import children, eventually, program
from tests.serving.asking import ask, served
from threadly.serving import Address, AddressNotUsable, PortTaken
from threadly.serving.listeners import Listeners


def test_port_0_takes_a_free_port_and_names_it() -> None:
    with program(*served()) as server:
        url = server.line("http://")
        assert urlsplit(url).port not in {0, None}
        assert int(ask(url)) in children(server.pid)


def test_a_second_server_on_the_same_port_is_refused_and_the_first_goes_on() -> None:
    with program(*served(workers=2)) as first:
        url = first.line("http://")
        port = urlsplit(url).port or 0
        with program(*served(port=port, workers=2)) as second:
            code, said = second.finish(within=5)
        assert code == 2
        assert said == (
            f"port_taken: Port {port} of 127.0.0.1 is taken by another program. Stop it, or choose another port with "
            f"--port N (--port 0 takes any that is free).\n"
        )
        assert {int(ask(url)) for _ in range(10)} <= set(children(first.pid))


def test_of_two_servers_that_start_at_once_one_is_refused() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with program(*served(port=port, workers=2)) as one, program(*served(port=port, workers=2)) as other:
        eventually(
            lambda: one.process.poll() is not None or other.process.poll() is not None, within=5, what="one is refused"
        )
        loser, winner = (one, other) if one.process.poll() is not None else (other, one)
        assert loser.finish(within=5)[0] == 2
        assert int(ask(winner.line("http://"))) in children(winner.pid)


@pytest.mark.parametrize(
    ("case", "host", "why"),
    [
        ("of another machine", "192.0.2.1", "Cannot assign requested address"),
        ("of nobody", "no-such-host.invalid", "Name or service not known|Temporary failure in name resolution"),
    ],
)
def test_an_address_that_is_not_ours_is_refused_in_words(case: str, host: str, why: str) -> None:
    with pytest.raises(AddressNotUsable, match=f"Cannot listen on port 8000 of {host}: ({why})"):
        Listeners(Address(host, 8000), count=1, backlog=1)


def test_an_address_is_claimed_for_ipv6_as_well() -> None:
    claimed = Listeners(Address("::1", 0), count=2, backlog=1)
    try:
        assert claimed.address.url == f"http://[::1]:{claimed.address.port}"
        with pytest.raises(PortTaken):
            Listeners(claimed.address, count=2, backlog=1)
    finally:
        claimed.close()


def test_connections_are_spread_over_the_workers() -> None:
    with program(*served(workers=2)) as server:
        url = server.line("http://")
        eventually(lambda: len({ask(url) for _ in range(10)}) == 2, within=5, what="both answer")
        answered = [ask(url) for _ in range(200)]
    shares = sorted(answered.count(pid) for pid in set(answered))
    assert shares[0] > 50
