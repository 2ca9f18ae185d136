"""Pages of what is for sale."""

from datetime import datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

import msgspec
from sqlalchemy import ColumnElement, Row, Select, and_, select, tuple_

from threadly.core.database import Cursors, ReadSession
from threadly.marketplace.catalog import Brand, Place, Size
from threadly.marketplace.listings import Listing, ListingPicture, ListingStatus
from threadly.marketplace.media import Picture
from threadly.marketplace.members import Member
from threadly.marketplace.storefront.views import (
    Card,
    Page,
    Photo,
    Seller,
)

PAGE_SIZE: Final = 24


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


async def cards(
    read: ReadSession, wanted: Wanted, cursors: Cursors, *, after: str | None = None, limit: int = PAGE_SIZE
) -> Page:
    """One page of what is for sale; `after` is the `next` of the page before. One statement.

    Raises:
        CursorRejected: `after` was not given out for this list.
    """
    rows = (await read.execute(_cards(wanted, cursors, after, limit + 1))).all()
    more = len(rows) > limit
    items = tuple(_card(row) for row in rows[:limit])
    if not more:
        return Page(items=items, next=None)
    last = items[-1]
    key = _NewestKey(last.published_at, last.id) if wanted.sort is Sort.NEWEST else _PriceKey(last.price_minor, last.id)
    return Page(items=items, next=cursors.seal(key, query=wanted.fingerprint))


def _cards(wanted: Wanted, cursors: Cursors, after: str | None, limit: int) -> Select[*tuple[Any, ...]]:
    newest = wanted.sort is Sort.NEWEST
    descending = wanted.sort is not Sort.PRICE_ASC
    column: ColumnElement[Any] = Listing.published_at.expression if newest else Listing.price_minor.expression

    conditions: list[ColumnElement[bool]] = [Listing.status == ListingStatus.AVAILABLE]
    if wanted.category is not None:
        conditions.append(_LEVELS[wanted.category.depth] == wanted.category.id)
    if wanted.min_price_minor is not None:
        conditions.append(Listing.price_minor >= wanted.min_price_minor)
    if wanted.max_price_minor is not None:
        conditions.append(Listing.price_minor <= wanted.max_price_minor)
    if after is not None:
        key = cursors.open(after, _NewestKey if newest else _PriceKey, query=wanted.fingerprint)
        end = tuple_(*msgspec.structs.astuple(key))
        conditions.append(tuple_(column, Listing.id) < end if descending else tuple_(column, Listing.id) > end)
    order = (column.desc(), Listing.id.desc()) if descending else (column.asc(), Listing.id.asc())

    # The page is cut out first, by one index; what cards show besides is joined to its few rows.
    page = select(Listing).where(*conditions).order_by(*order).limit(limit).subquery("page")
    sold = page.c
    placed = page.c.published_at if newest else page.c.price_minor
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
        .select_from(page)
        .join(Member, Member.id == sold.seller_id)
        .outerjoin(Brand, Brand.id == sold.brand_id)
        .outerjoin(Size, Size.id == sold.size_id)
        .outerjoin(ListingPicture, and_(ListingPicture.listing_id == sold.id, ListingPicture.position == 1))
        .outerjoin(Picture, Picture.id == ListingPicture.picture_id)
        .order_by(*((placed.desc(), sold.id.desc()) if descending else (placed.asc(), sold.id.asc())))
    )


def _card(row: Row[*tuple[Any, ...]]) -> Card:
    (
        id, title, price_minor, currency, condition, published_at, brand, size,
        seller_id, username, display_name, picture, width, height, placeholder, alt,
    ) = row  # fmt: skip
    return Card(
        id=id,
        title=title,
        price_minor=price_minor,
        currency=currency,
        condition=condition,
        brand=brand,
        size=size,
        published_at=published_at,
        seller=Seller(id=seller_id, username=username, display_name=display_name),
        picture=picture and Photo(name=picture, width=width, height=height, placeholder=placeholder, alt=alt),
    )
