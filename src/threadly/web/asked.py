"""What the address of a category or of a search asks for, and the addresses of everything that is near.

A form that sends checkboxes repeats their names; so do these addresses, and the ways out of a choice are addresses too.
The page is so complete without JavaScript, and may be kept by any cache.
"""

from typing import Final, TypeVar
from urllib.parse import urlencode

import msgspec

from threadly.core.asgi import ParameterInvalid
from threadly.core.words import words
from threadly.marketplace.catalog import Condition, Place
from threadly.marketplace.storefront import MOST_CHOSEN, Sort, Wanted
from threadly.web.money import minor_units, plain
from threadly.web.query import read_lists

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
