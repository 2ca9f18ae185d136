"""Rows of all workers become one, and what is none is refused."""

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from threadly.core.audit.events import EventStore
from threadly.core.audit.events.queries import Wanted, search
from threadly.core.database import Database, constraint_of
from threadly.core.security.events import Row

THEN = datetime(2026, 3, 1, 12, tzinfo=UTC)
MEMBER = uuid4()
ROW = (
    "INSERT INTO security_events VALUES"
    " (now(), 'limit_hit', {fingerprint}, {count}, now(), {last}, NULL, NULL, {facts})"
)
LONG = "jsonb_build_object('a', (SELECT string_agg(md5(n::text), '') FROM generate_series(1, 200) n))"


def a_row(fingerprint: str, *, at: datetime = THEN, count: int = 1) -> Row:
    return Row(
        window_at=THEN, kind="limit_hit", fingerprint=fingerprint, count=count, first_at=at, last_at=at,
        actor_id=MEMBER, network="192.0.2.0/24", facts={"limit": "auth"},
    )  # fmt: skip


async def test_workers_that_count_the_same_add_up_and_do_not_block_each_other(db: Database) -> None:
    store = EventStore(db)
    names = [f"{number:02}" for number in range(50)]
    batches = [
        [a_row(name, at=THEN + timedelta(seconds=worker), count=2) for name in (names if worker % 2 else names[::-1])]
        for worker in range(4)
    ]
    await asyncio.gather(*(store.add(batch) for batch in batches))

    async with db.read() as read:
        found = await search(read, Wanted(), limit=1000)
    assert [row.fingerprint for row in found] == sorted(names, reverse=True)
    assert {(row.count, row.first_at, row.last_at) for row in found} == {(8, THEN, THEN + timedelta(seconds=3))}
    assert {(row.actor_id, row.network, row.facts["limit"]) for row in found} == {(MEMBER, "192.0.2.0/24", "auth")}


@pytest.mark.parametrize(
    ("broken", "values"),
    [
        ("ck_security_events_counts", {"count": "0"}),
        ("ck_security_events_counts", {"last": "now() - interval '1 s'"}),
        ("ck_security_events_lengths", {"fingerprint": "repeat('x', 65)"}),
        ("ck_security_events_lengths", {"facts": LONG}),
    ],
)
async def test_a_row_that_breaks_a_rule_is_refused(db: Database, broken: str, values: dict[str, str]) -> None:
    statement = ROW.format(**{"fingerprint": "'a'", "count": "1", "last": "now()", "facts": "'{}'"} | values)
    with pytest.raises(IntegrityError) as refusal:
        async with db.engine.begin() as connection:
            await connection.execute(text(statement))
    assert constraint_of(refusal.value) == broken
    async with db.read() as read:
        assert await search(read, Wanted()) == []
