"""The proxy of the fault tests: each fault does what it says, in the way that it was asked for."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest

from tests.faults.proxy import Fault, Proxy, Towards
from tests.processes import eventually

SERVER, CLIENT = Towards.SERVER, Towards.CLIENT
PATIENCE = 5.0


class Echo:
    """A server that says what it hears, and remembers in what portions it came."""

    def __init__(self) -> None:
        self.heard: list[bytes] = []
        self.ended: list[float] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.address: tuple[str, int] = self._listener.getsockname()
        self._threads = [threading.Thread(target=self._accept)]
        self._threads[0].start()

    def close(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join()
        self._listener.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self._listener.accept()
                self._threads.append(threading.Thread(target=self._echo, args=(connection,)))
                self._threads[-1].start()

    def _echo(self, connection: socket.socket) -> None:
        with connection, suppress(OSError):
            while portion := connection.recv(4096):
                self.heard.append(portion)
                connection.sendall(portion)
        self.ended.append(time.monotonic())


@pytest.fixture
def echo() -> Iterator[Echo]:
    server = Echo()
    yield server
    server.close()


@pytest.fixture
def proxy(echo: Echo) -> Iterator[Proxy]:
    with Proxy(echo.address).running() as running:
        yield running


@contextmanager
def client(proxy: Proxy, *, patience: float = PATIENCE) -> Iterator[socket.socket]:
    """A connection that works, as was seen."""
    with socket.create_connection(("127.0.0.1", proxy.port), timeout=patience) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        assert asked(connection, b"hello") == (b"hello", None)
        yield connection


def asked(connection: socket.socket, what: bytes) -> tuple[bytes, type[OSError] | None]:
    """What is answered to this, and what ended it early: a reset, or nothing in time."""
    answer = b""
    try:
        connection.sendall(what)
        while len(answer) < len(what) and (portion := connection.recv(4096)):
            answer += portion
    except OSError as failure:
        return answer, type(failure)
    return answer, None


@pytest.mark.parametrize("way", Towards)
def test_latency_is_waited_for_and_ends_with_the_fault(proxy: Proxy, way: Towards) -> None:
    with client(proxy) as connection:
        began = time.monotonic()
        with proxy.suffering(Fault(latency=0.1, jitter=0.05), way):
            assert asked(connection, b"slow") == (b"slow", None)
        slow, began = time.monotonic() - began, time.monotonic()
        assert asked(connection, b"fast") == (b"fast", None)
        assert 0.1 <= slow < 1
        assert time.monotonic() - began < 0.1


@pytest.mark.parametrize(("way", "heard"), [(SERVER, [b"hello"]), (CLIENT, [b"hello", b"lost?"])])
def test_in_a_black_hole_nothing_is_heard_and_afterwards_all_of_it(
    proxy: Proxy, echo: Echo, way: Towards, heard: list[bytes]
) -> None:
    with client(proxy, patience=0.2) as connection:
        with proxy.suffering(Fault(holds=True), way):
            assert asked(connection, b"lost?") == (b"", TimeoutError)
            assert echo.heard == heard
        connection.settimeout(PATIENCE)
        assert connection.recv(100) == b"lost?"


@pytest.mark.parametrize(("way", "heard"), [(SERVER, [b"hello"]), (CLIENT, [b"hello", b"gone"])])
def test_a_reset_is_a_reset_to_the_client_before_or_after_the_server_has_heard_it(
    proxy: Proxy, echo: Echo, way: Towards, heard: list[bytes]
) -> None:
    with client(proxy) as connection, proxy.suffering(Fault(resets=True), way):
        assert asked(connection, b"gone") == (b"", ConnectionResetError)
    assert echo.heard == heard
    eventually(lambda: proxy.open == 0, within=PATIENCE, what="both sides are closed")


@pytest.mark.parametrize("way", Towards)
def test_a_connection_is_cut_after_so_many_bytes_since_the_fault_began_and_not_one_sooner(
    proxy: Proxy, way: Towards
) -> None:
    with client(proxy) as connection, proxy.suffering(Fault(cuts_after=5), way):
        assert asked(connection, b"abc") == (b"abc", None)
        assert asked(connection, b"de") == (b"de", None)
        assert asked(connection, b"fg") == (b"", None)  # the end, without a reset
    with client(proxy) as connection, proxy.suffering(Fault(cuts_after=2), CLIENT):
        assert asked(connection, b"half an answer")[0] == b"ha"


def test_packets_are_as_small_as_they_are_asked_to_be_and_whole_together(proxy: Proxy, echo: Echo) -> None:
    with client(proxy) as connection, proxy.suffering(Fault(slices=1), SERVER):
        assert asked(connection, b"0123456789" * 10) == (b"0123456789" * 10, None)
    assert len(echo.heard) > 20
    assert b"".join(echo.heard) == b"hello" + b"0123456789" * 10


def test_the_end_of_a_side_is_told_late(proxy: Proxy, echo: Echo) -> None:
    with proxy.suffering(Fault(closes_after=0.3), SERVER):
        with client(proxy):
            pass
        closed = time.monotonic()
        eventually(lambda: echo.ended, within=PATIENCE, what="the server has heard of the end")
    assert 0.3 <= echo.ended[0] - closed < 2


def test_when_it_is_down_nobody_is_let_in_and_who_is_in_is_reset_and_then_it_is_up_again(proxy: Proxy) -> None:
    with client(proxy) as connection:
        with proxy.down():
            with pytest.raises(ConnectionRefusedError):
                socket.create_connection(("127.0.0.1", proxy.port), timeout=PATIENCE)
            assert asked(connection, b"hm") == (b"", ConnectionResetError)
        with client(proxy) as later:
            assert asked(later, b"back") == (b"back", None)


def test_at_the_end_everything_is_closed_even_what_a_fault_holds(echo: Echo) -> None:
    threads = threading.active_count()
    with Proxy(echo.address).running() as proxy, client(proxy, patience=0.1) as connection:
        with proxy.suffering(Fault(holds=True)):
            assert asked(connection, b"stuck") == (b"", TimeoutError)
            assert proxy.open == 1
        holding = proxy.suffering(Fault(holds=True))
        holding.__enter__()
        began = time.monotonic()
    assert time.monotonic() - began < 1
    assert proxy.open == 0
    eventually(lambda: threading.active_count() <= threads, within=PATIENCE, what="no thread is left")
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", proxy.port), timeout=PATIENCE)


def test_a_server_that_is_gone_ends_the_connection(echo: Echo) -> None:
    free = socket.create_server(("127.0.0.1", 0))
    address = free.getsockname()
    free.close()
    with Proxy(address).running() as proxy, socket.create_connection(("127.0.0.1", proxy.port), timeout=PATIENCE) as to:
        assert asked(to, b"anybody")[0] == b""
