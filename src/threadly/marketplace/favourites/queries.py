"""Looks at hearts."""

from collections.abc import Collection
from typing import Final
from uuid import UUID

from sqlalchemy import Uuid, any_, bindparam, select
from sqlalchemy.dialects.postgresql import ARRAY

from threadly.core.database import ReadSession
from threadly.marketplace.favourites.models import Favourite


async def mine(read: ReadSession, member_id: UUID, listing_ids: Collection[UUID]) -> frozenset[UUID]:
    """Which of these listings have the member's heart. One statement, however many they are; none for none."""
    if not listing_ids:
        return frozenset()
    rows = await read.execute(_MINE, {"member_id": member_id, "listing_ids": list(listing_ids)})
    return frozenset(rows.scalars())


_MINE: Final = select(Favourite.listing_id).where(
    Favourite.member_id == bindparam("member_id"),
    Favourite.listing_id == any_(bindparam("listing_ids", type_=ARRAY(Uuid()))),
)
