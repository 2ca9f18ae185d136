"""What the pages of categories and of searches share: what was found, what is chosen, and every way on from there."""

from collections.abc import Iterator, Mapping
from typing import Final

import msgspec
from litestar.response.base import ASGIResponse

from threadly.core.words import words
from threadly.marketplace.storefront import Facets, FacetValue, Found, PriceBand, Sort
from threadly.web.asked import Address, Asked
from threadly.web.favourites import loved
from threadly.web.money import plain
from threadly.web.pages import AnyRequest
from threadly.web.site import Site
from threadly.web.wording import SORTS


class Chip(msgspec.Struct, frozen=True):
    """Something chosen, and the way to do without it."""

    name: str
    value: str
    label: str
    hex: str | None
    address: Address


class Group(msgspec.Struct, frozen=True):
    """A facet as the page shows it."""

    name: str
    title: str
    values: tuple[FacetValue, ...]
    is_estimated: bool
    is_open: bool
    """What is chosen in is open, and so are the first."""


FACETS: Final[Mapping[str, str]] = {
    "size": words("Size"),
    "brand": words("Brand"),
    "colour": words("Colour"),
    "condition": words("Condition"),
}
_LISTS: Final = {"size": "sizes", "brand": "brands", "colour": "colours", "condition": "conditions"}
_OPEN: Final = ("size", "brand")


def groups(facets: Facets) -> tuple[Group, ...]:
    """The facets in the order of the page; one that could narrow nothing is left out."""
    found = []
    for name, title in FACETS.items():
        values: tuple[FacetValue, ...] = getattr(facets, _LISTS[name])
        is_chosen = any(value.is_selected for value in values)
        if len(values) > 1 or is_chosen:
            is_open = is_chosen or name in _OPEN
            found.append(Group(name, title, values, _LISTS[name] in facets.estimated, is_open))
    return tuple(found)


def chips(facets: Facets, address: Address) -> Iterator[Chip]:
    """What is chosen among the facets, but for the price, whose words are the page's."""
    known = {(name, value.code): value for name, listed in _LISTS.items() for value in getattr(facets, listed)}
    for name, value in address.chosen:
        if name in _LISTS:
            facet = known.get((name, value))
            label = facet.name if facet else value.rpartition(".")[2]
            yield Chip(name, value, label, facet.hex if facet else None, address.less(name, value))


class Band(msgspec.Struct, frozen=True):
    """The prices between which one looks, as numbers and as the fields hold them."""

    low: int | None
    high: int | None
    low_text: str
    high_text: str

    @property
    def is_set(self) -> bool:
        return self.low is not None or self.high is not None

    @classmethod
    def of(cls, asked: Asked, currency: str) -> "Band":
        texts = ["" if end is None else plain(end, currency) for end in (asked.min_price_minor, asked.max_price_minor)]
        return cls(asked.min_price_minor, asked.max_price_minor, *texts)


async def browsed(
    site: Site,
    request: AnyRequest,
    template: str,
    /,
    *,
    asked: Asked,
    address: Address,
    found: Found,
    **context: object,
) -> ASGIResponse:
    """The page of what was found, with every way on."""
    language = site.language(request)
    chosen = tuple(chips(found.facets, address))
    sorts = {sort: label for sort, label in SORTS.items() if sort is not Sort.RELEVANCE or asked.text}

    def banded(where: Address, step: PriceBand) -> Address:
        ends = (step.min_price_minor, step.max_price_minor) if not step.is_selected else (None, None)
        low, high = ("" if end is None else plain(end, site.currency) for end in ends)
        return where.having("min_price", low).having("max_price", high)

    given: dict[str, object] = {
        "address": address,
        "found": found,
        "groups": groups(found.facets),
        "chips": chosen,
        "last_chip": chosen[-1] if chosen else None,
        "narrows": asked.narrows,
        "band": Band.of(asked, site.currency),
        "banded": banded,
        "sorts": language.each(sorts),
        "sort": asked.sort or asked.usual_sort,
        "usual_sort": asked.usual_sort,
        "currency": site.currency,
        "currency_symbol": language.symbol(site.currency),
        "loved": await loved(site, request, found.page.items),
        "is_first": asked.cursor is None,
    }
    return await site.page(request, template, status=200, headers=None, **given | context)
