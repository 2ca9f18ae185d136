"""The log is searched by actor, target, act and time, in pages, by indexes."""

from datetime import timedelta

import asyncpg
import pytest
from sqlalchemy import text

from tests.statements import sent_to
from threadly.core import clock
from threadly.core.audit import search
from threadly.core.database import Database
from threadly.core.database.guard.scans import scans_for

MANY = """
    INSERT INTO audit_log (at, act, actor, cause, target)
    SELECT now() - n * interval '1 minute', 'thing.done' || (n % 3), 'member ' || (n % 100), 'test',
        'listing ' || (n % 50)
    FROM generate_series(1, 20000) n;
"""


@pytest.fixture
async def long_log(owner: Database) -> None:
    """20,000 acts, one a minute."""
    async with owner.engine.begin() as connection:
        await connection.execute(text(MANY))
        await connection.execute(text("ANALYZE audit_log"))


@pytest.mark.usefixtures("long_log")
async def test_pages_follow_each_other_and_meet_every_act_once(db: Database) -> None:
    seen: list[int] = []
    before = None
    async with db.read() as read:
        while page := await search(read, actor="member 7", before=before, limit=60):
            seen += [act.id for act in page]
            before = (page[-1].at, page[-1].id)
            assert all(act.actor == "member 7" for act in page)
    assert len(seen) == len(set(seen)) == 200


@pytest.mark.usefixtures("long_log")
async def test_nothing_reads_all_of_ten_thousand_rows(db: Database, owner_url: str) -> None:
    since = clock.now() - timedelta(hours=2)
    with sent_to(db) as sent:
        async with db.read() as read:
            assert len(await search(read, limit=20)) == 20
            assert len(await search(read, actor="member 7", limit=20)) == 20
            assert len(await search(read, target="listing 3", limit=20)) == 20
            assert len(await search(read, act="thing.done1", limit=20)) == 20
            assert len(await search(read, since=since, limit=1000)) in {119, 120}
            (first, *_) = await search(read, limit=1)
            assert len(await search(read, before=(first.at, first.id), limit=20)) == 20
    connection = await asyncpg.connect(owner_url)
    assert await scans_for(connection, sent) == []
    await connection.close()
