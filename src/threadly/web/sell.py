"""Selling: begin, write, photograph, look at it as buyers will, publish.

One form does everything, with or without JavaScript: each of its buttons sends the whole of it, so nothing that was
written is lost by moving a photo. With JavaScript, photos go one by one by `…/photos`, which answers with the part of
the page that shows them, and what is written is kept now and then, which answers with the new version alone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, cast
from uuid import UUID

from litestar import HttpMethod, post, route
from litestar.di import NamedDependency
from litestar.params import FromPath, SkipValidation
from litestar.response.base import ASGIResponse

from threadly.core import clock
from threadly.core.asgi import Receive, Scope
from threadly.core.errors import FieldsRefused, Refusal
from threadly.core.uploads import FileTooLarge, UploadedFile, UploadLimits, received
from threadly.marketplace import catalog, listings, search, storefront
from threadly.marketplace.listings import ListingChanged, ListingStatus
from threadly.marketplace.media import PictureRefused, PicturesBusy, PicturesUnused, PictureTooLarge
from threadly.marketplace.storefront import Own, Shelf
from threadly.web import sell_form
from threadly.web.assets import answer
from threadly.web.pages import HTML, PRIVATE, AnyRequest
from threadly.web.query import read_query
from threadly.web.redirects import see_other
from threadly.web.sell_form import Act, Written
from threadly.web.site import Site
from threadly.web.wording import ago

_PHOTOS: Final = frozenset({"photos"})
_LIMITS: Final = UploadLimits(files=listings.PICTURES[1], fields=60)
_EDITABLE: Final = frozenset({ListingStatus.DRAFT, ListingStatus.AVAILABLE})
_NOT_ACCEPTED: Final = 422
_CHANGED: Final = 409


@dataclass(slots=True)
class _Sent:
    """What arrived, and what came of it so far."""

    written: Written
    alts: Mapping[UUID, str]
    refusals: dict[str, Refusal] = field(default_factory=dict)
    is_stale: bool = False


@route("/sell", http_method=[HttpMethod.GET, HttpMethod.HEAD])
async def start(request: AnyRequest, site: NamedDependency[SkipValidation[Site]]) -> ASGIResponse:
    """The way to a new draft, and to those that were begun."""
    read_query(request.scope["query_string"], ())
    actor = await site.signed_in(request)
    async with site.db.read() as read:
        begun = await storefront.shelf(read, actor.id, Shelf.DRAFTS, site.cursors, limit=6)
    return await site.page(request, "sell/start.html", drafts=begun.items, more=begun.next is not None)


@post("/sell", status_code=303)
async def begin(request: AnyRequest, site: NamedDependency[SkipValidation[Site]]) -> ASGIResponse:
    """A new draft; pressed twice, the same one."""
    actor = await site.signed_in(request)
    begun = await site.db.run(listings.draft, actor.id, currency=site.currency)
    return see_other(f"{site.language(request).at}/sell/{begun.id}")


@route("/sell/{listing_id:uuid}", http_method=[HttpMethod.GET, HttpMethod.HEAD])
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
        return see_other(f"{site.language(request).at}/my/listings?shelf={shelf}")
    sent = _Sent(sell_form.of(own, site.language(request)), {})
    return await _page(request, site, own, sent, is_saved="saved" in asked)


@post("/sell/{listing_id:uuid}")
async def write(
    request: AnyRequest, listing_id: FromPath[UUID], site: NamedDependency[SkipValidation[Site]]
) -> ASGIResponse:
    """Does what the pressed button says, with all that was written."""
    actor = await site.signed_in(request)
    await _expect_edit(site, actor.id, listing_id)
    scope, receive = cast("Scope", request.scope), cast("Receive", request.receive)
    async with received(scope, receive, _LIMITS, files=_PHOTOS) as upload:
        written, alts = sell_form.read(upload.fields)
        sent, act = _Sent(written, alts), written.act
        await _describe(site, actor.id, listing_id, sent)
        await _take(site, actor.id, listing_id, upload.files, sent)
    await _move(site, actor.id, listing_id, act, sent)
    done = await _save(request, site, actor.id, listing_id, act, sent)

    at = site.language(request).at
    if sent.is_stale or sent.refusals:
        status = _CHANGED if sent.is_stale else _NOT_ACCEPTED
        if act.name == "keep":
            return ASGIResponse(status_code=status, headers={"cache-control": PRIVATE})
        async with site.db.read() as read:
            own = await storefront.own(read, actor.id, listing_id)
        return await _page(request, site, own, sent, status=status)
    if act.name == "keep":
        return ASGIResponse(status_code=204, headers={"x-version": str(done), "cache-control": PRIVATE})
    if act.name == "publish":
        return see_other(f"{at}/listings/{listing_id}?online=1")
    if act.name == "preview":
        return see_other(f"{at}/sell/{listing_id}/preview")
    return see_other(f"{at}/sell/{listing_id}" + ("?saved=1" if act.name == "save" else "#pictures"))


@post("/sell/{listing_id:uuid}/photos")
async def photos(
    request: AnyRequest, listing_id: FromPath[UUID], site: NamedDependency[SkipValidation[Site]]
) -> ASGIResponse:
    """Takes, moves or removes photos, and nothing else; the part of the page that shows them."""
    actor = await site.signed_in(request)
    await _expect_edit(site, actor.id, listing_id)
    scope, receive = cast("Scope", request.scope), cast("Receive", request.receive)
    async with received(scope, receive, _LIMITS, files=_PHOTOS) as upload:
        order = sell_form.order_of(upload.fields)
        rest = [pair for pair in upload.fields if pair[0] != "order"]
        written, alts = sell_form.read(rest)
        sent = _Sent(written, alts)
        await _describe(site, actor.id, listing_id, sent)
        await _take(site, actor.id, listing_id, upload.files, sent)
    if order:
        await _arrange(site, actor.id, listing_id, order, sent)
    else:
        await _move(site, actor.id, listing_id, written.act, sent)
    async with site.db.read() as read:
        own = await storefront.own(read, actor.id, listing_id)
    part = site.pages.render(
        site.language(request), "sell/photos.html", own=own, refusals=sent.refusals, alts={}, most=listings.PICTURES[1]
    )
    status = _NOT_ACCEPTED if sent.refusals else 200
    return answer(part.encode(), HTML, {"cache-control": PRIVATE}, head=False, status=status)


@route("/sell/{listing_id:uuid}/preview", http_method=[HttpMethod.GET, HttpMethod.HEAD])
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


async def _expect_edit(site: Site, seller_id: UUID, id: UUID) -> None:
    """Tells whoever may not, before anything of what they send is received."""
    async with site.db.read() as read:
        await listings.expect_edit(read, seller_id=seller_id, listing_id=id)


async def _describe(site: Site, seller_id: UUID, id: UUID, sent: _Sent) -> None:
    if not sent.alts:
        return
    try:
        await site.db.run(listings.describe, seller_id, id, sent.alts)
    except FieldsRefused as refused:
        sent.refusals.update(refused.refusals)
    except listings.ListingPictureNotFound:
        pass  # removed in another window meanwhile; what it showed interests nobody


async def _take(site: Site, seller_id: UUID, id: UUID, files: Sequence[UploadedFile], sent: _Sent) -> None:
    """Each photo by itself: one that cannot be read does not keep the others out."""
    for file in files:
        try:
            async with site.db.read() as read:
                await listings.expect_picture(read, seller_id=seller_id, listing_id=id)
            kept = await site.pictures.take(await file.read(), by=seller_id)
            await site.db.run(listings.show, seller_id, id, kept)
        except FieldsRefused as refused:
            sent.refusals.update(refused.refusals)
        except FileTooLarge:
            sent.refusals["pictures"] = sell_form.refusal_of(PictureTooLarge())
        except (PictureRefused, PictureTooLarge, PicturesUnused, PicturesBusy) as refused_picture:
            sent.refusals["pictures"] = sell_form.refusal_of(refused_picture)


async def _move(site: Site, seller_id: UUID, id: UUID, act: Act, sent: _Sent) -> None:
    if act.picture_id is None:
        return
    if act.name == "remove":
        try:
            await site.db.run(listings.detach, seller_id, id, act.picture_id)
        except FieldsRefused as refused:
            sent.refusals.update(refused.refusals)
        except listings.ListingPictureNotFound:
            pass  # pressed twice
        return
    async with site.db.read() as read:
        order = [photo.id for photo in (await storefront.own(read, seller_id, id)).pictures]
    if act.picture_id not in order:
        return
    place = order.index(act.picture_id)
    other = place - 1 if act.name == "earlier" else place + 1
    if 0 <= other < len(order):
        order[place], order[other] = order[other], order[place]
        await _arrange(site, seller_id, id, order, sent)


async def _arrange(site: Site, seller_id: UUID, id: UUID, order: Sequence[UUID], sent: _Sent) -> None:
    try:
        await site.db.run(listings.arrange, seller_id, id, order)
    except FieldsRefused as refused:
        sent.refusals["pictures"] = refused.refusals["order"]


async def _save(request: AnyRequest, site: Site, seller_id: UUID, id: UUID, act: Act, sent: _Sent) -> int | None:
    """Writes what was written; the version that came of it."""
    language, written = site.language(request), sent.written
    changes = written.changes(language, site.currency)
    service = {"publish": listings.publish, "preview": listings.rehearse}.get(act.name, listings.edit)
    if sent.refusals and service is listings.publish:
        service = listings.rehearse  # a photo was refused: nothing goes on sale without its seller knowing
    try:
        standing = await site.db.run(service, seller_id, id, changes, version=written.version)
    except FieldsRefused as refused:
        sent.refusals = written.told(dict(refused.refusals) | sent.refusals, language, site.currency)
        return None
    except ListingChanged:
        sent.is_stale = True
        return None
    return standing.version


async def _page(
    request: AnyRequest, site: Site, own: Own, sent: _Sent, *, status: int = 200, is_saved: bool = False
) -> ASGIResponse:
    """The form with what was written; where that was refused, with the reasons, and the version as it is now."""
    async with site.db.read() as read:
        choices = await catalog.choices(read)
        brands = await search.brands(read)
    shelves = await site.departments.shelves()
    return await site.page(
        request,
        "sell/form.html",
        status=status,
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


routes: Final = (start, begin, form, write, photos, preview)
