"""What lists can be narrowed by, and what somebody may be about to type, in JSON."""

from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from threadly.api.endpoints import reads
from threadly.core.asgi import ParameterInvalid
from threadly.core.database import ReadSession
from threadly.core.words import words
from threadly.marketplace import catalog, search, storefront
from threadly.marketplace.catalog import CategoryNotFound, Condition
from threadly.marketplace.search import MOST_CHARACTERS, Suggestions
from threadly.marketplace.storefront import FacetValue, PriceBand, Sort, Total, Wanted
from threadly.tiers import Tier
from threadly.wiring import Services

MOST_PRICE_MINOR = 99_999_999


class Narrowing(msgspec.Struct, frozen=True, kw_only=True):
    """Which listings."""

    q: Annotated[
        str,
        Meta(
            max_length=MOST_CHARACTERS,
            pattern=r"^[^\x00]*$",
            description='Words to look for; "in this order" for a phrase, -word to leave a word out.',
            examples=["levis jacket"],
        ),
    ] = ""
    category: (
        Annotated[
            str,
            Meta(
                min_length=1,
                max_length=200,
                pattern=r"^[^\x00]+$",
                description="Only in this category and those below it: the `path` of a category.",
                examples=["women/clothing/dresses"],
            ),
        ]
        | None
    ) = None
    brand: Annotated[
        tuple[Annotated[str, Meta(min_length=1, max_length=60, pattern="^[a-z0-9-]+$")], ...],
        Meta(description="Only of any of these brands, by their `code` in the facets."),
    ] = ()
    size: Annotated[
        tuple[Annotated[str, Meta(min_length=3, max_length=60, pattern=r"^[a-z][a-z0-9_]*\.[^\x00]+$")], ...],
        Meta(description="Only of any of these sizes, by their `code`: `letters.M`."),
    ] = ()
    colour: Annotated[
        tuple[Annotated[str, Meta(min_length=1, max_length=30, pattern="^[a-z0-9_]+$")], ...],
        Meta(description="Only of any of these colours, by their `code`."),
    ] = ()
    condition: Annotated[tuple[Condition, ...], Meta(description="Only in any of these conditions.")] = ()
    min_price: (
        Annotated[
            int, Meta(ge=0, le=MOST_PRICE_MINOR, description="At least this price, in minor units.", examples=[1000])
        ]
        | None
    ) = None
    max_price: (
        Annotated[
            int, Meta(ge=0, le=MOST_PRICE_MINOR, description="At most this price, in minor units.", examples=[5000])
        ]
        | None
    ) = None


async def narrowed(read: ReadSession, asked: Narrowing, sort: Sort = Sort.NEWEST) -> Wanted:
    """What is asked, with its category found. One statement if there is a category or a colour.

    Raises:
        CategoryNotFound: There is none.
        ParameterInvalid: A colour is none of the catalogue's, or the price band is upside down.
    """
    place, known = await catalog.named(read, asked.category) if asked.category or asked.colour else (None, ())
    if known and not {*asked.colour} <= {*known}:
        raise ParameterInvalid(f"“colour” must be one of: {', '.join(known)}.", parameter="colour")
    low, high = asked.min_price, asked.max_price
    if low is not None and high is not None and low > high:
        raise ParameterInvalid(words("“min_price” must not be over “max_price”."), parameter="min_price")
    return Wanted(
        text=asked.q,
        category=place,
        brands=asked.brand,
        sizes=asked.size,
        colours=asked.colour,
        conditions=asked.condition,
        min_price_minor=low,
        max_price_minor=high,
        sort=sort,
    )


class FacetsOut(msgspec.Struct, frozen=True, kw_only=True):
    """What a list can be narrowed by, and how many listings each choice would leave."""

    total: Annotated[Total, Meta(description="Where it is not exact, there are at least this many.")]
    corrected: Annotated[
        str | None,
        Meta(description="The better spelling that was counted, if nothing has the words of `q`."),
    ]
    categories: Annotated[tuple[FacetValue, ...], Meta(description="One level below the wanted one.")]
    brands: Annotated[tuple[FacetValue, ...], Meta(description="The most frequent.")]
    sizes: tuple[FacetValue, ...]
    colours: tuple[FacetValue, ...]
    conditions: tuple[FacetValue, ...]
    prices: tuple[PriceBand, ...]
    estimated: Annotated[tuple[str, ...], Meta(description="The facets whose counts are estimates.")]


@reads(
    "/facets",
    id="get_facets",
    tier=Tier.SEARCH,
    tag="Listings",
    summary="What a list can be narrowed by",
    kept_for=60,
    refuses=(CategoryNotFound,),
)
async def facets(services: Services, asked: Narrowing) -> FacetsOut:
    """Counts for the same list of listings. What is chosen in a facet does not change that facet's own counts.

    Up to 10,000 listings are counted; of more, the counts are estimates, and `estimated` names them.
    """
    async with services.db.read() as read:
        counted = await storefront.counted(read, await narrowed(read, asked))
    counts = counted.facets
    return FacetsOut(
        total=counted.total,
        corrected=counted.corrected,
        categories=counts.categories,
        brands=counts.brands,
        sizes=counts.sizes,
        colours=counts.colours,
        conditions=counts.conditions,
        prices=counts.prices,
        estimated=tuple(sorted(counts.estimated)),
    )


class SuggestionsAsked(msgspec.Struct, frozen=True, kw_only=True):
    """What was typed so far."""

    q: Annotated[
        str,
        Meta(
            max_length=MOST_CHARACTERS,
            pattern=r"^[^\x00]*$",
            description="What was typed so far.",
            examples=["lev"],
        ),
    ] = ""


_LEVIS = Suggestions(
    listings=(
        search.ListingSuggested(id=UUID("0197f2a0-4d5e-7c3b-9a1f-2b6c8d7e9f01"), title="Levi's 501 jeans, dark blue"),
    ),
    brands=(search.BrandSuggested(name="Levi's", slug="levis"),),
    categories=(),
)


@reads(
    "/suggestions",
    id="get_suggestions",
    tag="Listings",
    summary="What somebody may be about to type",
    kept_for=60,
    example=_LEVIS,
)
async def suggestions(services: Services, asked: SuggestionsAsked) -> Suggestions:
    """Listings, brands and categories for a text that is being typed: its last word may go on."""
    async with services.db.read() as read:
        return await search.suggestions(read, asked.q)
