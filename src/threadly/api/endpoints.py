"""How endpoints are declared: what they take and refuse stands in one place, is enforced, and is the documentation.

@reads("/listings", id="find_listings", tag="Listings", refuses=(CategoryNotFound,), kept_for=10)
async def find(services: Given, asked: Asked[ListingsAsked]) -> ListingsOut: ...
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final, TypeAlias, TypeVar, get_type_hints
from uuid import UUID

import msgspec
from litestar import HttpMethod, route
from litestar.connection import ASGIConnection
from litestar.di import NamedDependency, Provide
from litestar.handlers import BaseRouteHandler, HTTPRouteHandler
from litestar.params import SkipValidation
from litestar.types import AnyCallable, Scope

from threadly.api.answers import Shared
from threadly.api.parameters import Parameters
from threadly.core.asgi import parse_query
from threadly.core.errors import NotFound, Problem
from threadly.wiring import Services

Given: TypeAlias = NamedDependency[SkipValidation[Services]]
"""What the application was built with."""

T = TypeVar("T")
Asked: TypeAlias = NamedDependency[SkipValidation[T]]
"""What the query string asks for, as the struct `T`."""


class Declared(msgspec.Struct, frozen=True, kw_only=True):
    """What the documentation must know of an endpoint beyond its signature."""

    asked: Parameters[Any] | None
    refuses: tuple[type[Problem], ...]
    example: object
    kept_for: int
    """Seconds for which caches may keep an answer."""


DECLARED: Final = "declared"


def reads(
    path: str,
    *,
    id: str,
    tag: str,
    summary: str,
    kept_for: int,
    refuses: Sequence[type[Problem]] = (),
    example: object = None,
) -> Callable[[AnyCallable], HTTPRouteHandler]:
    """Declares a GET, with its HEAD, of something public.

    A parameter `asked` of the function is a struct of query parameters (see `Parameters`); without one, none is taken.

    Args:
        id: The operation's name in the documentation and in generated clients.
        kept_for: Seconds for which caches may keep an answer.
        refuses: What it raises beyond what every endpoint may.
    """

    def declare(function: AnyCallable) -> HTTPRouteHandler:
        kind = get_type_hints(function).get("asked")
        asked = Parameters(kind) if kind is not None else None
        declared = Declared(asked=asked, refuses=tuple(refuses), example=example, kept_for=kept_for)
        handler = route(
            path,
            http_method=[HttpMethod.GET, HttpMethod.HEAD],
            operation_id=id,
            tags=[tag],
            summary=summary,
            opt={DECLARED: declared},
            response_class=Shared,
            response_headers={"cache-control": f"public, max-age={kept_for}"},
            dependencies={"asked": _provide(asked)} if asked is not None else None,
            guards=[_exact_path] if asked is not None else [_exact_path, _no_query],
        )
        return handler(function)

    return declare


def _provide(asked: Parameters[Any]) -> Provide:
    def read(scope: Scope, services: Given) -> Any:  # noqa: ANN401
        return asked.read(scope["query_string"])

    # It takes the services only to come after them: side by side, Litestar would start a task group, for 50 µs.
    return Provide(read, sync_to_thread=False)


# Guards are coroutines because Litestar sends plain functions to a thread, for 100 µs.


async def _no_query(connection: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler) -> None:
    parse_query(connection.scope["query_string"], ())


async def _exact_path(connection: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler) -> None:
    """An id has one spelling; what `UUID` also understands (braces, no hyphens, other digits) is no address of ours."""
    values: Iterable[object] = connection.scope["path_params"].values()  # Litestar types them as texts only
    for value in values:
        if isinstance(value, UUID) and str(value) not in connection.scope["path"].lower().split("/"):
            raise NotFound
