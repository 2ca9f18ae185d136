"""Signing up and in, and one's own account, in JSON."""

from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from threadly import entrance
from threadly.api.endpoints import reads, writes
from threadly.api.shapes import Moment, Picture, picture
from threadly.core.asgi import BodyLimit
from threadly.core.auth import Actor, Discreet, Issued, PasswordsBusy, sessions
from threadly.core.errors import FieldsRefused
from threadly.core.text import AsTyped
from threadly.marketplace import members, storefront
from threadly.marketplace.members import (
    Account,
    CurrentPasswordWrong,
    MemberNotFound,
    NewMember,
    PasswordChangedMeanwhile,
    ProfileChanges,
    SignInRefused,
)
from threadly.marketplace.storefront import Visitor
from threadly.tiers import Tier
from threadly.wiring import Services

WITH_PASSWORD = BodyLimit(512 * 1024)
"""Room for a password of 60 KB however it is escaped, so that its refusal says what is wrong with it."""


class SignIn(Discreet, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What signing in takes."""

    name: Annotated[str, Meta(description="A username, or an e-mail address.", examples=["mila"])]
    password: AsTyped


class SessionOut(msgspec.Struct, frozen=True, kw_only=True):
    """A session that has begun. The token is shown here once; we keep only its hash."""

    token: Annotated[str, Meta(description="Send it as `Authorization: Bearer <token>`.")]
    member_id: UUID
    expires_at: Annotated[Moment, Meta(description="Unless it is used: each use moves this, up to half a year.")]


class AccountOut(msgspec.Struct, frozen=True, kw_only=True):
    """A member, as they see themselves."""

    id: UUID
    username: str
    email: Annotated[str, Meta(description="Nobody else sees it.")]
    display_name: str
    bio: str
    place: str
    joined_at: Moment
    avatar: Picture | None


_THEN = datetime(2026, 3, 1, 12, tzinfo=UTC)
_ID = UUID("0197f2a0-1111-7c3b-9a1f-2b6c8d7e9f02")
_SESSION = SessionOut(token="q8Zx…", member_id=_ID, expires_at=_THEN)  # noqa: S106 - nobody's
_ACCOUNT = AccountOut(
    id=_ID,
    username="mila",
    email="mila@example.com",
    display_name="Mila",
    bio="Linen, wool, and little else.",
    place="Sofia",
    joined_at=_THEN,
    avatar=None,
)


@writes(
    "/members",
    method="POST",
    tier=Tier.AUTH,
    id="sign_up",
    tag="Members",
    summary="Sign up",
    status=201,
    refuses=(FieldsRefused, PasswordsBusy),
    example=_SESSION,
    body_example=NewMember(username="mila", email="mila@example.com", password="seven wool coats"),  # noqa: S106
    body_limit=WITH_PASSWORD,
)
async def sign_up(services: Services, data: NewMember, user_agent: str, network: str) -> SessionOut:
    """Makes a member and begins a session. The answer does not tell whether the address is known."""
    return _session(await entrance.sign_up(services, data, user_agent=user_agent, network=network))


@writes(
    "/session",
    method="POST",
    tier=Tier.AUTH,
    id="sign_in",
    tag="Members",
    summary="Sign in",
    status=201,
    refuses=(SignInRefused, CurrentPasswordWrong, FieldsRefused, PasswordsBusy, PasswordChangedMeanwhile),
    example=_SESSION,
    body_example=SignIn(name="mila", password="seven wool coats"),  # noqa: S106
    body_limit=WITH_PASSWORD,
)
async def sign_in(services: Services, data: SignIn, user_agent: str, network: str) -> SessionOut:
    """Begins a session, by username or e-mail address. A wrong name and a wrong password get the same answer."""
    issued = await entrance.sign_in(services, data.name, data.password, user_agent=user_agent, network=network)
    return _session(issued)


@writes("/session", method="DELETE", tier=Tier.GENERAL, id="sign_out", tag="Members", summary="Sign out")
async def sign_out(services: Services, actor: Actor) -> None:
    """Ends the session that this request is made in."""
    await services.db.run(sessions.end, actor.id, actor.session_id)


@reads(
    "/me",
    id="get_account",
    tag="Members",
    summary="Your account",
    private=True,
    refuses=(MemberNotFound,),
    example=_ACCOUNT,
)
async def me(services: Services, actor: Actor) -> AccountOut:
    """The member whose session this request is made in."""
    return await own_account(services, actor)


@writes(
    "/me",
    method="PATCH",
    tier=Tier.GENERAL,
    id="edit_account",
    tag="Members",
    summary="Edit your profile",
    refuses=(FieldsRefused, MemberNotFound),
    example=_ACCOUNT,
    body_example=ProfileChanges(place="Plovdiv"),
)
async def edit(services: Services, actor: Actor, data: ProfileChanges) -> AccountOut:
    """Changes what others see of you."""
    await services.db.run(members.edit_profile, actor.id, data, shop=services.settings.site.name)
    return await own_account(services, actor)


async def own_account(services: Services, actor: Actor) -> AccountOut:
    """A member's account, as it is now."""
    async with services.db.read() as read:
        found, seen = await members.account(read, actor.id), await storefront.visitor(read, actor.id)
    return _account(found, seen, services.media_at)


def _session(issued: Issued) -> SessionOut:
    return SessionOut(token=issued.token, member_id=issued.actor.id, expires_at=issued.expires_at)


def _account(found: Account, seen: Visitor | None, at: str) -> AccountOut:
    return AccountOut(
        id=found.id,
        username=found.username,
        email=found.email,
        display_name=found.display_name,
        bio=found.bio,
        place=found.place,
        joined_at=found.joined_at,
        avatar=picture(seen.avatar, at) if seen and seen.avatar else None,
    )
