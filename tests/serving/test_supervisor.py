"""The workers of a server, and their end. Accidents: tests/faults/test_serving_faults.py."""

import http.client
import os
import resource
import signal
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from urllib.parse import urlsplit

import pytest

from tests.processes import alive, children, eventually, program
from tests.serving.asking import ask, served
from threadly.serving import Address
from threadly.serving.listeners import Listeners
from threadly.serving.supervisor import pause_after


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


def test_after_sigterm_it_says_that_it_is_not_ready_and_answers_a_while_longer() -> None:
    with program(*served(workers=2, not_ready=1.0)) as server, connected(server.line("http://")) as kept:
        workers = children(server.pid)
        assert asked(kept, "/ready") == (200, None)

        began = time.monotonic()
        server.process.send_signal(signal.SIGTERM)
        assert "not ready for 1 s" in server.line()
        eventually(lambda: asked(kept, "/ready") == (503, "close"), within=0.5, what="it is not ready")
        answered = 0
        while time.monotonic() - began < 0.8:
            assert asked(kept, "/pid")[0] == 200
            answered += 1

        assert answered > 5
        assert server.finish(within=4)[0] == 0
        assert time.monotonic() - began > 1.0
        assert alive(workers) == []


@pytest.mark.parametrize(
    ("case", "signals"),
    [("a second signal does not wait", [signal.SIGTERM, signal.SIGTERM]), ("nor does Ctrl-C", [signal.SIGINT])],
)
def test_whoever_has_no_patience_need_not_wait_until_others_have_noticed(
    case: str, signals: list[signal.Signals]
) -> None:
    with program(*served(not_ready=30)) as server:
        server.line("http://")
        workers = children(server.pid)
        for number in signals[:-1]:
            server.process.send_signal(number)
            server.line("not ready")
        code, seconds = server.told(signals[-1], within=5)
        assert (code, alive(workers)) == (0, []), case
        assert seconds < 2


def test_a_worker_that_gets_ready_while_the_server_is_about_to_stop_is_not_ready() -> None:
    with program(*served(workers=1, not_ready=30.0)) as server:
        url = server.line("http://")
        server.process.send_signal(signal.SIGTERM)
        server.line("not ready")
        for worker in children(server.pid):
            os.kill(worker, signal.SIGKILL)
        server.line("takes its place")
        with connected(url) as probe:
            assert asked(probe, "/ready") == (503, "close")


@contextmanager
def connected(url: str) -> Iterator[http.client.HTTPConnection]:
    """A connection that is used again and again."""
    place = urlsplit(url)
    with closing(http.client.HTTPConnection(place.hostname or "", place.port, timeout=5)) as connection:
        yield connection


def asked(connection: http.client.HTTPConnection, path: str) -> tuple[int, str | None]:
    """The status, and what becomes of the connection."""
    connection.request("GET", path)
    answer = connection.getresponse()
    answer.read()
    return answer.status, answer.headers["connection"]


def test_a_worker_that_has_grown_too_large_is_replaced() -> None:
    with program(*served(max_rss=90 << 20)) as server:
        url = server.line("http://")
        before = ask(url)
        assert ask(url, "/grow") == before
        assert "has grown to" in server.line()
        assert "another takes its place" in server.line()
        eventually(lambda: ask(url) != before, within=5, what="another answers")


def test_while_the_system_lets_no_process_start_the_others_answer_and_it_is_tried_until_it_does() -> None:
    with program(*served(workers=2)) as server:
        url = server.line("http://")
        first, second = children(server.pid)
        few, most = resource.prlimit(server.pid, resource.RLIMIT_NOFILE)
        resource.prlimit(server.pid, resource.RLIMIT_NOFILE, (3, most))
        os.kill(first, signal.SIGKILL)
        assert "cannot be started" in server.line("cannot be started")
        assert {ask(url) for _ in range(10)} == {str(second)}
        resource.prlimit(server.pid, resource.RLIMIT_NOFILE, (few, most))
        eventually(lambda: len({ask(url) for _ in range(20)}) == 2, within=40, what="another has taken its place")
        assert server.told(signal.SIGTERM, within=10)[0] == 0


def test_the_pause_before_another_try_is_bounded_however_often_it_has_failed() -> None:
    pauses = [pause_after(failures) for failures in (1, 2, 3, 10, 1024, 100_000)]
    assert pauses == sorted(pauses)
    assert pauses[0] < 1
    assert pauses[-1] == pauses[-2] == 30


def test_a_client_that_reads_nothing_makes_room_after_a_while() -> None:
    listeners = Listeners(Address("127.0.0.1", 0), count=1, backlog=5)
    with socket.create_connection((listeners.address.host, listeners.address.port)):
        accepted, _ = listeners.of(0).accept()
        with accepted:
            unread = accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT)
    listeners.close()
    assert unread == 30_000


def test_a_websocket_is_a_request_like_others() -> None:
    handshake = (
        b"GET /pid HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
        b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    )
    with program(*served()) as server:
        place = urlsplit(server.line("http://"))
        with socket.create_connection((place.hostname, place.port or 0)) as client:
            client.settimeout(5)
            client.sendall(handshake)
            assert client.recv(4096).startswith(b"HTTP/1.1 200 ")
