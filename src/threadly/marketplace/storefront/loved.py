"""What is loved: by one member, and by many lately."""

from datetime import datetime
from typing import Any, Final
from uuid import UUID

import msgspec
from sqlalchemy import Select, bindparam, literal_column, select, tuple_

from threadly.core.database import Cursors, Prepared, ReadSession
from threadly.marketplace.favourites import Favourite, Trend
from threadly.marketplace.listings import FOR_SALE, PUBLIC, Listing
from threadly.marketplace.storefront.rows import card, shown
from threadly.marketplace.storefront.views import Card, Page

PAGE: Final = 24


class _HeartKey(msgspec.Struct, frozen=True, array_like=True):
    created_at: datetime
    listing_id: UUID


async def favourites_of(read: ReadSession, member_id: UUID, cursors: Cursors, *, after: str | None = None) -> Page:
    """A page of what a member has put a heart on, the latest first; also what is reserved or sold. One statement.

    Raises:
        CursorRejected: `after` was not given out for this list.
    """
    query = f"favourites|{member_id}"
    given: dict[str, object] = {"member_id": member_id}
    if after is not None:
        key = cursors.open(after, _HeartKey, query=query)
        given |= {"after": key.created_at, "after_id": key.listing_id}
    rows = await (_FIRST_PAGE if after is None else _NEXT_PAGE).fetch(read, given)
    items = tuple([card(row) for row in rows[:PAGE]])
    if len(rows) <= PAGE:
        return Page(items=items, next=None)
    last = rows[PAGE - 1]
    return Page(items=items, next=cursors.seal(_HeartKey(last[-1], last[0]), query=query))


async def trending(read: ReadSession, *, limit: int = 8) -> tuple[Card, ...]:
    """What many have loved lately and is still for sale, the warmest first; nothing where that is so. One statement."""
    return tuple([card(row) for row in (await _TRENDING.fetch(read))[:limit]])


def _page(*, follows: bool) -> Select[*tuple[Any, ...]]:
    loved = (
        select(Listing, Favourite.created_at.label("loved_at"))
        .join(Favourite, Favourite.listing_id == Listing.id)
        .where(Favourite.member_id == bindparam("member_id"), PUBLIC)
    )
    if follows:
        end = tuple_(
            bindparam("after", type_=Favourite.created_at.type), bindparam("after_id", type_=Favourite.listing_id.type)
        )
        loved = loved.where(tuple_(Favourite.created_at, Favourite.listing_id) < end)
    cut = (
        loved.order_by(Favourite.created_at.desc(), Favourite.listing_id.desc())
        .limit(literal_column(str(PAGE + 1)))
        .subquery("page")
    )
    return shown(cut, "loved_at", descending=True)


def _trending() -> Select[*tuple[Any, ...]]:
    cut = (
        select(Listing, Trend.score)
        .join(Trend, Trend.listing_id == Listing.id)
        .where(FOR_SALE)
        .order_by(Trend.score.desc(), Listing.id.desc())
        .limit(literal_column(str(PAGE)))
        .subquery("page")
    )
    return shown(cut, "score", descending=True)


_FIRST_PAGE: Final = Prepared(_page(follows=False))
_NEXT_PAGE: Final = Prepared(_page(follows=True))
_TRENDING: Final = Prepared(_trending())
