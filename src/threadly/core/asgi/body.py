"""The body of a request, bounded in bytes and in time while it is read.

    receive = Metered(receive, BodyLimit(64 * 1024))
    body = await whole_body(receive)

Guaranteed: of a body that is longer than it may be, nothing more is read than the piece that makes it so, whatever its
`Content-Length` says; and whoever lets it drip is not waited for longer than the limit's times. That more is not even
begun where `Content-Length` tells, is for who sees the headers (`core.security.Bodies`).
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Final

from threadly.core.asgi.types import Message, Receive
from threadly.core.errors import Invalid, Problem, TooLarge, TooSlow

MOST_SECONDS: Final = 20.0
"""For all of a body; what takes longer is an upload (`core.uploads`)."""


class BodyIncomplete(Invalid):
    """The client left before it had sent all of its request."""

    code = "body_incomplete"
    title = "This request ended too early."


class BodyTooLarge(TooLarge):
    """The body is longer than is taken at this address."""

    code = "body_too_large"
    title = "This is too much at once. Please send less."


@dataclass(frozen=True, slots=True)
class BodyLimit:
    """How long a body may be, and how long it may take.

    It has `seconds`, and more while it keeps coming: a second for each `bytes_a_second` that have come, up to
    `most_seconds` (as Apache's mod_reqtimeout has it); and no pause in it is longer than `idle_seconds`.
    """

    most_bytes: int
    seconds: float = MOST_SECONDS
    most_seconds: float = MOST_SECONDS
    bytes_a_second: int = 4096
    """Where more time can be earned: the least speed in the long run."""
    idle_seconds: float = MOST_SECONDS
    too_large: type[TooLarge] = BodyTooLarge
    too_slow: type[TooSlow] = TooSlow


class Metered:
    """Receives what the limit allows; raises what refuses the rest.

    What was raised is not kept: with its traceback it would keep what receives, and a server that waits for all who
    could still read a body would keep the connection, until the next collection of garbage.

    Raises:
        TooLarge: More has come than may, as the limit's `too_large`.
        TooSlow: It did not come in time, as its `too_slow`.
    """

    __slots__ = ("_began", "_is_whole", "_loop", "_receive", "_refusal", "limit", "size")

    def __init__(self, receive: Receive, limit: BodyLimit) -> None:
        self._receive = receive
        self.limit = limit
        self.size = 0
        """Bytes that have come."""
        self._refusal: Callable[[], Problem] | None = None
        self._loop = asyncio.get_running_loop()
        self._began: float | None = None
        self._is_whole = False

    async def __call__(self) -> Message:
        if self._is_whole:  # what is waited for now is that the client leaves
            return await self._receive()
        if self._refusal is not None:
            raise self._refusal()
        waiting = asyncio.timeout_at(self._due())
        try:
            async with waiting:
                message = await self._receive()
        except TimeoutError:
            if not waiting.expired():
                raise
            self._refusal = partial(self.limit.too_slow, most_seconds=self.limit.most_seconds)
            raise self._refusal() from None
        if message["type"] == "http.request":
            self.size += len(message.get("body", b""))
            if self.size > self.limit.most_bytes:
                self._refusal = partial(self.limit.too_large, most_bytes=self.limit.most_bytes)
                raise self._refusal()
            self._is_whole = not message.get("more_body", False)
        return message

    @property
    def problem(self) -> Problem | None:
        """Why no more of it is read; made anew each time."""
        return None if self._refusal is None else self._refusal()

    def _due(self) -> float:
        """When the next piece must be there. Time begins with the first look: how late that is, is not the client's."""
        now, limit = self._loop.time(), self.limit
        if self._began is None:
            self._began = now
        earned = limit.seconds + self.size / limit.bytes_a_second
        return min(self._began + min(earned, limit.most_seconds), now + limit.idle_seconds)


def metered(receive: Receive, limit: BodyLimit) -> Receive:
    """What receives within a limit; itself, where it does already."""
    if isinstance(receive, Metered) and receive.limit.most_bytes <= limit.most_bytes:
        return receive
    return Metered(receive, limit)


async def bounded_body(
    receive: Receive,
    most_bytes: int,
    *,
    refusal: type[TooLarge] = TooLarge,
    most_seconds: float = MOST_SECONDS,
) -> bytes:
    """All that the client sends.

    Raises:
        TooLarge: More than `most_bytes`, as `refusal`; no more of it is read.
        TooSlow: It was not all there after `most_seconds`.
        BodyIncomplete: The client has gone.
    """
    return await whole_body(
        metered(
            receive, BodyLimit(most_bytes, most_seconds, most_seconds, idle_seconds=most_seconds, too_large=refusal)
        )
    )


async def whole_body(receive: Receive) -> bytes:
    """All that comes of something bounded.

    Raises:
        BodyIncomplete: The client has gone.
    """
    chunks, is_more = [], True
    while is_more:
        message = await receive()
        if message["type"] != "http.request":
            raise BodyIncomplete
        chunks.append(message.get("body", b""))
        is_more = message.get("more_body", False)
    return b"".join(chunks)
