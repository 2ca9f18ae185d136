"""Members come, and change what they say of themselves.

Passwords arrive here hashed, since that takes too long for a transaction.
"""

from typing import Final
from uuid import UUID

from msgspec import UNSET
from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert

from threadly.core import audit, clock, ids
from threadly.core.auth import Actor, AuthSettings, Issued, sessions
from threadly.core.database import Tx
from threadly.core.errors import FieldsRefused
from threadly.marketplace.members import policy
from threadly.marketplace.members.errors import MemberNotFound, PasswordChangedMeanwhile
from threadly.marketplace.members.models import Credential, Member
from threadly.marketplace.members.policy import NewMember, Profile, ProfileChanges

_OF_PROFILE: Final = ("display_name", "bio", "place")


class SignedUp(audit.Act):
    """Somebody became a member."""

    name = "member.signed_up"


class PasswordChanged(audit.Act):
    """A member changed their password, which signed their other devices out."""

    name = "member.password_changed"


class SignedOutElsewhere(audit.Act):
    """A member signed out all their devices but the one they did it on."""

    name = "member.signed_out_elsewhere"


class ProfileChanged(audit.Act):
    """A member changed what others see of them."""

    name = "member.profile_changed"


async def sign_up(
    tx: Tx, new: NewMember, *, password_hash: str, settings: AuthSettings, user_agent: str = ""
) -> Issued:
    """Makes a member, and begins their first session. That the address is another's already, nobody is told.

    Raises:
        FieldsRefused: A field breaks a rule, or the username is somebody's.
    """
    policy.check_new(new)
    member_id, now = ids.new(), clock.now()
    made = await tx.scalar(
        insert(Member)
        .values(id=member_id, username=new.username, display_name=new.username, bio="", place="", joined_at=now)
        .on_conflict_do_nothing()
        .returning(Member.id)
    )
    if made is None:
        raise FieldsRefused(refusals={"username": policy.USERNAME_TAKEN})
    tx.add(
        Credential(
            member_id=member_id,
            email=new.email,
            password_hash=password_hash,
            created_at=now,
            password_changed_at=now,
        )
    )
    who = audit.named("member", member_id)
    await audit.record(tx, SignedUp, actor=who, target=who, after={"username": new.username})
    return await sessions.issue(tx, member_id, settings=settings, user_agent=user_agent)


async def sign_in(
    tx: Tx,
    member_id: UUID,
    *,
    verified_hash: str,
    fresh_hash: str | None,
    settings: AuthSettings,
    user_agent: str = "",
) -> Issued:
    """Begins a session of a member whose password has been found right.

    Args:
        verified_hash: What the password was compared with.
        fresh_hash: The same password, hashed by today's settings, where it was kept by others.

    Raises:
        PasswordChangedMeanwhile: It is kept no more.
    """
    await _lock(tx, member_id, verified_hash)
    if fresh_hash is not None:
        await tx.execute(update(Credential).where(Credential.member_id == member_id).values(password_hash=fresh_hash))
    return await sessions.issue(tx, member_id, settings=settings, user_agent=user_agent)


async def change_password(tx: Tx, actor: Actor, *, verified_hash: str, new_hash: str) -> None:
    """Keeps another password from now on, and ends every session but the one that this is done in.

    Args:
        verified_hash: What the current password was compared with.

    Raises:
        PasswordChangedMeanwhile: It is kept no more.
    """
    await _lock(tx, actor.id, verified_hash)
    await tx.execute(
        update(Credential)
        .where(Credential.member_id == actor.id)
        .values(password_hash=new_hash, password_changed_at=clock.now())
    )
    ended = await sessions.end_others(tx, actor)
    who = audit.named("member", actor.id)
    await audit.record(tx, PasswordChanged, actor=who, target=who, after={"other_devices_signed_out": ended})


async def sign_out_elsewhere(tx: Tx, actor: Actor) -> int:
    """Ends every session but the one that this is done in, and says how many."""
    ended = await sessions.end_others(tx, actor)
    who = audit.named("member", actor.id)
    await audit.record(tx, SignedOutElsewhere, actor=who, target=who, after={"devices": ended})
    return ended


async def edit_profile(tx: Tx, member_id: UUID, changes: ProfileChanges, *, shop: str = "") -> None:
    """Says something else of a member; of two who do at once, neither undoes what the other has changed.

    Args:
        shop: The shop's own name, which nobody else can have.

    Raises:
        FieldsRefused: A field breaks a rule.
        MemberNotFound: No such member.
    """
    member = await tx.get(Member, member_id, with_for_update=True)
    if member is None:
        raise MemberNotFound
    profile = Profile(
        display_name=member.display_name if changes.display_name is UNSET else changes.display_name,
        bio=member.bio if changes.bio is UNSET else changes.bio,
        place=member.place if changes.place is UNSET else changes.place,
    )
    policy.check_profile(profile, shop=shop)
    was = {name: getattr(member, name) for name in _OF_PROFILE if getattr(member, name) != getattr(profile, name)}
    if not was:
        return
    for name in was:
        setattr(member, name, getattr(profile, name))
    who = audit.named("member", member_id)
    after = {name: getattr(profile, name) for name in was}
    await audit.record(tx, ProfileChanged, actor=who, target=who, before=was, after=after)


async def _lock(tx: Tx, member_id: UUID, verified_hash: str) -> None:
    kept = await tx.scalar(select(Credential.password_hash).where(Credential.member_id == member_id).with_for_update())
    if kept != verified_hash:
        raise PasswordChangedMeanwhile
