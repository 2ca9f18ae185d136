"""Pages of what is for sale."""

from datetime import datetime
from functools import lru_cache
from typing import Any, Final
from uuid import UUID

import msgspec
from sqlalchemy import Select, literal_column, select

from threadly.core.database import Cursors, Prepared, ReadSession
from threadly.marketplace.storefront.narrowing import (
    BAND,
    LISTINGS,
    NARROWING,
    beyond,
    in_order,
    narrowed,
    ordered,
    shape_of,
)
from threadly.marketplace.storefront.rows import card, shown
from threadly.marketplace.storefront.views import Page
from threadly.marketplace.storefront.wanted import Sort, Wanted

PAGE_SIZE: Final = 24
MOST_CARDS: Final = 100


class _NewestKey(msgspec.Struct, frozen=True, array_like=True):
    published_at: datetime
    id: UUID


class _NumberKey(msgspec.Struct, frozen=True, array_like=True):
    number: int
    id: UUID


class Order(msgspec.Struct, frozen=True):
    """How a sort reads a list: by which column, which way, and what a cursor holds."""

    column: str
    is_descending: bool
    key: type[_NewestKey] | type[_NumberKey]


ORDERS: Final = {
    Sort.NEWEST: Order("published_at", is_descending=True, key=_NewestKey),
    Sort.PRICE_ASC: Order("price_minor", is_descending=False, key=_NumberKey),
    Sort.PRICE_DESC: Order("price_minor", is_descending=True, key=_NumberKey),
    Sort.MOST_LOVED: Order("favourites", is_descending=True, key=_NumberKey),
}

_MOST_KINDS: Final = 1024
"""Of statements that are kept; there are more ways to narrow a list than anybody will use."""


async def page_of(
    read: ReadSession,
    wanted: Wanted,
    parameters: dict[str, Any],
    cursors: Cursors,
    *,
    after: str | None,
    limit: int,
    list_name: str,
) -> Page:
    """One page of what is for sale, of 1 to 100 cards; `after` is the `next` of the page before. One statement.

    Args:
        parameters: What `given` says of `wanted`.
        list_name: Which list cursors belong to.

    Raises:
        CursorRejected: `after` was not given out for this list.
    """
    parameters = dict(parameters)
    sort = Sort.NEWEST if wanted.sort is Sort.RELEVANCE else wanted.sort
    order = ORDERS[sort]
    if after is not None:
        key = cursors.open(after, order.key, query=list_name)
        parameters["after"], parameters["after_id"] = msgspec.structs.astuple(key)
    shape = shape_of(parameters)
    level = wanted.category.depth if wanted.category else None
    size = PAGE_SIZE if limit <= PAGE_SIZE else MOST_CARDS

    # One more than is shown tells whether there is a page after this one.
    rows = await _prepared(sort, level, shape, size + 1).fetch(read, parameters)
    items = tuple(card(row) for row in rows[:limit])
    if len(rows) <= limit:
        return Page(items=items, next=None)
    last = order.key(rows[limit - 1][-1], items[-1].id)
    return Page(items=items, next=cursors.seal(last, query=list_name))


def cursor(cursors: Cursors, published_at: datetime, id: UUID, list_name: str) -> str:
    """The cursor of a list by time, for the page after a listing."""
    return cursors.seal(_NewestKey(published_at, id), query=list_name)


@lru_cache(_MOST_KINDS)
def _prepared(sort: Sort, level: int | None, shape: frozenset[str], size: int) -> Prepared:
    # Whether to read a list by time or by hearts in its order or by price depends on how many fall in the band.
    is_banded = bool(shape & BAND) and sort in {Sort.NEWEST, Sort.MOST_LOVED}
    return Prepared(_page(sort, level, shape, size), planned_anew=is_banded or bool(shape & NARROWING))


def _page(sort: Sort, level: int | None, shape: frozenset[str], size: int) -> Select[*tuple[Any, ...]]:
    """The statement for a kind of list. Built once: building one takes longer than running it.

    What never varies is written into it, not bound, so that PostgreSQL can prove once that the partial index fits, and
    keeps one plan for all calls (planning these joins takes longer than running them).
    """
    order = ORDERS[sort]
    column, descending = order.column, order.is_descending
    if shape & NARROWING:
        return shown(narrowed(column, shape, level, descending=descending, most=size), column, descending=descending)

    # The page is cut out first, by one index; what cards show besides is joined to its few rows.
    bounds = in_order(shape, level)
    cut = (
        select(LISTINGS)
        .where(*bounds, *beyond(LISTINGS.c, column, shape, descending=descending))
        .order_by(*ordered(LISTINGS.c, column, descending=descending))
        .limit(literal_column(str(size)))
        .subquery("page")
    )
    return shown(cut, column, descending=descending)
