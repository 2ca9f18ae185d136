"""Hearts, in JSON."""

from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from threadly.api.endpoints import reads, writes
from threadly.api.listings import CardOut, card
from threadly.core.auth import Actor
from threadly.core.database import CursorRejected
from threadly.marketplace import favourites, storefront
from threadly.marketplace.favourites import Hearts, OwnListing
from threadly.marketplace.listings import ListingNotFound, ListingStatus
from threadly.tiers import Tier
from threadly.wiring import Services

_LISTING = UUID("0197f2a0-4d5e-7c3b-9a1f-2b6c8d7e9f01")


class FavouritesAsked(msgspec.Struct, frozen=True, kw_only=True):
    """From where on."""

    cursor: (
        Annotated[
            str,
            Meta(
                min_length=1,
                max_length=512,
                pattern="^[A-Za-z0-9_-]+$",
                description="The `next` of the page before; it belongs to the member whose list it is.",
            ),
        ]
        | None
    ) = None


class FavouriteOut(msgspec.Struct, frozen=True, kw_only=True):
    """A listing that you love. It stays in the list when it is reserved or sold."""

    listing: CardOut
    status: ListingStatus
    favourites: Annotated[int, Meta(ge=0, description="How many members love it.")]


class FavouritesOut(msgspec.Struct, frozen=True, kw_only=True):
    """A page of what you love, the latest first."""

    items: tuple[FavouriteOut, ...]
    next: Annotated[str | None, Meta(description="The `cursor` of the page after this one; null on the last.")]


class HeartsOut(msgspec.Struct, frozen=True, kw_only=True):
    """The hearts of a listing, as you see them."""

    listing_id: UUID
    favourites: Annotated[int, Meta(ge=0, description="How many members love it.")]
    is_mine: Annotated[bool, Meta(description="Whether yours is one of them.")]


@writes(
    "/listings/{listing_id:uuid}/favourite",
    method="PUT",
    tier=Tier.GENERAL,
    id="add_favourite",
    tag="Favourites",
    summary="Give a listing your heart",
    refuses=(ListingNotFound, OwnListing),
    example=HeartsOut(listing_id=_LISTING, favourites=3, is_mine=True),
)
async def add(services: Services, actor: Actor, listing_id: UUID) -> HeartsOut:
    """Gives a listing your heart. If it has it already, nothing changes, and the answer is the same."""
    return _hearts(await services.db.run(favourites.add, member_id=actor.id, listing_id=listing_id))


@writes(
    "/listings/{listing_id:uuid}/favourite",
    method="DELETE",
    tier=Tier.GENERAL,
    id="remove_favourite",
    tag="Favourites",
    summary="Take your heart back",
    refuses=(ListingNotFound,),
    example=HeartsOut(listing_id=_LISTING, favourites=2, is_mine=False),
)
async def remove(services: Services, actor: Actor, listing_id: UUID) -> HeartsOut:
    """Takes your heart back from a listing. If it has none of yours, nothing changes, and the answer is the same."""
    return _hearts(await services.db.run(favourites.remove, member_id=actor.id, listing_id=listing_id))


@reads(
    "/me/favourites",
    id="find_favourites",
    tag="Favourites",
    summary="What you love",
    private=True,
    refuses=(CursorRejected,),
)
async def mine(services: Services, actor: Actor, asked: FavouritesAsked) -> FavouritesOut:
    """A page of the listings that you gave your heart, the latest first."""
    async with services.db.read() as read:
        page = await storefront.favourites_of(read, actor.id, services.cursors, after=asked.cursor)
    items = [
        FavouriteOut(listing=card(each, services.media_at), status=each.status, favourites=each.favourites)
        for each in page.items
    ]
    return FavouritesOut(items=tuple(items), next=page.next)


def _hearts(hearts: Hearts) -> HeartsOut:
    return HeartsOut(listing_id=hearts.listing_id, favourites=hearts.count, is_mine=hearts.mine)
