"""The first thing a request meets: addresses and headers that no honest client sends go no further."""

from collections.abc import Callable
from typing import Final

from threadly.core.asgi.types import ASGIApp, Receive, Scope, Send
from threadly.core.errors import Problem, TooLarge

MOST_URL_BYTES: Final = 8 * 1024
MOST_HEADER_BYTES: Final = 16 * 1024
MOST_HEADERS: Final = 64


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


class Bounds:
    """Refuses addresses over 8 KiB, and headers that are over 16 KiB together or over 64.

    Args:
        refuse: Makes the answer that says so.
    """

    def __init__(self, app: ASGIApp, *, refuse: Callable[[Scope, Problem], ASGIApp]) -> None:
        self.app = app
        self._refuse = refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and (problem := _problem(scope)) is not None:
            await self._refuse(scope, problem)(scope, receive, send)
            return
        await self.app(scope, receive, send)


def _problem(scope: Scope) -> Problem | None:
    path = scope.get("raw_path") or scope["path"]
    if len(path) + len(scope["query_string"]) > MOST_URL_BYTES:
        return UrlTooLong(most_bytes=MOST_URL_BYTES)
    headers = scope["headers"]
    if len(headers) > MOST_HEADERS or sum([len(name) + len(value) for name, value in headers]) > MOST_HEADER_BYTES:
        return HeadersTooLarge(most_bytes=MOST_HEADER_BYTES, most_headers=MOST_HEADERS)
    return None
