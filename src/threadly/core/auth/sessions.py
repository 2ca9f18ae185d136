"""Sessions on the server: who has shown who they are, and on which device.

    issued = await sessions.issue(tx, member.id, settings=settings.auth, user_agent="Firefox on Linux")
    actor = await sessions.recognised(db, token, settings=settings.auth)

Guaranteed: a token is 256 random bits, and only its SHA-256 is kept, so who reads the table cannot act as anybody; one
that has ended, or was not used for `session_idle`, or is older than `session_longest`, is nobody's. Recognising a token
is one statement. That a session was used is written down at most once an hour, or ten times within `session_idle`.
"""

import re
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final
from uuid import UUID

import msgspec
from sqlalchemy import CheckConstraint, Index, LargeBinary, bindparam, delete, select
from sqlalchemy.orm import Mapped, mapped_column

from threadly.core import clock, ids
from threadly.core.auth.actor import Actor
from threadly.core.auth.settings import AuthSettings
from threadly.core.database import Database, Model, Prepared, ReadSession, Tx

TOKEN_BYTES: Final = 32
MOST_SESSIONS: Final = 50
"""The list of one's own sessions ends after so many; the latest come first."""
WRITTEN_EVERY: Final = timedelta(hours=1)
_MOST_AGENT: Final = 200
_TOKEN: Final = re.compile(r"[A-Za-z0-9_-]{43}")


class Session(Model):
    """One device on which somebody is signed in. `actor_id` is whoever the application knows by that id."""

    __tablename__ = "sessions"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=ids.new)
    actor_id: Mapped[UUID]
    token_sha256: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    user_agent: Mapped[str]
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]

    __table_args__ = (
        CheckConstraint("octet_length(token_sha256) = 32", name="token_sha256_length"),
        CheckConstraint(f"char_length(user_agent) <= {_MOST_AGENT}", name="user_agent_length"),
        CheckConstraint("created_at <= last_seen_at AND last_seen_at < expires_at", name="times_in_order"),
        Index("ix_sessions_actor_id", "actor_id"),
        Index("ix_sessions_expires_at", "expires_at"),
    )


class Issued(msgspec.Struct, frozen=True, kw_only=True):
    """A session that has just begun."""

    token: str
    """What its owner shows from now on. It is kept nowhere."""
    actor: Actor
    expires_at: datetime


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """A session, as its owner may see it."""

    id: UUID
    user_agent: str
    created_at: datetime
    last_seen_at: datetime


async def issue(tx: Tx, actor_id: UUID, *, settings: AuthSettings, user_agent: str = "") -> Issued:
    """Begins a session. Each has an id and a token of its own, whatever was shown before."""
    token, now = secrets.token_urlsafe(TOKEN_BYTES), clock.now()
    begun = Session(
        id=ids.new(),
        actor_id=actor_id,
        token_sha256=_digest(token),
        user_agent=_printable(user_agent),
        created_at=now,
        last_seen_at=now,
        expires_at=now + min(settings.session_idle, settings.session_longest),
    )
    tx.add(begun)
    await tx.flush()
    return Issued(token=token, actor=Actor(id=actor_id, session_id=begun.id), expires_at=begun.expires_at)


async def recognised(db: Database, token: str, *, settings: AuthSettings) -> Actor | None:
    """Who shows this token; nobody if it is not, or no longer, good. One statement, and now and then a second one.

    Raises:
        DatabaseUnavailable: The sessions cannot be looked at.
    """
    if _TOKEN.fullmatch(token) is None:
        return None
    now = clock.now()
    async with db.read(latest=True) as read:  # one that was ended a moment ago is over
        rows = await _FIND.fetch(read, {"token_sha256": _digest(token), "now": now})
    if not rows:
        return None
    ((id, actor_id, last_seen_at),) = rows
    if now - last_seen_at >= min(WRITTEN_EVERY, settings.session_idle / 10):
        await db.run(seen, id, settings=settings)
    return Actor(id=actor_id, session_id=id)


async def seen(tx: Tx, id: UUID, *, settings: AuthSettings) -> None:
    """Writes down that a session was used just now, which prolongs it."""
    session = await tx.get(Session, id, with_for_update=True)
    if session is not None:
        now = clock.now()
        ends = min(now + settings.session_idle, session.created_at + settings.session_longest)
        if session.last_seen_at < now < ends:
            session.last_seen_at, session.expires_at = now, ends


async def of(read: ReadSession, actor_id: UUID) -> Sequence[Shown]:
    """The sessions of one actor that are good, the one used last first."""
    rows = await read.execute(_OF, {"actor_id": actor_id, "now": clock.now()})
    return [
        Shown(id=id, user_agent=user_agent, created_at=created_at, last_seen_at=last_seen_at)
        for id, user_agent, created_at, last_seen_at in rows
    ]


async def end(tx: Tx, actor_id: UUID, session_id: UUID) -> bool:
    """Ends one session of this actor, and says whether there was one. Nobody ends another's."""
    ended = delete(Session).where(Session.id == session_id, Session.actor_id == actor_id).returning(Session.id)
    return await tx.scalar(ended) is not None


async def end_others(tx: Tx, actor: Actor) -> int:
    """Ends all of this actor's sessions but the one they act in, and says how many."""
    others = delete(Session).where(Session.actor_id == actor.id, Session.id != actor.session_id)
    return len((await tx.execute(others.returning(Session.id))).all())


def _digest(token: str) -> bytes:
    return sha256(token.encode()).digest()


def _printable(user_agent: str) -> str:
    return "".join(character for character in user_agent if character.isprintable())[:_MOST_AGENT]


_FIND: Final = Prepared(
    select(Session.id, Session.actor_id, Session.last_seen_at).where(
        Session.token_sha256 == bindparam("token_sha256", type_=Session.token_sha256.type),
        Session.expires_at > bindparam("now", type_=Session.expires_at.type),
    )
)
_OF: Final = (
    select(Session.id, Session.user_agent, Session.created_at, Session.last_seen_at)
    .where(Session.actor_id == bindparam("actor_id"), Session.expires_at > bindparam("now"))
    .order_by(Session.last_seen_at.desc(), Session.id.desc())
    .limit(MOST_SESSIONS)
)
