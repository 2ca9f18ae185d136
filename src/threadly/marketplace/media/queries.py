"""Looks at pictures."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select

from threadly.core.database import ReadSession
from threadly.marketplace.media.models import PictureUpload


async def owned(read: ReadSession, picture_ids: Collection[UUID], member_id: UUID) -> frozenset[UUID]:
    """Those of these pictures that the member has uploaded, and so may use."""
    if not picture_ids:
        return frozenset()
    statement = select(PictureUpload.picture_id).where(
        PictureUpload.member_id == member_id, PictureUpload.picture_id.in_(picture_ids)
    )
    return frozenset((await read.execute(statement)).scalars())
