"""Answers in JSON, encoded once, and sent so that caches may share exactly what everybody may see."""

from collections.abc import Iterable, Mapping
from typing import Any, Final, Generic, TypeVar, cast

import msgspec
from litestar import Request, Response
from litestar.datastructures import Cookie

from threadly.core.asgi import Receive, Scope, Send, entity_tag, has_session, is_known

T = TypeVar("T")

PRIVATE: Final = "private, no-store"
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
        headers.append((b"content-length", b"%d" % len(self.body)))
        await send({"type": "http.response.start", "status": self.status, "headers": headers})
        await send({"type": "http.response.body", "body": b"" if self.head else self.body})


class Shared(Response[T], Generic[T]):
    """What everybody may see: kept by caches, with an ETag; private for who has a session; 304 for who has it already.

    How long it is kept is the handler's `cache-control` header.
    """

    def to_asgi_response(  # type: ignore[override]  # Litestar wants an ASGI application, and types its own
        self,
        app: Any,  # noqa: ANN401
        request: Request[Any, Any, Any],
        *,
        headers: dict[str, str] | None = None,
        cookies: Iterable[Cookie] | None = None,
        **_: object,
    ) -> Bytes:
        body = self.content if isinstance(self.content, bytes) else _encoder.encode(self.content)
        head = request.scope["method"] == "HEAD"
        sent = {"content-type": self.media_type or "application/json", **(headers or {})}
        if has_session(cast("Scope", request.scope)):
            return Bytes(200, body, sent | {"cache-control": PRIVATE}, head=head)
        sent |= {"etag": (tag := entity_tag(body)), "vary": "cookie"}
        if is_known(tag, request.headers.get("if-none-match")):
            del sent["content-type"]
            return NotModified(sent)
        return Bytes(200, body, sent, head=head)


class NotModified(Bytes):
    """The asker has it already. Without a length: that of nothing would contradict that of the answer."""

    __slots__ = ()

    def __init__(self, headers: Mapping[str, str]) -> None:
        super().__init__(304, b"", headers)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = [(name.encode(), value.encode("latin-1")) for name, value in self.headers.items()]
        await send({"type": "http.response.start", "status": 304, "headers": headers})
        await send({"type": "http.response.body", "body": b""})
