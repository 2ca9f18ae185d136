"""Looks into the audit log, newest first."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import select, tuple_

from threadly.core.audit.models import AuditRow
from threadly.core.database import ReadSession


class Recorded(msgspec.Struct, frozen=True, kw_only=True):
    """An act, as it was recorded."""

    id: int
    at: datetime
    act: str
    actor: str
    cause: str
    target: str
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    request_id: str | None


async def search(
    read: ReadSession,
    *,
    actor: str | None = None,
    target: str | None = None,
    act: str | None = None,
    since: datetime | None = None,
    before: tuple[datetime, int] | None = None,
    limit: int = 50,
) -> Sequence[Recorded]:
    """One page; `before` is time and id of the last row above."""
    statement = (
        select(
            AuditRow.id, AuditRow.at, AuditRow.act, AuditRow.actor, AuditRow.cause, AuditRow.target,
            AuditRow.before, AuditRow.after, AuditRow.request_id,
        )
        .order_by(AuditRow.at.desc(), AuditRow.id.desc())
        .limit(limit)
    )  # fmt: skip
    for column, wanted in ((AuditRow.actor, actor), (AuditRow.target, target), (AuditRow.act, act)):
        if wanted is not None:
            statement = statement.where(column == wanted)
    if since is not None:
        statement = statement.where(AuditRow.at >= since)
    if before is not None:
        statement = statement.where(tuple_(AuditRow.at, AuditRow.id) < before)
    return [Recorded(**row) for row in (await read.execute(statement)).mappings()]
