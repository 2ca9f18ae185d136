"""The pictures of a listing: which, in which order, and what is to be seen on them.

Guaranteed: whoever changes them holds the listing's lock, so there are never more than ten, no two in one place, and no
gap between; a picture that is named must be one of this listing's.
"""

from collections.abc import Mapping, Sequence
from typing import Literal
from uuid import UUID

import msgspec
from sqlalchemy import delete, insert, select

from threadly.core import clock
from threadly.core.database import Tx
from threadly.core.errors import FieldsRefused
from threadly.marketplace import media
from threadly.marketplace.listings import policy
from threadly.marketplace.listings.errors import ListingPictureNotFound
from threadly.marketplace.listings.models import Listing, ListingPicture, ListingStatus
from threadly.marketplace.listings.owned import editable
from threadly.marketplace.media import Kept


class Shown(msgspec.Struct, frozen=True):
    """A picture of a listing."""

    picture_id: UUID
    alt: str


async def add_picture(tx: Tx, *, seller_id: UUID, listing_id: UUID, kept: Kept) -> UUID:
    """Shows a picture that has just been stored, after those that are there; its id.

    Raises:
        ListingNotFound, ListingOfAnother, ListingSettled, ListingRemoved: As `listings.edit`.
        PicturesBusy: As `media.add`.
        FieldsRefused: It would be the eleventh, or it is there already.
    """
    listing = await editable(tx, seller_id=seller_id, listing_id=listing_id)
    picture = await media.add(tx, seller_id, kept)
    there = await _shown(tx, listing_id)
    refused = policy.pictures(len(there) + 1, whole=False)
    if any(shown.picture_id == picture.id for shown in there):
        refused = policy.PICTURE_REPEATED
    if refused is not None:
        raise FieldsRefused(refusals={"pictures": refused})
    tx.add(ListingPicture(listing_id=listing_id, position=len(there) + 1, picture_id=picture.id, alt=""))
    await _touched(tx, listing)
    return picture.id


async def remove_picture(tx: Tx, *, seller_id: UUID, listing_id: UUID, picture_id: UUID) -> int:
    """Shows a picture no more; how many remain. The last one of what is on sale stays.

    Raises:
        ListingNotFound, ListingOfAnother, ListingSettled, ListingRemoved: As `listings.edit`.
        ListingPictureNotFound: The listing does not show it.
        FieldsRefused: It is the last of what is on sale.
    """
    listing = await editable(tx, seller_id=seller_id, listing_id=listing_id)
    there = await _shown(tx, listing_id)
    remaining = [shown for shown in there if shown.picture_id != picture_id]
    if len(remaining) == len(there):
        raise ListingPictureNotFound(listing_id=listing_id, picture_id=picture_id)
    refused = policy.pictures(len(remaining), whole=listing.status is ListingStatus.AVAILABLE)
    if refused is not None:
        raise FieldsRefused(refusals={"pictures": refused})
    await _show(tx, listing, remaining)
    return len(remaining)


async def order_pictures(tx: Tx, *, seller_id: UUID, listing_id: UUID, order: Sequence[UUID]) -> None:
    """Shows the pictures in this order, the first as the cover.

    Raises:
        ListingNotFound, ListingOfAnother, ListingSettled, ListingRemoved: As `listings.edit`.
        FieldsRefused: The order does not name each picture of the listing once, and nothing else.
    """
    listing = await editable(tx, seller_id=seller_id, listing_id=listing_id)
    there = {shown.picture_id: shown for shown in await _shown(tx, listing_id)}
    if len(order) != len(there) or set(order) != there.keys():
        raise FieldsRefused(refusals={"order": policy.ORDER_INCOMPLETE})
    if list(order) != list(there):
        await _show(tx, listing, [there[picture_id] for picture_id in order])


async def move_picture(tx: Tx, *, seller_id: UUID, listing_id: UUID, picture_id: UUID, by: Literal[-1, 1]) -> None:
    """Shows a picture one place earlier (-1) or later (1); the first and the last stay where they are.

    Raises:
        ListingNotFound, ListingOfAnother, ListingSettled, ListingRemoved: As `listings.edit`.
        ListingPictureNotFound: The listing does not show it.
    """
    listing = await editable(tx, seller_id=seller_id, listing_id=listing_id)
    there = await _shown(tx, listing_id)
    place = next((at for at, shown in enumerate(there) if shown.picture_id == picture_id), None)
    if place is None:
        raise ListingPictureNotFound(listing_id=listing_id, picture_id=picture_id)
    if 0 <= (other := place + by) < len(there):
        there[place], there[other] = there[other], there[place]
        await _show(tx, listing, there)


async def describe_pictures(tx: Tx, *, seller_id: UUID, listing_id: UUID, alts: Mapping[UUID, str]) -> None:
    """Says what is to be seen on some of the pictures.

    Raises:
        ListingNotFound, ListingOfAnother, ListingSettled, ListingRemoved: As `listings.edit`.
        ListingPictureNotFound: The listing does not show one of them.
        FieldsRefused: Some words break a rule, each told as `alt-<the picture's id>`.
    """
    listing = await editable(tx, seller_id=seller_id, listing_id=listing_id)
    there = await _shown(tx, listing_id)
    for unknown in alts.keys() - {shown.picture_id for shown in there}:
        raise ListingPictureNotFound(listing_id=listing_id, picture_id=unknown)
    if refused := policy.all_alts(alts):
        raise FieldsRefused(refusals=refused)
    told = [Shown(shown.picture_id, alts.get(shown.picture_id, shown.alt)) for shown in there]
    if told != there:
        await _show(tx, listing, told)


async def _shown(tx: Tx, listing_id: UUID) -> list[Shown]:
    rows = await tx.execute(
        select(ListingPicture.picture_id, ListingPicture.alt)
        .where(ListingPicture.listing_id == listing_id)
        .order_by(ListingPicture.position)
    )
    return [Shown(picture_id, alt) for picture_id, alt in rows]


async def _show(tx: Tx, listing: Listing, shown: Sequence[Shown]) -> None:
    """All anew: at most ten rows, and no two ever in one place."""
    await tx.execute(delete(ListingPicture).where(ListingPicture.listing_id == listing.id))
    rows = [
        {"listing_id": listing.id, "position": position, "picture_id": each.picture_id, "alt": each.alt}
        for position, each in enumerate(shown, start=1)
    ]
    if rows:
        await tx.execute(insert(ListingPicture), rows)
    await _touched(tx, listing)


async def _touched(tx: Tx, listing: Listing) -> None:
    listing.updated_at = clock.now()
    await tx.flush()
