"""The page of one listing."""

from typing import cast
from uuid import UUID

from litestar import HttpMethod, route
from litestar.di import NamedDependency
from litestar.params import FromPath, SkipValidation
from litestar.response.base import ASGIResponse

from threadly.core import clock
from threadly.core.asgi import Scope, onlooker
from threadly.marketplace import storefront
from threadly.marketplace.listings import ListingNotFound
from threadly.tiers import Tier
from threadly.web import structured
from threadly.web.favourites import loved
from threadly.web.pages import AnyRequest
from threadly.web.query import read_query
from threadly.web.site import Site
from threadly.web.wording import ago


@route("/listings/{listing_id:uuid}", http_method=[HttpMethod.GET, HttpMethod.HEAD], tier=Tier.PAGE)
async def listing(
    request: AnyRequest, listing_id: FromPath[UUID], site: NamedDependency[SkipValidation[Site]]
) -> ASGIResponse:
    """A listing, whole, with what is like it; also when it is reserved or sold."""
    asked = read_query(request.scope["query_string"], {"online"})
    if request.scope["path"].lower() != f"/listings/{listing_id}":
        raise ListingNotFound  # an id has one spelling; `UUID` understands more
    actor = await site.actor(request)
    async with site.db.read() as read:
        found = await storefront.listing(read, listing_id, seen_by=actor.id if actor else None)
        similar = await storefront.similar(read, found)
    is_own = actor is not None and actor.id == found.seller.id
    who = onlooker(cast("Scope", request.scope))
    if who is not None and not is_own:
        site.audience.saw(listing_id, address=who.address, agent=who.agent, at=clock.now())
    language = site.language(request)
    return await site.page(
        request,
        "listings/listing.html",
        listing=found,
        is_own=is_own,
        is_new=is_own and "online" in asked,
        is_preview=False,
        similar=similar,
        loved=await loved(site, request, similar),
        published=ago(language, found.published_at, clock.now()),
        price_decimal=structured.decimal(found.price_minor, found.currency),
        structured=structured.block(structured.listing(found, url=site.url, at=language.at, media_at=site.media_at)),
    )
