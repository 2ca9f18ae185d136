"""The workers of a server, and their end. Accidents: tests/faults/test_serving_faults.py."""

import signal
import socket
import threading
import time
from urllib.parse import urlsplit

import pytest

from tests.processes import alive, children, eventually, program
from tests.serving.asking import ask, served


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


def test_a_worker_that_has_grown_too_large_is_replaced() -> None:
    with program(*served(max_rss=90 << 20)) as server:
        url = server.line("http://")
        before = ask(url)
        assert ask(url, "/grow") == before
        assert "has grown to" in server.line()
        assert "another takes its place" in server.line()
        eventually(lambda: ask(url) != before, within=5, what="another answers")
