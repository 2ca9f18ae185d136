"""What search engines are told of, in files of which each can be read from where it begins."""

from datetime import datetime
from enum import StrEnum
from functools import cache
from typing import Any, Final
from uuid import UUID

import msgspec
from sqlalchemy import ColumnElement, Select, Text, bindparam, cast, exists, func, literal_column, select

from threadly.core.database import Prepared, ReadSession
from threadly.marketplace.listings import FOR_SALE, Listing, SellerTotals
from threadly.marketplace.members import Member

MOST_ENTRIES: Final = 50_000
"""Of one file, by the protocol of sitemaps.org."""


class Told(StrEnum):
    """Whose pages."""

    LISTINGS = "listings"
    MEMBERS = "members"


class Entry(msgspec.Struct, frozen=True):
    """A page."""

    id: UUID
    name: str
    """What stands in its address: a listing's id, a member's username."""
    changed_at: datetime | None


async def firsts(read: ReadSession, told: Told, *, most: int = MOST_ENTRIES) -> list[UUID]:
    """The first id of each file, in order; none where there is nothing to tell. What is new comes at the end."""
    return list((await read.execute(_FIRSTS[told], {"most": most})).scalars())


async def entries(
    read: ReadSession, told: Told, *, first: UUID, after: UUID | None = None, limit: int = 1000
) -> list[Entry]:
    """The next pages of the file that begins with `first`; `after` is the last one that was read."""
    given = {"at": first if after is None else after}
    return [Entry(*row) for row in await _prepared(told, limit, follows=after is not None).fetch(read, given)]


@cache
def _prepared(told: Told, limit: int, *, follows: bool) -> Prepared:
    pages, id = _PAGES[told], _IDS[told]
    at = bindparam("at", type_=id.type)
    return Prepared(pages.where(id > at if follows else id >= at).limit(literal_column(str(limit))))


_SELLS: Final = exists().where(
    SellerTotals.seller_id == Member.id, SellerTotals.available + SellerTotals.reserved > literal_column("0")
)
_NUMBER: Final = literal_column("number", func.count().type)


def _firsts(id: ColumnElement[UUID], condition: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    numbered = select(id, func.row_number().over(order_by=id).label("number")).where(condition).subquery("numbered")
    begins = (numbered.c.number - 1) % bindparam("most", type_=_NUMBER.type) == 0
    return select(numbered.c.id).where(begins).order_by(numbered.c.id)


_IDS: Final = {Told.LISTINGS: Listing.id.expression, Told.MEMBERS: Member.id.expression}
_PAGES: Final = {
    Told.LISTINGS: select(Listing.id, cast(Listing.id, Text), Listing.updated_at).where(FOR_SALE).order_by(Listing.id),
    Told.MEMBERS: select(Member.id, Member.username, literal_column("NULL", Listing.updated_at.type))
    .where(_SELLS)
    .order_by(Member.id),
}
_FIRSTS: Final = {
    Told.LISTINGS: _firsts(Listing.id.expression, FOR_SALE),
    Told.MEMBERS: _firsts(Member.id.expression, _SELLS),
}
