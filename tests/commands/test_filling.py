"""How full a shop is; that an empty one is filled is seen by `./dev demo --check`."""

from tests.making import a_listing
from threadly.commands.filling import count
from threadly.core.database import Database
from threadly.marketplace.listings import ListingStatus


async def test_listings_count_in_any_state(db: Database) -> None:
    assert await count(db) == 0
    await a_listing(db)
    await a_listing(db, status=ListingStatus.DRAFT, published_at=None)
    assert await count(db) == 2
