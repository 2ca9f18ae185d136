"""Looking for something by words, and what one may be about to type."""

from collections.abc import Sequence

import msgspec
from litestar import HttpMethod, route
from litestar.di import NamedDependency
from litestar.params import SkipValidation
from litestar.response.base import ASGIResponse

from threadly import entrance
from threadly.marketplace import search as terms
from threadly.marketplace import storefront
from threadly.marketplace.search import MOST_CHARACTERS, MOST_SUGGESTED
from threadly.marketplace.storefront import Sort
from threadly.tiers import Tier
from threadly.web.asked import ONCE, Address, Asked
from threadly.web.browse import browsed
from threadly.web.departments import Spot
from threadly.web.pages import AnyRequest
from threadly.web.query import read_query
from threadly.web.site import Site


@route("/search", http_method=[HttpMethod.GET, HttpMethod.HEAD], tier=Tier.SEARCH)
async def search(request: AnyRequest, site: NamedDependency[SkipValidation[Site]]) -> ASGIResponse:
    """A page of what is for sale and fits the words; all that is for sale where there are none."""
    asked = Asked.read(request.scope["query_string"], site.currency, once=ONCE)
    shelves = await site.departments.shelves()
    spot = shelves.at(asked.category) if asked.category else None
    address = Address("/search", asked.pairs(site.currency))
    searched = asked.text
    named = shelves.called(searched[:MOST_CHARACTERS], site.language(request)) if searched else ()
    looked_in = _meant(named, spot)
    if looked_in is not None:
        asked = msgspec.structs.replace(asked, text="", sort=None if asked.sort is Sort.RELEVANCE else asked.sort)
    wanted = asked.wanted(place.place if (place := looked_in or spot) else None)
    async with site.db.read() as read:
        found = await storefront.found(read, wanted, site.cursors, after=asked.cursor)
    language = site.language(request)
    meant = {each.node.path: each.label(language) for each in named}
    ways = shelves.nearest(searched[:MOST_CHARACTERS], (each.path for each in found.nearest), language)
    return await browsed(
        site,
        request,
        "search/search.html",
        asked=asked,
        address=address,
        found=found,
        spot=spot,
        searched=searched,
        meant=meant.items(),
        nearest=[(path, name) for path, name in ways if path not in meant],
    )


@route("/suggestions", http_method=[HttpMethod.GET, HttpMethod.HEAD], tier=Tier.PAGE, caller=entrance.nobody)
async def suggestions(request: AnyRequest, site: NamedDependency[SkipValidation[Site]]) -> ASGIResponse:
    """A part of a page: what one may be about to type."""
    text = read_query(request.scope["query_string"], {"q"}).get("q", "")[:MOST_CHARACTERS]
    async with site.db.read() as read:
        found = await terms.suggestions(read, text)
    shelves, language = await site.departments.shelves(), site.language(request)
    own = shelves.begun(text, language)
    known = [spot for each in found.categories if (spot := shelves.spots.get(each.path)) is not None]
    labels = {spot.node.path: spot.label(language) for spot in (*own, *known)}
    return site.pages.respond(
        request, "search/suggestions.html", found=found, categories=list(labels.items())[:MOST_SUGGESTED]
    )


def _meant(named: Sequence[Spot], within: Spot | None) -> Spot | None:
    """The category to look in by its name: where one is already if that is in it, or the only one that is called so."""
    if within is None:
        return named[0] if len(named) == 1 else None
    path = f"{within.node.path}/"
    if any(path.startswith(f"{spot.node.path}/") for spot in named):
        return within
    below = [spot for spot in named if spot.node.path.startswith(path)]
    return below[0] if len(below) == 1 else None
