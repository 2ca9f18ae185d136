"""Under which limits a request is: by the tier of its route, by how much its route reads, and by whom it is.

Whoever shows a session is kept apart by it, and where a limit is exact, by the member it belongs to; all others by
their address. A session that was made up gains nothing: its address has a limit of its own (`WIDE`) for all it asks,
and that is what is asked of it where no route answers.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial
from hashlib import blake2b
from typing import Any, Final

from threadly import entrance
from threadly.context import note_route
from threadly.core.asgi import ASGIApp, BodyLimit, Receive, Scope, Send
from threadly.core.auth import Actor
from threadly.core.observability.metrics.requests import METHODS
from threadly.core.security import NOTHING, Bodies
from threadly.core.security.limits import Asked, Limited, LimitReached, limit_reached
from threadly.tiers import EXACT, WIDE, Tier
from threadly.wiring import Services

Refuse = Callable[[Scope, Exception], ASGIApp]

TIER: Final = "tier"
"""The option of a route by which it says its tier; or a tier for each of its methods."""
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


def _said(options: Mapping[str, Any], name: str, method: str) -> object:
    """What a route says by an option, for all of its methods or for this one."""
    told = options.get(name)
    return told.get(method) if isinstance(told, Mapping) else told


def middleware(services: Services, refuse: Refuse) -> Callable[..., Any]:
    """What stands around each route: what cannot be afforded goes no further."""
    return partial(Limited, limiter=services.limiter, under=Under(services), refuse=refuse, untold=frozenset({WIDE}))


def bodies(refuse: Refuse) -> Callable[..., Any]:
    """What stands within that: no more is read than the route does."""
    return partial(Bodies, limit=body_limit, refuse=refuse)


def noting(services: Services, refuse: Refuse) -> Refuse:
    """Refuses as `refuse` does what has been routed, once it is noted at which route, and whom where that is known."""

    def refused(scope: Scope, failure: Exception) -> ASGIApp:
        note_route(scope["path_template"], scope["path_params"])
        entrance.note_known(services, scope)
        return refuse(scope, failure)

    return refused


def refusing(services: Services, refuse: Refuse) -> Refuse:
    """Refuses as `refuse` does, and counts what has been refused before any route was found against its address.

    An answer that says that nothing is there is drawn as well: whoever asks for a great many is told so, more cheaply.
    """
    wide = services.limits[WIDE]

    async def under(scope: Scope) -> Sequence[Asked]:
        return (Asked(wide, entrance.network(scope)),)

    def refused(scope: Scope, failure: Exception) -> ASGIApp:
        if "route_handler" in scope:
            return refuse(scope, failure)

        async def answer(scope: Scope, receive: Receive, send: Send) -> None:
            await refuse(scope, failure)(scope, receive, send)

        return Limited(answer, limiter=services.limiter, under=under, refuse=refuse, untold=frozenset({WIDE}))

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
    """The limits of a request that has been routed."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._limits = services.limits
        self._wide = services.limits[WIDE]
        self._tiers: dict[tuple[object, str], Tier] = {}
        """What each route has said, by itself and method."""

    async def __call__(self, scope: Scope) -> Sequence[Asked]:
        asked = (scope["route_handler"], scope["method"])
        tier = self._tiers.get(asked)
        if tier is None:
            tier = tier_of(asked[0].opt, asked[1])
            if asked[1] in METHODS:  # a client may make up as many as it likes
                self._tiers[asked] = tier
        address = entrance.network(scope)
        wide = Asked(self._wide, address)
        if tier is _FILE:
            return (wide,)
        token = entrance.token_of(self._services, scope)
        if tier is _PAGE:
            if not token:
                return (wide,)
            tier = _GENERAL
        limit = self._limits[tier]
        if not token or tier is _WEBHOOK:
            return (Asked(limit, address), wide)
        if tier not in EXACT:
            return (Asked(limit, f"session {_digest(token)}"), wide)
        actor = await entrance.recognised(self._services, scope, token)
        own = Asked(limit, address if actor is None else _of(actor))
        if tier is _AUTH and actor is not None:
            return (Asked(limit, address), own, wide)
        return (own, wide)


def _of(actor: Actor) -> str:
    return f"member {actor.id}"


def _digest(token: str) -> str:
    """Not the token: keys are read by whoever looks into the store."""
    return blake2b(token.encode(), digest_size=12).hexdigest()
