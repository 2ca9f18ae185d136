"""One worker: what it serves, and how it speaks."""

import socket
import struct
from urllib.parse import urlsplit

import pytest

from tests import served_app
from tests.processes import program
from tests.serving.asking import served
from threadly.serving.worker import load


def test_http_2_is_spoken_to_those_who_begin_with_it() -> None:
    preface = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + struct.pack("!HBBBI", 0, 0, 4, 0, 0)
    with program(*served()) as server:
        port = urlsplit(server.line("http://")).port or 0
        with socket.create_connection(("127.0.0.1", port), timeout=5) as client:
            client.sendall(preface)
            frame = client.recv(9)
    assert frame[3] == 4  # SETTINGS, the answer that the protocol demands first


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


def test_an_application_is_found_by_name_or_built_by_a_function() -> None:
    assert load("tests.served_app:app") is served_app.app
    assert load("tests.served_app:served_by_call()") is served_app.app
