"""How what is sold leaves, and comes back: removed, restored, listed again.

Guaranteed: what is removed keeps all that it has; a thing and its copies are never on sale twice.
"""

from typing import Final
from uuid import UUID

from sqlalchemy import func, literal, select
from sqlalchemy.dialects.postgresql import insert

from threadly.core import audit, clock, ids
from threadly.core.database import Tx
from threadly.marketplace.listings.errors import ListingNotOver, ListingOnSaleAlready, ListingSettled
from threadly.marketplace.listings.models import Listing, ListingPicture, ListingStatus
from threadly.marketplace.listings.owned import Standing, locked

_COPIED: Final = (
    "department_id", "group_id", "category_id", "brand_id", "brand_name", "size_id", "colour", "material", "condition",
    "title", "description", "price_minor", "currency",
)  # fmt: skip


class ListingRemoved(audit.Act):
    """A seller took what they sell, or a draft, out of sight."""

    name = "listing.removed"


class ListingRestored(audit.Act):
    """A seller brought back what was removed."""

    name = "listing.restored"


async def remove(tx: Tx, *, seller_id: UUID, listing_id: UUID) -> Standing:
    """Takes a draft, or what is on sale, out of sight. It keeps all that it has, until it is restored.

    Raises:
        ListingNotFound, ListingOfAnother: It is not the seller's.
        ListingSettled: It is reserved or sold.
    """
    listing = await locked(tx, seller_id=seller_id, listing_id=listing_id)
    if listing.status is ListingStatus.REMOVED:
        return Standing.of(listing)
    if listing.status in {ListingStatus.RESERVED, ListingStatus.SOLD}:
        raise ListingSettled(listing_id=listing_id)
    was, listing.status = listing.status, ListingStatus.REMOVED
    listing.removed_at = clock.now()
    listing.copy_of = None
    await tx.flush()
    await _record(tx, ListingRemoved, listing, was)
    return Standing.of(listing)


async def restore(tx: Tx, *, seller_id: UUID, listing_id: UUID) -> Standing:
    """Brings what was removed back to where it was: among the drafts, or on sale since the day it first was.

    It does not jump to the top of the newest: removing and restoring would else be a way to stand there every hour.

    Raises:
        ListingNotFound, ListingOfAnother: It is not the seller's.
        ListingOnSaleAlready: It was listed anew, and that is on sale.
    """
    listing = await locked(tx, seller_id=seller_id, listing_id=listing_id)
    if listing.status is ListingStatus.REMOVED:
        if listing.published_at is not None:
            await refuse_twice(tx, listing)
        was = listing.status
        listing.status = ListingStatus.DRAFT if listing.published_at is None else ListingStatus.AVAILABLE
        listing.removed_at = None
        await tx.flush()
        await _record(tx, ListingRestored, listing, was)
    return Standing.of(listing)


async def relist(tx: Tx, *, seller_id: UUID, listing_id: UUID) -> Standing:
    """A new draft with the facts and pictures of what was sold or removed; while that draft is open, the same again.

    Raises:
        ListingNotFound, ListingOfAnother: It is not the seller's.
        ListingNotOver: It is a draft, on sale or reserved.
    """
    old = await locked(tx, seller_id=seller_id, listing_id=listing_id)
    if old.status not in {ListingStatus.SOLD, ListingStatus.REMOVED}:
        raise ListingNotOver(listing_id=listing_id)
    open_copy: Listing | None = await tx.scalar(select(Listing).where(Listing.copy_of == listing_id))
    if open_copy is not None:
        return Standing.of(open_copy)
    facts = {name: getattr(old, name) for name in _COPIED}
    if old.status is ListingStatus.REMOVED:  # and can come back; what was sold cannot
        old.piece_id = facts["piece_id"] = old.piece_id or old.id
    facts |= {"status": ListingStatus.DRAFT, "version": 1, "copy_of": listing_id}
    copy = Listing(id=ids.new(), seller_id=seller_id, **facts)
    tx.add(copy)
    await tx.flush()
    columns = (ListingPicture.position, ListingPicture.picture_id, ListingPicture.alt)
    shown = select(literal(copy.id, Listing.id.type), *columns).where(ListingPicture.listing_id == listing_id)
    await tx.execute(insert(ListingPicture).from_select(("listing_id", "position", "picture_id", "alt"), shown))
    return Standing.of(copy)


async def _record(tx: Tx, act: type[audit.Act], listing: Listing, was: ListingStatus) -> None:
    await audit.record(
        tx,
        act,
        actor=audit.named("member", listing.seller_id),
        target=audit.named("listing", listing.id),
        before={"status": was},
        after={"status": listing.status},
    )


async def refuse_twice(tx: Tx, listing: Listing) -> None:
    """Refuses what is on sale in another listing. Of two that come at once, the second waits, and looks then."""
    if listing.piece_id is None:
        return
    await tx.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(str(listing.piece_id), 0))))
    same = (Listing.piece_id == listing.piece_id, Listing.id != listing.id)
    on_sale = Listing.status.in_((ListingStatus.AVAILABLE, ListingStatus.RESERVED))
    other_id = await tx.scalar(select(Listing.id).where(*same, on_sale))
    if other_id is not None:
        raise ListingOnSaleAlready(listing_id=listing.id, other_id=other_id)
