"""Looking for something by words, and what one may be about to type."""

from litestar import HttpMethod, route
from litestar.di import NamedDependency
from litestar.params import SkipValidation
from litestar.response.base import ASGIResponse

from threadly.marketplace import search as terms
from threadly.marketplace import storefront
from threadly.marketplace.search import MOST_CHARACTERS
from threadly.web.browse import ONCE, Address, Asked, browsed
from threadly.web.pages import AnyRequest
from threadly.web.query import read_query
from threadly.web.site import Site


@route("/search", http_method=[HttpMethod.GET, HttpMethod.HEAD])
async def search(request: AnyRequest, site: NamedDependency[SkipValidation[Site]]) -> ASGIResponse:
    """A page of what is for sale and fits the words; all that is for sale where there are none."""
    asked = Asked.read(request.scope["query_string"], site.currency, once=ONCE)
    shelves = await site.departments.shelves()
    spot = shelves.at(asked.category) if asked.category else None
    async with site.db.read() as read:
        found = await storefront.found(
            read, asked.wanted(spot.place if spot else None), site.cursors, after=asked.cursor
        )
    address = Address("/search", asked.pairs(site.currency))
    return await browsed(
        site,
        request,
        "search/search.html",
        asked=asked,
        address=address,
        found=found,
        spot=spot,
        searched=asked.text,
        nearest=shelves.departments,
    )


@route("/suggestions", http_method=[HttpMethod.GET, HttpMethod.HEAD])
async def suggestions(request: AnyRequest, site: NamedDependency[SkipValidation[Site]]) -> ASGIResponse:
    """A part of a page: what one may be about to type."""
    text = read_query(request.scope["query_string"], {"q"}).get("q", "")
    async with site.db.read() as read:
        found = await terms.suggestions(read, text[:MOST_CHARACTERS])
    return site.pages.respond(request, "search/suggestions.html", found=found)
