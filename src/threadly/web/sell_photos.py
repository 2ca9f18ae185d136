"""Photos of what is being sold: taken, described, moved and removed; with the rest of the form, or by themselves.

Whatever is wrong with a photo is told beside the photos and costs nothing else: neither the other photos, nor what was
written. So is a store that is down, which is nobody's fault here.
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Final, cast
from uuid import UUID

from litestar import post
from litestar.di import NamedDependency
from litestar.params import FromPath, SkipValidation
from litestar.response.base import ASGIResponse

from threadly import limiting
from threadly.core.asgi import Receive, Scope
from threadly.core.auth import Actor
from threadly.core.errors import FieldsRefused
from threadly.core.uploads import FileTooLarge, Upload, UploadedFile, UploadLimits, received
from threadly.marketplace import listings, storefront
from threadly.marketplace.listings import ListingPictureNotFound
from threadly.marketplace.media import (
    PictureQuotaReached,
    PictureRefused,
    PicturesBusy,
    PicturesUnstorable,
    PictureTooLarge,
)
from threadly.tiers import Tier
from threadly.web import sell_form
from threadly.web.assets import answer
from threadly.web.pages import HTML, PRIVATE, AnyRequest
from threadly.web.sell_form import Act, Sent
from threadly.web.site import Site

_PHOTOS: Final = frozenset({"photos"})
LIMITS: Final = UploadLimits(files=listings.PICTURES[1], fields=61)


@post("/sell/{listing_id:uuid}/photos", tier=Tier.UPLOAD, body=LIMITS.body)
async def photos(
    request: AnyRequest, listing_id: FromPath[UUID], site: NamedDependency[SkipValidation[Site]]
) -> ASGIResponse:
    """Takes, moves or removes photos, and nothing else; the part of the page that shows them."""
    actor = await site.signed_in(request)
    async with upload(request, site, actor.id, listing_id) as arrived:
        order = sell_form.order_of(arrived.fields)
        sent = Sent(*sell_form.read([pair for pair in arrived.fields if pair[0] != "order"]))
        await take(site, actor.id, listing_id, arrived.files, sent)
    if order:
        await _arrange(site, actor.id, listing_id, order, sent)
    else:
        await move(site, actor.id, listing_id, sent.written.act, sent)
    async with site.db.read() as read:
        own = await storefront.own(read, actor.id, listing_id)
    part = site.pages.render(
        site.language(request), "sell/photos.html", own=own, refusals=sent.refusals, alts={}, most=listings.PICTURES[1]
    )
    return answer(part.encode(), HTML, {"cache-control": PRIVATE} | sent.headers, head=False, status=sent.status)


@asynccontextmanager
async def upload(request: AnyRequest, site: Site, seller_id: UUID, listing_id: UUID) -> AsyncIterator[Upload]:
    """The form that is sent, with its photos; whoever may not is told before anything of it is received."""
    async with site.db.read() as read:
        await listings.expect_edit(read, seller_id=seller_id, listing_id=listing_id)
    scope, receive = cast("Scope", request.scope), cast("Receive", request.receive)
    async with received(scope, receive, LIMITS, files=_PHOTOS) as arrived:
        yield arrived


async def expect_turn(site: Site, actor: Actor, upload: Upload, sent: Sent) -> None:
    """Counts photos that come with the rest of the form as those that come alone; too many are not taken."""
    if upload.files and (reached := await limiting.reached(site.services, actor, Tier.UPLOAD)) is not None:
        for file in upload.files:
            await file.drop()
        upload.files.clear()
        sent.outage, sent.refusals["pictures"] = reached, sell_form.refusal_of(reached)


async def take(site: Site, seller_id: UUID, listing_id: UUID, files: Sequence[UploadedFile], sent: Sent) -> None:
    """Describes photos, and adds new ones, each by itself: one that cannot be read does not keep the others out."""
    await _describe(site, seller_id, listing_id, sent)
    for file in files:
        try:
            async with site.db.read() as read:
                await listings.expect_picture(read, seller_id=seller_id, listing_id=listing_id)
            kept = await site.pictures.take(await file.read(), by=seller_id)
            await site.db.run(listings.add_picture, seller_id=seller_id, listing_id=listing_id, kept=kept)
        except FieldsRefused as refused:
            sent.refusals.update(refused.refusals)
        except FileTooLarge:
            sent.refusals["pictures"] = sell_form.refusal_of(PictureTooLarge())
        except (PictureRefused, PictureTooLarge, PictureQuotaReached) as refused_picture:
            site.services.notice(None, refused_picture)
            sent.refusals["pictures"] = sell_form.refusal_of(refused_picture)
        except (PicturesBusy, PicturesUnstorable) as outage:
            sent.outage, sent.refusals["pictures"] = outage, sell_form.refusal_of(outage)
            return  # the others would wait as long, and in vain


async def move(site: Site, seller_id: UUID, listing_id: UUID, act: Act, sent: Sent) -> None:
    """Moves or removes the photo whose button was pressed."""
    if act.picture_id is None:
        return
    which = {"seller_id": seller_id, "listing_id": listing_id, "picture_id": act.picture_id}
    try:
        if act.name == "remove":
            await site.db.run(listings.remove_picture, **which)
        else:
            await site.db.run(listings.move_picture, **which, by=-1 if act.name == "earlier" else 1)
    except FieldsRefused as refused:
        sent.refusals.update(refused.refusals)
    except ListingPictureNotFound:
        pass  # pressed twice, or removed in another window


async def _describe(site: Site, seller_id: UUID, listing_id: UUID, sent: Sent) -> None:
    if not sent.alts:
        return
    try:
        await site.db.run(listings.describe_pictures, seller_id=seller_id, listing_id=listing_id, alts=sent.alts)
    except FieldsRefused as refused:
        sent.refusals.update(refused.refusals)
    except ListingPictureNotFound:
        pass  # removed in another window meanwhile; what it showed interests nobody


async def _arrange(site: Site, seller_id: UUID, listing_id: UUID, order: Sequence[UUID], sent: Sent) -> None:
    try:
        await site.db.run(listings.order_pictures, seller_id=seller_id, listing_id=listing_id, order=order)
    except FieldsRefused as refused:
        sent.refusals["pictures"] = refused.refusals["order"]
