"""Takes out what nobody needs: rows of pictures that nobody shows, and claims on files that no row knows.

Each function is one short transaction. Rows are locked first, and looked at again with a fresh snapshot, so what
somebody begins to use at the same moment stays. A claim (`leaving_since`) keeps everybody else from storing files of
its name until they are gone and forgotten.
"""

from collections.abc import Collection, Sequence
from datetime import timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, MetaData, delete, exists, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from threadly.core.database import Tx
from threadly.marketplace.media.models import Picture, PictureFiles, PictureUpload

BATCH: Final = 1000
"""Rows that one transaction looks at."""


def uses(tables: MetaData) -> ColumnElement[bool]:
    """Whether any of these tables refers to a picture by a foreign key; that it was uploaded is no use."""
    columns = [
        key.parent
        for table in tables.tables.values()
        for key in table.foreign_keys
        if table.name != PictureUpload.__tablename__ and key.column.table.name == Picture.__tablename__
    ]
    return or_(*(exists().where(column == Picture.id) for column in columns))


async def mark(tx: Tx, used: ColumnElement[bool], *, after: UUID | None) -> UUID | None:
    """Says of a batch of pictures since when nobody uses them; the last one's id, None when there are no more."""
    page = select(Picture.id).order_by(Picture.id).limit(BATCH)
    if after is not None:
        page = page.where(Picture.id > after)
    ids = (await tx.scalars(page)).all()
    these = Picture.id.in_(ids)
    await tx.execute(update(Picture).where(these, Picture.unused_since.is_not(None), used).values(unused_since=None))
    await tx.execute(
        update(Picture).where(these, Picture.unused_since.is_(None), ~used).values(unused_since=func.now())
    )
    return ids[-1] if len(ids) == BATCH else None


async def drop_unused(tx: Tx, used: ColumnElement[bool], *, older_than: timedelta) -> int:
    """Deletes a batch of pictures that nobody has used for so long; how many were looked at."""
    old = (
        select(Picture.id)
        .where(Picture.unused_since < func.now() - older_than)
        .order_by(Picture.unused_since)
        .limit(BATCH)
        .with_for_update(skip_locked=True)
    )
    ids = (await tx.scalars(old)).all()
    these = Picture.id.in_(ids)
    await tx.execute(update(Picture).where(these, used).values(unused_since=None))
    await tx.execute(delete(Picture).where(these, ~used))
    return len(ids)


async def claim_forgotten(tx: Tx, *, older_than: timedelta, after: str) -> tuple[Sequence[str], str | None]:
    """Claims files that were noted so long ago, and have no picture: a batch of names, and where the next begins."""
    page = select(PictureFiles.name).where(PictureFiles.name > after).order_by(PictureFiles.name).limit(BATCH)
    names = (await tx.scalars(page)).all()
    forgotten = (
        select(PictureFiles.name)
        .where(
            PictureFiles.name.in_(names),
            PictureFiles.noted_at < func.now() - older_than,
            PictureFiles.leaving_since.is_(None),
            ~_is_shown(),
        )
        .with_for_update(skip_locked=True)
    )
    claimed = await _claim(tx, (await tx.scalars(forgotten)).all())
    return claimed, names[-1] if len(names) == BATCH else None


async def claim_abandoned(tx: Tx, *, older_than: timedelta) -> Sequence[str]:
    """Takes over a batch of claims of a clean-up that did not end."""
    abandoned = (
        select(PictureFiles.name)
        .where(PictureFiles.leaving_since < func.now() - older_than)
        .limit(BATCH)
        .with_for_update(skip_locked=True)
    )
    return await _claim(tx, (await tx.scalars(abandoned)).all())


async def claim_strays(tx: Tx, names: Collection[str]) -> Sequence[str]:
    """Claims those names of files that neither a note nor a picture knows."""
    shown = set((await tx.scalars(select(Picture.name).where(Picture.name.in_(names)))).all())
    strays = [{"name": name, "leaving_since": func.now()} for name in sorted(set(names) - shown)]
    if not strays:
        return ()
    claim = insert(PictureFiles).values(strays).on_conflict_do_nothing().returning(PictureFiles.name)
    return (await tx.scalars(claim)).all()


async def forget(tx: Tx, names: Collection[str]) -> None:
    """Gives claims up: their files are gone, and may be stored anew."""
    await tx.execute(delete(PictureFiles).where(PictureFiles.name.in_(names), PictureFiles.leaving_since.is_not(None)))


async def _claim(tx: Tx, names: Sequence[str]) -> Sequence[str]:
    claim = update(PictureFiles).where(PictureFiles.name.in_(names), ~_is_shown()).values(leaving_since=func.now())
    return (await tx.scalars(claim.returning(PictureFiles.name))).all()


def _is_shown() -> ColumnElement[bool]:
    return exists().where(Picture.name == PictureFiles.name)
