"""Starts tests/served_app.py, and asks it."""

import http.client
from urllib.parse import urlsplit


def ask(url: str, path: str = "/pid", *, seconds: float = 5.0) -> str:
    """What a new connection is answered."""
    place = urlsplit(url)
    connection = http.client.HTTPConnection(place.hostname or "", place.port, timeout=seconds)
    try:
        connection.request("GET", path)
        return connection.getresponse().read().decode()
    finally:
        connection.close()


def served(
    app: str = "app",
    *,
    port: int = 0,
    workers: int = 1,
    drain: float = 3,
    max_rss: int = 0,
    not_ready: float = 0,
) -> tuple[str, ...]:
    """The arguments that serve an application of tests/served_app.py."""
    return ("tests.served_app", app, *map(str, (port, workers, drain, max_rss, not_ready)))
