"""What a seller has, in figures."""

from typing import Final
from uuid import UUID

import msgspec
from sqlalchemy import bindparam, select

from threadly.core.database import Prepared, ReadSession
from threadly.marketplace.listings import SellerTotals
from threadly.marketplace.storefront.own import Shelf


class Totals(msgspec.Struct, frozen=True, kw_only=True):
    """What a seller has, in figures."""

    shelves: dict[Shelf, int]
    """How much is on each."""
    hearts: int
    """On what is for sale, reserved or sold."""
    views: int
    """Visitors of each day, added up, of all that was ever public."""


async def totals(read: ReadSession, seller_id: UUID) -> Totals:
    """What a seller has, in figures; nothing but noughts for who never listed anything. One statement, by key."""
    rows = await _TOTALS.fetch(read, {"seller_id": seller_id})
    drafts, available, reserved, sold, removed, hearts, views = rows[0] if rows else (0,) * 7
    shelves = {
        Shelf.FOR_SALE: available + reserved,
        Shelf.DRAFTS: drafts,
        Shelf.SOLD: sold,
        Shelf.REMOVED: removed,
    }
    return Totals(shelves=shelves, hearts=hearts, views=views)


_TOTALS: Final = Prepared(
    select(
        SellerTotals.drafts,
        SellerTotals.available,
        SellerTotals.reserved,
        SellerTotals.sold,
        SellerTotals.removed,
        SellerTotals.hearts,
        SellerTotals.views,
    ).where(SellerTotals.seller_id == bindparam("seller_id", type_=SellerTotals.seller_id.type))
)
