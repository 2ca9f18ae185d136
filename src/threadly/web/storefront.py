"""The front page."""

from typing import Annotated

from litestar import HttpMethod, route
from litestar.params import Dependency
from litestar.response.base import ASGIResponse

from threadly.core.asgi import parse_query
from threadly.marketplace import storefront
from threadly.marketplace.storefront import Wanted
from threadly.web.pages import AnyRequest
from threadly.web.site import Site


@route("/", http_method=[HttpMethod.GET, HttpMethod.HEAD])
async def home(request: AnyRequest, site: Annotated[Site, Dependency(skip_validation=True)]) -> ASGIResponse:
    """What came in last, and the ways into the shop."""
    cursor = parse_query(request.scope["query_string"], {"cursor"}).get("cursor")
    shelves = await site.departments.shelves()
    async with site.db.read() as read:
        page = await storefront.cards(read, Wanted(), site.cursors, after=cursor)
    return await site.page(
        request, "storefront/home.html", departments=shelves.departments, page=page, is_first=cursor is None
    )
