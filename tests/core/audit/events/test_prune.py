"""What is older than is wanted is forgotten, and nothing else."""

from datetime import timedelta

from sqlalchemy import text

from threadly.core.audit.events.prune import forget
from threadly.core.audit.events.queries import Wanted, search
from threadly.core.database import Database

ROWS = """
    INSERT INTO security_events SELECT now() - n * interval '1 day', 'limit_hit', 'a', 1, now(), now(), NULL, NULL, '{}'
    FROM generate_series(0, 99) n
"""


async def test_the_old_are_forgotten_and_the_new_kept(db: Database) -> None:
    async with db.engine.begin() as connection:
        await connection.execute(text(ROWS))
    assert await db.run(forget, older_than=timedelta(days=90)) in {9, 10}
    assert await db.run(forget, older_than=timedelta(days=90)) == 0
    async with db.read() as read:
        assert len(await search(read, Wanted(), limit=1000)) in {90, 91}
