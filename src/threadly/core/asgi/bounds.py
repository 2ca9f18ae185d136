"""One of the first things a request meets: addresses and headers that no honest client sends go no further.

Guaranteed: inside, a body is sent in one way only, plain or in chunks, and as it is: whoever reads it need not inflate
anything, so no small body becomes a large one. Servers (hyper, h11) refuse lengths that contradict each other or are no
numbers, and take chunks where a length stands beside them; a proxy in front may have taken the length (request
smuggling). So behind a body in chunks the connection ends, and nobody reads what follows for another request.
"""

from collections.abc import Callable
from typing import Final

from threadly.core.asgi.headers import Headers, headers_by_name
from threadly.core.asgi.types import ASGIApp, Message, Receive, Scope, Send
from threadly.core.errors import Invalid, Problem, TooLarge, UnsupportedMediaType

MOST_URL_BYTES: Final = 8 * 1024
MOST_HEADER_BYTES: Final = 16 * 1024
MOST_HEADERS: Final = 64
_ENCODING: Final = b"content-encoding"
_LENGTH: Final = b"content-length"
_TRANSFER: Final = b"transfer-encoding"
_BODILY: Final = frozenset({_ENCODING, _LENGTH, _TRANSFER})
_DIGITS: Final = 18
_ENDLESS: Final = 10**_DIGITS


class UrlTooLong(TooLarge):
    """The address is longer than any of ours."""

    status = 414
    code = "url_too_long"
    title = "This address is longer than we read."


class HeadersTooLarge(TooLarge):
    """More headers, or longer ones, than browsers send."""

    status = 431
    code = "headers_too_large"
    title = "This request carries more headers, or longer ones, than we read."


class EncodingUnread(UnsupportedMediaType):
    """The body is compressed. It is not inflated, so nobody knows how large it would become."""

    code = "encoding_unread"
    title = "We read nothing that is compressed. Please send it as it is."


class FramingRefused(Invalid):
    """It is not certain where the body ends: two lengths, a length beside chunks, or an unknown way to send it."""

    code = "framing_refused"
    title = "We could not tell where this request ends, so nothing was done."


class Bounds:
    """Refuses addresses over 8 KiB, headers over 16 KiB together or over 64, and bodies that are not sent plainly.

    Args:
        refuse: Makes the answer that says so.
    """

    def __init__(self, app: ASGIApp, *, refuse: Callable[[Scope, Problem], ASGIApp]) -> None:
        self.app = app
        self._refuse = refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        path = scope.get("raw_path") or scope["path"]
        headers = scope["headers"]
        size = 0
        for name, value in headers:
            size += len(name) + len(value)
        sent = headers_by_name(scope)
        problem: Problem | None = None
        if len(path) + len(scope["query_string"]) > MOST_URL_BYTES:
            problem = UrlTooLong(most_bytes=MOST_URL_BYTES)
        elif len(headers) > MOST_HEADERS or size > MOST_HEADER_BYTES:
            problem = HeadersTooLarge(most_bytes=MOST_HEADER_BYTES, most_headers=MOST_HEADERS)
        elif _TRANSFER in sent or _ENCODING in sent or sent.repeated:
            problem, is_chunked = _unplain(sent)
            if is_chunked:
                send = closing(scope, send)
        if problem is None:
            await self.app(scope, receive, send)
        else:
            await self._refuse(scope, problem)(scope, receive, closing(scope, send))


def _unplain(sent: Headers) -> tuple[Problem | None, bool]:
    """What is wrong with how a body is sent, and whether it comes in chunks."""
    if not _BODILY.isdisjoint(sent.repeated):
        return FramingRefused(), _TRANSFER in sent or _TRANSFER in sent.repeated
    transfer = sent.get(_TRANSFER)
    if transfer is not None and (_LENGTH in sent or transfer.strip().lower() != b"chunked"):
        return FramingRefused(), True
    is_plain = sent.get(_ENCODING, b"identity").strip().lower() == b"identity"
    return None if is_plain else EncodingUnread(), transfer is not None


def length_of(scope: Scope) -> int | None:
    """What `Content-Length` says; None where there is none, or none that is a number. Beyond 18 digits all are one."""
    told = headers_by_name(scope).first(_LENGTH)
    if told is None or not told.isdigit():
        return None
    return int(told) if len(told) <= _DIGITS else _ENDLESS


def closing(scope: Scope, send: Send) -> Send:
    """Ends the connection behind the answer (HTTP/1; HTTP/2 ends a stream by itself): what follows is not read."""
    if not scope.get("http_version", "1.1").startswith("1"):
        return send

    async def sent(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = [pair for pair in message.get("headers", ()) if pair[0].lower() != b"connection"]
            message = {**message, "headers": [*headers, (b"connection", b"close")]}
        await send(message)

    return sent
