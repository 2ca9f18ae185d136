"""`/errors`: the failures that nobody foresaw, of all workers of a server or of one process by itself, as JSON.

Errors come before warnings, those seen last before others. Nothing in it is private, but it tells how the program is
built, so it is told on the private address alone.
"""

from collections.abc import Callable
from typing import Any, Final

import msgspec

from threadly.core.observability.errors import MOST_GROUPS, Group, Said, merged
from threadly.core.observability.private.listener import Answer, Asked, Handler

PATH: Final = "/errors"
_JSON: Final = "application/json"


def told(said: Callable[[], Said]) -> Handler:
    """Answers with what is said."""

    async def errors(_: Asked) -> Answer:
        now = merged((said(),), most=MOST_GROUPS)
        told = {"groups": [_told(group) for group in now.groups], "forgotten": now.forgotten, "dropped": now.dropped}
        return Answer(msgspec.json.format(msgspec.json.encode(told)), _JSON)

    return errors


def _told(group: Group) -> dict[str, Any]:
    return {
        "id": group.id,
        "level": group.level,
        "type": group.type,
        "where": group.where,
        "count": group.count,
        "first_seen": group.first_seen,
        "last_seen": group.last_seen,
        "release": group.release,
        "sample": group.sample,
    }
