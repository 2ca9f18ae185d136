"""The front page."""

from litestar import HttpMethod, route
from litestar.di import NamedDependency
from litestar.params import SkipValidation
from litestar.response.base import ASGIResponse

from threadly.marketplace import storefront
from threadly.marketplace.storefront import Card, Wanted
from threadly.tiers import Tier
from threadly.web.favourites import loved
from threadly.web.pages import AnyRequest
from threadly.web.query import read_query
from threadly.web.site import Site

FEWEST_TRENDS = 4
"""Fewer make no row, and the page says nothing of trends."""


@route("/", http_method=[HttpMethod.GET, HttpMethod.HEAD], tier=Tier.PAGE)
async def home(request: AnyRequest, site: NamedDependency[SkipValidation[Site]]) -> ASGIResponse:
    """What is loved right now, what came in last, and the ways into the shop."""
    cursor = read_query(request.scope["query_string"], {"cursor"}).get("cursor")
    shelves = await site.departments.shelves()
    trending: tuple[Card, ...] = ()
    async with site.db.read() as read:
        page = await storefront.cards(read, Wanted(), site.cursors, after=cursor)
        if cursor is None:
            trending = await storefront.trending(read)
    if len(trending) < FEWEST_TRENDS:
        trending = ()
    return await site.page(
        request,
        "storefront/home.html",
        departments=shelves.departments,
        trending=trending,
        page=page,
        loved=await loved(site, request, (*trending, *page.items)),
        is_first=cursor is None,
    )
