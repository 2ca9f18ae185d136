"""Only what was asked at the site's own address is answered, and only by https where that is how it is reached.

    app = Hosts(app, site="https://shop.example", others=["www.shop.example"], refuse=…)
    app = HttpsOnly(app, site="https://shop.example", refuse=…)

A host that is not the site's is refused: by it, a name that leads here (DNS rebinding) would be read as ours, and what
a cache or a page makes of it would be whoever's. Probes by address are to be answered further out.

Guaranteed: what is asked by http, where the site's address begins with https://, changes nothing and shows nothing: who
only looks is led to the same place by https, and anything else is refused. Whether it came by https is what the
connection says, or a trusted proxy (`ClientAddress`).
"""

from collections.abc import Callable, Iterable
from typing import Final
from urllib.parse import urlsplit

from threadly.core.asgi import ASGIApp, Receive, Scope, Send, headers_by_name
from threadly.core.errors import Forbidden, Invalid, Problem

_PORTS: Final = {"http": 80, "https": 443}
_HERE: Final = frozenset({"localhost", "127.0.0.1", "[::1]"})
LOOKS: Final = frozenset({"GET", "HEAD"})
"""Methods that change nothing."""

Refuse = Callable[[Scope, Problem], ASGIApp]


class HostUnknown(Invalid):
    """Another host was asked than the site's: by a name that leads here, or by a proxy that changes it."""

    status = 421
    code = "host_unknown"
    title = "This is not our address."


class HttpsNeeded(Forbidden):
    """Something was to be changed over a connection that others can read."""

    code = "https_needed"
    title = "This has to be sent by https, so nothing was done."


class Hosts:
    """Refuses what was not asked at the site's address.

    Args:
        site: The site's address: `https://shop.example`. If it is this machine itself, any port of it will do.
        others: Further hosts, with a port if they have one: `www.shop.example`, `192.0.2.7:8000`.
        refuse: Makes the answer that says so.
    """

    def __init__(self, app: ASGIApp, *, site: str, others: Iterable[str] = (), refuse: Refuse) -> None:
        self.app = app
        self._refuse = refuse
        scheme, _, host = site.partition("://")
        self._known = {spelling for each in (host, *others) for spelling in spellings(each, scheme)}
        self._is_here = _name(host.encode()) in _HERE

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        problem = self._problem(scope) if scope["type"] == "http" else None
        if problem is None:
            await self.app(scope, receive, send)
            return
        await self._refuse(scope, problem)(scope, receive, send)

    def _problem(self, scope: Scope) -> Problem | None:
        host = headers_by_name(scope).get(b"host")
        if host is None:
            return Invalid("A request names one host.")
        if host in self._known or host.lower() in self._known:
            return None
        return None if self._is_here and _name(host) in _HERE else HostUnknown()


class HttpsOnly:
    """Answers by https alone.

    Args:
        site: The site's address: `https://shop.example`. By http, nothing is looked at.
        refuse: Makes the answer that says so.
    """

    def __init__(self, app: ASGIApp, *, site: str, refuse: Refuse) -> None:
        self.app = app
        self._site = site.encode()
        self._is_secure = site.startswith("https://")
        self._refuse = refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not self._is_secure or scope["type"] != "http" or scope.get("scheme") == "https":
            await self.app(scope, receive, send)
        elif scope["method"] in LOOKS:
            await send({"type": "http.response.start", "status": 308, "headers": self._led(scope)})
            await send({"type": "http.response.body", "body": b""})
        else:
            await self._refuse(scope, HttpsNeeded())(scope, receive, send)

    def _led(self, scope: Scope) -> list[tuple[bytes, bytes]]:
        path = scope.get("raw_path") or scope["path"].encode()
        query = scope["query_string"]
        if not path.startswith(b"/"):  # what else stands behind a host makes another one of it
            path = b"/"
        place = self._site + path + (b"?" + query if query else b"")
        # Nobody keeps it: HSTS does that better, and a proxy that was set up wrongly is put right the sooner.
        return [(b"location", place), (b"cache-control", b"no-store"), (b"content-length", b"0")]


def spellings(host: str, scheme: str) -> set[bytes]:
    """A host as clients write it: the port that goes without saying may be said."""
    host = host.lower()
    usual = f":{_PORTS[scheme]}"
    if host.endswith(usual):
        host = host.removesuffix(usual)
    return {host.encode()} | ({f"{host}{usual}".encode()} if urlsplit(f"//{host}").port is None else set())


def _name(host: bytes) -> str:
    """A host without its port."""
    text = host.decode("latin-1").lower()
    name, _, port = text.rpartition(":")
    return name if port.isascii() and port.isdigit() and name else text
