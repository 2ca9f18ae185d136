"""What the tests of selling stand on: a catalogue to choose from, a seller, and a draft that could be published."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import func, select, update

from tests.making import THEN, a_member
from threadly.core.database import Database, Tx
from threadly.marketplace import catalog, listings, media
from threadly.marketplace.catalog import Brand, Condition, Size
from threadly.marketplace.listings import Changes, Listing, ListingPicture, ListingPrice, ListingStatus
from threadly.marketplace.media import Kept

WHOLE = Changes(
    title="Linen summer dress",
    description="Worn twice, from a home without smoke.",
    price_minor=24_50,
    category="women/clothing/dresses",
    condition=Condition.VERY_GOOD,
    brand="Arket",
    colour="navy",
    material="linen",
)


@dataclass(frozen=True, slots=True)
class Seller:
    """A member who sells, and what they do."""

    db: Database
    id: UUID

    async def drafts(self, changes: Changes = WHOLE, *, pictures: int = 1) -> UUID:
        """A draft with these facts and so many pictures."""
        id = (await self.db.run(listings.draft, changes, seller_id=self.id, currency="EUR")).id
        for _ in range(pictures):
            await self.db.run(listings.add_picture, seller_id=self.id, listing_id=id, kept=await self.sends())
        return id

    async def sends(self) -> Kept:
        """A picture that has just been stored."""
        kept = Kept(name=uuid4().hex, width=640, height=800, placeholder="data:image/webp;base64,AA")
        await self.db.run(media.note, kept.name)
        return kept

    async def sells(self, changes: Changes = WHOLE, *, pictures: int = 1) -> UUID:
        """A listing on sale."""
        id = await self.drafts(changes, pictures=pictures)
        await self.db.run(listings.publish, seller_id=self.id, listing_id=id)
        return id


async def a_seller(db: Database) -> Seller:
    """A member, in a shop with the whole catalogue."""
    await db.run(catalog.install)
    return Seller(db, (await a_member(db)).id)


async def a_size(db: Database, system: str, label: str) -> UUID:
    """The id of a size."""
    async with db.read() as read:
        statement = select(Size.id).where(Size.system == system, Size.label == label)
        return (await read.execute(statement)).scalar_one()


async def row(db: Database, id: UUID) -> dict[str, Any]:
    """A listing as it stands in its table."""
    async with db.read() as read:
        return dict((await read.execute(select(*Listing.__table__.columns).where(Listing.id == id))).mappings().one())


async def shown(db: Database, id: UUID) -> list[tuple[int, UUID, str]]:
    """The pictures of a listing, in order."""
    columns = (ListingPicture.position, ListingPicture.picture_id, ListingPicture.alt)
    async with db.read() as read:
        statement = select(*columns).where(ListingPicture.listing_id == id).order_by(ListingPicture.position)
        return [(position, picture, alt) for position, picture, alt in await read.execute(statement)]


async def prices(db: Database, id: UUID) -> Sequence[int]:
    """What a listing has cost, from its first day on."""
    async with db.read() as read:
        statement = select(ListingPrice.price_minor).where(ListingPrice.listing_id == id).order_by(ListingPrice.id)
        return (await read.execute(statement)).scalars().all()


async def count(db: Database, table: type[Listing] | type[Brand] | type[ListingPrice] = Listing) -> int:
    """How many rows there are."""
    async with db.read() as read:
        return (await read.execute(select(func.count()).select_from(table))).scalar_one()


async def settle(db: Database, id: UUID, status: ListingStatus) -> None:
    """Reserves or sells, as buying will."""
    sold_at = THEN if status is ListingStatus.SOLD else None

    async def change(tx: Tx) -> None:
        await tx.execute(update(Listing).where(Listing.id == id).values(status=status, sold_at=sold_at))

    await db.run(change)
