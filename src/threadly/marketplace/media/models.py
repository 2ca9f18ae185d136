"""Pictures: where their bytes lie follows from their name, which follows from their bytes.

A picture has three rows at most. `picture_files` is written before its files are: it says what the store may hold, so
that nothing is forgotten there. `pictures` is written when all files are stored, by the transaction that uses them.
`picture_uploads` says who may use it; the same bytes from two members are one picture of both.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, func
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from threadly.core import clock, ids
from threadly.core.database import Model

_NAME_FORM = "name ~ '^[0-9a-f]{32}$'"


class Picture(Model):
    """One photograph, in all its sizes."""

    __tablename__ = "pictures"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=ids.new)
    name: Mapped[str] = mapped_column(unique=True)
    """32 hexadecimal digits, a digest of the largest size; files are `<name>-<width>.webp`."""
    width: Mapped[int] = mapped_column(Integer)
    height: Mapped[int] = mapped_column(Integer)
    placeholder: Mapped[str]
    """A data URI of a few pixels, shown until the picture arrives."""
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    unused_since: Mapped[datetime | None] = mapped_column(server_default=func.now())
    """When it was uploaded, or first seen without use; the clean-up goes by it, and corrects it."""

    __table_args__ = (
        CheckConstraint(_NAME_FORM, name="name_form"),
        CheckConstraint("width BETWEEN 1 AND 20000 AND height BETWEEN 1 AND 20000", name="dimensions"),
        CheckConstraint(
            "placeholder LIKE 'data:image/%' AND char_length(placeholder) <= 1000", name="placeholder_form"
        ),
        Index("ix_pictures_unused_since", "unused_since", postgresql_where=sql("unused_since IS NOT NULL")),
    )


class PictureUpload(Model):
    """A member has sent this picture, and may use it."""

    __tablename__ = "picture_uploads"

    picture_id: Mapped[UUID] = mapped_column(ForeignKey("pictures.id", ondelete="CASCADE"), primary_key=True)
    member_id: Mapped[UUID] = mapped_column(ForeignKey("members.id", ondelete="CASCADE"), primary_key=True)
    uploaded_at: Mapped[datetime] = mapped_column(server_default=func.now())

    __table_args__ = (Index("ix_picture_uploads_member_id", "member_id"),)


class PictureFiles(Model):
    """The store may hold files of this name; noted before they are written, forgotten after they are gone."""

    __tablename__ = "picture_files"

    name: Mapped[str] = mapped_column(primary_key=True)
    noted_at: Mapped[datetime] = mapped_column(server_default=func.now())
    """When somebody last began to store them."""
    noted_by: Mapped[UUID | None] = mapped_column(ForeignKey("members.id", ondelete="SET NULL"))
    """Who; None: the site itself."""
    bytes: Mapped[int] = mapped_column(Integer, server_default="0")
    """Of all its files together; 0 where that was not counted yet, and of the site's own."""
    leaving_since: Mapped[datetime | None]
    """Since when they are being removed; until that is done, nobody may begin to store them."""

    __table_args__ = (
        CheckConstraint(_NAME_FORM, name="name_form"),
        Index("ix_picture_files_noted_by", "noted_by", postgresql_where=sql("noted_by IS NOT NULL")),
        Index("ix_picture_files_leaving_since", "leaving_since", postgresql_where=sql("leaving_since IS NOT NULL")),
    )
