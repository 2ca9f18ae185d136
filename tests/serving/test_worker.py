"""One worker: what it serves, and how it speaks."""

import socket
import time
from contextlib import ExitStack
from urllib.parse import urlsplit

import httpx
import pytest

from tests import served_app
from tests.processes import program
from tests.serving.asking import served
from threadly.serving.worker import load

HTTP_2 = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"


def test_connections_that_do_not_ask_are_closed_in_fifteen_seconds() -> None:
    beginnings = (b"", b"G", b"PRI * HT", b"GET / HTTP/1.1\r\nhost: x\r\n", HTTP_2 + bytes(9))
    with program(*served()) as server, ExitStack() as open_ones:
        port = urlsplit(server.line("http://")).port or 0
        began = time.monotonic()
        clients = [
            open_ones.enter_context(socket.create_connection(("127.0.0.1", port), timeout=20)) for _ in beginnings
        ]
        for client, beginning in zip(clients, beginnings, strict=True):
            client.sendall(beginning)
        answers = [client.makefile("rb").read() for client in clients]

    assert all(answer == b"" or answer.startswith(b"HTTP/1.1 4") for answer in answers), answers
    assert time.monotonic() - began < 18


def test_the_server_itself_believes_nobody_to_ask_for_another_whatever_its_environment_says() -> None:
    said = {"x-forwarded-for": "203.0.113.9", "x-forwarded-proto": "https", "forwarded": "for=203.0.113.9;proto=https"}
    with program(*served(), environment={"FORWARDED_ALLOW_IPS": "*"}) as server:
        url = urlsplit(server.line("http://")).netloc
        told = httpx.get(f"http://{url}/who", headers=said, timeout=20).text

    assert told == "127.0.0.1 http"


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
