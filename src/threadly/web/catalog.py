"""Pages of categories: what is for sale in a department, a group or a leaf."""

from typing import Final

import msgspec
from litestar import HttpMethod, route
from litestar.di import NamedDependency
from litestar.params import FromPath, SkipValidation
from litestar.response.base import ASGIResponse

from threadly.core.asgi import ParameterInvalid
from threadly.core.words import words
from threadly.marketplace import storefront
from threadly.marketplace.catalog import Place
from threadly.marketplace.storefront import Sort, Wanted
from threadly.web.money import minor_units, plain
from threadly.web.pages import AnyRequest
from threadly.web.query import read_query
from threadly.web.site import Site
from threadly.web.wording import SORTS

_PARAMETERS: Final = frozenset({"sort", "min_price", "max_price", "cursor"})


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """What the address of a category's page asks for. Fields of a form that were left empty ask for nothing."""

    sort: Sort
    min_price_minor: int | None
    max_price_minor: int | None
    cursor: str | None

    @classmethod
    def read(cls, query: bytes, currency: str) -> "Asked":
        """The query of an address.

        Raises:
            Invalid: It names something unknown or something twice, or a value cannot be read.
        """
        given = read_query(query, _PARAMETERS)
        low, high = (_price(name, given.get(name), currency) for name in ("min_price", "max_price"))
        if low is not None and high is not None and low > high:
            low, high = high, low  # whoever mixed the two fields up means the band between them
        return cls(sort=_sort(given.get("sort")), min_price_minor=low, max_price_minor=high, cursor=given.get("cursor"))

    def wanted(self, place: Place) -> Wanted:
        return Wanted(
            category=place,
            min_price_minor=self.min_price_minor,
            max_price_minor=self.max_price_minor,
            sort=self.sort,
        )

    def parameters(self, currency: str) -> dict[str, str | None]:
        """The query anew, without the page: what is left out where it says nothing."""
        low, high = self.min_price_minor, self.max_price_minor
        return {
            "sort": self.sort if self.sort is not Sort.NEWEST else None,
            "min_price": None if low is None else plain(low, currency),
            "max_price": None if high is None else plain(high, currency),
        }


@route("/categories/{path:path}", http_method=[HttpMethod.GET, HttpMethod.HEAD])
async def category(
    request: AnyRequest, path: FromPath[str], site: NamedDependency[SkipValidation[Site]]
) -> ASGIResponse:
    """A page of what is for sale in a category."""
    asked = Asked.read(request.scope["query_string"], site.currency)
    spot = (await site.departments.shelves()).at(path.strip("/"))
    async with site.db.read() as read:
        page = await storefront.cards(read, asked.wanted(spot.place), site.cursors, after=asked.cursor)
    return await site.page(
        request,
        "catalog/category.html",
        spot=spot,
        page=page,
        sort=asked.sort,
        sorts=SORTS,
        parameters=asked.parameters(site.currency),
        is_first=asked.cursor is None,
        currency_symbol=site.language(request).symbol(site.currency),
    )


def _sort(text: str | None) -> Sort:
    try:
        return Sort(text) if text else Sort.NEWEST
    except ValueError:
        raise ParameterInvalid(
            words("“{parameter}” must be one of: {known}."), parameter="sort", known=", ".join(Sort)
        ) from None


def _price(name: str, text: str | None, currency: str) -> int | None:
    if not text or not text.strip():
        return None
    minor = minor_units(text, currency)
    if minor is None:
        raise ParameterInvalid(words("Please write the price in figures, like 25 or 25.50."), parameter=name)
    return minor
