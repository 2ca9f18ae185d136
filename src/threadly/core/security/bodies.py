"""How much of a request's body is read, by where it goes: a limit for each route, kept for whoever reads there.

    app = Bodies(app, limit=lambda scope: BodyLimit(64 * 1024), refuse=…)

What `Content-Length` already tells to be too long is refused before anything of it is read; where that lies, or is not
there, reading ends with the piece that is too much, or when the body takes too long. Then the answer says so, whatever
the application made of it, unless it had begun to answer; and the connection ends with it. That the body is plain, and
its end certain, is for `Bounds` to see, before.

Guaranteed: an application that answers only once it has read a body does nothing by one that is refused.
"""

from collections.abc import Awaitable, Callable
from typing import Final

from threadly.core.asgi import ASGIApp, BodyLimit, Message, Metered, Receive, Scope, Send, closing, length_of
from threadly.core.errors import Problem

NOTHING: Final = BodyLimit(0)
"""For where no body is read."""
_UNREAD: Final = frozenset({"GET", "HEAD", "OPTIONS"})


class Bodies:
    """Keeps bodies to their limits.

    Args:
        limit: That of a request; asked for each that may have a body, by its method.
        refuse: Makes the answer that says so.
    """

    def __init__(
        self, app: ASGIApp, *, limit: Callable[[Scope], BodyLimit], refuse: Callable[[Scope, Problem], ASGIApp]
    ) -> None:
        self.app = app
        self._limit = limit
        self._refuse = refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] in _UNREAD:
            await self.app(scope, receive, send)
            return
        limit = self._limit(scope)
        length = length_of(scope)
        if length is not None and length > limit.most_bytes:
            too_large = limit.too_large(most_bytes=limit.most_bytes)
            await self._refuse(scope, too_large)(scope, receive, closing(scope, send))
            return
        bounded = Metered(receive, limit)
        answer = _Answer(bounded, scope, send)
        try:
            await self.app(scope, bounded, answer)
        except Exception:
            if not answer.is_withheld_for(bounded.problem):
                raise
        if (problem := bounded.problem) is not None and answer.is_withheld_for(problem):
            await self._refuse(scope, problem)(scope, receive, closing(scope, send))


class _Answer:
    """Sends on what is answered, but for what hides that the body was refused."""

    __slots__ = ("_bounded", "_has_begun", "_scope", "_send")

    def __init__(self, bounded: Metered, scope: Scope, send: Send) -> None:
        self._bounded = bounded
        self._scope = scope
        self._send = send
        self._has_begun = False

    def __call__(self, message: Message) -> Awaitable[None]:  # no coroutine of its own around each piece
        if (problem := self._bounded.problem) is not None:
            return self._send_refused(problem, message)
        self._has_begun = True
        return self._send(message)

    async def _send_refused(self, problem: Problem, message: Message) -> None:
        if message["type"] == "http.response.start" and message["status"] == problem.status:
            self._has_begun = True  # it says so itself
        if self._has_begun:
            await closing(self._scope, self._send)(message)

    def is_withheld_for(self, problem: Problem | None) -> bool:
        """Whether nothing has been sent, and this is why."""
        return problem is not None and not self._has_begun
