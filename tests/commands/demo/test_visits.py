"""Visits are written down, the bad ones with their reason."""

import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from threadly.commands.demo.client import Client, Form, Page
from threadly.commands.demo.visits import HTML, Seen, Visits


class _Shop(BaseHTTPRequestHandler):
    """Takes any form, and sends whoever sent it on; shows one page."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("content-type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(self.headers.get("cookie", "nobody").encode())

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["content-length"]))
        self.send_response(400 if self.path == "/refused" else 303)
        self.send_header("location", "/next")
        self.send_header("set-cookie", "session=abc; Path=/")
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name it has there
        """Says nothing."""


@pytest.fixture
def visits() -> Iterator[Visits]:
    """At a small shop."""
    server = HTTPServer(("127.0.0.1", 0), _Shop)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    seen: list[Seen] = []
    client = Client(f"http://127.0.0.1:{server.server_port}")
    yield Visits(client, seen.append, seen=[])
    client.close()
    server.shutdown()
    server.server_close()


def test_a_form_that_is_taken_leads_on_and_its_cookie_is_kept(visits: Visits) -> None:
    assert visits.post("sign up", "/sign-up", Form({"name": "mila"})) == "/next"
    assert visits.get("home", "/", content_type=HTML, holds="session=abc") is not None
    assert [visit.wrong for visit in visits.seen] == [None, None]


def test_a_form_that_is_refused_is_a_finding(visits: Visits) -> None:
    assert visits.post("sign up", "/refused", Form({})) is None
    assert [visit.wrong for visit in visits.seen] == ["status 400, not 303"]


def test_a_listing_without_a_picture_is_a_finding(visits: Visits) -> None:
    visits.pictures(Page(), "/listings/1")
    assert [visit.wrong for visit in visits.seen] == ["the listing shows no picture"]


def test_no_answer_is_a_finding() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        visits = Visits(Client(f"http://127.0.0.1:{unused.getsockname()[1]}"), lambda _: None)
        assert visits.get("home", "/", content_type=HTML) is None
    assert [(visit.wrong or "").partition(":")[0] for visit in visits.seen] == ["no answer"]
