"""Looks for events, newest first, and counts them."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import ColumnElement, func, select, tuple_

from threadly.core.audit.events.models import EventRow
from threadly.core.database import ReadSession


class EventKey(msgspec.Struct, frozen=True, array_like=True):
    """Where a page ended."""

    window_at: datetime
    kind: str
    fingerprint: str


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """One row: a kind of event of one subject within one window."""

    window_at: datetime
    kind: str
    fingerprint: str
    count: int
    first_at: datetime
    last_at: datetime
    actor_id: UUID | None
    network: str | None
    facts: dict[str, Any]

    @property
    def key(self) -> EventKey:
        return EventKey(self.window_at, self.kind, self.fingerprint)


class Total(msgspec.Struct, frozen=True):
    """How often a kind has come, from how many subjects."""

    kind: str
    count: int
    subjects: int


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """Which events; what is None says nothing."""

    kind: str | None = None
    actor_id: UUID | None = None
    network: str | None = None
    since: datetime | None = None
    accounts: Collection[str] | None = None
    """Digests, of which any may stand for the account that was tried."""

    def conditions(self) -> list[ColumnElement[bool]]:
        """As the table says it."""
        same = ((EventRow.kind, self.kind), (EventRow.actor_id, self.actor_id), (EventRow.network, self.network))
        found: list[ColumnElement[bool]] = [column == value for column, value in same if value is not None]
        if self.since is not None:
            found.append(EventRow.window_at >= self.since)
        if self.accounts is not None:
            found.append(EventRow.facts["account"].astext.in_(self.accounts))
        return found


async def search(
    read: ReadSession, wanted: Wanted, *, before: EventKey | None = None, limit: int = 50
) -> Sequence[Found]:
    """One page; `before` is the key of the last row above."""
    key = (EventRow.window_at, EventRow.kind, EventRow.fingerprint)
    statement = (
        select(
            *key,
            EventRow.count,
            EventRow.first_at,
            EventRow.last_at,
            EventRow.actor_id,
            EventRow.network,
            EventRow.facts,
        )
        .where(*wanted.conditions())
        .order_by(*(column.desc() for column in key))
        .limit(limit)
    )
    if before is not None:
        statement = statement.where(tuple_(*key) < (before.window_at, before.kind, before.fingerprint))
    return [Found(**row) for row in (await read.execute(statement)).mappings()]


async def totals(read: ReadSession, wanted: Wanted) -> Sequence[Total]:
    """By kind, the most frequent first."""
    count = func.sum(EventRow.count)
    statement = (
        select(EventRow.kind, count, func.count(EventRow.fingerprint.distinct()))
        .where(*wanted.conditions())
        .group_by(EventRow.kind)
        .order_by(count.desc(), EventRow.kind)
    )
    return [Total(kind, int(came), subjects) for kind, came, subjects in await read.execute(statement)]
