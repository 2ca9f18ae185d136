"""Who calls: the session whose token a call carries."""

from threadly import entrance
from threadly.core.asgi import Scope, has_session
from threadly.core.auth import Actor, SignInNeeded
from threadly.wiring import Services


async def signed_in(services: Services, scope: Scope) -> Actor:
    """Who calls, by `Authorization: Bearer <token>` or, where that is not sent, by the site's cookie.

    Raises:
        SignInNeeded: Nobody, or by a token that is not good or not any longer.
    """
    token = entrance.by_header(services, scope)
    actor = await entrance.recognised(services, scope, token) if token else None
    if actor is None:
        raise SignInNeeded
    return actor


def knows_caller(scope: Scope) -> bool:
    """Whether a call claims to be somebody's. Says nothing about whether the claim is good."""
    return has_session(scope) or entrance.bearer(scope) is not None
