"""How endpoints are declared: what they take and refuse stands in one place, is enforced, and is the documentation.

    @reads("/listings", id="find_listings", tag="Listings", summary="…", refuses=(CategoryNotFound,), kept_for=10)
    async def find(services: Services, asked: ListingsAsked) -> ListingsOut: ...

A read is an ASGI application that Litestar only routes to. Its dependency injection, guards and responses would cost a
page of listings 130 µs, a fifth of the whole, for nothing that a read needs. Writes are ordinary handlers (`bodies`).
"""

import re
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Final, TypeAlias, cast, get_type_hints
from uuid import UUID

import msgspec
from litestar import HttpMethod
from litestar.exceptions import MethodNotAllowedException
from litestar.handlers import ASGIRouteHandler, HTTPRouteHandler
from litestar.types import ASGIApp as LitestarApp
from litestar.types import Scope as LitestarScope

from threadly.api.answers import Bytes, shared
from threadly.api.parameters import Parameters
from threadly.core.asgi import Receive, Scope, Send, parse_query
from threadly.core.errors import NotFound, Problem
from threadly.wiring import Services

RouteHandler: TypeAlias = ASGIRouteHandler | HTTPRouteHandler
Reads: TypeAlias = Callable[..., Awaitable[msgspec.Struct]]

PLACEHOLDER: Final = re.compile(r"\{(\w+):(\w+)\}")
_ALLOWED: Final = {"allow": "GET, HEAD, OPTIONS"}


class Endpoint:
    """A GET, with its HEAD and OPTIONS, of something public; and all that the documentation says of it."""

    def __init__(
        self,
        function: Reads,
        path: str,
        *,
        id: str,
        tag: str,
        summary: str,
        kept_for: int,
        refuses: Sequence[type[Problem]],
        example: msgspec.Struct | None,
    ) -> None:
        hints = get_type_hints(function)
        self.function = function
        self.path = path
        self.id = id
        self.tag = tag
        self.summary = summary
        self.kept_for = kept_for
        self.refuses = tuple(refuses)
        self.example = example
        self.answer: type[msgspec.Struct] = hints["return"]
        self.asked: Parameters[Any] | None = Parameters(hints["asked"]) if "asked" in hints else None

    def route(self, services: Services) -> RouteHandler:
        """The endpoint on these services, for Litestar."""
        function, asked, has_place = self.function, self.asked, PLACEHOLDER.search(self.path) is not None
        headers = {"content-type": "application/json", "cache-control": f"public, max-age={self.kept_for}"}

        async def answer(scope: Scope) -> Bytes:
            given = _place(scope) if has_place else {}
            if asked is not None:
                given["asked"] = asked.read(scope["query_string"])
            else:
                parse_query(scope["query_string"], ())
            return shared(scope, await function(services, **given), headers)

        return _route(self.path, answer)


def fixed(path: str, content: bytes, headers: dict[str, str]) -> RouteHandler:
    """A route to something that never changes while the process lives; its query is not looked at."""

    async def answer(scope: Scope) -> Bytes:
        return shared(scope, content, headers)

    return _route(path, answer)


def _route(path: str, answer: Callable[[Scope], Awaitable[Bytes]]) -> RouteHandler:
    if PLACEHOLDER.search(path):
        # Litestar (2.25) fails to read the place in the path of an ASGI route; this costs 60 µs more.
        async def find(scope: LitestarScope) -> LitestarApp:
            return cast("LitestarApp", await answer(cast("Scope", scope)))

        return HTTPRouteHandler(path, http_method=[HttpMethod.GET, HttpMethod.HEAD])(find)

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        method = scope.get("method", "")  # a WebSocket has none
        found = await answer(scope) if method in {"GET", "HEAD"} else _other(method)
        await found(scope, receive, send)

    return ASGIRouteHandler(path, copy_scope=False)(cast("LitestarApp", app))


def reads(
    path: str,
    *,
    id: str,
    tag: str,
    summary: str,
    kept_for: int,
    refuses: Sequence[type[Problem]] = (),
    example: msgspec.Struct | None = None,
) -> Callable[[Reads], Endpoint]:
    """Declares an endpoint: a coroutine that takes the services, what the path names, and what is asked.

    Its parameter `asked` is a struct of query parameters (see `Parameters`); without one, none is taken.

    Args:
        path: Below the prefix; `{name:uuid}` stands for an id.
        id: The operation's name in the documentation and in generated clients.
        kept_for: Seconds for which caches may keep an answer.
        refuses: What it raises beyond what every endpoint may.
        example: An answer, for the documentation.
    """

    def declare(function: Reads) -> Endpoint:
        return Endpoint(
            function,
            path,
            id=id,
            tag=tag,
            summary=summary,
            kept_for=kept_for,
            refuses=refuses,
            example=example,
        )

    return declare


def _other(method: str) -> Bytes:
    if method == "OPTIONS":
        return Bytes(204, b"", _ALLOWED)
    raise MethodNotAllowedException(headers=_ALLOWED)


def _place(scope: Scope) -> dict[str, Any]:
    """What the path names. An id has one spelling: others that `UUID` reads (braces, no hyphens) name nothing."""
    place: dict[str, Any] = dict(scope["path_params"])
    segments = scope["path"].lower().split("/")
    for value in place.values():
        if isinstance(value, UUID) and str(value) not in segments:
            raise NotFound
    return place
