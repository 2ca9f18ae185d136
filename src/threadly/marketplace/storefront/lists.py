"""Pages of what is for sale."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from functools import cache
from typing import Any, Final, TypeAlias
from uuid import UUID

import msgspec
from sqlalchemy import ColumnElement, Select, and_, bindparam, literal_column, select, tuple_

from threadly.core.database import Cursors, Prepared, ReadSession
from threadly.marketplace.catalog import Brand, Condition, Place, Size
from threadly.marketplace.listings import FOR_SALE, Listing, ListingPicture
from threadly.marketplace.media import Picture
from threadly.marketplace.members import Member
from threadly.marketplace.storefront.views import (
    Card,
    Page,
    Photo,
    Seller,
)

PAGE_SIZE: Final = 24
MOST_CARDS: Final = 100


class Sort(StrEnum):
    """The orders in which a list can be read."""

    NEWEST = "newest"
    PRICE_ASC = "price_asc"
    PRICE_DESC = "price_desc"


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """Which listings, in which order."""

    category: Place | None = None
    min_price_minor: int | None = None
    max_price_minor: int | None = None
    sort: Sort = Sort.NEWEST

    @property
    def fingerprint(self) -> str:
        """Tells this list from every other, so that a cursor of one does not open another."""
        place = self.category.id if self.category else ""
        return f"cards|{place}|{self.min_price_minor}|{self.max_price_minor}|{self.sort}"


class _NewestKey(msgspec.Struct, frozen=True, array_like=True):
    published_at: datetime
    id: UUID


class _PriceKey(msgspec.Struct, frozen=True, array_like=True):
    price_minor: int
    id: UUID


_LEVELS: Final = {1: Listing.department_id, 2: Listing.group_id, 3: Listing.category_id}


_BAND: Final = frozenset({"lowest", "highest"})
_Kind: TypeAlias = tuple[Sort, int | None, frozenset[str], int]
"""A kind of list: its sort, its level in the tree, the parameters that it is given, and its most rows."""


async def cards(
    read: ReadSession, wanted: Wanted, cursors: Cursors, *, after: str | None = None, limit: int = PAGE_SIZE
) -> Page:
    """One page of what is for sale, of 1 to 100 cards; `after` is the `next` of the page before. One statement.

    Raises:
        CursorRejected: `after` was not given out for this list.
    """
    given: dict[str, object] = {}
    if wanted.min_price_minor is not None:
        given["lowest"] = wanted.min_price_minor
    if wanted.max_price_minor is not None:
        given["highest"] = wanted.max_price_minor
    if after is not None:
        kind = _NewestKey if wanted.sort is Sort.NEWEST else _PriceKey
        given["after"], given["after_id"] = msgspec.structs.astuple(cursors.open(after, kind, query=wanted.fingerprint))
    shape = frozenset(given)
    if wanted.category is not None:
        given["category_id"] = wanted.category.id
    level = wanted.category.depth if wanted.category else None
    size = PAGE_SIZE if limit <= PAGE_SIZE else MOST_CARDS

    # One more than is shown tells whether there is a page after this one.
    rows = await _rows(read, (wanted.sort, level, shape, size + 1), given)
    items = tuple(_card(row) for row in rows[:limit])
    if len(rows) <= limit:
        return Page(items=items, next=None)
    last = items[-1]
    key = _NewestKey(last.published_at, last.id) if wanted.sort is Sort.NEWEST else _PriceKey(last.price_minor, last.id)
    return Page(items=items, next=cursors.seal(key, query=wanted.fingerprint))


async def _rows(read: ReadSession, kind: _Kind, given: dict[str, object]) -> Sequence[Sequence[Any]]:
    sort, _, shape, _ = kind
    if sort is Sort.NEWEST and shape & _BAND:
        return (await read.execute(_page(*kind), given)).all()
    return await _prepared(*kind).fetch(read, given)


@cache
def _prepared(sort: Sort, level: int | None, shape: frozenset[str], size: int) -> Prepared:
    return Prepared(_page(sort, level, shape, size))


@cache
def _page(sort: Sort, level: int | None, shape: frozenset[str], size: int) -> Select[*tuple[Any, ...]]:
    """The statement for a kind of list. Built once: building one takes longer than running it.

    What never varies is written into it, not bound, so that PostgreSQL can prove once that the partial index fits, and
    keeps one plan for all calls (planning these joins takes longer than running them). The exception is a price band in
    a list by time: whether to read by time or by price depends on how many fall in the band, so each is planned anew.
    """
    newest = sort is Sort.NEWEST
    descending = sort is not Sort.PRICE_ASC
    column: ColumnElement[Any] = Listing.published_at.expression if newest else Listing.price_minor.expression

    conditions: list[ColumnElement[bool]] = [FOR_SALE]
    if level is not None:
        conditions.append(_LEVELS[level] == bindparam("category_id"))
    if "lowest" in shape:
        conditions.append(Listing.price_minor >= bindparam("lowest", literal_execute=newest))
    if "highest" in shape:
        conditions.append(Listing.price_minor <= bindparam("highest", literal_execute=newest))
    if "after" in shape:
        end = tuple_(bindparam("after", type_=column.type), bindparam("after_id", type_=Listing.id.type))
        here = tuple_(column, Listing.id)
        conditions.append(here < end if descending else here > end)

    # The page is cut out first, by one index; what cards show besides is joined to its few rows.
    page = select(Listing).where(*conditions).order_by(*_ordered(column, Listing.id.expression, descending))
    cut = page.limit(literal_column(str(size))).subquery("page")
    sold = cut.c
    return (
        select(
            sold.id,
            sold.title,
            sold.price_minor,
            sold.currency,
            sold.condition,
            sold.published_at,
            Brand.name,
            Size.label,
            Member.id,
            Member.username,
            Member.display_name,
            Picture.name,
            Picture.width,
            Picture.height,
            Picture.placeholder,
            ListingPicture.alt,
        )
        .select_from(cut)
        .join(Member, Member.id == sold.seller_id)
        .outerjoin(Brand, Brand.id == sold.brand_id)
        .outerjoin(Size, Size.id == sold.size_id)
        .outerjoin(
            ListingPicture, and_(ListingPicture.listing_id == sold.id, ListingPicture.position == literal_column("1"))
        )
        .outerjoin(Picture, Picture.id == ListingPicture.picture_id)
        .order_by(*_ordered(sold.published_at if newest else sold.price_minor, sold.id, descending))
    )


def _ordered(column: ColumnElement[Any], id: ColumnElement[UUID], descending: bool) -> tuple[ColumnElement[Any], ...]:
    return (column.desc(), id.desc()) if descending else (column.asc(), id.asc())


def _card(row: Sequence[Any]) -> Card:
    (
        id, title, price_minor, currency, condition, published_at, brand, size,
        seller_id, username, display_name, picture, width, height, placeholder, alt,
    ) = row  # fmt: skip
    return Card(
        id=id,
        title=title,
        price_minor=price_minor,
        currency=currency,
        condition=Condition(condition),
        brand=brand,
        size=size,
        published_at=published_at,
        seller=Seller(id=seller_id, username=username, display_name=display_name),
        picture=picture and Photo(name=picture, width=width, height=height, placeholder=placeholder, alt=alt),
    )
