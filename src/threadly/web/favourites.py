"""Hearts: pressing one, and the page of one's own.

A heart is a button of a form, so it works without JavaScript: then one comes back to the page, where the card is. With
it, htmx puts the button that is answered in the place of the one that was pressed.
"""

from collections.abc import Iterable
from uuid import UUID

import msgspec
from litestar import HttpMethod, route
from litestar.di import NamedDependency
from litestar.params import FromPath, SkipValidation
from litestar.response.base import ASGIResponse

from threadly.marketplace import favourites, storefront
from threadly.marketplace.favourites import Hearts
from threadly.marketplace.storefront import Card
from threadly.tiers import Tier
from threadly.web.assets import answer
from threadly.web.forms import FORM, form
from threadly.web.pages import HTML, PRIVATE, AnyRequest
from threadly.web.query import read_query
from threadly.web.redirects import same_site, see_other
from threadly.web.site import Site


class Pressed(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the form of hearts sends."""

    next: str = ""


async def loved(site: Site, request: AnyRequest, cards: Iterable[Card]) -> frozenset[UUID]:
    """Which of these cards have the heart of whoever looks; asks nothing where nobody has signed in."""
    actor = await site.actor(request)
    if actor is None:
        return frozenset()
    async with site.db.read() as read:
        return await favourites.mine(read, actor.id, {card.id for card in cards})


@route(
    "/listings/{listing_id:uuid}/heart", http_method=[HttpMethod.POST], status_code=200, tier=Tier.GENERAL, body=FORM
)
async def heart(
    request: AnyRequest, listing_id: FromPath[UUID], site: NamedDependency[SkipValidation[Site]]
) -> ASGIResponse:
    """Puts the visitor's heart on a listing."""
    actor = await site.signed_in(request)
    pressed = await form(request, Pressed)
    hearts = await site.db.run(favourites.add, member_id=actor.id, listing_id=listing_id)
    return _pressed(site, request, pressed, hearts)


@route(
    "/listings/{listing_id:uuid}/unheart", http_method=[HttpMethod.POST], status_code=200, tier=Tier.GENERAL, body=FORM
)
async def unheart(
    request: AnyRequest, listing_id: FromPath[UUID], site: NamedDependency[SkipValidation[Site]]
) -> ASGIResponse:
    """Takes it off again."""
    actor = await site.signed_in(request)
    pressed = await form(request, Pressed)
    hearts = await site.db.run(favourites.remove, member_id=actor.id, listing_id=listing_id)
    return _pressed(site, request, pressed, hearts)


@route("/my/favourites", http_method=[HttpMethod.GET, HttpMethod.HEAD], tier=Tier.GENERAL)
async def mine(request: AnyRequest, site: NamedDependency[SkipValidation[Site]]) -> ASGIResponse:
    """What the visitor loves, the latest first."""
    actor = await site.signed_in(request)
    cursor = read_query(request.scope["query_string"], {"cursor"}).get("cursor")
    async with site.db.read() as read:
        page = await storefront.favourites_of(read, actor.id, site.cursors, after=cursor)
    return await site.page(
        request,
        "favourites/mine.html",
        page=page,
        loved={card.id for card in page.items},
        is_first=cursor is None,
    )


def _pressed(site: Site, request: AnyRequest, pressed: Pressed, hearts: Hearts) -> ASGIResponse:
    """The button as it is now for htmx, and the way back to the page for everybody else."""
    if request.headers.get("hx-request") != "true":
        back = same_site(pressed.next) or f"/listings/{hearts.listing_id}"
        return see_other(f"{back.partition('#')[0]}#card-{hearts.listing_id}")
    text = site.pages.render(
        site.language(request),
        "shared/heart.html",
        listing_id=hearts.listing_id,
        title=hearts.title,
        count=hearts.count,
        is_loved=hearts.mine,
    )
    return answer(text.encode(), HTML, {"cache-control": PRIVATE}, head=False)
