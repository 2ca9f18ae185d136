"""What search engines are told of, in files of which each can be read from where it begins."""

from datetime import datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

import msgspec
from sqlalchemy import ColumnElement, Select, Text, bindparam, cast, exists, func, literal_column, select

from threadly.core.database import ReadSession
from threadly.marketplace.listings import FOR_SALE, UNSOLD, Listing
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
    statement = _ENTRIES[told] if after is None else _ENTRIES_AFTER[told]
    given = {"first": first} if after is None else {"after": after}
    return [Entry(*row) for row in await read.execute(statement.limit(limit), given)]


_SELLS: Final = exists().where(Listing.seller_id == Member.id, UNSOLD)
_NUMBER: Final = literal_column("number", func.count().type)


def _firsts(id: ColumnElement[UUID], condition: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    numbered = select(id, func.row_number().over(order_by=id).label("number")).where(condition).subquery("numbered")
    begins = (numbered.c.number - 1) % bindparam("most", type_=_NUMBER.type) == 0
    return select(numbered.c.id).where(begins).order_by(numbered.c.id)


_LISTINGS: Final = select(Listing.id, cast(Listing.id, Text), Listing.updated_at).where(FOR_SALE).order_by(Listing.id)
_MEMBERS: Final = (
    select(Member.id, Member.username, literal_column("NULL", Listing.updated_at.type))
    .where(_SELLS)
    .order_by(Member.id)
)
_FIRSTS: Final = {
    Told.LISTINGS: _firsts(Listing.id.expression, FOR_SALE),
    Told.MEMBERS: _firsts(Member.id.expression, _SELLS),
}
_ENTRIES: Final = {
    Told.LISTINGS: _LISTINGS.where(Listing.id >= bindparam("first")),
    Told.MEMBERS: _MEMBERS.where(Member.id >= bindparam("first")),
}
_ENTRIES_AFTER: Final = {
    Told.LISTINGS: _LISTINGS.where(Listing.id > bindparam("after")),
    Told.MEMBERS: _MEMBERS.where(Member.id > bindparam("after")),
}
