"""Photos of one's listings, in JSON: added, described, removed, put in order."""

from uuid import UUID

from threadly.api.endpoints import Upload, writes
from threadly.api.selling import EDITED
from threadly.api.selling_shapes import OwnListingOut, PictureOrder, PictureWords, own_listing
from threadly.core.auth import Actor
from threadly.marketplace import listings, media
from threadly.marketplace.listings import ListingPictureNotFound
from threadly.tiers import Tier
from threadly.wiring import Services

UNTAKEN = (
    media.PictureRefused,
    media.PictureUnknown,
    media.PictureDamaged,
    media.PictureTooManyPixels,
    media.PictureTooLong,
    media.PictureTooDemanding,
    media.PictureTooLarge,
    media.PicturesUnused,
    media.PicturesOfDayReached,
    media.PictureBytesOfDayReached,
    media.PicturesReached,
    media.PictureBytesReached,
    media.PicturesBusy,
    media.PicturesUnstorable,
    media.PicturesOutOfSpace,
)
"""Why a picture is not taken."""


@writes(
    "/listings/{listing_id:uuid}/pictures",
    method="POST",
    tier=Tier.UPLOAD,
    id="add_picture",
    tag="Selling",
    summary="Add a photo",
    status=201,
    refuses=(*EDITED, *UNTAKEN),
)
async def add_picture(services: Services, actor: Actor, listing_id: UUID, upload: Upload) -> OwnListingOut:
    """Adds a JPEG, PNG, WebP, AVIF or HEIC of up to 10 MB and 50 megapixels. A listing has ten photos at most."""
    async with services.db.read() as read:  # whoever may not, is told before any of the file is read
        await listings.expect_picture(read, seller_id=actor.id, listing_id=listing_id)
    kept = await services.pictures.take(await upload(), by=actor.id)
    await services.db.run(listings.add_picture, seller_id=actor.id, listing_id=listing_id, kept=kept)
    return await own_listing(services, actor, listing_id)


@writes(
    "/listings/{listing_id:uuid}/pictures/{picture_id:uuid}",
    method="PATCH",
    tier=Tier.GENERAL,
    id="describe_picture",
    tag="Selling",
    summary="Describe a photo",
    refuses=(*EDITED, ListingPictureNotFound),
)
async def describe_picture(
    services: Services, actor: Actor, listing_id: UUID, picture_id: UUID, data: PictureWords
) -> OwnListingOut:
    """Says what the photo shows, for those who cannot see it."""
    alts = {picture_id: data.alt}
    await services.db.run(listings.describe_pictures, seller_id=actor.id, listing_id=listing_id, alts=alts)
    return await own_listing(services, actor, listing_id)


@writes(
    "/listings/{listing_id:uuid}/pictures/{picture_id:uuid}",
    method="DELETE",
    tier=Tier.GENERAL,
    id="remove_picture",
    tag="Selling",
    summary="Remove a photo",
    refuses=(*EDITED, ListingPictureNotFound),
)
async def remove_picture(services: Services, actor: Actor, listing_id: UUID, picture_id: UUID) -> OwnListingOut:
    """Takes a photo off a listing. The last photo of a listing that is on sale cannot be removed."""
    await services.db.run(listings.remove_picture, seller_id=actor.id, listing_id=listing_id, picture_id=picture_id)
    return await own_listing(services, actor, listing_id)


@writes(
    "/listings/{listing_id:uuid}/pictures/order",
    method="PUT",
    tier=Tier.GENERAL,
    id="order_pictures",
    tag="Selling",
    summary="Order the photos",
    refuses=EDITED,
)
async def order_pictures(services: Services, actor: Actor, listing_id: UUID, data: PictureOrder) -> OwnListingOut:
    """Puts the photos in this order; each must be named exactly once."""
    await services.db.run(listings.order_pictures, seller_id=actor.id, listing_id=listing_id, order=data.picture_ids)
    return await own_listing(services, actor, listing_id)


ENDPOINTS = (add_picture, describe_picture, remove_picture, order_pictures)
