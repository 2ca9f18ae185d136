"""Hearts, and what is loved right now."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Double, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from threadly.core import clock
from threadly.core.database import Model


class Favourite(Model):
    """A member's heart on a listing. How many a listing has is also kept on it, in `listings.favourites`."""

    __tablename__ = "favourites"

    member_id: Mapped[UUID] = mapped_column(ForeignKey("members.id", ondelete="CASCADE"), primary_key=True)
    listing_id: Mapped[UUID] = mapped_column(ForeignKey("listings.id", ondelete="CASCADE"), primary_key=True)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)

    __table_args__ = (
        Index("ix_favourites_member_id_created_at", "member_id", "created_at", "listing_id"),
        Index("ix_favourites_listing_id", "listing_id"),
        Index("ix_favourites_created_at", "created_at"),
    )


class Trend(Model):
    """What many have loved lately, and how warmly. A few hundred rows, made anew now and then."""

    __tablename__ = "trending"

    listing_id: Mapped[UUID] = mapped_column(ForeignKey("listings.id", ondelete="CASCADE"), primary_key=True)
    score: Mapped[float] = mapped_column(Double)

    __table_args__ = (CheckConstraint("score > 0", name="score_is_positive"),)
