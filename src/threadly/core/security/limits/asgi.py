"""Holds requests to their limits, and tells clients how they stand (draft-ietf-httpapi-ratelimit-headers-10).

    RateLimit-Policy: "auth";q=10;w=60
    RateLimit: "auth";r=7;t=18

`r` is how many more may come now, `t` in how many seconds all may again; where a request is refused, it is what
`Retry-After` says. Of several limits the one is told of which least is left. What caches keep for everybody does not
tell how somebody stands.
"""

import math
from collections.abc import Awaitable, Callable, Sequence
from typing import Final

from threadly.core.asgi import ASGIApp, Message, Receive, Scope, Send
from threadly.core.errors import Problem, TooManyRequests
from threadly.core.security.limits.limit import Asked, Verdict
from threadly.core.security.limits.limiter import Limiter
from threadly.core.words import words

_CACHE_CONTROL: Final = b"cache-control"
_LENGTH: Final = len(_CACHE_CONTROL)
_FOR_EVERYBODY: Final = b"public"


class LimitReached(TooManyRequests):
    """More than the named limit allows within its time. Nothing was done."""

    code = "limit_reached"
    title = "That was a lot in a short time. Please wait a moment."

    @property
    def retry_after_seconds(self) -> int:
        seconds = self.facts.get("retry_after_seconds")
        return seconds if isinstance(seconds, int) else 1


def limit_reached(verdict: Verdict) -> LimitReached:
    """The problem that tells of a refusal."""
    seconds = max(1, math.ceil(verdict.reset))
    return LimitReached(
        words("You can go on in {retry_after_seconds} s."), limit=verdict.limit.name, retry_after_seconds=seconds
    )


class Limited:
    """Lets in what its limits allow.

    Args:
        under: The limits that a request is under, each with its key; none: it is under no further limit.
        first: The one that it is under whoever asks. It is spent before `under` is asked, which may look something up:
            what it refuses costs nothing but that. Of it clients are told only where it refuses. None: there is none.
        refuse: Makes the answer that says so.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        limiter: Limiter,
        under: Callable[[Scope], Awaitable[Sequence[Asked]]],
        refuse: Callable[[Scope, Problem], ASGIApp],
        first: Callable[[Scope], Asked] | None = None,
    ) -> None:
        self.app = app
        self._limiter = limiter
        self._under = under
        self._first = first
        self._refuse = refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        verdict = await self._verdict(scope) if scope["type"] == "http" else None
        if verdict is None:
            await self.app(scope, receive, send)
        elif verdict.is_refused:
            refusal = self._refuse(scope, limit_reached(verdict))
            await refusal(scope, receive, _telling(verdict, send))
        else:
            await self.app(scope, receive, _telling(verdict, send))

    async def _verdict(self, scope: Scope) -> Verdict | None:
        """What is to be told, or refuses it; None where there is nothing to say."""
        if self._first is not None:
            first = self._first(scope)
            if not self._limiter.take(first) and (verdict := await self._limiter.spend(first)).is_refused:
                return verdict
        asked = await self._under(scope)
        return await self._limiter.spend(*asked) if asked else None


def _telling(verdict: Verdict, send: Send) -> Send:
    def tell(message: Message) -> Awaitable[None]:
        if message["type"] == "http.response.start":
            headers = list(message.get("headers", ()))
            for name, value in headers:
                if len(name) == _LENGTH and name.lower() == _CACHE_CONTROL and _FOR_EVERYBODY in value:
                    break
            else:
                message["headers"] = headers + headers_of(verdict)
        return send(message)

    return tell


def headers_of(verdict: Verdict) -> list[tuple[bytes, bytes]]:
    """What a verdict is told by."""
    limit = verdict.limit
    seconds = math.ceil(verdict.reset - 1e-6)
    reset = max(1, seconds) if verdict.is_refused else seconds
    return [
        (b"ratelimit-policy", limit.told),
        (b"ratelimit", b'"%b";r=%d;t=%d' % (limit.name.encode(), verdict.left, reset)),
    ]
