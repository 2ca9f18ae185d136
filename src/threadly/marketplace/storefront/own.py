"""What a seller sees of what they sell: all of it in lists, and one to edit."""

from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

import msgspec
from sqlalchemy import and_, bindparam, func, select, tuple_

from threadly.core.database import Cursors, ReadSession
from threadly.marketplace.catalog import Brand, Category, Condition
from threadly.marketplace.listings import Listing, ListingNotFound, ListingPicture, ListingStatus, ListingViews
from threadly.marketplace.media import Picture
from threadly.marketplace.storefront.views import Photo

PAGE: Final = 24


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
    """One page of what a seller has on a shelf, begun last first. One statement.

    Raises:
        CursorRejected: `after` was not given out for this list.
    """
    query = f"own|{seller_id}|{on}"
    statement = _CARDS.where(Listing.seller_id == seller_id, Listing.status.in_(_ON[on])).limit(limit + 1)
    if after is not None:
        key = cursors.open(after, _Key, query=query)
        statement = statement.where(tuple_(Listing.created_at, Listing.id) < tuple_(key.created_at, key.id))
    rows = (await read.execute(statement)).all()
    items = tuple(
        OwnCard(
            id=row.id,
            status=row.status,
            title=row.title,
            price_minor=row.price_minor,
            currency=row.currency,
            created_at=row.created_at,
            updated_at=row.updated_at,
            published_at=row.published_at,
            views=row.views or 0,
            favourites=row.favourites,
            picture=row.name
            and Photo(name=row.name, width=row.width, height=row.height, placeholder=row.placeholder, alt=row.alt),
        )
        for row in rows[:limit]
    )
    if len(rows) <= limit:
        return OwnPage(items=items, next=None)
    return OwnPage(items=items, next=cursors.seal(_Key(items[-1].created_at, items[-1].id), query=query))


async def shelves(read: ReadSession, seller_id: UUID) -> dict[Shelf, int]:
    """How much a seller has on each shelf. One statement."""
    rows = await read.execute(
        select(Listing.status, func.count()).where(Listing.seller_id == seller_id).group_by(Listing.status)
    )
    counts: dict[ListingStatus, int] = {status: count for status, count in rows}  # noqa: C416 - rows are not pairs
    return {on: sum(counts.get(status, 0) for status in statuses) for on, statuses in _ON.items()}


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


_CARDS: Final = (
    select(
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
    .outerjoin(ListingViews, ListingViews.listing_id == Listing.id)
    .outerjoin(ListingPicture, and_(ListingPicture.listing_id == Listing.id, ListingPicture.position == 1))
    .outerjoin(Picture, Picture.id == ListingPicture.picture_id)
    .order_by(Listing.created_at.desc(), Listing.id.desc())
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
