"""Answers in JSON, encoded once, and sent so that caches may share exactly what everybody may see."""

from collections.abc import Mapping
from typing import Final

import msgspec

from threadly.core.asgi import Receive, Scope, Send, entity_tag, has_session, headers_by_name, is_known

PRIVATE: Final = "private, no-store"

_BODILESS: Final = {204, 304}
_encoder: Final = msgspec.json.Encoder()


class Bytes:
    """A finished answer: an ASGI application, and what Litestar takes from a handler of exceptions."""

    __slots__ = ("body", "head", "headers", "status")

    def __init__(self, status: int, body: bytes, headers: Mapping[str, str], *, head: bool = False) -> None:
        self.status = status
        self.body = body
        self.headers = headers
        self.head = head

    def to_asgi_response(self, **_: object) -> "Bytes":
        """Itself."""
        return self

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = [(name.encode(), value.encode("latin-1")) for name, value in self.headers.items()]
        if self.status not in _BODILESS:
            headers.append((b"content-length", b"%d" % len(self.body)))
        await send({"type": "http.response.start", "status": self.status, "headers": headers})
        await send({"type": "http.response.body", "body": b"" if self.head else self.body})


def shared(scope: Scope, content: msgspec.Struct | bytes, headers: Mapping[str, str]) -> Bytes:
    """What everybody may see: kept by caches as `headers` say, with an ETag; 304 for who has it already.

    Who has a session gets it whole and private.
    """
    body = content if isinstance(content, bytes) else _encoder.encode(content)
    head = scope["method"] == "HEAD"
    if has_session(scope):
        return Bytes(200, body, {**headers, "cache-control": PRIVATE}, head=head)
    tag = entity_tag(body)
    sent = {**headers, "etag": tag, "vary": "cookie"}
    if is_known(tag, _if_none_match(scope)):
        del sent["content-type"]
        return Bytes(304, b"", sent)
    return Bytes(200, body, sent, head=head)


def private(status: int, content: msgspec.Struct | None, *, head: bool = False) -> Bytes:
    """What one caller may see, and no cache keeps; nothing at all is a 204."""
    if content is None:
        return Bytes(204, b"", {"cache-control": PRIVATE})
    headers = {"content-type": "application/json", "cache-control": PRIVATE}
    return Bytes(status, _encoder.encode(content), headers, head=head)


def _if_none_match(scope: Scope) -> str | None:
    found = [value.decode("latin-1") for value in headers_by_name(scope).all(b"if-none-match")]
    return ",".join(found) if found else None
