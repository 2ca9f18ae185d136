"""The page of one listing."""

from uuid import UUID

from litestar import HttpMethod, route
from litestar.di import NamedDependency
from litestar.params import FromPath, SkipValidation
from litestar.response.base import ASGIResponse

from threadly.core import clock
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
    read_query(request.scope["query_string"], ())
    if request.scope["path"].lower() != f"/listings/{listing_id}":
        raise ListingNotFound  # an id has one spelling; `UUID` understands more
    async with site.db.read() as read:
        found = await storefront.listing(read, listing_id)
    return await site.page(
        request,
        "listings/listing.html",
        listing=found,
        published=ago(site.language(request), found.published_at, clock.now()),
    )
