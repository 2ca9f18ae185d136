"""Events are found by kind, member, network and time, in pages, by indexes."""

from datetime import timedelta
from uuid import UUID

import asyncpg
import pytest
from sqlalchemy import text

from tests.statements import sent_to
from threadly.core import clock
from threadly.core.audit.events.queries import Wanted, search, totals
from threadly.core.database import Database
from threadly.core.database.guard.scans import scans_for

MEMBER = UUID(int=7)
MANY = """
    INSERT INTO security_events
    SELECT now() - n / 4 * interval '10 minutes',
        (ARRAY['limit_hit', 'sign_in_failed', 'csp_violation', 'body_refused'])[n % 4 + 1],
        md5(n::text), 2, now(), now(), lpad(to_hex(n % 100), 32, '0')::uuid, '10.0.' || n % 200 || '.0/24', '{}'
    FROM generate_series(1, 20000) n
"""


@pytest.fixture
async def busy(owner: Database) -> None:
    """20,000 rows, four in ten minutes."""
    async with owner.engine.begin() as connection:
        await connection.execute(text(MANY))
        await connection.execute(text("ANALYZE security_events"))


@pytest.mark.usefixtures("busy")
@pytest.mark.parametrize(
    ("wanted", "rows"),
    [
        (Wanted(), 20_000),
        (Wanted(kind="limit_hit"), 5_000),
        (Wanted(actor_id=MEMBER), 200),
        (Wanted(network="10.0.7.0/24"), 100),
        (Wanted(accounts=["ab12"]), 0),
        (Wanted(actor_id=MEMBER, kind="body_refused"), 200),
    ],
)
async def test_pages_follow_each_other_and_meet_each_row_once(db: Database, wanted: Wanted, rows: int) -> None:
    seen = []
    async with db.read() as read:
        page = await search(read, wanted, limit=3_000)
        while page:
            seen += [row.key for row in page]
            page = await search(read, wanted, before=page[-1].key, limit=3_000)
    assert len(set(seen)) == rows
    as_sorted = sorted(seen, key=lambda key: (key.window_at, key.kind, key.fingerprint), reverse=True)
    assert seen == as_sorted


@pytest.mark.usefixtures("busy")
async def test_nothing_reads_all_of_ten_thousand_rows(db: Database, owner_url: str) -> None:
    hour = clock.now() - timedelta(hours=1)
    with sent_to(db) as sent:
        async with db.read() as read:
            for wanted in (
                Wanted(),
                Wanted(kind="limit_hit"),
                Wanted(actor_id=MEMBER),
                Wanted(network="10.0.7.0/24"),
                Wanted(since=hour),
            ):
                (*_, last) = await search(read, wanted, limit=20)
                await search(read, wanted, before=last.key, limit=20)
            told = await totals(read, Wanted(since=hour))
    assert sum(total.count for total in told) in range(40, 60)
    connection = await asyncpg.connect(owner_url)
    assert await scans_for(connection, sent) == []
    await connection.close()


@pytest.mark.usefixtures("busy")
async def test_kinds_are_totalled(db: Database) -> None:
    async with db.read() as read:
        told = await totals(read, Wanted())
    assert [(total.kind, total.count, total.subjects) for total in told] == [
        ("body_refused", 10_000, 5_000), ("csp_violation", 10_000, 5_000), ("limit_hit", 10_000, 5_000),
        ("sign_in_failed", 10_000, 5_000),
    ]  # fmt: skip
