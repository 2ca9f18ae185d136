"""A seller's own listing, locked: who may change it, and while it is what."""

from typing import Final
from uuid import UUID

from sqlalchemy import select

from threadly.core.database import Tx
from threadly.marketplace.listings.errors import ListingNotFound, ListingOfAnother, ListingRemoved, ListingSettled
from threadly.marketplace.listings.models import Listing, ListingStatus

_SETTLED: Final = frozenset({ListingStatus.RESERVED, ListingStatus.SOLD})
_PUBLIC: Final = frozenset({ListingStatus.AVAILABLE, *_SETTLED})


async def locked(tx: Tx, seller_id: UUID, id: UUID) -> Listing:
    """The seller's listing, locked until the transaction ends.

    Raises:
        ListingNotFound: None, or a draft or removed one of somebody else.
        ListingOfAnother: One of somebody else that everybody sees.
    """
    # Hearts and views point at the listing meanwhile: nobody changes its key.
    found: Listing | None = await tx.scalar(
        select(Listing)
        .where(Listing.id == id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    if found is None or (found.seller_id != seller_id and found.status not in _PUBLIC):
        raise ListingNotFound(listing_id=id)
    if found.seller_id != seller_id:
        raise ListingOfAnother(listing_id=id)
    return found


async def editable(tx: Tx, seller_id: UUID, id: UUID) -> Listing:
    """The same, if it is a draft or on sale.

    Raises:
        ListingNotFound, ListingOfAnother: As `locked`.
        ListingSettled: It is reserved or sold.
        ListingRemoved: It was removed.
    """
    listing = await locked(tx, seller_id, id)
    if listing.status in _SETTLED:
        raise ListingSettled(listing_id=id)
    if listing.status is ListingStatus.REMOVED:
        raise ListingRemoved(listing_id=id)
    return listing
