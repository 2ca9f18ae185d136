"""What selling is told in JSON: what may be sent, and a listing as its seller sees it."""

from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import UNSET, Meta, UnsetType

from threadly.api.shapes import Moment, Picture, Price, picture
from threadly.core.auth import Actor
from threadly.marketplace import storefront
from threadly.marketplace.catalog import Choice, Condition, SizeChoices
from threadly.marketplace.listings import Changes, ListingStatus
from threadly.marketplace.storefront import Own, OwnCard, OwnPhoto, Shelf
from threadly.wiring import Services


class _Facts(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    title: Annotated[str, Meta(description="3 to 100 characters.", examples=["Linen summer dress"])] | UnsetType = UNSET
    description: Annotated[str, Meta(description="10 to 2,000 characters; lines are kept.")] | UnsetType = UNSET
    price_minor: (
        Annotated[int, Meta(description="In minor units of the shop's currency, 1 to 99,999,999.", examples=[2450])]
        | UnsetType
        | None
    ) = UNSET
    category: (
        Annotated[str, Meta(description="The `path` of a leaf.", examples=["women/clothing/dresses"])]
        | UnsetType
        | None
    ) = UNSET
    condition: Condition | UnsetType | None = UNSET
    brand: Annotated[str, Meta(description="Its name; a new one is known once published.")] | UnsetType | None = UNSET
    size_id: Annotated[UUID, Meta(description="Of the category's system; see the choices.")] | UnsetType | None = UNSET
    colour: Annotated[str, Meta(description="Its code.", examples=["navy"])] | UnsetType | None = UNSET
    material: Annotated[str, Meta(description="Its code.", examples=["linen"])] | UnsetType | None = UNSET

    def changes(self) -> Changes:
        """What is to change."""
        return Changes(
            title=self.title,
            description=self.description,
            price_minor=self.price_minor,
            category=self.category,
            condition=self.condition,
            brand=self.brand or None if isinstance(self.brand, str) else self.brand,
            size_id=self.size_id,
            colour=self.colour,
            material=self.material,
        )


class ListingDraft(_Facts, kw_only=True, forbid_unknown_fields=True):
    """What is known of a listing so far; all of it may be left out."""


class ListingChanges(_Facts, kw_only=True, forbid_unknown_fields=True):
    """What is to change: what is left out stays, null clears."""

    version: (
        Annotated[int, Meta(ge=1, description="The one that you saw: refused if it has changed since.")] | UnsetType
    ) = UNSET


class PictureOrder(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """All photos of a listing, each once, the cover first."""

    picture_ids: Annotated[list[UUID], Meta(max_length=10)]


class PictureWords(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """What a photo shows."""

    alt: Annotated[str, Meta(description="For those who cannot see it; at most 100 characters.")]


class OwnPicture(msgspec.Struct, frozen=True, kw_only=True):
    """A photo of a listing of your own."""

    id: UUID
    picture: Picture


class OwnListingOut(msgspec.Struct, frozen=True, kw_only=True):
    """A listing, as its seller edits it."""

    id: UUID
    status: ListingStatus
    version: Annotated[int, Meta(description="Rises with each edit.")]
    title: str
    description: str
    price: Price | None
    category: str | None
    condition: Condition | None
    brand: str | None
    size_id: UUID | None
    colour: str | None
    material: str | None
    published_at: Moment | None
    pictures: tuple[OwnPicture, ...]


class OwnCardOut(msgspec.Struct, frozen=True, kw_only=True):
    """A listing in its seller's list."""

    id: UUID
    status: ListingStatus
    title: str
    price: Price | None
    created_at: Moment
    published_at: Moment | None
    views: Annotated[int, Meta(description="Visitors of each day, added up.")]
    favourites: int
    picture: Picture | None


class OwnListingsOut(msgspec.Struct, frozen=True, kw_only=True):
    """A page of what you sell."""

    items: tuple[OwnCardOut, ...]
    next: Annotated[str | None, Meta(description="The `cursor` of the page after this one; null on the last.")]


class OwnTotalsOut(msgspec.Struct, frozen=True, kw_only=True):
    """What you sell, in figures."""

    for_sale: Annotated[int, Meta(description="Those that are reserved included.")]
    drafts: int
    sold: int
    removed: int
    favourites: Annotated[int, Meta(description="Hearts on what is for sale, reserved or sold.")]
    views: Annotated[int, Meta(description="Visitors of each day, added up, of all that was ever for sale.")]


class OwnListingsAsked(msgspec.Struct, frozen=True, kw_only=True):
    """Which of them."""

    shelf: Annotated[Shelf, Meta(description="Where they are.")] = Shelf.FOR_SALE
    cursor: (
        Annotated[
            str,
            Meta(
                min_length=1, max_length=512, pattern="^[A-Za-z0-9_-]+$", description="The `next` of the page before."
            ),
        ]
        | None
    ) = None
    limit: Annotated[int, Meta(ge=1, le=100, description="The most that a page may have.")] = 24


class ChoicesOut(msgspec.Struct, frozen=True, kw_only=True):
    """What an item can be described by, besides its category and brand."""

    conditions: tuple[Condition, ...]
    colours: tuple[Choice, ...]
    materials: tuple[Choice, ...]
    sizes: tuple[SizeChoices, ...]
    size_systems: Annotated[
        dict[str, str], Meta(description="The system of each category that has sizes, by its path.")
    ]


async def own_listing(services: Services, actor: Actor, id: UUID) -> OwnListingOut:
    """The caller's listing, as it stands now.

    Raises:
        ListingNotFound: It is none of theirs.
    """
    async with services.db.read() as read:
        found = await storefront.own(read, actor.id, id)
    return OwnListingOut(
        id=found.id,
        status=found.status,
        version=found.version,
        title=found.title,
        description=found.description,
        price=_price(found),
        category=found.category,
        condition=found.condition,
        brand=found.brand,
        size_id=found.size_id,
        colour=found.colour,
        material=found.material,
        published_at=found.published_at,
        pictures=tuple([_photo(shown, services.media_at) for shown in found.pictures]),
    )


def own_card(card: OwnCard, at: str) -> OwnCardOut:
    """A listing in its seller's list."""
    return OwnCardOut(
        id=card.id,
        status=card.status,
        title=card.title,
        price=_price(card),
        created_at=card.created_at,
        published_at=card.published_at,
        views=card.views,
        favourites=card.favourites,
        picture=picture(card.picture, at) if card.picture else None,
    )


def _photo(shown: OwnPhoto, at: str) -> OwnPicture:
    return OwnPicture(id=shown.id, picture=picture(shown.photo, at))


def _price(of: Own | OwnCard) -> Price | None:
    return None if of.price_minor is None else Price(amount_minor=of.price_minor, currency=of.currency)
