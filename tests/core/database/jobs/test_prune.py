"""The inbox forgets what is old, except what may still come again."""

from datetime import timedelta

from tests.core.database.jobs import shop
from tests.core.database.jobs.shop import Shop
from threadly.core.database import Database, Tx, inbox
from threadly.core.database.jobs import PruneInbox, Run, prune_inbox


async def receive(db: Database, consumer: str, message_id: str, *, days_ago: int) -> None:
    async def change(tx: Tx) -> None:
        await inbox.first_time(tx, consumer=consumer, message_id=message_id)

    await db.run(change)
    await shop.change(
        db,
        "UPDATE inbox SET received_at = now() - CAST(:age AS interval) WHERE message_id = :id",
        age=timedelta(days=days_ago),
        id=message_id,
    )


async def test_the_old_are_forgotten_and_the_new_and_those_of_living_jobs_kept(db: Database) -> None:
    await receive(db, "stripe", "old", days_ago=31)
    await receive(db, "stripe", "new", days_ago=29)
    await receive(db, "mail.sold", "1", days_ago=400)
    await receive(db, "mail.sold", "99", days_ago=400)
    await shop.change(
        db,
        "INSERT INTO jobs (name, payload, created_at, dead_at, last_error)"
        " VALUES ('mail.sold', '{}', now(), now(), 'oops')",
    )

    await prune_inbox(Shop(db), PruneInbox(), Run(1, "inbox.prune", 1))

    assert await shop.count(db, "inbox") == 2
    assert await shop.count(db, "inbox WHERE message_id IN ('new', '1')") == 2
