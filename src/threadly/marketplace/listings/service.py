"""What sellers do to sell: draft, edit, publish. How it is taken away and comes back, is in `removal`.

Guaranteed: a refusal changes nothing, and names every wrong field at once; whatever is done twice at once is done once;
what is public is whole; each price that the public has seen is in `listing_prices`.
"""

from typing import Final
from uuid import UUID

from sqlalchemy import exists, select

from threadly.core import clock, ids
from threadly.core.database import Tx
from threadly.marketplace import catalog
from threadly.marketplace.listings.changing import change, remember_price
from threadly.marketplace.listings.models import Listing, ListingPicture, ListingStatus
from threadly.marketplace.listings.owned import Standing, editable
from threadly.marketplace.listings.policy import Changes
from threadly.marketplace.listings.removal import refuse_twice
from threadly.marketplace.members import Member

_NOTHING: Final = Changes()


async def draft(tx: Tx, changes: Changes = _NOTHING, *, seller_id: UUID, currency: str) -> Standing:
    """A new draft with what is known of it. With nothing: the one that the seller has begun and never touched, if there
    is one, however often and quickly they ask.

    Raises:
        FieldsRefused: With each field that breaks a rule. Nothing was begun then.
    """
    if changes != _NOTHING:
        listing = await _begun(tx, seller_id, currency)
        await change(tx, listing, changes, None, whole=False)
        return Standing.of(listing)
    await tx.execute(select(Member.id).where(Member.id == seller_id).with_for_update(key_share=True))
    pictured = exists().where(ListingPicture.listing_id == Listing.id)
    untouched = select(Listing).where(
        Listing.seller_id == seller_id,
        Listing.status == ListingStatus.DRAFT,
        Listing.version == 1,
        Listing.title == "",
        Listing.currency == currency,
        ~pictured,
    )
    found: Listing | None = await tx.scalar(untouched.order_by(Listing.created_at.desc()).limit(1))
    if found is None:
        return Standing.of(await _begun(tx, seller_id, currency))
    found.created_at = clock.now()
    await tx.flush()
    return Standing.of(found)


async def edit(tx: Tx, changes: Changes, *, seller_id: UUID, listing_id: UUID, version: int | None = None) -> Standing:
    """Changes a draft, or what is on sale. A draft may stay incomplete; what is on sale stays whole.

    Args:
        version: The one that the seller looked at; None: whichever it is.

    Raises:
        ListingNotFound, ListingOfAnother: It is not the seller's.
        ListingSettled, ListingRemoved: It cannot be changed now.
        ListingChanged: It has another version.
        FieldsRefused: With each field that breaks a rule.
    """
    listing = await editable(tx, seller_id=seller_id, listing_id=listing_id)
    await change(tx, listing, changes, version, whole=listing.status is ListingStatus.AVAILABLE)
    return Standing.of(listing)


async def publish(
    tx: Tx, changes: Changes = _NOTHING, *, seller_id: UUID, listing_id: UUID, version: int | None = None
) -> Standing:
    """Puts a draft on sale, with the last changes to it. What is on sale already is changed, and stays where it is.

    Raises:
        ListingOnSaleAlready: It was listed anew from what is back on sale.
        And what `edit` raises.
    """
    listing = await editable(tx, seller_id=seller_id, listing_id=listing_id)
    await change(tx, listing, changes, version, whole=True)
    if listing.status is ListingStatus.DRAFT:
        await refuse_twice(tx, listing)
        if listing.brand_name is not None:
            listing.brand_id = await catalog.brand_named(tx, listing.brand_name)
            listing.brand_name = None
        listing.status = ListingStatus.AVAILABLE
        listing.published_at = clock.now()
        listing.copy_of = None
        remember_price(tx, listing)
        await tx.flush()
    return Standing.of(listing)


async def rehearse(
    tx: Tx, changes: Changes = _NOTHING, *, seller_id: UUID, listing_id: UUID, version: int | None = None
) -> Standing:
    """Edits as `publish` would, and refuses what it would refuse, but puts nothing on sale."""
    listing = await editable(tx, seller_id=seller_id, listing_id=listing_id)
    await change(tx, listing, changes, version, whole=True)
    return Standing.of(listing)


async def _begun(tx: Tx, seller_id: UUID, currency: str) -> Listing:
    """A new draft that says nothing."""
    listing = Listing(
        id=ids.new(),
        seller_id=seller_id,
        status=ListingStatus.DRAFT,
        title="",
        description="",
        currency=currency,
        version=1,
    )
    tx.add(listing)
    await tx.flush()
    return listing
