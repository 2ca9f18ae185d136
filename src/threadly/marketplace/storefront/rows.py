"""What a card is read from: a page's few listings, with what hangs on them."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import FromClause, Select, and_, literal_column, select

from threadly.marketplace.catalog import Brand, Condition, Size
from threadly.marketplace.listings import ListingPicture, ListingStatus
from threadly.marketplace.media import Picture
from threadly.marketplace.members import Member
from threadly.marketplace.storefront.narrowing import LISTINGS, ordered
from threadly.marketplace.storefront.views import Card, Photo, Seller


def shown(page: FromClause, key: str, *, descending: bool) -> Select[*tuple[Any, ...]]:
    """What cards show of a page's listings, whole or by their `id`, in the page's order; and last, its `key`."""
    is_whole = "seller_id" in page.c
    sold = page.c if is_whole else LISTINGS.c
    return (
        select(
            sold.id,
            sold.title,
            sold.price_minor,
            sold.currency,
            sold.condition,
            sold.published_at,
            sold.status,
            sold.favourites,
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
            page.c[key],
        )
        .select_from(page if is_whole else page.join(LISTINGS, sold.id == page.c.id))
        .join(Member, Member.id == sold.seller_id)
        .outerjoin(Brand, Brand.id == sold.brand_id)
        .outerjoin(Size, Size.id == sold.size_id)
        .outerjoin(
            ListingPicture, and_(ListingPicture.listing_id == sold.id, ListingPicture.position == literal_column("1"))
        )
        .outerjoin(Picture, Picture.id == ListingPicture.picture_id)
        .order_by(*ordered(page.c, key, descending=descending))
    )


def card(row: Sequence[Any]) -> Card:
    """A card, from a row of `shown`."""
    (
        id, title, price_minor, currency, condition, published_at, status, favourites, brand, size,
        seller_id, username, display_name, picture, width, height, placeholder, alt, *_,
    ) = row  # fmt: skip
    return Card(
        id=id,
        title=title,
        price_minor=price_minor,
        currency=currency,
        condition=Condition(condition),
        status=ListingStatus(status),
        favourites=favourites,
        brand=brand,
        size=size,
        published_at=published_at,
        seller=Seller(id=seller_id, username=username, display_name=display_name),
        picture=picture and Photo(name=picture, width=width, height=height, placeholder=placeholder, alt=alt),
    )
