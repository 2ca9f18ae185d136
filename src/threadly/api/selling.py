"""Selling, in JSON: drafts, publishing, and what one sells. Photos are in `photos`."""

from uuid import UUID

from msgspec import UNSET

from threadly.api.endpoints import reads, writes
from threadly.api.selling_shapes import (
    ChoicesOut,
    ListingChanges,
    ListingDraft,
    OwnListingOut,
    OwnListingsAsked,
    OwnListingsOut,
    OwnTotalsOut,
    own_card,
    own_listing,
)
from threadly.core.auth import Actor
from threadly.core.database import CursorRejected
from threadly.core.errors import FieldsRefused
from threadly.marketplace import catalog, listings, storefront
from threadly.marketplace.catalog import Condition
from threadly.marketplace.listings import (
    ListingChanged,
    ListingNotFound,
    ListingNotOver,
    ListingOfAnother,
    ListingOnSaleAlready,
    ListingRemoved,
    ListingSettled,
)
from threadly.tiers import Tier
from threadly.wiring import Services

MINE = (ListingNotFound, ListingOfAnother)
"""Why a listing is not the caller's to change."""

EDITED = (*MINE, ListingSettled, ListingRemoved, FieldsRefused)
"""Why an edit is refused."""


@reads("/choices", id="get_choices", tag="Selling", summary="What to choose from", kept_for=60)
async def choices(services: Services) -> ChoicesOut:
    """Conditions, colours, materials and sizes. Categories have an endpoint of their own."""
    async with services.db.read() as read:
        found = await catalog.choices(read)
    return ChoicesOut(
        conditions=tuple(Condition),
        colours=found.colours,
        materials=found.materials,
        sizes=found.sizes,
        size_systems=found.size_systems,
    )


@reads(
    "/me/listings",
    id="find_own_listings",
    tag="Selling",
    summary="What you sell",
    private=True,
    refuses=(CursorRejected,),
)
async def mine(services: Services, actor: Actor, asked: OwnListingsAsked) -> OwnListingsOut:
    """Your listings that are for sale, in draft, sold or removed; those begun last come first."""
    async with services.db.read() as read:
        page = await storefront.shelf(
            read, actor.id, asked.shelf, services.cursors, after=asked.cursor, limit=asked.limit
        )
    return OwnListingsOut(items=tuple([own_card(card, services.media_at) for card in page.items]), next=page.next)


@reads("/me/totals", id="get_own_totals", tag="Selling", summary="What you sell, in figures", private=True)
async def totals(services: Services, actor: Actor) -> OwnTotalsOut:
    """How many listings you have of each kind, and how many hearts and views they were given."""
    async with services.db.read() as read:
        found = await storefront.totals(read, actor.id)
    shelves = {shelf.value: count for shelf, count in found.shelves.items()}
    return OwnTotalsOut(**shelves, favourites=found.hearts, views=found.views)


@reads(
    "/me/listings/{listing_id:uuid}",
    id="get_own_listing",
    tag="Selling",
    summary="A listing of your own",
    private=True,
    refuses=(ListingNotFound,),
)
async def own(services: Services, actor: Actor, listing_id: UUID) -> OwnListingOut:
    """A listing of your own, whatever its status, as you can edit it."""
    return await own_listing(services, actor, listing_id)


@writes(
    "/listings",
    method="POST",
    tier=Tier.GENERAL,
    id="draft_listing",
    tag="Selling",
    summary="Begin a draft",
    status=201,
    refuses=(FieldsRefused,),
)
async def draft(services: Services, actor: Actor, data: ListingDraft) -> OwnListingOut:
    """Begins a draft, which may be incomplete and which nobody else sees. Each request begins a new one: the same facts
    sent twice are two drafts. An empty object `{}` answers with the last draft begun so and never touched, if any."""
    currency = services.settings.site.currency
    begun = await services.db.run(listings.draft, data.changes(), seller_id=actor.id, currency=currency)
    return await own_listing(services, actor, begun.id)


@writes(
    "/listings/{listing_id:uuid}",
    method="PATCH",
    tier=Tier.GENERAL,
    id="edit_listing",
    tag="Selling",
    summary="Edit a listing",
    refuses=(*EDITED, ListingChanged),
)
async def edit(services: Services, actor: Actor, listing_id: UUID, data: ListingChanges) -> OwnListingOut:
    """Changes a draft, or a listing that is on sale and must stay complete. All wrong fields are named at once."""
    version = None if data.version is UNSET else data.version
    await services.db.run(listings.edit, data.changes(), seller_id=actor.id, listing_id=listing_id, version=version)
    return await own_listing(services, actor, listing_id)


@writes(
    "/listings/{listing_id:uuid}",
    method="DELETE",
    tier=Tier.GENERAL,
    id="remove_listing",
    tag="Selling",
    summary="Remove a listing",
    refuses=(*MINE, ListingSettled),
)
async def remove(services: Services, actor: Actor, listing_id: UUID) -> None:
    """Takes a listing out of sight. It can be restored."""
    await services.db.run(listings.remove, seller_id=actor.id, listing_id=listing_id)


@writes(
    "/listings/{listing_id:uuid}/publish",
    method="POST",
    tier=Tier.GENERAL,
    id="publish_listing",
    tag="Selling",
    summary="Put a draft on sale",
    refuses=(*EDITED, ListingOnSaleAlready),
)
async def publish(services: Services, actor: Actor, listing_id: UUID) -> OwnListingOut:
    """Puts a draft on sale if it is complete; all that is missing is named at once. Asked twice, it is done once."""
    await services.db.run(listings.publish, seller_id=actor.id, listing_id=listing_id)
    return await own_listing(services, actor, listing_id)


@writes(
    "/listings/{listing_id:uuid}/restore",
    method="POST",
    tier=Tier.GENERAL,
    id="restore_listing",
    tag="Selling",
    summary="Restore a listing",
    refuses=(*MINE, ListingOnSaleAlready),
)
async def restore(services: Services, actor: Actor, listing_id: UUID) -> OwnListingOut:
    """Brings what was removed back to where it was: among the drafts, or on sale since the day it first was."""
    await services.db.run(listings.restore, seller_id=actor.id, listing_id=listing_id)
    return await own_listing(services, actor, listing_id)


@writes(
    "/listings/{listing_id:uuid}/relist",
    method="POST",
    tier=Tier.GENERAL,
    id="relist_listing",
    tag="Selling",
    summary="List an item again",
    status=201,
    refuses=(*MINE, ListingNotOver),
)
async def relist(services: Services, actor: Actor, listing_id: UUID) -> OwnListingOut:
    """Begins a new draft with the facts and photos of a listing that was sold or removed. While that draft is open,
    asking again answers with it."""
    begun = await services.db.run(listings.relist, seller_id=actor.id, listing_id=listing_id)
    return await own_listing(services, actor, begun.id)


ENDPOINTS = (choices, mine, totals, own, draft, edit, remove, publish, restore, relist)
