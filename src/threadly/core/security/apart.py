"""Files that strangers have made are answered at an origin of their own, where nothing else is.

    app = Apart(app, files, origin="https://pictures.shop.example", paths=re.compile(…), refuse=…)

What a browser takes for a page, against all that its headers say, then runs where no session, no form and no word of
the site is within its reach: by the rules of browsers it is another site's. One name more in the DNS is all it takes.

Guaranteed: at that origin, only looks at paths of the form given are let through, without cookie and without
credentials; they are marked, so that who answers them can refuse those that came any other way (`came_apart`).
"""

import re
from typing import Final

from threadly.core.asgi import ASGIApp, Receive, Scope, Send, headers_by_name
from threadly.core.errors import MethodNotAllowed, NotFound
from threadly.core.security.hosts import LOOKS, HttpsOnly, Refuse, spellings

_MARK: Final = "threadly.apart"
_OF_SOMEBODY: Final = frozenset({b"cookie", b"authorization"})


def came_apart(scope: Scope) -> bool:
    """Whether this was asked at the files' own origin."""
    return _MARK in scope


class Apart:
    """Leads what is asked at the files' own origin to them, and all else on.

    Args:
        app: Answers at every other host.
        files: Answers at the files' own.
        origin: Theirs, without a path: `https://pictures.shop.example`.
        paths: What the whole of a path must look like there.
        refuse: Makes the answer that says no.
    """

    def __init__(self, app: ASGIApp, files: ASGIApp, *, origin: str, paths: re.Pattern[str], refuse: Refuse) -> None:
        self.app = app
        self._files = files
        self._paths = paths
        self._refuse = refuse
        self._apart = HttpsOnly(self._answer, site=origin, refuse=refuse)
        scheme, _, host = origin.partition("://")
        self._known = spellings(host, scheme)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and self._is_apart(scope):
            await self._apart({**scope, _MARK: True}, receive, send)
        else:
            await self.app(scope, receive, send)

    def _is_apart(self, scope: Scope) -> bool:
        return headers_by_name(scope).get(b"host", b"").lower() in self._known

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] not in LOOKS:
            await self._refuse(scope, MethodNotAllowed())(scope, receive, send)
        elif self._paths.fullmatch(scope["path"]) is None:
            await self._refuse(scope, NotFound())(scope, receive, send)
        else:
            nobodys = [pair for pair in scope["headers"] if pair[0] not in _OF_SOMEBODY]
            await self._files({**scope, "headers": nobodys}, receive, send)
