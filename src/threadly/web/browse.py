"""What the pages of categories and of searches share: which things are asked for, and every way on from there.

A form that sends checkboxes repeats their names; so do these addresses, and the ways out of a choice are addresses too.
The page is so complete without JavaScript, and may be kept by any cache.
"""

from collections.abc import Iterator, Mapping
from typing import Final, TypeVar
from urllib.parse import urlencode

import msgspec
from litestar.response.base import ASGIResponse

from threadly.core.asgi import ParameterInvalid
from threadly.core.words import words
from threadly.marketplace.catalog import Condition, Place
from threadly.marketplace.storefront import MOST_CHOSEN, Facets, FacetValue, Found, PriceBand, Sort, Wanted
from threadly.web.favourites import loved
from threadly.web.money import minor_units, plain
from threadly.web.pages import AnyRequest
from threadly.web.query import read_lists
from threadly.web.site import Site
from threadly.web.wording import SORTS

ONCE: Final = frozenset({"q", "category", "sort", "min_price", "max_price", "cursor"})
SEVERAL: Final = ("brand", "size", "colour", "condition")

Pairs = tuple[tuple[str, str], ...]
"""Names and values of a query, in order."""

ChoiceT = TypeVar("ChoiceT", Sort, Condition)


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """What an address asks for. Fields of a form that were left empty ask for nothing."""

    text: str = ""
    category: str = ""
    """A path, where the address itself names none."""
    brands: tuple[str, ...] = ()
    sizes: tuple[str, ...] = ()
    colours: tuple[str, ...] = ()
    conditions: tuple[Condition, ...] = ()
    min_price_minor: int | None = None
    max_price_minor: int | None = None
    sort: Sort | None = None
    cursor: str | None = None

    @classmethod
    def read(cls, query: bytes, currency: str, *, once: frozenset[str] = ONCE) -> "Asked":
        """The query of an address.

        Raises:
            Invalid: It names something unknown, something twice that goes once, or a value cannot be read.
        """
        given, lists = read_lists(query, once, SEVERAL)
        chosen = {name: _chosen(name, lists.get(name, ())) for name in SEVERAL}
        low, high = (_price(name, given.get(name, ""), currency) for name in ("min_price", "max_price"))
        if low is not None and high is not None and low > high:
            low, high = high, low  # whoever mixed the two fields up means the band between them
        return cls(
            text=" ".join(given.get("q", "").split()),
            category=given.get("category", "").strip("/"),
            brands=chosen["brand"],
            sizes=chosen["size"],
            colours=chosen["colour"],
            conditions=tuple([_one_of("condition", Condition, value) for value in chosen["condition"]]),
            min_price_minor=low,
            max_price_minor=high,
            sort=_one_of("sort", Sort, given["sort"]) if given.get("sort") else None,
            cursor=given.get("cursor") or None,
        )

    @property
    def usual_sort(self) -> Sort:
        """The order in which one looks if nothing is said."""
        return Sort.RELEVANCE if self.text else Sort.NEWEST

    def wanted(self, place: Place | None) -> Wanted:
        """The same, for the storefront."""
        return Wanted(
            text=self.text,
            category=place,
            brands=self.brands,
            sizes=self.sizes,
            colours=self.colours,
            conditions=self.conditions,
            min_price_minor=self.min_price_minor,
            max_price_minor=self.max_price_minor,
            sort=self.sort or self.usual_sort,
        )

    def pairs(self, currency: str) -> Pairs:
        """The query anew, without the page: what is left out where it says nothing."""
        low, high = self.min_price_minor, self.max_price_minor
        said = [
            ("q", self.text),
            ("category", self.category),
            *(("brand", brand) for brand in self.brands),
            *(("size", size) for size in self.sizes),
            *(("colour", colour) for colour in self.colours),
            *(("condition", condition.value) for condition in self.conditions),
            ("min_price", "" if low is None else plain(low, currency)),
            ("max_price", "" if high is None else plain(high, currency)),
            ("sort", "" if self.sort in {None, self.usual_sort} else str(self.sort)),
        ]
        return tuple((name, value) for name, value in said if value)

    @property
    def narrows(self) -> int:
        """How many filters are set."""
        chosen = (self.brands, self.sizes, self.colours, self.conditions)
        is_banded = self.min_price_minor is not None or self.max_price_minor is not None
        return sum(map(len, chosen)) + is_banded


class Address(msgspec.Struct, frozen=True):
    """Where one is, without a language: a path and what is chosen there; gives the ways to more and to less."""

    path: str
    chosen: Pairs = ()

    def __str__(self) -> str:
        return f"{self.path}?{urlencode(self.chosen)}" if self.chosen else self.path

    def without(self, *names: str) -> "Address":
        """With nothing of these names."""
        return Address(self.path, tuple([pair for pair in self.chosen if pair[0] not in names]))

    def less(self, name: str, value: str) -> "Address":
        """Without one choice."""
        return Address(self.path, tuple([pair for pair in self.chosen if pair != (name, value)]))

    def having(self, name: str, value: str | None) -> "Address":
        """With this value and no other of its name; without any where it is none."""
        rest = self.without(name)
        return Address(self.path, (*rest.chosen, (name, value))) if value else rest

    def at(self, path: str) -> "Address":
        """The same choices at another place."""
        return Address(path, self.chosen)

    def only(self, *names: str) -> "Address":
        """With nothing but these."""
        return Address(self.path, tuple([pair for pair in self.chosen if pair[0] in names]))


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


def _chosen(name: str, values: tuple[str, ...]) -> tuple[str, ...]:
    """Each value once, without those that say nothing."""
    found = tuple(dict.fromkeys(filter(None, values)))
    if len(found) > MOST_CHOSEN:
        raise ParameterInvalid(words("“{parameter}” takes at most {most} values."), parameter=name, most=MOST_CHOSEN)
    return found


def _one_of(name: str, kind: type[ChoiceT], text: str) -> ChoiceT:
    try:
        return kind(text)
    except ValueError:
        known = ", ".join(kind)
        raise ParameterInvalid(words("“{parameter}” must be one of: {known}."), parameter=name, known=known) from None


def _price(name: str, text: str, currency: str) -> int | None:
    if not text.strip():
        return None
    minor = minor_units(text, currency)
    if minor is None:
        raise ParameterInvalid(words("Please write the price in figures, like 25 or 25.50."), parameter=name)
    return minor
