"""The pages about the shop: terms, privacy, imprint, contact, and whatever else an owner has to say."""

from litestar import HttpMethod, route
from litestar.di import NamedDependency
from litestar.params import FromPath, SkipValidation
from litestar.response.base import ASGIResponse

from threadly.tiers import Tier
from threadly.web.own_pages import OwnPages
from threadly.web.pages import AnyRequest
from threadly.web.query import read_query
from threadly.web.site import Site


@route("/about/{name:str}", http_method=[HttpMethod.GET, HttpMethod.HEAD], tier=Tier.PAGE)
async def about(
    request: AnyRequest,
    name: FromPath[str],
    site: NamedDependency[SkipValidation[Site]],
    own_pages: NamedDependency[SkipValidation[OwnPages]],
) -> ASGIResponse:
    """One of them."""
    read_query(request.scope["query_string"], ())
    return await site.page(request, "about/page.html", page=own_pages.page(site.language(request), name))
