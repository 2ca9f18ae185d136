"""Under which limits a request is: by the tier of its route, and by whom it is.

Whoever shows a session is kept apart by it, and where a limit is exact, by the member it belongs to; all others by
their address. A session that was made up gains nothing: its address has a limit of its own (`WIDE`) for all it asks.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from hashlib import blake2b
from typing import Any, Final

from threadly import entrance
from threadly.core.asgi import ASGIApp, Scope
from threadly.core.errors import Problem
from threadly.core.security.limits import Asked, Limited, network_of
from threadly.tiers import EXACT, WIDE, Tier
from threadly.wiring import Services

TIER: Final = "tier"
"""The option of a route by which it says its tier; or a tier for each of its methods."""


def tier_of(options: Mapping[str, Any], method: str) -> Tier:
    """That of a route; a method that has not said is under the general one."""
    told = options.get(TIER)
    if isinstance(told, Mapping):
        told = told.get(method)
    return told if isinstance(told, Tier) else Tier.GENERAL


def middleware(services: Services, refuse: Callable[[Scope, Problem], ASGIApp]) -> Callable[..., Any]:
    """What stands around each route: what cannot be afforded goes no further."""
    under = Under(services)
    untold = frozenset({WIDE})
    return partial(Limited, limiter=services.limiter, under=under, refuse=refuse, untold=untold)


class Under:
    """The limits of a request that has been routed."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._limits = services.limits

    async def __call__(self, scope: Scope) -> Sequence[Asked]:
        tier = tier_of(scope["route_handler"].opt, scope["method"])
        client = scope.get("client")
        address = network_of(client[0] if client else "")
        wide = Asked(self._limits[WIDE], address)
        if tier is Tier.FILE:
            return (wide,)
        token = entrance.token_of(self._services, scope)
        if tier is Tier.PAGE:
            if not token:
                return (wide,)
            tier = Tier.GENERAL
        limit = self._limits[tier]
        if not token or tier is Tier.WEBHOOK:
            return (Asked(limit, address), wide)
        if tier not in EXACT:
            return (Asked(limit, f"session {_digest(token)}"), wide)
        actor = await entrance.recognised(self._services, scope, token)
        own = Asked(limit, address if actor is None else f"member {actor.id}")
        if tier is Tier.AUTH and actor is not None:
            return (Asked(limit, address), own, wide)
        return (own, wide)


def _digest(token: str) -> str:
    """Not the token: keys are read by whoever looks into the store."""
    return blake2b(token.encode(), digest_size=12).hexdigest()
