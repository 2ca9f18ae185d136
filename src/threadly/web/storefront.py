"""The front page."""

from litestar import HttpMethod, route
from litestar.di import NamedDependency
from litestar.params import SkipValidation
from litestar.response.base import ASGIResponse

from threadly.marketplace import storefront
from threadly.marketplace.storefront import Wanted
from threadly.web.pages import AnyRequest
from threadly.web.query import read_query
from threadly.web.site import Site


@route("/", http_method=[HttpMethod.GET, HttpMethod.HEAD])
async def home(request: AnyRequest, site: NamedDependency[SkipValidation[Site]]) -> ASGIResponse:
    """What came in last, and the ways into the shop."""
    cursor = read_query(request.scope["query_string"], {"cursor"}).get("cursor")
    shelves = await site.departments.shelves()
    async with site.db.read() as read:
        page = await storefront.cards(read, Wanted(), site.cursors, after=cursor)
    return await site.page(
        request, "storefront/home.html", departments=shelves.departments, page=page, is_first=cursor is None
    )
