"""One's own account: profile, picture, password, and where one is signed in."""

from collections.abc import Mapping
from typing import Final, cast
from uuid import UUID

from litestar import HttpMethod, post, route
from litestar.di import NamedDependency
from litestar.params import FromPath, SkipValidation
from litestar.response.base import ASGIResponse

from threadly import entrance
from threadly.core.asgi import ParameterInvalid, Receive, Scope
from threadly.core.auth import Discreet, sessions
from threadly.core.errors import FieldsRefused, Refusal
from threadly.core.text import AsTyped
from threadly.core.uploads import FileTooLarge, UploadLimits, received
from threadly.core.words import words
from threadly.marketplace import media, members
from threadly.marketplace.media import PictureQuotaReached, PictureRefused, PicturesBusy, PictureTooLarge
from threadly.marketplace.members import Profile
from threadly.tiers import Tier
from threadly.web.entrance import WITH_PASSWORD
from threadly.web.forms import FORM, form
from threadly.web.pages import AnyRequest
from threadly.web.query import read_query
from threadly.web.redirects import see_other
from threadly.web.sell_form import refusal_of
from threadly.web.site import Site

DONE: Final = {
    "profile": words("Your profile is saved."),
    "avatar": words("This is your picture now."),
    "no-avatar": words("Your picture is taken away."),
    "password": words("Your password is changed, and every other device is signed out."),
    "session": words("That device is signed out."),
    "sessions": words("Every other device is signed out."),
}
"""What was done just now, by the word in the address."""

NOTHING_CHOSEN: Final = Refusal("avatar_missing", words("Please choose a picture first."))

_ACCOUNT: Final = "/account"
_AVATAR: Final = "avatar"
_ONE_PICTURE: Final = UploadLimits(files=1, fields=1)


class PasswordForm(Discreet, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the form for another password sends; the name is there for who keeps passwords in the browser."""

    username: str = ""
    current_password: AsTyped
    new_password: AsTyped


@route(_ACCOUNT, http_method=[HttpMethod.GET, HttpMethod.HEAD], tier=Tier.GENERAL)
async def account(request: AnyRequest, site: NamedDependency[SkipValidation[Site]]) -> ASGIResponse:
    """The page with all that a member can set."""
    done = read_query(request.scope["query_string"], {"done"}).get("done")
    if done is not None and done not in DONE:
        raise ParameterInvalid(f"“done” must be one of: {', '.join(DONE)}.", parameter="done")
    await site.signed_in(request)
    return await _page(request, site, done=DONE.get(done or ""))


@post(_ACCOUNT, tier=Tier.GENERAL, body=FORM)
async def edit_profile(request: AnyRequest, site: NamedDependency[SkipValidation[Site]]) -> ASGIResponse:
    """Changes what others see."""
    actor = await site.signed_in(request)
    written = await form(request, Profile)
    try:
        await site.db.run(members.edit_profile, actor.id, written, shop=site.services.settings.site.name)
    except FieldsRefused as refused:
        return await _page(request, site, values=written, refusals=refused.refusals)
    return see_other(f"{_ACCOUNT}?done=profile")


@post(f"{_ACCOUNT}/avatar", tier=Tier.UPLOAD, body=_ONE_PICTURE.body)
async def set_avatar(request: AnyRequest, site: NamedDependency[SkipValidation[Site]]) -> ASGIResponse:
    """Shows a picture of the member."""
    actor = await site.signed_in(request)
    scope, receive = cast("Scope", request.scope), cast("Receive", request.receive)
    try:
        async with received(scope, receive, _ONE_PICTURE, files={_AVATAR}) as upload:
            if not upload.files:
                return await _page(request, site, refusals={_AVATAR: NOTHING_CHOSEN})
            kept = await site.pictures.take(await upload.files[0].read(), by=actor.id)
    except FileTooLarge:
        return await _page(request, site, refusals={_AVATAR: refusal_of(PictureTooLarge())})
    except (PictureRefused, PictureTooLarge, PictureQuotaReached, PicturesBusy) as refused:
        site.services.notice(scope, refused)
        return await _page(request, site, refusals={_AVATAR: refusal_of(refused)})
    await site.db.run(media.add_avatar, actor.id, kept)
    return see_other(f"{_ACCOUNT}?done=avatar")


@post(f"{_ACCOUNT}/avatar/remove", tier=Tier.GENERAL, body=FORM)
async def remove_avatar(request: AnyRequest, site: NamedDependency[SkipValidation[Site]]) -> ASGIResponse:
    """Shows none any more; also when there is none already."""
    actor = await site.signed_in(request)
    await site.db.run(media.remove_avatar, actor.id)
    return see_other(f"{_ACCOUNT}?done=no-avatar")


@post(f"{_ACCOUNT}/password", tier=Tier.AUTH, body=WITH_PASSWORD)
async def change_password(request: AnyRequest, site: NamedDependency[SkipValidation[Site]]) -> ASGIResponse:
    """Changes the password, which signs every other device out."""
    actor = await site.signed_in(request)
    written = await form(request, PasswordForm, limit=WITH_PASSWORD)
    try:
        await entrance.change_password(site.services, actor, current=written.current_password, new=written.new_password)
    except FieldsRefused as refused:
        return await _page(request, site, refusals=refused.refusals)
    return see_other(f"{_ACCOUNT}?done=password")


@post(f"{_ACCOUNT}/sessions/{{session_id:uuid}}/end", tier=Tier.GENERAL, body=FORM)
async def end_session(
    request: AnyRequest, session_id: FromPath[UUID], site: NamedDependency[SkipValidation[Site]]
) -> ASGIResponse:
    """Signs one device out; also when it is already."""
    actor = await site.signed_in(request)
    await site.db.run(sessions.end, actor.id, session_id)
    return see_other(f"{_ACCOUNT}?done=session")


@post(f"{_ACCOUNT}/sessions/end-others", tier=Tier.GENERAL, body=FORM)
async def end_other_sessions(request: AnyRequest, site: NamedDependency[SkipValidation[Site]]) -> ASGIResponse:
    """Signs every device out but this one."""
    actor = await site.signed_in(request)
    await site.db.run(members.sign_out_elsewhere, actor)
    return see_other(f"{_ACCOUNT}?done=sessions")


async def _page(
    request: AnyRequest,
    site: Site,
    *,
    values: Profile | None = None,
    refusals: Mapping[str, Refusal] | None = None,
    done: str | None = None,
) -> ASGIResponse:
    actor = await site.signed_in(request)
    async with site.db.read() as read:
        own = await members.account(read, actor.id)
        devices = await sessions.of(read, actor.id)
    written = values or Profile(display_name=own.display_name, bio=own.bio, place=own.place)
    return await site.form_page(
        request,
        "members/account.html",
        values=written,
        refusals=refusals,
        own=own,
        devices=devices,
        here=actor.session_id,
        done=done,
    )
