"""Who calls: the session whose token a call carries."""

from typing import Final

from threadly.context import note_member
from threadly.core.asgi import Scope, has_session
from threadly.core.auth import Actor, SignInNeeded, sessions
from threadly.wiring import Services

_SCHEME: Final = "bearer"


async def signed_in(services: Services, scope: Scope) -> Actor:
    """Who calls, by `Authorization: Bearer <token>` or, where that is not sent, by the site's cookie.

    Raises:
        SignInNeeded: Nobody, or by a token that is not good or not any longer.
    """
    token = _bearer(scope)
    if token is None:
        token = services.session_cookie.read(scope)
    actor = await sessions.recognised(services.db, token, settings=services.settings.auth) if token else None
    if actor is None:
        raise SignInNeeded
    note_member(actor.id)
    return actor


def knows_caller(scope: Scope) -> bool:
    """Whether a call claims to be somebody's. Says nothing about whether the claim is good."""
    return has_session(scope) or _bearer(scope) is not None


def _bearer(scope: Scope) -> str | None:
    """The token of the header; "" if it holds something else, so that no cookie is looked at instead."""
    for name, value in scope["headers"]:
        if name == b"authorization":
            scheme, _, token = value.decode("latin-1").partition(" ")
            return token.strip() if scheme.lower() == _SCHEME else ""
    return None
