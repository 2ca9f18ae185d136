"""Selling: begin, write, photograph, look at it as buyers will, publish.

One form does everything, with or without JavaScript: each of its buttons sends the whole of it, so nothing that was
written is lost by moving a photo, nor by one that cannot be taken. With JavaScript, photos go by themselves
(`sell_photos`), and what is written is kept now and then, which answers with the new version alone.
"""

from typing import Final
from uuid import UUID

from litestar import HttpMethod, post, route
from litestar.di import NamedDependency
from litestar.params import FromPath, SkipValidation
from litestar.response.base import ASGIResponse

from threadly.core import clock
from threadly.core.errors import FieldsRefused
from threadly.marketplace import catalog, listings, search, storefront
from threadly.marketplace.listings import ListingChanged, ListingStatus
from threadly.marketplace.storefront import Own, Shelf
from threadly.tiers import Tier
from threadly.web import sell_form, sell_photos
from threadly.web.forms import FORM
from threadly.web.pages import PRIVATE, AnyRequest
from threadly.web.query import read_query
from threadly.web.redirects import see_other
from threadly.web.sell_form import Act, Sent
from threadly.web.site import Site
from threadly.web.wording import ago

_EDITABLE: Final = frozenset({ListingStatus.DRAFT, ListingStatus.AVAILABLE})


@route("/sell", http_method=[HttpMethod.GET, HttpMethod.HEAD], tier=Tier.GENERAL)
async def start(request: AnyRequest, site: NamedDependency[SkipValidation[Site]]) -> ASGIResponse:
    """The way to a new draft, and to those that were begun."""
    read_query(request.scope["query_string"], ())
    actor = await site.signed_in(request)
    async with site.db.read() as read:
        begun = await storefront.shelf(read, actor.id, Shelf.DRAFTS, site.cursors, limit=6)
    return await site.page(request, "sell/start.html", drafts=begun.items, more=begun.next is not None)


@post("/sell", status_code=303, tier=Tier.GENERAL, body=FORM)
async def begin(request: AnyRequest, site: NamedDependency[SkipValidation[Site]]) -> ASGIResponse:
    """A new draft; pressed twice, the same one."""
    actor = await site.signed_in(request)
    begun = await site.db.run(listings.draft, seller_id=actor.id, currency=site.currency)
    return see_other(f"/sell/{begun.id}")


@route("/sell/{listing_id:uuid}", http_method=[HttpMethod.GET, HttpMethod.HEAD], tier=Tier.GENERAL)
async def form(
    request: AnyRequest, listing_id: FromPath[UUID], site: NamedDependency[SkipValidation[Site]]
) -> ASGIResponse:
    """The form, as the listing fills it."""
    asked = read_query(request.scope["query_string"], {"saved"})
    actor = await site.signed_in(request)
    async with site.db.read() as read:
        own = await storefront.own(read, actor.id, listing_id)
    if own.status not in _EDITABLE:
        shelf = Shelf.REMOVED if own.status is ListingStatus.REMOVED else Shelf.FOR_SALE
        shelf = Shelf.SOLD if own.status is ListingStatus.SOLD else shelf
        return see_other(f"/my/listings?shelf={shelf}")
    sent = Sent(sell_form.of(own, site.language(request)), {})
    return await _page(request, site, own, sent, is_saved="saved" in asked)


@post("/sell/{listing_id:uuid}", tier=Tier.GENERAL, body=sell_photos.LIMITS.body)
async def write(
    request: AnyRequest, listing_id: FromPath[UUID], site: NamedDependency[SkipValidation[Site]]
) -> ASGIResponse:
    """Does what the pressed button says, with all that was written."""
    actor = await site.signed_in(request)
    async with sell_photos.upload(request, site, actor.id, listing_id) as upload:
        sent = Sent(*sell_form.read(upload.fields))
        act = sent.written.act
        await sell_photos.expect_turn(site, actor, upload, sent)
        await sell_photos.take(site, actor.id, listing_id, upload.files, sent)
    await sell_photos.move(site, actor.id, listing_id, act, sent)
    done = await _save(request, site, actor.id, listing_id, act, sent)

    if sent.is_stale or sent.refusals:
        if act.name == "keep":
            return ASGIResponse(status_code=sent.status, headers={"cache-control": PRIVATE})
        async with site.db.read() as read:
            own = await storefront.own(read, actor.id, listing_id)
        return await _page(request, site, own, sent)
    if act.name == "keep":
        return ASGIResponse(status_code=204, headers={"x-version": str(done), "cache-control": PRIVATE})
    if act.name == "publish":
        return see_other(f"/listings/{listing_id}?online=1")
    if act.name == "preview":
        return see_other(f"/sell/{listing_id}/preview")
    return see_other(f"/sell/{listing_id}" + ("?saved=1" if act.name == "save" else "#pictures"))


@route("/sell/{listing_id:uuid}/preview", http_method=[HttpMethod.GET, HttpMethod.HEAD], tier=Tier.GENERAL)
async def preview(
    request: AnyRequest, listing_id: FromPath[UUID], site: NamedDependency[SkipValidation[Site]]
) -> ASGIResponse:
    """The listing's page as buyers will see it."""
    read_query(request.scope["query_string"], ())
    actor = await site.signed_in(request)
    async with site.db.read() as read:
        found = await storefront.preview(read, actor.id, listing_id)
    published = ago(site.language(request), found.published_at, clock.now())
    return await site.page(
        request,
        "listings/listing.html",
        listing=found,
        published=published,
        is_own=True,
        is_new=False,
        is_preview=True,
        similar=(),
    )


async def _save(request: AnyRequest, site: Site, seller_id: UUID, id: UUID, act: Act, sent: Sent) -> int | None:
    """Writes what was written; the version that came of it."""
    language, written = site.language(request), sent.written
    changes = written.changes(language, site.currency)
    service = {"publish": listings.publish, "preview": listings.rehearse}.get(act.name, listings.edit)
    if sent.outage is not None:
        service = listings.edit  # a photo is missing for no fault of theirs: what they wrote is kept, whole or not
    elif sent.refusals and service is listings.publish:
        service = listings.rehearse  # a photo was refused: nothing goes on sale without its seller knowing
    try:
        standing = await site.db.run(service, changes, seller_id=seller_id, listing_id=id, version=written.version)
    except FieldsRefused as refused:
        sent.refusals = written.told(dict(refused.refusals) | sent.refusals, language, site.currency)
        return None
    except ListingChanged:
        sent.is_stale = True
        return None
    return standing.version


async def _page(request: AnyRequest, site: Site, own: Own, sent: Sent, *, is_saved: bool = False) -> ASGIResponse:
    """The form with what was written; where that was refused, with the reasons, and the version as it is now."""
    async with site.db.read() as read:
        choices = await catalog.choices(read)
        brands = await search.brands(read)
    shelves = await site.departments.shelves()
    return await site.page(
        request,
        "sell/form.html",
        status=sent.status,
        headers=sent.headers,
        own=own,
        values=sent.written,
        alts={str(id): text for id, text in sent.alts.items()},
        refusals=sent.refusals,
        first_refused=next(iter(sent.refusals), None),
        is_stale=sent.is_stale,
        is_saved=is_saved,
        departments=shelves.departments,
        choices=choices,
        brands=brands,
        most=listings.PICTURES[1],
        currency_symbol=site.language(request).symbol(site.currency),
    )


routes: Final = (start, begin, form, write, sell_photos.photos, preview)
