"""Looks at members."""

from datetime import datetime
from typing import Final
from uuid import UUID

import msgspec
from sqlalchemy import bindparam, func, select

from threadly.core.database import ReadSession
from threadly.marketplace.members.errors import MemberNotFound
from threadly.marketplace.members.models import Credential, Member
from threadly.marketplace.members.policy import compared


class Candidate(msgspec.Struct, frozen=True, kw_only=True):
    """Who may be meant by a name that somebody signs in with."""

    member_id: UUID
    password_hash: str


class Account(msgspec.Struct, frozen=True, kw_only=True):
    """A member, as they see themselves."""

    id: UUID
    username: str
    email: str
    display_name: str
    bio: str
    place: str
    joined_at: datetime


async def candidate(read: ReadSession, name: str) -> Candidate | None:
    """The one member that may be meant by a username or an address; so each attempt to sign in costs one hash.

    An address that is confirmed is one member's. One that is not may have been written down by several: then it means
    the first of them, and the others sign in by their usernames.
    """
    statement = _BY_EMAIL if "@" in name else _BY_USERNAME
    row = (await read.execute(statement, {"name": compared(name)})).first()
    return None if row is None else Candidate(member_id=row[0], password_hash=row[1])


async def kept_password(read: ReadSession, member_id: UUID) -> str | None:
    """What is kept of a member's password; None for one who cannot sign in."""
    row = (await read.execute(_PASSWORD, {"member_id": member_id})).first()
    return None if row is None else str(row[0])


async def account(read: ReadSession, member_id: UUID) -> Account:
    """A member's own view of themselves.

    Raises:
        MemberNotFound: No such member, or none who can sign in.
    """
    row = (await read.execute(_ACCOUNT, {"member_id": member_id})).first()
    if row is None:
        raise MemberNotFound
    return Account(**row._asdict())


_NAMED: Final = select(Credential.member_id, Credential.password_hash)
_BY_USERNAME: Final = _NAMED.join(Member, Member.id == Credential.member_id).where(
    func.lower(Member.username) == func.lower(bindparam("name"))
)
_BY_EMAIL: Final = (
    _NAMED.where(func.lower(Credential.email) == func.lower(bindparam("name")))
    .order_by(Credential.email_confirmed_at.is_(None), Credential.created_at, Credential.member_id)
    .limit(1)
)
_PASSWORD: Final = select(Credential.password_hash).where(Credential.member_id == bindparam("member_id"))
_ACCOUNT: Final = (
    select(
        Member.id,
        Member.username,
        Credential.email,
        Member.display_name,
        Member.bio,
        Member.place,
        Member.joined_at,
    )
    .join(Credential, Credential.member_id == Member.id)
    .where(Member.id == bindparam("member_id"))
)
