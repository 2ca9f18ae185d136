"""Notes, adds and shows pictures. Files are written between `note` and `add`; `intake` keeps that order."""

from datetime import timedelta
from typing import Final
from uuid import UUID

import msgspec
from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.dialects.postgresql import insert

from threadly.core import ids
from threadly.core.database import Tx
from threadly.marketplace.media.errors import (
    PictureBytesOfDayReached,
    PictureBytesReached,
    PicturesBusy,
    PicturesOfDayReached,
    PicturesReached,
    PicturesUnused,
)
from threadly.marketplace.media.limits import Quotas
from threadly.marketplace.media.models import Picture, PictureFiles, PictureUpload
from threadly.marketplace.media.policy import MOST_UNUSED
from threadly.marketplace.members import Member

_A_DAY: Final = timedelta(days=1)


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """A picture whose files are in the store, and which nobody uses yet."""

    name: str
    width: int
    """Of the largest file, in pixels; never more than the original's."""
    height: int
    placeholder: str
    """A data URI of at most 1,000 characters."""


async def note(tx: Tx, *names: str) -> None:
    """Says that files of these names are about to be stored, so that the clean-up leaves them alone for a day.

    Raises:
        PicturesBusy: Some are being removed at this moment.
    """
    if not names:
        return
    noted = insert(PictureFiles).values([{"name": name} for name in sorted(set(names))])  # sorted: rivals wait in line
    statement = noted.on_conflict_do_update(
        index_elements=[PictureFiles.name], set_={"noted_at": func.now()}, where=PictureFiles.leaving_since.is_(None)
    ).returning(PictureFiles.name)
    if len((await tx.scalars(statement)).all()) < len(set(names)):
        raise PicturesBusy


async def note_by(tx: Tx, member_id: UUID, name: str, *, size: int, used: ColumnElement[bool], quotas: Quotas) -> None:
    """The same of a picture that a member has sent, within what a member may keep. Of many at once, each counts.

    Args:
        size: Of its files together, in bytes.
        used: Whether anything refers to a picture; `removal.uses` says.

    Raises:
        PicturesOfDayReached, PictureBytesOfDayReached, PicturesReached, PictureBytesReached: With it, they would keep
            more than their quota.
        PicturesUnused: They stored 60 others within a day, which are unused now.
        PicturesBusy: As `note`.
    """
    await tx.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"pictures of {member_id}", 0))))
    await _expect_room(tx, member_id, name, size, quotas)
    unused = (
        select(func.count())
        .select_from(PictureFiles)
        .outerjoin(Picture, Picture.name == PictureFiles.name)
        .where(
            PictureFiles.noted_by == member_id,
            PictureFiles.noted_at > func.now() - _A_DAY,
            PictureFiles.name != name,
            ~used,
        )
    )
    if (await tx.scalar(unused) or 0) >= MOST_UNUSED:
        raise PicturesUnused(most=MOST_UNUSED)
    await note(tx, name)
    await tx.execute(update(PictureFiles).where(PictureFiles.name == name).values(noted_by=member_id, bytes=size))


async def add(tx: Tx, owner_id: UUID, kept: Kept) -> Picture:
    """The picture, which its owner may use from now on; if it is there already, that one.

    Who uses it says so in the same transaction, by a foreign key to it. One that nobody uses goes after a day.

    Raises:
        PicturesBusy: Its files were kept too long ago, and are being removed.
    """
    still_there = update(PictureFiles).where(PictureFiles.name == kept.name, PictureFiles.leaving_since.is_(None))
    if await tx.scalar(still_there.values(noted_at=func.now()).returning(PictureFiles.name)) is None:
        raise PicturesBusy
    row = insert(Picture).values(
        id=ids.new(), name=kept.name, width=kept.width, height=kept.height, placeholder=kept.placeholder
    )
    same = row.on_conflict_do_update(index_elements=[Picture.name], set_={"unused_since": func.now()})
    picture = (await tx.scalars(same.returning(Picture), execution_options={"populate_existing": True})).one()
    upload = insert(PictureUpload).values(picture_id=picture.id, member_id=owner_id)
    await tx.execute(
        upload.on_conflict_do_update(
            index_elements=[PictureUpload.picture_id, PictureUpload.member_id], set_={"uploaded_at": func.now()}
        )
    )
    return picture


async def add_avatar(tx: Tx, member_id: UUID, kept: Kept) -> Picture:
    """The picture, shown for the member from now on. Raises as `add` does."""
    picture = await add(tx, member_id, kept)
    await tx.execute(update(Member).where(Member.id == member_id).values(avatar_id=picture.id))
    return picture


async def remove_avatar(tx: Tx, member_id: UUID) -> None:
    """Shows no picture for the member any more, whether there was one or not. Its files go with the clean-up."""
    await tx.execute(update(Member).where(Member.id == member_id).values(avatar_id=None))


async def _expect_room(tx: Tx, member_id: UUID, name: str, size: int, quotas: Quotas) -> None:
    """Expects that a member may keep one more, which may be there already."""
    of_day = PictureFiles.noted_at > func.now() - _A_DAY
    count, total = func.count(), func.coalesce(func.sum(PictureFiles.bytes), 0)
    kept = select(
        count.filter(of_day), func.coalesce(func.sum(PictureFiles.bytes).filter(of_day), 0), count, total
    ).where(PictureFiles.noted_by == member_id, PictureFiles.name != name)
    pictures_of_day, bytes_of_day, pictures, kept_bytes = (await tx.execute(kept)).one()
    for known, most, refusal in (
        (pictures + 1, quotas.pictures, PicturesReached),
        (kept_bytes + size, quotas.bytes, PictureBytesReached),
        (pictures_of_day + 1, quotas.pictures_a_day, PicturesOfDayReached),
        (bytes_of_day + size, quotas.bytes_a_day, PictureBytesOfDayReached),
    ):
        if known > most:
            raise refusal(most=most)
