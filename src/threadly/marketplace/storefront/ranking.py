"""The listings that fit a text best, among those that came in late.

To rank all that hold a frequent word takes a third of a second among a million listings, and what is old is mostly
gone. So a window is ranked: of the newest 5,000 of the list those that fit, if these are a hundred or more; or else the
newest thousand of all that fit. What is older than the window follows it, newest first.
"""

from datetime import datetime
from functools import lru_cache
from typing import Any, Final
from uuid import UUID

import msgspec
from sqlalchemy import REAL, ColumnElement, Select, bindparam, func, select, tuple_

from threadly.core.database import CursorRejected, Cursors, Prepared, ReadSession
from threadly.marketplace.storefront import lists
from threadly.marketplace.storefront.lists import MOST_CARDS, PAGE_SIZE
from threadly.marketplace.storefront.narrowing import ASKED, LISTINGS, given, narrowed, number, ordered, shape_of
from threadly.marketplace.storefront.rows import card, shown
from threadly.marketplace.storefront.views import Page
from threadly.marketplace.storefront.wanted import Sort, Wanted

MOST_RANKED: Final = 1000
STRETCH: Final = 5000
ENOUGH: Final = 100
_MOST_KINDS: Final = 256


class _RankKey(msgspec.Struct, frozen=True, array_like=True):
    rank: float
    rank_id: UUID
    newest: datetime
    """Where the first page's window begins, and where it ends: what comes in later does not move it."""
    newest_id: UUID
    oldest: datetime
    oldest_id: UUID


async def cards(
    read: ReadSession,
    wanted: Wanted,
    cursors: Cursors,
    *,
    after: str | None = None,
    limit: int = PAGE_SIZE,
    list_name: str | None = None,
    parameters: dict[str, Any] | None = None,
) -> Page:
    """One page of what is for sale, of 1 to 100 cards; `after` is the `next` of the page before.

    One statement; two where brands or sizes are wanted, and one more for the page on which ranked ones end.

    Args:
        list_name: Which list cursors belong to, where it is not the wanted one.
        parameters: What `given` says of `wanted`, where that is known already.

    Raises:
        CursorRejected: `after` was not given out for this list.
    """
    list_name = list_name or wanted.fingerprint
    parameters = parameters if parameters is not None else await given(read, wanted)
    if parameters is None:
        return Page(items=(), next=None)
    if wanted.sort is not Sort.RELEVANCE or "text" not in parameters:
        return await lists.page_of(read, wanted, parameters, cursors, after=after, limit=limit, list_name=list_name)

    ranks = f"{list_name}|ranks"
    by_time = msgspec.structs.replace(wanted, sort=Sort.NEWEST)
    known = parameters
    if after is not None:
        try:
            parameters = known | msgspec.structs.asdict(cursors.open(after, _RankKey, query=ranks))
        except CursorRejected:  # beyond the window
            return await lists.page_of(read, by_time, known, cursors, after=after, limit=limit, list_name=list_name)
    shape = shape_of(parameters)
    level = wanted.category.depth if wanted.category else None
    size = PAGE_SIZE if limit <= PAGE_SIZE else MOST_CARDS
    rows = await _prepared(shape, level, size + 1).fetch(read, parameters)
    items = tuple(card(row) for row in rows[:limit])
    if not rows:
        return Page(items=(), next=None)
    *_, rank, in_window, oldest, oldest_id, newest, newest_id = rows[min(limit, len(rows)) - 1]
    if len(rows) > limit:
        key = _RankKey(rank, items[-1].id, newest, newest_id, oldest, oldest_id)
        return Page(items=items, next=cursors.seal(key, query=ranks))
    if in_window < ENOUGH:  # then it was all
        return Page(items=items, next=None)
    end = lists.cursor(cursors, oldest, oldest_id, list_name)
    if len(items) == limit:
        return Page(items=items, next=end)
    short = limit - len(items)
    others = await lists.page_of(read, by_time, known, cursors, after=end, limit=short, list_name=list_name)
    return Page(items=items + others.items, next=others.next)


@lru_cache(_MOST_KINDS)
def _prepared(shape: frozenset[str], level: int | None, size: int) -> Prepared:
    return Prepared(_page(shape, level, size), planned_anew=True)


def _page(shape: frozenset[str], level: int | None, size: int) -> Select[*tuple[Any, ...]]:
    """Cards' columns, the rank, how many are in the window, and its oldest and newest: each by time and id."""
    window = narrowed(
        "published_at",
        shape,
        level,
        descending=True,
        most=MOST_RANKED,
        walk=STRETCH,
        enough=ENOUGH,
        bounds=[_place("newest") >= _HERE, _place("oldest") <= _HERE] if "newest" in shape else [],
    )
    rank = func.ts_rank(LISTINGS.c.document, ASKED, type_=REAL)
    ranks = select(LISTINGS.c.id, rank.label("rank")).join(window, window.c.id == LISTINGS.c.id).subquery("ranks")
    page = select(ranks).order_by(*ordered(ranks.c, "rank", descending=True)).limit(number(size))
    if "rank" in shape:
        end = tuple_(bindparam("rank", type_=REAL), bindparam("rank_id", type_=LISTINGS.c.id.type))
        page = page.where(tuple_(ranks.c.rank, ranks.c.id) < end)
    told = [select(func.count()).select_from(window).scalar_subquery()]
    for descending in (False, True):
        end_of_window = ordered(window.c, "published_at", descending=descending)
        told += [
            select(column).order_by(*end_of_window).limit(number(1)).scalar_subquery()
            for column in (window.c.published_at, window.c.id)
        ]
    return shown(page.cte("page"), "rank", descending=True).add_columns(*told)


def _place(name: str) -> ColumnElement[Any]:
    time, id = LISTINGS.c.published_at.type, LISTINGS.c.id.type
    return tuple_(bindparam(name, type_=time), bindparam(f"{name}_id", type_=id))


_HERE: Final = tuple_(LISTINGS.c.published_at, LISTINGS.c.id)
