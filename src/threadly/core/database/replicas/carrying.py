"""Callers take along what they have seen, so that any worker on any machine knows what they may not miss.

Whoever has made a request that may have written something is told, with the answer, a position that includes it:
signed, in a cookie beside that of their session and in the header `X-Read-After`, which programs send back as it is.

Guaranteed: who claims to be somebody, and shows no position that we have signed, reads from the primary. Where the
primary does not say how far it is, or is not as far as they have shown, the cookie is taken back, with the same effect:
nobody is told a position that is older than the one they came with. Who claims nothing has written nothing.

Not guaranteed: that somebody sees on one device at once what they have written on another; nor, of two changes that one
browser has under way at once, the later one in what it asks next, if the answer to the earlier one arrives last: the
browser keeps whichever cookie came last. Each is told when its answer begins, so that takes a network which turns them
round; and then a replica that has one and not yet the other, until it has.
"""

from collections.abc import Callable
from typing import Final

from threadly.core.asgi import ASGIApp, Message, Receive, Scope, Send, SessionCookie, headers_by_name
from threadly.core.database.keyset import CursorRejected, Cursors
from threadly.core.database.replicas.position import START, Position, following
from threadly.core.database.replicas.routing import Replicas

HEADER: Final = "X-Read-After"
_HEADER: Final = HEADER.lower().encode()
_QUERY: Final = "threadly.core.database.replicas"
_SET_COOKIE: Final = b"set-cookie"


class Carrying:
    """Has reads of each request go where its caller misses nothing.

    Args:
        cursors: Signs positions.
        cookie: Keeps them in a browser.
        lasts_seconds: How long a browser keeps one: as long as a session may last.
        claims: Whether a request claims to be somebody's.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        replicas: Replicas,
        cursors: Cursors,
        cookie: SessionCookie,
        lasts_seconds: int,
        claims: Callable[[Scope], bool],
    ) -> None:
        self.app = app
        self._replicas = replicas
        self._cursors = cursors
        self._cookie = cookie
        self._lasts_seconds = lasts_seconds
        self._claims = claims

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def tell(message: Message) -> None:
            if message["type"] == "http.response.start" and asked_by.has_written:
                told = await self._told(asked_by.position)
                message = {**message, "headers": [*message.get("headers", ()), *told]}
            await send(message)

        with following(self._shown(scope)) as asked_by:
            await self.app(scope, receive, tell)

    def _shown(self, scope: Scope) -> Position | None:
        if not self._claims(scope):
            return START
        sent = headers_by_name(scope).get(_HEADER)
        token = self._cookie.read(scope) if sent is None else sent.decode("latin-1")
        try:
            return None if token is None else self._cursors.open(token, Position, query=_QUERY)
        except CursorRejected:
            return None

    async def _told(self, shown: Position | None) -> list[tuple[bytes, bytes]]:
        position = await self._replicas.position()
        if position is None or position.is_before(shown or START):
            return [(_SET_COOKIE, self._cookie.clearing().encode())]
        token = self._cursors.seal(position, query=_QUERY)
        kept = self._cookie.setting(token, max_age_seconds=self._lasts_seconds)
        return [(_HEADER, token.encode()), (_SET_COOKIE, kept.encode())]
