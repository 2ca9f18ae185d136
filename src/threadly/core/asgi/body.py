"""The body of a request, whole and bounded."""

from threadly.core.asgi.types import Receive
from threadly.core.errors import Invalid, TooLarge


class BodyIncomplete(Invalid):
    """The client left before it had sent all of its request."""

    code = "body_incomplete"
    title = "This request ended too early."


async def bounded_body(receive: Receive, most_bytes: int, *, refusal: type[TooLarge] = TooLarge) -> bytes:
    """All that the client sends.

    Raises:
        TooLarge: More than `most_bytes`, as `refusal`; no more of it is read.
        BodyIncomplete: The client has gone.
    """
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
