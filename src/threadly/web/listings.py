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
from threadly.web.pages import AnyRequest
from threadly.web.query import read_query
from threadly.web.site import Site
from threadly.web.wording import ago


@route("/listings/{listing_id:uuid}", http_method=[HttpMethod.GET, HttpMethod.HEAD])
async def listing(
    request: AnyRequest, listing_id: FromPath[UUID], site: NamedDependency[SkipValidation[Site]]
) -> ASGIResponse:
    """A listing, whole; also when it is reserved or sold."""
    asked = read_query(request.scope["query_string"], {"online"})
    if request.scope["path"].lower() != f"/listings/{listing_id}":
        raise ListingNotFound  # an id has one spelling; `UUID` understands more
    async with site.db.read() as read:
        found = await storefront.listing(read, listing_id)
    actor = await site.actor(request)
    is_own = actor is not None and actor.id == found.seller.id
    who = onlooker(cast("Scope", request.scope))
    if who is not None and not is_own:
        site.audience.saw(listing_id, address=who.address, agent=who.agent, at=clock.now())
    return await site.page(
        request,
        "listings/listing.html",
        listing=found,
        is_own=is_own,
        is_new=is_own and "online" in asked,
        is_preview=False,
        published=ago(site.language(request), found.published_at, clock.now()),
    )
