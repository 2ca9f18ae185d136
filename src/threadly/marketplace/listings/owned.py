"""A seller's own listing: who may change it, and while it is what; locked, or looked at before something slow."""

from typing import Final
from uuid import UUID

import msgspec
from sqlalchemy import func, select

from threadly.core.database import ReadSession, Tx
from threadly.core.errors import FieldsRefused
from threadly.marketplace.listings import policy
from threadly.marketplace.listings.errors import ListingNotFound, ListingOfAnother, ListingRemoved, ListingSettled
from threadly.marketplace.listings.models import Listing, ListingPicture, ListingStatus

_SETTLED: Final = frozenset({ListingStatus.RESERVED, ListingStatus.SOLD})
_PUBLIC: Final = frozenset({ListingStatus.AVAILABLE, *_SETTLED})


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """Where a listing stands after something was done with it."""

    id: UUID
    status: ListingStatus
    version: int

    @classmethod
    def of(cls, listing: Listing) -> "Standing":
        """As it is now."""
        return cls(id=listing.id, status=listing.status, version=listing.version)


async def locked(tx: Tx, *, seller_id: UUID, listing_id: UUID) -> Listing:
    """The seller's listing, locked until the transaction ends.

    Raises:
        ListingNotFound: None, or a draft or removed one of somebody else.
        ListingOfAnother: One of somebody else that everybody sees.
    """
    # Hearts and views point at the listing meanwhile: nobody changes its key.
    found: Listing | None = await tx.scalar(
        select(Listing)
        .where(Listing.id == listing_id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise ListingNotFound(listing_id=listing_id)
    _refuse_others(listing_id, found.seller_id, found.status, seller_id)
    return found


async def editable(tx: Tx, *, seller_id: UUID, listing_id: UUID) -> Listing:
    """The same, if it is a draft or on sale.

    Raises:
        ListingNotFound, ListingOfAnother: As `locked`.
        ListingSettled: It is reserved or sold.
        ListingRemoved: It was removed.
    """
    listing = await locked(tx, seller_id=seller_id, listing_id=listing_id)
    _refuse_over(listing_id, listing.status)
    return listing


async def expect_edit(read: ReadSession, *, seller_id: UUID, listing_id: UUID) -> None:
    """Nothing, if `editable` would not refuse at this moment; it is asked again, and that counts. One statement.

    Raises: As `editable` does.
    """
    statement = select(Listing.seller_id, Listing.status).where(Listing.id == listing_id)
    found = (await read.execute(statement)).one_or_none()
    if found is None:
        raise ListingNotFound(listing_id=listing_id)
    _refuse_others(listing_id, found.seller_id, found.status, seller_id)
    _refuse_over(listing_id, found.status)


async def expect_picture(read: ReadSession, *, seller_id: UUID, listing_id: UUID) -> None:
    """The same of one picture more, before it is decoded and stored for nothing. Two statements.

    Raises:
        ListingNotFound, ListingOfAnother, ListingSettled, ListingRemoved: As `editable`.
        FieldsRefused: It would be the eleventh.
    """
    await expect_edit(read, seller_id=seller_id, listing_id=listing_id)
    there = await read.scalar(select(func.count()).where(ListingPicture.listing_id == listing_id)) or 0
    if (refused := policy.pictures(there + 1, whole=False)) is not None:
        raise FieldsRefused(refusals={"pictures": refused})


def _refuse_others(id: UUID, owner_id: UUID, status: ListingStatus, seller_id: UUID) -> None:
    if owner_id != seller_id:
        raise ListingOfAnother(listing_id=id) if status in _PUBLIC else ListingNotFound(listing_id=id)


def _refuse_over(id: UUID, status: ListingStatus) -> None:
    if status in _SETTLED:
        raise ListingSettled(listing_id=id)
    if status is ListingStatus.REMOVED:
        raise ListingRemoved(listing_id=id)
