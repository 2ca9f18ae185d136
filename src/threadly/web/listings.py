"""The page of one listing."""

from typing import Annotated
from uuid import UUID

from litestar import HttpMethod, route
from litestar.params import Dependency
from litestar.response.base import ASGIResponse

from threadly.core import clock
from threadly.core.asgi import parse_query
from threadly.marketplace import storefront
from threadly.web.pages import AnyRequest
from threadly.web.site import Site
from threadly.web.wording import ago


@route("/listings/{listing_id:uuid}", http_method=[HttpMethod.GET, HttpMethod.HEAD])
async def listing(
    request: AnyRequest, listing_id: UUID, site: Annotated[Site, Dependency(skip_validation=True)]
) -> ASGIResponse:
    """A listing, whole; also when it is reserved or sold."""
    parse_query(request.scope["query_string"], ())
    async with site.db.read() as read:
        found = await storefront.listing(read, listing_id)
    return await site.page(
        request, "listings/listing.html", listing=found, published=ago(found.published_at, clock.now())
    )
