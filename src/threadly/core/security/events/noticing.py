"""Which refusals are events: a table of an application's problems, looked up where it answers them."""

from collections.abc import Callable, Mapping
from typing import Any, Final, TypeAlias
from uuid import UUID

from threadly.core.asgi import Scope
from threadly.core.errors import Forbidden, Problem, TooLarge, TooSlow
from threadly.core.security.concurrency import AtOnceReached
from threadly.core.security.csrf import CrossOriginRefused
from threadly.core.security.events.kinds import (
    BodyRefused,
    CsrfViolation,
    LimitHit,
    PermissionRefused,
    SecurityEvent,
    UnknownHost,
)
from threadly.core.security.events.networks import prefix_of
from threadly.core.security.events.recorder import SecurityEvents
from threadly.core.security.hosts import HostUnknown
from threadly.core.security.limits import LimitReached

Maker: TypeAlias = Callable[[Any, str | None, UUID | None], SecurityEvent]
"""Makes the event of a problem, with the network and the member that it came from."""

IN_CORE: Final[Mapping[type[Problem], Maker]] = {
    LimitReached: lambda it, net, who: LimitHit(limit=str(it.facts.get("limit")), network=net, actor_id=who),
    AtOnceReached: lambda it, net, who: LimitHit(limit=f"{it.facts.get('limit')}_at_once", network=net, actor_id=who),
    CrossOriginRefused: lambda _, net, who: CsrfViolation(network=net, actor_id=who),
    HostUnknown: lambda _, net, who: UnknownHost(network=net, actor_id=who),
    Forbidden: lambda it, net, who: PermissionRefused(code=it.code, network=net, actor_id=who),
    TooLarge: lambda it, net, who: BodyRefused(code=it.code, network=net, actor_id=who),
    TooSlow: lambda it, net, who: BodyRefused(code=it.code, network=net, actor_id=who),
}
"""What the problems of core are; a class stands also for those below it that are not named."""


class Noticing:
    """Records the refusals that are events; of all others, finding that out takes one look into a dictionary.

    Args:
        makers: By class of problem: `IN_CORE`, and the application's own.
        member: Who is known to be behind the request under way, without asking anybody.
    """

    def __init__(
        self, events: SecurityEvents, makers: Mapping[type[Problem], Maker], *, member: Callable[[], UUID | None]
    ) -> None:
        self._events = events
        self._makers = makers
        self._member = member
        self._known: dict[type[BaseException], Maker | None] = {}

    def __call__(self, scope: Scope | None, failure: BaseException) -> None:
        """Takes note of what a request is refused for; without its scope, nobody knows from where it came."""
        kind = type(failure)
        try:
            make = self._known[kind]
        except KeyError:
            make = self._known[kind] = next((self._makers[each] for each in kind.__mro__ if each in self._makers), None)
        if make is not None:
            self._events.record(make(failure, None if scope is None else network_of_client(scope), self._member()))


def network_of_client(scope: Scope) -> str | None:
    """The network that a request came from."""
    client = scope.get("client")
    return prefix_of(client[0]) if client else None
