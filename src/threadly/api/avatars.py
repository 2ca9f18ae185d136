"""One's own picture, in JSON: shown and taken away."""

from threadly.api.endpoints import Upload, writes
from threadly.api.members import AccountOut, own_account
from threadly.api.photos import UNTAKEN
from threadly.core.auth import Actor
from threadly.marketplace import media
from threadly.marketplace.members import MemberNotFound
from threadly.tiers import Tier
from threadly.wiring import Services


@writes(
    "/me/avatar",
    method="PUT",
    tier=Tier.UPLOAD,
    id="set_avatar",
    tag="Members",
    summary="Set your picture",
    refuses=(MemberNotFound, *UNTAKEN),
)
async def put(services: Services, actor: Actor, upload: Upload) -> AccountOut:
    """Takes a JPEG, PNG, WebP, AVIF or HEIC of up to 10 MB and 50 megapixels, which replaces the one before."""
    kept = await services.pictures.take(await upload(), by=actor.id)
    await services.db.run(media.add_avatar, actor.id, kept)
    return await own_account(services, actor)


@writes(
    "/me/avatar",
    method="DELETE",
    tier=Tier.GENERAL,
    id="remove_avatar",
    tag="Members",
    summary="Remove your picture",
    refuses=(MemberNotFound,),
)
async def delete(services: Services, actor: Actor) -> AccountOut:
    """Removes your picture. If there is none, nothing changes, and the answer is the same."""
    await services.db.run(media.remove_avatar, actor.id)
    return await own_account(services, actor)


ENDPOINTS = (put, delete)
