"""What a seller sees of what they sell: all of it in lists, and one to edit."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from functools import cache
from typing import Any, Final
from uuid import UUID

import msgspec
from sqlalchemy import Select, and_, bindparam, func, literal_column, select, tuple_, union_all

from threadly.core.database import Cursors, Prepared, ReadSession
from threadly.marketplace.catalog import Brand, Category, Condition
from threadly.marketplace.listings import (
    Listing,
    ListingNotFound,
    ListingPicture,
    ListingStatus,
    ListingViews,
)
from threadly.marketplace.media import Picture
from threadly.marketplace.storefront.views import Photo

PAGE: Final = 24
_MOST: Final = 100


class Shelf(StrEnum):
    """Where a seller's things are."""

    FOR_SALE = "for_sale"
    DRAFTS = "drafts"
    SOLD = "sold"
    REMOVED = "removed"


_ON: Final = {
    Shelf.FOR_SALE: (ListingStatus.AVAILABLE, ListingStatus.RESERVED),
    Shelf.DRAFTS: (ListingStatus.DRAFT,),
    Shelf.SOLD: (ListingStatus.SOLD,),
    Shelf.REMOVED: (ListingStatus.REMOVED,),
}


class OwnCard(msgspec.Struct, frozen=True, kw_only=True):
    """A listing in its seller's list."""

    id: UUID
    status: ListingStatus
    title: str
    price_minor: int | None
    currency: str
    created_at: datetime
    updated_at: datetime
    published_at: datetime | None
    views: int
    favourites: int
    picture: Photo | None


class OwnPage(msgspec.Struct, frozen=True, kw_only=True):
    """A page of a seller's list."""

    items: tuple[OwnCard, ...]
    next: str | None


class OwnPhoto(msgspec.Struct, frozen=True, kw_only=True):
    """A picture of a listing, with what its seller names it by."""

    id: UUID
    photo: Photo


class Own(msgspec.Struct, frozen=True, kw_only=True):
    """A listing as its seller edits it."""

    id: UUID
    status: ListingStatus
    version: int
    title: str
    description: str
    price_minor: int | None
    currency: str
    category: str | None
    """The path of its leaf."""
    brand: str | None
    size_id: UUID | None
    condition: Condition | None
    colour: str | None
    material: str | None
    published_at: datetime | None
    pictures: tuple[OwnPhoto, ...]


class _Key(msgspec.Struct, frozen=True, array_like=True):
    created_at: datetime
    id: UUID


async def shelf(
    read: ReadSession, seller_id: UUID, on: Shelf, cursors: Cursors, *, after: str | None = None, limit: int = PAGE
) -> OwnPage:
    """One page of what a seller has on a shelf, of 1 to 100 cards, begun last first. One statement.

    Raises:
        CursorRejected: `after` was not given out for this list.
    """
    query = f"own|{seller_id}|{on}"
    given: dict[str, object] = {"seller_id": seller_id}
    if after is not None:
        key = cursors.open(after, _Key, query=query)
        given |= {"after": key.created_at, "after_id": key.id}
    size = PAGE if limit <= PAGE else _MOST
    rows = await _prepared(on, size + 1, follows=after is not None).fetch(read, given)
    items = tuple([_card(row) for row in rows[:limit]])
    if len(rows) <= limit:
        return OwnPage(items=items, next=None)
    return OwnPage(items=items, next=cursors.seal(_Key(items[-1].created_at, items[-1].id), query=query))


async def own(read: ReadSession, seller_id: UUID, id: UUID) -> Own:
    """A listing as its seller edits it, whatever its status. Two statements.

    Raises:
        ListingNotFound: None, or somebody else's.
    """
    row = (await read.execute(_OWN, {"id": id, "seller_id": seller_id})).first()
    if row is None:
        raise ListingNotFound(listing_id=id)
    pictures = await read.execute(_OWN_PICTURES, {"id": id})
    return Own(
        id=row.id,
        status=row.status,
        version=row.version,
        title=row.title,
        description=row.description,
        price_minor=row.price_minor,
        currency=row.currency,
        category=row.category,
        brand=row.brand,
        size_id=row.size_id,
        condition=row.condition,
        colour=row.colour,
        material=row.material,
        published_at=row.published_at,
        pictures=tuple(
            OwnPhoto(id=id, photo=Photo(name=name, width=width, height=height, placeholder=placeholder, alt=alt))
            for id, name, width, height, placeholder, alt in pictures
        ),
    )


@cache
def _prepared(on: Shelf, size: int, *, follows: bool) -> Prepared:
    return Prepared(_page(on, size, follows=follows))


def _page(on: Shelf, size: int, *, follows: bool) -> Select[*tuple[Any, ...]]:
    """Each status is read by itself, in the index's order, and no further than the page: a shelf may be long."""
    order = (Listing.created_at.desc(), Listing.id.desc())
    parts = []
    for status in _ON[on]:
        part = select(Listing.id, Listing.created_at).where(
            Listing.seller_id == bindparam("seller_id"), Listing.status == status
        )
        if follows:
            end = (bindparam("after", type_=Listing.created_at.type), bindparam("after_id", type_=Listing.id.type))
            part = part.where(tuple_(Listing.created_at, Listing.id) < tuple_(*end))
        parts.append(select(part.order_by(*order).limit(literal_column(str(size))).subquery()))
    page = union_all(*parts).subquery("page")
    return (
        _CARDS.join(page, page.c.id == Listing.id)
        .outerjoin(ListingViews, ListingViews.listing_id == Listing.id)
        .outerjoin(
            ListingPicture,
            and_(ListingPicture.listing_id == Listing.id, ListingPicture.position == literal_column("1")),
        )
        .outerjoin(Picture, Picture.id == ListingPicture.picture_id)
        .order_by(*order)
        .limit(literal_column(str(size)))
    )


def _card(row: Sequence[Any]) -> OwnCard:
    (
        id, status, title, price_minor, currency, created_at, updated_at, published_at, views, favourites,
        name, width, height, placeholder, alt,
    ) = row  # fmt: skip
    return OwnCard(
        id=id,
        status=ListingStatus(status),
        title=title,
        price_minor=price_minor,
        currency=currency,
        created_at=created_at,
        updated_at=updated_at,
        published_at=published_at,
        views=views or 0,
        favourites=favourites,
        picture=name and Photo(name=name, width=width, height=height, placeholder=placeholder, alt=alt),
    )


_CARDS: Final = select(
    Listing.id,
    Listing.status,
    Listing.title,
    Listing.price_minor,
    Listing.currency,
    Listing.created_at,
    Listing.updated_at,
    Listing.published_at,
    ListingViews.views,
    Listing.favourites,
    Picture.name,
    Picture.width,
    Picture.height,
    Picture.placeholder,
    ListingPicture.alt,
)

_OWN: Final = (
    select(
        Listing.id,
        Listing.status,
        Listing.version,
        Listing.title,
        Listing.description,
        Listing.price_minor,
        Listing.currency,
        Category.path.label("category"),
        func.coalesce(Listing.brand_name, Brand.name).label("brand"),
        Listing.size_id,
        Listing.condition,
        Listing.colour,
        Listing.material,
        Listing.published_at,
    )
    .outerjoin(Category, Category.id == Listing.category_id)
    .outerjoin(Brand, Brand.id == Listing.brand_id)
    .where(Listing.id == bindparam("id"), Listing.seller_id == bindparam("seller_id"))
)

_OWN_PICTURES: Final = (
    select(Picture.id, Picture.name, Picture.width, Picture.height, Picture.placeholder, ListingPicture.alt)
    .join(ListingPicture, ListingPicture.picture_id == Picture.id)
    .where(ListingPicture.listing_id == bindparam("id"))
    .order_by(ListingPicture.position)
)
