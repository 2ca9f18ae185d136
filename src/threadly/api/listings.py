"""What is for sale, in JSON."""

from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from threadly.api.endpoints import reads
from threadly.api.search import Narrowing, narrowed
from threadly.api.shapes import Moment, Picture, Price, picture
from threadly.core import clock
from threadly.core.asgi import Onlooker
from threadly.core.database import CursorRejected
from threadly.marketplace import storefront
from threadly.marketplace.catalog import CategoryNotFound, Condition
from threadly.marketplace.listings import ListingNotFound, ListingStatus
from threadly.marketplace.search import CategorySuggested
from threadly.marketplace.storefront import (
    MOST_CARDS,
    PAGE_SIZE,
    Card,
    CategoryStep,
    ColourShown,
    Detail,
    Seller,
    Sort,
)
from threadly.tiers import Tier
from threadly.wiring import Services


class ListingsAsked(Narrowing, frozen=True, kw_only=True):
    """Which listings, in which order, from where on."""

    sort: Annotated[Sort, Meta(description="The order of the list. Without a `q`, `relevance` means `newest`.")] = (
        Sort.NEWEST
    )
    cursor: (
        Annotated[
            str,
            Meta(
                min_length=1,
                max_length=512,
                pattern="^[A-Za-z0-9_-]+$",
                description="The `next` of the page before; it belongs to one list and order.",
            ),
        ]
        | None
    ) = None
    limit: Annotated[int, Meta(ge=1, le=MOST_CARDS, description="How many listings a page has at most.")] = PAGE_SIZE


class CardOut(msgspec.Struct, frozen=True, kw_only=True):
    """A listing, as a grid shows it."""

    id: UUID
    title: str
    price: Price
    condition: Condition
    brand: str | None
    size: str | None
    published_at: Moment
    seller: Seller
    picture: Picture | None


class ListingsOut(msgspec.Struct, frozen=True, kw_only=True):
    """A page of what is for sale."""

    items: tuple[CardOut, ...]
    next: Annotated[str | None, Meta(description="The `cursor` of the page after this one; null on the last.")]
    corrected: Annotated[
        str | None,
        Meta(description="A better spelling of `q`, looked for instead because nothing was found for `q`."),
    ]
    nearest: Annotated[
        tuple[CategorySuggested, ...],
        Meta(description="Where to look on, if a list that only `q` narrows is empty: categories like it, or others."),
    ]


class SellerProfileOut(msgspec.Struct, frozen=True, kw_only=True):
    """A member, as a listing's own page shows one."""

    id: UUID
    username: str
    display_name: str
    place: str
    joined_at: Moment
    avatar: Picture | None


class ListingOut(msgspec.Struct, frozen=True, kw_only=True):
    """A listing in full. One that is reserved or sold can still be seen, but not bought."""

    id: UUID
    status: ListingStatus
    title: str
    description: str
    price: Price
    condition: Condition
    brand: str | None
    size: str | None
    colour: ColourShown | None
    material: str | None
    categories: Annotated[tuple[CategoryStep, ...], Meta(description="Department, group and leaf.")]
    published_at: Moment
    sold_at: Moment | None
    favourites: Annotated[int, Meta(ge=0, description="How many members love it.")]
    seller: SellerProfileOut
    pictures: tuple[Picture, ...]


_DRESS = Card(
    id=UUID("0197f2a0-4d5e-7c3b-9a1f-2b6c8d7e9f01"),
    title="Linen summer dress",
    price_minor=2450,
    currency="EUR",
    condition=Condition.VERY_GOOD,
    brand="Arket",
    size="M",
    published_at=datetime(2026, 3, 1, 12, tzinfo=UTC),
    seller=Seller(id=UUID("0197f2a0-1111-7c3b-9a1f-2b6c8d7e9f02"), username="mila", display_name="Mila"),
    picture=None,
)


def card(card: Card, at: str = "") -> CardOut:
    """A card, as clients get one."""
    return CardOut(
        id=card.id,
        title=card.title,
        price=Price(amount_minor=card.price_minor, currency=card.currency),
        condition=card.condition,
        brand=card.brand,
        size=card.size,
        published_at=card.published_at,
        seller=card.seller,
        picture=picture(card.picture, at) if card.picture else None,
    )


@reads(
    "/listings",
    id="find_listings",
    tier=Tier.SEARCH,
    tag="Listings",
    summary="What is for sale",
    kept_for=10,
    refuses=(CategoryNotFound, CursorRejected),
    example=ListingsOut(items=(card(_DRESS),), next=None, corrected=None, nearest=()),
)
async def find(services: Services, asked: ListingsAsked) -> ListingsOut:
    """A page of listings. For the next page, send the same request with its `next` as `cursor`, until `next` is null.

    A page never skips or repeats a listing because others came or went in between; by `most_loved`, one that wins or
    loses hearts meanwhile may move. By `relevance`, what came in late is ranked; what is older follows, newest first.
    """
    async with services.db.read() as read:
        wanted = await narrowed(read, asked, asked.sort)
        searched = await storefront.searched(read, wanted, services.cursors, after=asked.cursor, limit=asked.limit)
    page = searched.page
    return ListingsOut(
        items=tuple([card(each, services.media_at) for each in page.items]),
        next=page.next,
        corrected=searched.corrected,
        nearest=searched.nearest,
    )


@reads(
    "/listings/{listing_id:uuid}",
    id="get_listing",
    tag="Listings",
    summary="One listing",
    kept_for=10,
    refuses=(ListingNotFound,),
)
async def get(services: Services, listing_id: UUID, onlooker: Onlooker | None) -> ListingOut:
    """A listing that is for sale, reserved or sold. Drafts and removed listings are not found."""
    async with services.db.read() as read:
        found = await storefront.listing(read, listing_id)
    if onlooker is not None:
        services.audience.saw(listing_id, address=onlooker.address, agent=onlooker.agent, at=clock.now())
    return _listing(found, services.media_at)


def _listing(found: Detail, at: str) -> ListingOut:
    seller = found.seller
    return ListingOut(
        id=found.id,
        status=found.status,
        title=found.title,
        description=found.description,
        price=Price(amount_minor=found.price_minor, currency=found.currency),
        condition=found.condition,
        brand=found.brand,
        size=found.size,
        colour=found.colour,
        material=found.material,
        categories=found.categories,
        published_at=found.published_at,
        sold_at=found.sold_at,
        favourites=found.favourites,
        seller=SellerProfileOut(
            id=seller.id,
            username=seller.username,
            display_name=seller.display_name,
            place=seller.place,
            joined_at=seller.joined_at,
            avatar=picture(seller.avatar, at) if seller.avatar else None,
        ),
        pictures=tuple([picture(photo, at) for photo in found.pictures]),
    )
