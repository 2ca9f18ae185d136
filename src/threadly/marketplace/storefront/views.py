"""What a shopper sees: rows of several slices, composed. Frozen, and ready to be encoded as they are."""

from datetime import datetime
from uuid import UUID

import msgspec

from threadly.marketplace.catalog import Condition
from threadly.marketplace.listings import ListingStatus
from threadly.marketplace.search import CategorySuggested


class Photo(msgspec.Struct, frozen=True, kw_only=True):
    """A picture of a listing or a member."""

    name: str
    """Files are `/media/<name>-<width>.webp`, widths 320, 640 and 1280."""
    width: int
    height: int
    placeholder: str
    """A data URI of a few pixels, to show until the picture arrives."""
    alt: str


class Seller(msgspec.Struct, frozen=True, kw_only=True):
    """A member, as shown on a card."""

    id: UUID
    username: str
    display_name: str


class SellerProfile(msgspec.Struct, frozen=True, kw_only=True):
    """A member, as a listing's page shows one."""

    id: UUID
    username: str
    display_name: str
    place: str
    joined_at: datetime
    avatar: Photo | None


class Visitor(msgspec.Struct, frozen=True, kw_only=True):
    """A member who has signed in, as the header of a page shows them."""

    id: UUID
    username: str
    display_name: str
    avatar: Photo | None


class Profile(msgspec.Struct, frozen=True, kw_only=True):
    """A member, as their own page shows one."""

    id: UUID
    username: str
    display_name: str
    bio: str
    place: str
    joined_at: datetime
    avatar: Photo | None
    selling: int
    """How many things they have out, those that are reserved included."""
    sold: int
    hearts: int
    """How many hearts are on what they sell and have sold."""


class Card(msgspec.Struct, frozen=True, kw_only=True):
    """A listing, as a grid shows it."""

    id: UUID
    title: str
    price_minor: int
    currency: str
    condition: Condition
    brand: str | None
    size: str | None
    published_at: datetime
    seller: Seller
    picture: Photo | None
    status: ListingStatus = ListingStatus.AVAILABLE
    favourites: int = 0
    """How many hearts it has."""


class CategoryStep(msgspec.Struct, frozen=True, kw_only=True):
    """One step of the way from the department to a listing's category."""

    name: str
    path: str


class ColourShown(msgspec.Struct, frozen=True, kw_only=True):
    """A colour by its name, and as a swatch."""

    code: str
    name: str
    hex: str | None


class Detail(msgspec.Struct, frozen=True, kw_only=True):
    """A listing, as its own page shows it."""

    id: UUID
    status: ListingStatus
    title: str
    description: str
    price_minor: int
    currency: str
    condition: Condition
    brand: str | None
    size: str | None
    colour: ColourShown | None
    material: str | None
    categories: tuple[CategoryStep, ...]
    """Department, group, leaf."""
    published_at: datetime
    sold_at: datetime | None
    seller: SellerProfile
    pictures: tuple[Photo, ...]
    category_id: UUID
    favourites: int
    """How many hearts it has."""
    is_loved: bool
    """Whether one of them is of the member for whom it was looked up."""


class Total(msgspec.Struct, frozen=True, kw_only=True):
    """How many listings there are; where that is not exact, at least this many ("10,000+")."""

    count: int
    is_exact: bool


class FacetValue(msgspec.Struct, frozen=True, kw_only=True):
    """A choice that narrows a list (a brand, a size, …), and how many listings it would leave."""

    code: str
    """For addresses: a slug, a category's path, a size as `letters.M`."""
    name: str
    count: int
    is_selected: bool = False
    hex: str | None = None
    """A colour's."""


class PriceBand(msgspec.Struct, frozen=True, kw_only=True):
    """A range of prices, both ends included; null where it is open."""

    min_price_minor: int | None
    max_price_minor: int | None
    count: int
    is_selected: bool = False


class Facets(msgspec.Struct, frozen=True, kw_only=True):
    """What a list can be narrowed by. What is chosen in a facet does not change that facet's own counts.

    What is chosen is always among the values, if only with a count of 0.
    """

    categories: tuple[FacetValue, ...] = ()
    """Those one level below the wanted one; none below a leaf."""
    brands: tuple[FacetValue, ...] = ()
    """The most frequent ones, most first."""
    sizes: tuple[FacetValue, ...] = ()
    """By system, from small to large."""
    colours: tuple[FacetValue, ...] = ()
    conditions: tuple[FacetValue, ...] = ()
    prices: tuple[PriceBand, ...] = ()
    estimated: frozenset[str] = frozenset()
    """Names of the facets whose counts are estimates, because there is too much to count."""


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """A page of a list; `next` opens the one after it, and is none on the last."""

    items: tuple[Card, ...]
    next: str | None


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """The answer to a search."""

    page: Page
    total: Total
    facets: Facets
    corrected: str | None = None
    """The text that was searched instead of the one typed, of which nothing was found."""
    nearest: tuple[CategorySuggested, ...] = ()
    """Where to look on, if nothing was found and nothing is chosen."""


class Counted(msgspec.Struct, frozen=True, kw_only=True):
    """The counts of a search without its page."""

    total: Total
    facets: Facets
    corrected: str | None = None
    """The text that was counted instead of the one typed, of which nothing is there."""


class Searched(msgspec.Struct, frozen=True, kw_only=True):
    """A page, and the text that was searched instead of the one typed, of which nothing was found."""

    page: Page
    corrected: str | None = None
    nearest: tuple[CategorySuggested, ...] = ()
    """Where to look on, if nothing was found in the whole shop and nothing is chosen."""
