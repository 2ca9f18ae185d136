"""A small receiver of Sentry's envelopes over HTTP: takes them apart, and misbehaves if it should."""

import gzip
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Literal, TypeAlias

Behaviour: TypeAlias = Literal["accept", "refuse", "limit", "hang"]


@dataclass
class Receiver:
    """What has arrived, and how it is taken."""

    dsn: str = ""
    behaviour: Behaviour = "accept"
    events: list[dict[str, Any]] = field(default_factory=list)
    raw: bytearray = field(default_factory=bytearray)
    requests: int = 0
    ends: threading.Event = field(default_factory=threading.Event)


@contextmanager
def sentry_receiver(behaviour: Behaviour = "accept") -> Iterator[Receiver]:
    """Receives for as long as the block lasts."""
    receiver = Receiver(behaviour=behaviour)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            receiver.requests += 1
            if receiver.behaviour == "hang":
                receiver.ends.wait(60)
                self.close_connection = True
                return
            body = self.rfile.read(int(self.headers["content-length"]))
            if self.headers.get("content-encoding") == "gzip":
                body = gzip.decompress(body)
            if receiver.behaviour == "accept":
                receiver.raw += body + str(self.headers).encode()
                receiver.events += events_of(body)
            self.send_response({"accept": 200, "refuse": 403, "limit": 429}[receiver.behaviour])
            self.send_header("content-type", "application/json")
            self.send_header("content-length", "2")
            self.end_headers()
            self.wfile.write(b"{}")

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    receiver.dsn = f"http://publickey@127.0.0.1:{server.server_address[1]}/7"
    threading.Thread(target=server.serve_forever, name="sentry receiver", daemon=True).start()
    try:
        yield receiver
    finally:
        receiver.ends.set()
        server.shutdown()
        server.server_close()


def events_of(envelope: bytes) -> list[dict[str, Any]]:
    """The events in an envelope: a line of headers, then for each item a line of its own headers, and it."""
    found = []
    _, _, rest = envelope.partition(b"\n")
    while rest.strip():
        head, _, rest = rest.partition(b"\n")
        item = json.loads(head)
        length = item.get("length")
        body, rest = (rest[:length], rest[length:].lstrip(b"\n")) if length is not None else rest.split(b"\n", 1)
        if item["type"] == "event":
            found.append(json.loads(body))
    return found
