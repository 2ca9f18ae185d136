"""Another site's page cannot change anything here in the name of who looks at it (cross-site request forgery).

The algorithm is `CrossOriginProtection` of Go 1.25 (net/http), by Filippo Valsorda: no token, no cookie, nothing to
embed in a page, so pages stay the same for everybody. A request that changes something passes

    1. if the browser says that it comes from this origin, or from nobody's page (Sec-Fetch-Site: same-origin, none);
    2. if it says nothing of that, and sends no Origin: then it is no browser, or one of before 2020 that hides it;
    3. if its Origin is the site's own address, or has the host that was asked.

Guaranteed: any other request is refused before the application sees it, and so is one whose headers contradict
themselves by standing there twice. Not guaranteed: anything about GET and HEAD, which must change nothing.
"""

from collections.abc import Callable
from typing import Final

from threadly.core.asgi import ASGIApp, Receive, Scope, Send
from threadly.core.errors import Forbidden, Problem

_SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_OURS: Final = frozenset({b"same-origin", b"none"})
_LOOKED_AT: Final = frozenset({b"host", b"origin", b"sec-fetch-site"})


class CrossOriginRefused(Forbidden):
    """A page of another site tried to change something here in the name of who looks at it."""

    code = "cross_origin_refused"
    title = "This came from another site, so nothing was done. Please try again from our own pages."


class SameOrigin:
    """Refuses what another site's page asks a browser to change here.

    Args:
        origin: The site's own address, as browsers write an origin: `https://shop.example`.
        refuse: Makes the answer that says so.
    """

    def __init__(self, app: ASGIApp, *, origin: str, refuse: Callable[[Scope, Problem], ASGIApp]) -> None:
        self.app = app
        self._origin = origin.encode()
        self._refuse = refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] in _SAFE or self._is_ours(scope):
            await self.app(scope, receive, send)
            return
        await self._refuse(scope, CrossOriginRefused())(scope, receive, send)

    def _is_ours(self, scope: Scope) -> bool:
        sent: dict[bytes, bytes] = {}
        for name, value in scope["headers"]:
            if name in _LOOKED_AT:
                if name in sent:
                    return False
                sent[name] = value
        origin, site = sent.get(b"origin"), sent.get(b"sec-fetch-site")
        if site is not None:
            return site in _OURS or origin == self._origin
        return origin is None or origin == self._origin or _host(origin) == sent.get(b"host", b"")


def _host(origin: bytes) -> bytes | None:
    """The host and port of an origin; none if it has not got any, as `null`."""
    scheme, separator, host = origin.partition(b"://")
    return host if separator and scheme in {b"http", b"https"} and host else None
