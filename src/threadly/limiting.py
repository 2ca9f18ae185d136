"""Under which limits a request is: by the tier of its route, by how much its route reads, and by whom it is.

Each address has a limit of its own (`WIDE`) for all it asks, which is spent before anything is looked up. Then whoever
shows a session, in the way that the face itself believes (`CALLER`), is kept apart by the member it belongs to, and all
others by their address. Guaranteed: a session that was made up gains nothing, and leaves nothing behind; of a flood of
them no more is looked up than `WIDE` lets in.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial
from typing import Any, Final

from threadly import entrance
from threadly.context import note_route
from threadly.core.asgi import ASGIApp, BodyLimit, Receive, Scope, Send
from threadly.core.auth import Actor
from threadly.core.observability.metrics.requests import METHODS
from threadly.core.security import NOTHING, Bodies
from threadly.core.security.limits import Asked, Limit, Limited, LimitReached, limit_reached
from threadly.tiers import WIDE, Tier
from threadly.wiring import Services

Refuse = Callable[[Scope, Exception], ASGIApp]

TIER: Final = "tier"
"""The option of a route by which it says its tier; or a tier for each of its methods."""
CALLER: Final = "caller"
"""The option by which it says whom it takes a request for (`entrance.Caller`), or for each of its methods. Without it,
as pages do, whom the cookie says."""
BODY: Final = "body"
"""The option by which it says how much of a body it reads; or a limit for each of its methods. Without it, nothing."""

_REPORT_COSTS: Final = 6
"""So that no address uses up the `MOST_A_MINUTE` of all."""

# Members of an enumeration are looked up by name at each use, which is more than to compare them.
_FILE, _PAGE, _GENERAL, _WEBHOOK, _AUTH = Tier.FILE, Tier.PAGE, Tier.GENERAL, Tier.WEBHOOK, Tier.AUTH


def body_limit(scope: Scope) -> BodyLimit:
    """That of a request that has been routed."""
    told = _said(scope["route_handler"].opt, BODY, scope["method"])
    return told if isinstance(told, BodyLimit) else NOTHING


def tier_of(options: Mapping[str, Any], method: str) -> Tier:
    """That of a route; a method that has not said is under the general one."""
    told = _said(options, TIER, method)
    return told if isinstance(told, Tier) else Tier.GENERAL


def caller_of(options: Mapping[str, Any], method: str) -> entrance.Caller:
    """By what a route knows who asks."""
    told: entrance.Caller | None = _said(options, CALLER, method)
    return entrance.by_cookie if told is None else told


def _said(options: Mapping[str, Any], name: str, method: str) -> Any:  # noqa: ANN401 - whatever a route says
    """What a route says by an option, for all of its methods or for this one."""
    told = options.get(name)
    return told.get(method) if isinstance(told, Mapping) else told


def middleware(services: Services, refuse: Refuse) -> Callable[..., Any]:
    """What stands around each route: what cannot be afforded goes no further."""
    return partial(
        Limited,
        limiter=services.limiter,
        first=partial(_of_address, services.limits[WIDE]),
        under=Under(services),
        refuse=refuse,
    )


def bodies(refuse: Refuse) -> Callable[..., Any]:
    """What stands within that: no more is read than the route does."""
    return partial(Bodies, limit=body_limit, refuse=refuse)


def noting(refuse: Refuse) -> Refuse:
    """Refuses as `refuse` does what has been routed, once it is noted at which route."""

    def refused(scope: Scope, failure: Exception) -> ASGIApp:
        note_route(scope["path_template"], scope["path_params"])
        return refuse(scope, failure)

    return refused


def refusing(services: Services, refuse: Refuse) -> Refuse:
    """Refuses as `refuse` does, and counts what has been refused before any route was found against its address.

    An answer that says that nothing is there is drawn as well: whoever asks for a great many is told so, more cheaply.
    """
    first = partial(_of_address, services.limits[WIDE])

    async def under(_: Scope) -> Sequence[Asked]:
        return ()

    def refused(scope: Scope, failure: Exception) -> ASGIApp:
        if "route_handler" in scope:
            return refuse(scope, failure)

        async def answer(scope: Scope, receive: Receive, send: Send) -> None:
            await refuse(scope, failure)(scope, receive, send)

        return Limited(answer, limiter=services.limiter, first=first, under=under, refuse=refuse)

    return refused


def reports(services: Services) -> Callable[[Scope], Awaitable[bool]]:
    """Whether one more report of an address is read: so that nobody uses up what all may send together."""
    general, wide = services.limits[Tier.GENERAL], services.limits[WIDE]

    async def may(scope: Scope) -> bool:
        address = entrance.network(scope)
        verdict = await services.limiter.spend(
            Asked(general, f"reports {address}", _REPORT_COSTS), Asked(wide, address)
        )
        return not verdict.is_refused

    return may


async def reached(services: Services, actor: Actor, tier: Tier) -> LimitReached | None:
    """Counts what only its content has shown to be under this tier; what refuses it, if it is too much."""
    verdict = await services.limiter.spend(Asked(services.limits[tier], _of(actor)))
    return limit_reached(verdict) if verdict.is_refused else None


class Under:
    """The limits of a request that has been routed, beyond what its address has in all."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._limits = services.limits
        self._by_route: dict[tuple[object, str], tuple[Tier, entrance.Caller]] = {}
        """What each route itself says, by method."""

    async def __call__(self, scope: Scope) -> Sequence[Asked]:
        route, method = scope["route_handler"], scope["method"]
        said = self._by_route.get((route, method))
        if said is None:
            said = (tier_of(route.opt, method), caller_of(route.opt, method))
            if method in METHODS:  # a client may make up as many as it likes
                self._by_route[route, method] = said
        tier, caller = said
        if tier is _FILE:
            return ()
        token = None if tier is _WEBHOOK else caller(self._services, scope)
        actor = await entrance.recognised(self._services, scope, token) if token else None
        if actor is not None:
            own = Asked(self._limits[_GENERAL if tier is _PAGE else tier], _of(actor))
            return (own, Asked(own.limit, entrance.network(scope))) if tier is _AUTH else (own,)
        return () if tier is _PAGE else (Asked(self._limits[tier], entrance.network(scope)),)


def _of(actor: Actor) -> str:
    return f"member {actor.id.hex}"  # which takes a third of the time of `str`


def _of_address(limit: Limit, scope: Scope) -> Asked:
    return Asked(limit, entrance.network(scope))
