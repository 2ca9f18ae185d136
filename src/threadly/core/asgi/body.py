"""The body of a request, whole, and bounded in bytes and in time."""

import asyncio
from typing import Final

from threadly.core.asgi.types import Receive
from threadly.core.errors import Invalid, TooLarge, TooSlow

MOST_SECONDS: Final = 20.0
"""For all of a body; what takes longer is an upload (`core.uploads`)."""


class BodyIncomplete(Invalid):
    """The client left before it had sent all of its request."""

    code = "body_incomplete"
    title = "This request ended too early."


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
    try:
        async with asyncio.timeout(most_seconds):
            return await _whole(receive, most_bytes, refusal)
    except TimeoutError:
        raise TooSlow(most_seconds=most_seconds) from None


async def _whole(receive: Receive, most_bytes: int, refusal: type[TooLarge]) -> bytes:
    chunks, size, is_more = [], 0, True
    while is_more:
        message = await receive()
        if message["type"] != "http.request":
            raise BodyIncomplete
        chunk = message.get("body", b"")
        size += len(chunk)
        if size > most_bytes:
            raise refusal(most_bytes=most_bytes)
        chunks.append(chunk)
        is_more = message.get("more_body", False)
    return b"".join(chunks)
