"""Who sells and buys."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from threadly.core import clock, ids
from threadly.core.database import Model


class Member(Model):
    """A person with a public profile. Two usernames that differ only in case are one."""

    __tablename__ = "members"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=ids.new)
    username: Mapped[str]
    display_name: Mapped[str]
    bio: Mapped[str] = mapped_column(default="", server_default="")
    place: Mapped[str] = mapped_column(default="", server_default="")
    avatar_id: Mapped[UUID | None] = mapped_column(ForeignKey("pictures.id", ondelete="SET NULL"))
    joined_at: Mapped[datetime] = mapped_column(default=clock.now)

    __table_args__ = (
        CheckConstraint("username ~ '^[a-zA-Z0-9_-]{3,20}$'", name="username_form"),
        CheckConstraint("char_length(btrim(display_name)) BETWEEN 1 AND 50", name="display_name_length"),
        CheckConstraint("char_length(bio) <= 500", name="bio_length"),
        CheckConstraint("char_length(place) <= 100", name="place_length"),
        Index("uq_members_lower_username", text("lower(username)"), unique=True),
        Index("ix_members_avatar_id", "avatar_id", postgresql_where=text("avatar_id IS NOT NULL")),
    )


class Credential(Model):
    """How a member shows who they are; apart from what others may see of them.

    An address is a member's own only once it is confirmed: until then, any number may have written it down.
    """

    __tablename__ = "credentials"

    member_id: Mapped[UUID] = mapped_column(ForeignKey("members.id", ondelete="CASCADE"), primary_key=True)
    email: Mapped[str]
    email_confirmed_at: Mapped[datetime | None]
    password_hash: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    password_changed_at: Mapped[datetime] = mapped_column(default=clock.now)

    __table_args__ = (
        CheckConstraint("email ~ '^[^@[:space:]]+@[^@[:space:]]+$'", name="email_form"),
        CheckConstraint("char_length(email) <= 254", name="email_length"),
        CheckConstraint("password_hash LIKE '$argon2id$%'", name="password_hash_form"),
        Index(
            "uq_credentials_lower_email_confirmed",
            text("lower(email)"),
            unique=True,
            postgresql_where=text("email_confirmed_at IS NOT NULL"),
        ),
        Index("ix_credentials_lower_email", text("lower(email)"), "created_at"),
    )
