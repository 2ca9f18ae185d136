"""Refusals that are events are recorded, by the nearest class that is named; all others are not."""

from typing import Any
from uuid import uuid4

import pytest

from tests.core.security.events.keeping import Kept, recorder
from threadly.core.asgi import BodyIncomplete
from threadly.core.errors import Conflict, Forbidden, NotFound, Problem, TooLarge, TooSlow
from threadly.core.security import CrossOriginRefused, HostUnknown
from threadly.core.security.events import (
    IN_CORE,
    BodyRefused,
    CsrfViolation,
    LimitHit,
    Noticing,
    PermissionRefused,
    SecurityEvent,
    UnknownHost,
)
from threadly.core.security.limits import LimitReached

MEMBER = uuid4()
NET = "203.0.113.0/24"
SCOPE: dict[str, Any] = {"type": "http", "client": ("203.0.113.9", 4711)}


class NotYours(Forbidden):
    """It is another's."""

    code = "test_not_yours"


@pytest.mark.parametrize(
    ("problem", "event"),
    [
        (LimitReached(limit="auth"), LimitHit(limit="auth", network=NET, actor_id=MEMBER)),
        (CrossOriginRefused(), CsrfViolation(network=NET, actor_id=MEMBER)),
        (HostUnknown(), UnknownHost(network=NET, actor_id=MEMBER)),
        (NotYours(), PermissionRefused(code="test_not_yours", network=NET, actor_id=MEMBER)),
        (TooLarge(), BodyRefused(code="too_large", network=NET, actor_id=MEMBER)),
        (TooSlow(), BodyRefused(code="too_slow", network=NET, actor_id=MEMBER)),
        (NotFound(), None),
        (Conflict(), None),
        (BodyIncomplete(), None),
        (Problem(), None),
        (ValueError(), None),
    ],
)
def test_a_refusal_is_the_event_that_it_is(problem: Exception, event: SecurityEvent | None) -> None:
    events = recorder(Kept())
    notice = Noticing(events, IN_CORE, member=lambda: MEMBER)
    for _ in range(2):
        notice(SCOPE, problem)
    assert [(told, seen.count) for (_, told), seen in events._seen.items()] == ([(event, 2)] if event else [])


def test_without_its_scope_nobody_knows_from_where_it_came() -> None:
    events = recorder(Kept())
    Noticing(events, IN_CORE, member=lambda: None)(None, CrossOriginRefused())
    assert [told for _, told in events._seen] == [CsrfViolation()]
