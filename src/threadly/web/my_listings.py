"""What a member sells, has sold, has begun and has removed; and the ways to change that."""

from typing import Final
from uuid import UUID

from litestar import HttpMethod, post, route
from litestar.di import NamedDependency
from litestar.params import FromPath, SkipValidation
from litestar.response.base import ASGIResponse

from threadly.core.asgi import ParameterInvalid
from threadly.core.words import words
from threadly.marketplace import listings, storefront
from threadly.marketplace.listings import ListingStatus
from threadly.marketplace.storefront import Shelf
from threadly.tiers import Tier
from threadly.web.forms import FORM
from threadly.web.pages import AnyRequest
from threadly.web.query import read_query
from threadly.web.redirects import see_other
from threadly.web.site import Site

SHELVES: Final = {
    Shelf.FOR_SALE: words("For sale"),
    Shelf.DRAFTS: words("Drafts"),
    Shelf.SOLD: words("Sold"),
    Shelf.REMOVED: words("Removed"),
}


@route("/my/listings", http_method=[HttpMethod.GET, HttpMethod.HEAD], tier=Tier.GENERAL)
async def mine(request: AnyRequest, site: NamedDependency[SkipValidation[Site]]) -> ASGIResponse:
    """One shelf of what the member has."""
    asked = read_query(request.scope["query_string"], {"shelf", "cursor"})
    actor = await site.signed_in(request)
    on = _shelf(asked.get("shelf"))
    async with site.db.read() as read:
        totals = await storefront.totals(read, actor.id)
        page = await storefront.shelf(read, actor.id, on, site.cursors, after=asked.get("cursor"))
    return await site.page(
        request,
        "my/listings.html",
        page=page,
        on=on,
        shelves=site.language(request).each(SHELVES),
        totals=totals,
        is_first="cursor" not in asked,
    )


@post("/sell/{listing_id:uuid}/remove", status_code=303, tier=Tier.GENERAL, body=FORM)
async def remove(
    request: AnyRequest, listing_id: FromPath[UUID], site: NamedDependency[SkipValidation[Site]]
) -> ASGIResponse:
    """Takes a listing out of sight, to where it can be restored from."""
    actor = await site.signed_in(request)
    await site.db.run(listings.remove, seller_id=actor.id, listing_id=listing_id)
    return see_other(f"/my/listings?shelf={Shelf.REMOVED}")


@post("/sell/{listing_id:uuid}/restore", status_code=303, tier=Tier.GENERAL, body=FORM)
async def restore(
    request: AnyRequest, listing_id: FromPath[UUID], site: NamedDependency[SkipValidation[Site]]
) -> ASGIResponse:
    """Brings a listing back to where it was."""
    actor = await site.signed_in(request)
    restored = await site.db.run(listings.restore, seller_id=actor.id, listing_id=listing_id)
    shelf = Shelf.DRAFTS if restored.status is ListingStatus.DRAFT else Shelf.FOR_SALE
    return see_other(f"/my/listings?shelf={shelf}")


@post("/sell/{listing_id:uuid}/relist", status_code=303, tier=Tier.GENERAL, body=FORM)
async def relist(
    request: AnyRequest, listing_id: FromPath[UUID], site: NamedDependency[SkipValidation[Site]]
) -> ASGIResponse:
    """Begins a new draft of what was sold or removed."""
    actor = await site.signed_in(request)
    begun = await site.db.run(listings.relist, seller_id=actor.id, listing_id=listing_id)
    return see_other(f"/sell/{begun.id}")


def _shelf(text: str | None) -> Shelf:
    try:
        return Shelf(text) if text else Shelf.FOR_SALE
    except ValueError:
        raise ParameterInvalid(f"“shelf” must be one of: {', '.join(Shelf)}.", parameter="shelf") from None


routes: Final = (mine, remove, restore, relist)
