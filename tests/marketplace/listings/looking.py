"""Who looks at listings, and how often that is counted."""

from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import select

from threadly.core.database import Database
from threadly.marketplace.listings import ListingViews
from threadly.marketplace.listings.audience import Audience

MORNING = datetime(2026, 3, 1, 8, tzinfo=UTC)


def looked(looks: Audience, id: UUID, who: str = "192.0.2.7", at: datetime = MORNING) -> None:
    """Somebody looks at a listing."""
    looks.saw(id, address=who, agent="Mozilla/5.0", at=at)


async def views(db: Database, id: UUID) -> int:
    """How often a listing was looked at."""
    async with db.read() as read:
        return await read.scalar(select(ListingViews.views).where(ListingViews.listing_id == id)) or 0
