"""The web server: its address, its workers, its end. Its accidents: tests/faults/test_serving_faults.py."""

import http.client
import signal
import socket
import struct
import threading
import time
from urllib.parse import urlsplit

import pytest

from tests.processes import alive, children, eventually, program
from threadly.serving import Address, AddressNotUsable, PortTaken
from threadly.serving.listeners import Listeners


def ask(url: str, path: str = "/pid", *, seconds: float = 5.0) -> str:
    """What a new connection is answered."""
    place = urlsplit(url)
    connection = http.client.HTTPConnection(place.hostname or "", place.port, timeout=seconds)
    try:
        connection.request("GET", path)
        return connection.getresponse().read().decode()
    finally:
        connection.close()


def served(app: str = "app", *, port: int = 0, workers: int = 1, drain: float = 3, max_rss: int = 0) -> tuple[str, ...]:
    """The arguments that serve an application of tests/served_app.py."""
    return ("tests.served_app", app, str(port), str(workers), str(drain), str(max_rss))


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


def test_a_request_under_way_is_answered_after_a_stop_and_new_ones_are_refused() -> None:
    with program(*served()) as server:
        url = server.line("http://")
        answers: list[str] = []
        asking = threading.Thread(target=lambda: answers.append(ask(url, "/slow?0.8")))
        asking.start()
        time.sleep(0.2)
        worker = children(server.pid)

        server.process.send_signal(signal.SIGTERM)
        time.sleep(0.2)
        with pytest.raises(ConnectionRefusedError):
            ask(url)
        asking.join()

        assert answers == [str(worker[0])]
        assert server.finish(within=3)[0] == 0
        assert alive(worker) == []


@pytest.mark.parametrize(("case", "signals"), [("patience ends", 1), ("a second signal does not wait", 2)])
def test_a_request_that_takes_too_long_does_not_hold_up_the_end(case: str, signals: int) -> None:
    with program(*served(drain=1 if signals == 1 else 30)) as server:
        url = server.line("http://")
        worker = children(server.pid)
        with socket.create_connection(("127.0.0.1", urlsplit(url).port or 0)) as client:
            client.sendall(b"GET /slow?60 HTTP/1.1\r\nHost: x\r\n\r\n")
            time.sleep(0.2)
            for _ in range(signals - 1):
                server.process.send_signal(signal.SIGINT)
                time.sleep(0.2)
            code, seconds = server.told(signal.SIGINT, within=5)
        assert (code, alive(worker)) == (0, [])
        assert seconds < 2, case


@pytest.mark.parametrize(
    ("app", "reason"),
    [
        ("nothing_of_this_name", "has no attribute 'nothing_of_this_name'"),
        ("failing", "RuntimeError: this application never starts"),
        ("refusing", "no database"),
    ],
)
def test_an_application_that_cannot_start_is_said_once_and_ends_the_server(app: str, reason: str) -> None:
    with program(*served(app, workers=2)) as server:
        code, said = server.finish(within=5)
    assert code == 2
    assert reason in said
    assert said.splitlines()[-1].startswith("workers_failed: The web server did not start: a worker ended with 1.")


def test_a_worker_that_has_grown_too_large_is_replaced() -> None:
    with program(*served(max_rss=90 << 20)) as server:
        url = server.line("http://")
        before = ask(url)
        assert ask(url, "/grow") == before
        assert "has grown to" in server.line()
        assert "another takes its place" in server.line()
        eventually(lambda: ask(url) != before, within=5, what="another answers")


def test_http_2_is_spoken_to_those_who_begin_with_it() -> None:
    preface = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + struct.pack("!HBBBI", 0, 0, 4, 0, 0)
    with program(*served()) as server:
        port = urlsplit(server.line("http://")).port or 0
        with socket.create_connection(("127.0.0.1", port), timeout=5) as client:
            client.sendall(preface)
            frame = client.recv(9)
    assert frame[3] == 4  # SETTINGS, the answer that the protocol demands first
