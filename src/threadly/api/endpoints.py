"""How endpoints are declared: what they take and refuse stands in one place, is enforced, and is the documentation.

    @reads("/listings", id="find_listings", tag="Listings", summary="…", refuses=(CategoryNotFound,), kept_for=10)
    async def find(services: Services, asked: ListingsAsked) -> ListingsOut: ...

    @reads("/me/listings", id="find_own_listings", tag="Listings", summary="…", private=True)
    async def mine(services: Services, actor: Actor) -> MyListingsOut: ...

    @writes("/listings", method="POST", tier=Tier.GENERAL, id="make_listing", tag="Listings", summary="…", status=201)
    async def make(services: Services, actor: Actor, data: ListingIn) -> ListingOut: ...

What an endpoint is given follows from its parameters: `asked` is a struct of query parameters (see `Parameters`),
`data` a struct that the JSON body is read as (see `bodies`), `actor` who has signed in (and without one, 401), `upload`
what reads the one file of a multipart/form-data body, under the name `picture`, once it is known that the caller may
send it; `user_agent` what the client calls itself; `network` where it is, as limits tell places apart; `onlooker` the
person who looks, if it is one, and nobody who has signed in; the rest is what the path names.

An endpoint is an ASGI application that Litestar only routes to. Its dependency injection, guards and responses would
cost a page of listings 130 µs, a fifth of the whole, for nothing that a read needs.
"""

import re
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import Any, Final, Literal, TypeAlias, cast, get_type_hints
from uuid import UUID

import msgspec
from litestar import HttpMethod
from litestar.exceptions import MethodNotAllowedException
from litestar.handlers import ASGIRouteHandler, HTTPRouteHandler
from litestar.types import ASGIApp as LitestarApp

from threadly import entrance
from threadly.api.answers import Bytes, private, shared
from threadly.api.bodies import BODY, reader
from threadly.api.callers import knows_caller, signed_in
from threadly.api.parameters import Parameters
from threadly.context import note_route
from threadly.core.asgi import BodyLimit, Receive, Scope, Send, headers_by_name, onlooker, parse_query
from threadly.core.errors import NotFound, Problem
from threadly.core.security import NOTHING
from threadly.core.uploads import UploadLimits, UploadMalformed, received
from threadly.tiers import Tier
from threadly.wiring import Services

RouteHandler: TypeAlias = ASGIRouteHandler | HTTPRouteHandler
Function: TypeAlias = Callable[..., Awaitable[msgspec.Struct | None]]
Answer: TypeAlias = Callable[[Scope, Receive], Awaitable[Bytes]]
Upload: TypeAlias = Callable[[], Awaitable[bytes]]
Options: TypeAlias = dict[str, dict[str, Any]]
"""What a route says of itself (`threadly.limiting`), for each of its methods."""
Method: TypeAlias = Literal["GET", "POST", "PUT", "PATCH", "DELETE"]

UPLOAD: Final = "picture"
"""The field of a form that holds the file."""

_ONE_FILE: Final = UploadLimits(files=1, fields=1)

PLACEHOLDER: Final = re.compile(r"\{(\w+):(\w+)\}")


class Endpoint(msgspec.Struct, frozen=True, kw_only=True):
    """One method of one path; and all that the documentation says of it."""

    function: Function
    path: str
    method: Method
    id: str
    tag: str
    summary: str
    status: int
    kept_for: int | None
    """Seconds for which anybody's caches may keep the answer; None: it is for one caller alone."""
    refuses: tuple[type[Problem], ...]
    example: msgspec.Struct | None
    body_example: msgspec.Struct | None
    body_limit: BodyLimit
    """How much of a body is read."""
    tier: Tier
    """Which limit it is under."""

    @property
    def answer(self) -> type[msgspec.Struct] | None:
        """What it answers with; None where there is nothing to say."""
        found = self._hints["return"]
        return None if found is type(None) else cast("type[msgspec.Struct]", found)

    @property
    def asked(self) -> Parameters[Any] | None:
        """What it takes in the query."""
        return Parameters(self._hints["asked"]) if "asked" in self._hints else None

    @property
    def body(self) -> type[msgspec.Struct] | None:
        """What it takes as JSON."""
        return self._hints.get("data")

    @property
    def needs_actor(self) -> bool:
        """Whether somebody must have signed in."""
        return "actor" in self._hints

    @property
    def caller(self) -> entrance.Caller:
        """Whose call it is taken for."""
        return entrance.by_header if self.needs_actor else entrance.nobody

    @property
    def takes_upload(self) -> bool:
        """Whether it takes a file."""
        return "upload" in self._hints

    @property
    def _hints(self) -> dict[str, Any]:
        return get_type_hints(self.function)

    def on(self, services: Services) -> Answer:
        """What answers, on these services."""
        function, asked, body, needs_actor = self.function, self.asked, self.body, self.needs_actor
        has_place, takes_agent = PLACEHOLDER.search(self.path) is not None, "user_agent" in self._hints
        takes_network = "network" in self._hints
        takes_upload, takes_onlooker = self.takes_upload, "onlooker" in self._hints
        read_body = None if body is None else reader(body, limit=self.body_limit)
        status, is_shared = self.status, self.kept_for is not None
        headers = {"content-type": "application/json", "cache-control": f"public, max-age={self.kept_for}"}

        async def answer(scope: Scope, receive: Receive) -> Bytes:
            given = _place(scope) if has_place else {}
            if asked is not None:
                given["asked"] = asked.read(scope["query_string"])
            else:
                parse_query(scope["query_string"], ())
            if needs_actor:
                given["actor"] = await signed_in(services, scope)
            if takes_onlooker:
                given["onlooker"] = None if knows_caller(scope) else onlooker(scope)
            if takes_agent:
                given["user_agent"] = headers_by_name(scope).text(b"user-agent")
            if takes_network:
                given["network"] = entrance.network(scope)
            if read_body is not None:
                given["data"] = await read_body(scope, receive)
            if takes_upload:
                given["upload"] = partial(_uploaded, scope, receive)
            content = await function(services, **given)
            if is_shared and content is not None:
                return shared(scope, content, headers)
            return private(status, content, head=scope["method"] == "HEAD")

        return answer


def routed(endpoints: Sequence[Endpoint], services: Services) -> list[RouteHandler]:
    """The endpoints on these services, for Litestar: one route for each path, whatever methods it has."""
    paths: dict[str, dict[str, Answer]] = {}
    options: dict[str, Options] = {}
    for endpoint in endpoints:
        answers = paths.setdefault(endpoint.path, {})
        if endpoint.method in answers:
            raise ValueError(f"{endpoint.method} {endpoint.path} is declared twice")
        answers[endpoint.method] = endpoint.on(services)
        told = options.setdefault(endpoint.path, {"tier": {}, "caller": {}, "body": {}})
        told["tier"][endpoint.method] = endpoint.tier
        told["caller"][endpoint.method] = endpoint.caller
        told["body"][endpoint.method] = endpoint.body_limit
    return [_route(path, answers, options[path]) for path, answers in paths.items()]


def fixed(path: str, content: bytes, headers: dict[str, str]) -> RouteHandler:
    """A route to something that never changes while the process lives; its query is not looked at."""

    async def answer(scope: Scope, _: Receive) -> Bytes:
        return shared(scope, content, headers)

    return _route(path, {"GET": answer}, {"tier": {"GET": Tier.FILE}})


def _route(path: str, answers: dict[str, Answer], options: Options) -> RouteHandler:
    if "GET" in answers:
        answers = _with_head(answers)
        options = {name: _with_head(told) for name, told in options.items()}
    allowed = {"allow": ", ".join(sorted([*answers, "OPTIONS"]))}

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        method = scope.get("method", "")  # a WebSocket has none
        note_route(scope.get("path_template"), scope.get("path_params", {}))
        answer = answers.get(method)
        found = _other(method, allowed) if answer is None else await answer(scope, receive)
        await found(scope, receive, send)

    if PLACEHOLDER.search(path):
        # Litestar (2.25) fails to read the place in the path of an ASGI route; this costs 60 µs more.
        async def find() -> LitestarApp:
            return cast("LitestarApp", app)

        return HTTPRouteHandler(
            path, http_method=[HttpMethod(method) for method in answers], status_code=200, opt=options
        )(find)
    return ASGIRouteHandler(path, copy_scope=False, opt=options)(cast("LitestarApp", app))


def _with_head(told: dict[str, Any]) -> dict[str, Any]:
    return told | {"HEAD": told["GET"]}


def reads(
    path: str,
    *,
    id: str,
    tag: str,
    summary: str,
    kept_for: int | None = None,
    private: bool = False,
    tier: Tier | None = None,
    refuses: Sequence[type[Problem]] = (),
    example: msgspec.Struct | None = None,
) -> Callable[[Function], Endpoint]:
    """Declares a GET, with its HEAD and OPTIONS: a coroutine that looks something up.

    Args:
        path: Below the prefix; `{name:uuid}` stands for an id.
        id: The operation's name in the documentation and in generated clients.
        kept_for: Seconds for which caches may keep an answer.
        private: The answer is for the caller alone; instead of `kept_for`.
        tier: Which limit it is under; if not said, that of pages, or the general one where it is private.
        refuses: What it raises beyond what every endpoint may.
        example: An answer, for the documentation.

    Raises:
        TypeError: It is both for everybody and for one caller, or neither.
    """
    if private is (kept_for is not None):
        raise TypeError(f"{path}: either private, or kept for some time")

    def declare(function: Function) -> Endpoint:
        if not private and "actor" in get_type_hints(function):
            raise TypeError(f"{path}: what is looked up for an actor is private")
        return Endpoint(
            function=function,
            path=path,
            method="GET",
            id=id,
            tag=tag,
            summary=summary,
            status=200,
            kept_for=kept_for,
            refuses=tuple(refuses),
            example=example,
            body_example=None,
            body_limit=NOTHING,
            tier=tier or (Tier.GENERAL if private else Tier.PAGE),
        )

    return declare


def writes(
    path: str,
    *,
    method: Method,
    tier: Tier,
    id: str,
    tag: str,
    summary: str,
    status: int = 200,
    refuses: Sequence[type[Problem]] = (),
    example: msgspec.Struct | None = None,
    body_example: msgspec.Struct | None = None,
    body_limit: BodyLimit = BODY,
) -> Callable[[Function], Endpoint]:
    """Declares a POST, PUT, PATCH or DELETE: a coroutine that changes something. No cache keeps its answer.

    Args:
        tier: Which limit it is under.
        status: Of the answer; a function that returns None answers 204.
        refuses: What it raises beyond what every endpoint may; that nobody has signed in goes without saying.
        body_example: A body, for the documentation.
        body_limit: How long a body may be; of one that takes a file, what a file needs.
    """

    def declare(function: Function) -> Endpoint:
        return Endpoint(
            function=function,
            path=path,
            method=method,
            id=id,
            tag=tag,
            summary=summary,
            status=204 if get_type_hints(function)["return"] is type(None) else status,
            kept_for=None,
            refuses=tuple(refuses),
            example=example,
            body_example=body_example,
            body_limit=_ONE_FILE.body if "upload" in get_type_hints(function) else body_limit,
            tier=tier,
        )

    return declare


def _other(method: str, allowed: dict[str, str]) -> Bytes:
    if method == "OPTIONS":
        return Bytes(204, b"", allowed)
    raise MethodNotAllowedException(headers=allowed)


async def _uploaded(scope: Scope, receive: Receive) -> bytes:
    expected = f"Send one file, as “{UPLOAD}”."
    try:
        async with received(scope, receive, _ONE_FILE, files={UPLOAD}) as upload:
            if len(upload.files) == 1 and not upload.fields:
                return await upload.files[0].read()
    except UploadMalformed as malformed:
        raise UploadMalformed(malformed.detail or expected, **malformed.facts) from None
    raise UploadMalformed(expected)


def _place(scope: Scope) -> dict[str, Any]:
    """What the path names. An id has one spelling: others that `UUID` reads (braces, no hyphens) name nothing."""
    place: dict[str, Any] = dict(scope["path_params"])
    segments = scope["path"].lower().split("/")
    for value in place.values():
        if isinstance(value, UUID) and str(value) not in segments:
            raise NotFound
    return place
