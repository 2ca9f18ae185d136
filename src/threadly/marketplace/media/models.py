"""Pictures: where their bytes lie follows from their name, which follows from their bytes."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Integer
from sqlalchemy.orm import Mapped, mapped_column

from threadly.core import clock, ids
from threadly.core.database import Model

WIDTHS = (320, 640, 1280)
"""Each picture is kept as WebP in these widths, in pixels."""


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

    __table_args__ = (
        CheckConstraint("name ~ '^[0-9a-f]{32}$'", name="name_form"),
        CheckConstraint("width BETWEEN 1 AND 20000 AND height BETWEEN 1 AND 20000", name="dimensions"),
        CheckConstraint(
            "placeholder LIKE 'data:image/%' AND char_length(placeholder) <= 1000", name="placeholder_form"
        ),
    )
