"""Sessions that have ended by themselves are forgotten."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import cast
from uuid import uuid4

import time_machine
from sqlalchemy import select

from threadly.core.auth import AuthSettings, PruneSessions, prune_sessions, sessions
from threadly.core.auth.sessions import Session
from threadly.core.database import Database
from threadly.core.database.jobs import Run

THEN = datetime(2026, 3, 1, 12, tzinfo=UTC)


@dataclass(frozen=True)
class Context:
    """What the job works with."""

    db: Database


async def test_only_what_has_expired_goes(db: Database) -> None:
    settings, begun = AuthSettings(), []
    for days in (0, 1, 2):
        with time_machine.travel(THEN + timedelta(days=days), tick=False):
            begun.append(await db.run(sessions.issue, uuid4(), settings=settings))

    with time_machine.travel(THEN + settings.session_idle + timedelta(days=1), tick=False):
        await prune_sessions(Context(db), PruneSessions(), cast("Run", None))
    async with db.read() as read:
        left = (await read.execute(select(Session.id))).scalars().all()
    assert left == [begun[2].actor.session_id]
