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
    )
