"""Another site's page cannot change anything here in the name of who looks at it (cross-site request forgery).

The algorithm is `CrossOriginProtection` of Go 1.25 (net/http, by Filippo Valsorda), stricter, with the fallback that
the OWASP cheat sheet asks for. A request that changes something passes

    1. if its Origin, where it sends one, is the site's own, whole: scheme, host and port; `null` is nobody's. A browser
       that says it comes from this origin, or from nobody's page (Sec-Fetch-Site: same-origin, none), may hide it;
    2. if the browser says nothing of that, and the Origin is the site's own;
    3. if it says nothing at all, and sends no cookie: then nobody's name is used (programs, bearer tokens, webhooks);
    4. if it says nothing at all, sends a cookie, and shows a token that was made for this very session: in the header
       `X-CSRF-Token`, or in the field `csrf_token` at the beginning of a form. Browsers of before 2020, and text ones.

So pages of who is nobody stay the same for everybody: only pages of who has a session carry tokens (`CsrfTokens`).

Guaranteed: any other request is refused before the application sees it, and so is one whose headers contradict
themselves, by standing there twice or by each other; of a body no more is read than the beginning, and the application
reads it whole. An exemption is a route, the very object that would answer: no path that only looks like it is exempt.
Not guaranteed: anything about GET and HEAD, which must change nothing.
"""

import asyncio
import re
import secrets
from collections import deque
from collections.abc import Callable, Collection, Mapping
from typing import Final

from threadly.core.asgi import ASGIApp, Headers, Message, Receive, Scope, Send, SessionCookie, headers_by_name
from threadly.core.errors import Forbidden, Problem
from threadly.core.keys import ID_BYTES, SIGNATURE_BYTES, KeyRing

HEADER: Final = "X-CSRF-Token"
FIELD: Final = "csrf_token"
MOST_BEFORE: Final = 16 * 1024
"""Bytes of a body in which the token is looked for."""

_PURPOSE: Final = "csrf"
_SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_OURS: Final = frozenset({b"same-origin", b"none"})
_HEADER: Final = HEADER.lower().encode()
_SINGLE: Final = frozenset({b"host", b"origin", b"sec-fetch-site", b"content-type", _HEADER})
"""What contradicts itself if it stands there twice."""
_NONCE_BYTES: Final = 16
_LONGEST: Final = 256
"""Of a field with a token, its name and what stands around it."""
_MOST_SECONDS: Final = 20.0
_TOKEN: Final = rb"[0-9a-f]{%d}" % (2 * (ID_BYTES + SIGNATURE_BYTES + _NONCE_BYTES))
_IN_FORMS: Final = {
    b"application/x-www-form-urlencoded": re.compile(rb"(?:^|&)%b=(%b)(?:&|$)" % (FIELD.encode(), _TOKEN)),
    b"multipart/form-data": re.compile(
        rb'content-disposition: form-data; name="?%b"?\r\n\r\n(%b)\r\n' % (FIELD.encode(), _TOKEN), re.IGNORECASE
    ),
}


class CrossOriginRefused(Forbidden):
    """A page of another site tried to change something here in the name of who looks at it."""

    code = "cross_origin_refused"
    title = "This came from another site, so nothing was done. Please try again from our own pages."


class CsrfTokens:
    """Makes and knows tokens, each for one session: the key's id, HMAC-SHA-256, and the random number that it is of,
    beside the session.

    Args:
        ring: Whose keys sign.
    """

    def __init__(self, ring: KeyRing) -> None:
        self._seal = ring.seal(_PURPOSE)

    def issue(self, session: str) -> str:
        """One more for this session; no two are alike, so that a compressed page does not give it away."""
        nonce = secrets.token_bytes(_NONCE_BYTES)
        return (self._seal.sign(nonce + session.encode()) + nonce).hex()

    def fits(self, token: bytes, session: bytes) -> bool:
        """Whether this was made for that session."""
        try:
            raw = bytes.fromhex(str(token, "ascii"))
        except ValueError:
            return False
        signature, nonce = raw[: self._seal.bytes], raw[self._seal.bytes :]
        return len(nonce) == _NONCE_BYTES and self._seal.fits(signature, nonce + session)


class SameOrigin:
    """Refuses what another site's page asks a browser to change here.

    Args:
        origin: The site's own address, as browsers write an origin: `https://shop.example`.
        refuse: Makes the answer that says so.
        tokens: Knows tokens; None: who says nothing of itself and sends a cookie is refused.
        session: The cookie whose session a token is made for.
        harmless: Names of cookies that let nobody do anything: who sends only these sends none.
        exempt: Routes that take what other sites send, and look after themselves.
        route: The route that would answer; asked only before a refusal, and only if some are exempt.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        origin: str,
        refuse: Callable[[Scope, Problem], ASGIApp],
        tokens: CsrfTokens | None = None,
        session: SessionCookie | None = None,
        harmless: Collection[str] = (),
        exempt: Collection[object] = (),
        route: Callable[[Scope], object] | None = None,
    ) -> None:
        self.app = app
        self._origin = origin.encode()
        self._scheme = origin.partition("://")[0].encode() + b"://"
        self._refuse = refuse
        self._tokens = tokens
        self._session = None if session is None else session.name.encode()
        self._harmless = frozenset(name.encode() for name in harmless)
        self._exempt = tuple(exempt)
        self._route = route

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] in _SAFE:
            await self.app(scope, receive, send)
            return
        sent = headers_by_name(scope)
        is_ours = self._is_ours(sent) if _SINGLE.isdisjoint(sent.repeated) else False
        if is_ours is None:
            is_ours, receive = await self._is_nobodys_or_shown(sent, receive)
        if is_ours or self._is_exempt(scope):
            await self.app(scope, receive, send)
            return
        await self._refuse(scope, CrossOriginRefused())(scope, receive, send)

    def _is_ours(self, sent: Mapping[bytes, bytes]) -> bool | None:
        """What the browser says; None if it says nothing."""
        origin, site = sent.get(b"origin"), sent.get(b"sec-fetch-site")
        if site is not None and site not in _OURS:
            return False
        if origin is None:
            return None if site is None else True
        if origin == self._origin or origin == self._scheme + sent.get(b"host", b""):
            return True
        return origin == b"null" and site == b"same-origin"

    async def _is_nobodys_or_shown(self, sent: Headers, receive: Receive) -> tuple[bool, Receive]:
        cookies = sent.cookies
        if cookies.keys() <= self._harmless:
            return True, receive
        session = None if self._session is None else cookies.get(self._session)
        if self._tokens is None or not session:
            return False, receive
        if (shown := sent.get(_HEADER)) is not None:
            return self._tokens.fits(shown, session), receive
        field = _IN_FORMS.get(sent.get(b"content-type", b"").partition(b";")[0].strip().lower())
        if field is None:
            return False, receive
        token, receive = await _found(field, receive)
        return token is not None and self._tokens.fits(token, session), receive

    def _is_exempt(self, scope: Scope) -> bool:
        if not self._exempt or self._route is None:
            return False
        route = self._route(scope)
        return any(route is each for each in self._exempt)


async def _found(field: re.Pattern[bytes], receive: Receive) -> tuple[bytes | None, Receive]:
    """The token at the beginning of a body, and what gives the whole body again."""
    read: deque[Message] = deque()

    async def again() -> Message:
        return read.popleft() if read else await receive()

    beginning = bytearray()
    try:
        async with asyncio.timeout(_MOST_SECONDS):
            while len(beginning) < MOST_BEFORE:
                message = await receive()
                read.append(message)
                seen = len(beginning)
                beginning += message.get("body", b"")[: MOST_BEFORE - seen]
                if (token := field.search(beginning, max(0, seen - _LONGEST))) is not None:
                    return bytes(token[1]), again
                if not message.get("more_body", False):
                    break
    except TimeoutError:
        pass
    return None, again
