"""Pages of categories: what is for sale in a department, a group or a leaf."""

from litestar import HttpMethod, route
from litestar.di import NamedDependency
from litestar.params import FromPath, SkipValidation
from litestar.response.base import ASGIResponse

from threadly.marketplace import storefront
from threadly.tiers import Tier
from threadly.web import structured
from threadly.web.asked import ONCE, Address, Asked
from threadly.web.browse import browsed
from threadly.web.pages import AnyRequest
from threadly.web.site import Site

_PARAMETERS = ONCE - {"q", "category"}


@route("/categories/{path:path}", http_method=[HttpMethod.GET, HttpMethod.HEAD], tier=Tier.PAGE)
async def category(
    request: AnyRequest, path: FromPath[str], site: NamedDependency[SkipValidation[Site]]
) -> ASGIResponse:
    """A page of what is for sale in a category."""
    asked = Asked.read(request.scope["query_string"], site.currency, once=_PARAMETERS)
    shelves = await site.departments.shelves()
    spot = shelves.at(path.strip("/"))
    async with site.db.read() as read:
        found = await storefront.found(read, asked.wanted(spot.place), site.cursors, after=asked.cursor)
    address = Address(f"/categories/{spot.node.path}", asked.pairs(site.currency))
    language = site.language(request)
    above = [node.path for node in reversed(spot.above)]
    steps = [
        (language.named(node.name), f"{site.url}{language.at}/categories/{node.path}")
        for node in (*spot.above, spot.node)
    ]
    return await browsed(
        site,
        request,
        "catalog/category.html",
        asked=asked,
        address=address,
        found=found,
        spot=spot,
        counts={value.code: value.count for value in found.facets.categories},
        nearest=shelves.nearest("", [*above, *(each.path for each in found.nearest)], language),
        structured=structured.block(structured.breadcrumbs(steps)),
    )
