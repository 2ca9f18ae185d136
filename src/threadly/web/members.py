"""The page of a member: who they are, what they sell, what they have sold."""

from litestar import HttpMethod, route
from litestar.di import NamedDependency
from litestar.params import FromPath, SkipValidation
from litestar.response.base import ASGIResponse

from threadly.core.asgi import ParameterInvalid
from threadly.core.words import words
from threadly.marketplace import storefront
from threadly.marketplace.storefront import Rail
from threadly.tiers import Tier
from threadly.web.favourites import loved
from threadly.web.pages import AnyRequest
from threadly.web.query import read_query
from threadly.web.site import Site


@route("/members/{username:str}", http_method=[HttpMethod.GET, HttpMethod.HEAD], tier=Tier.PAGE)
async def member(
    request: AnyRequest, username: FromPath[str], site: NamedDependency[SkipValidation[Site]]
) -> ASGIResponse:
    """A member's shop."""
    given = read_query(request.scope["query_string"], {"rail", "cursor"})
    rail, cursor = _rail(given.get("rail")), given.get("cursor")
    async with site.db.read() as read:
        profile = await storefront.profile(read, username)
        page = await storefront.rail(read, profile.id, rail, site.cursors, after=cursor)
    return await site.page(
        request,
        "members/member.html",
        member=profile,
        rail=rail,
        page=page,
        loved=await loved(site, request, page.items),
        is_first=cursor is None,
    )


def _rail(text: str | None) -> Rail:
    try:
        return Rail(text) if text else Rail.SELLING
    except ValueError:
        raise ParameterInvalid(words("There is no such part of this page."), parameter="rail") from None
