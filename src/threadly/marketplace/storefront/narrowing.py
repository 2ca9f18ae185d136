"""What narrows a list, as conditions; and how a narrowed list is read, whatever it is narrowed by.

How many listings several conditions leave, PostgreSQL cannot know beforehand: red dresses are as frequent as it
thinks, red dresses among men's shoes are not. So a narrowed list is read in a way that is never slow. A stretch of it,
in order, is looked through: a page is found there unless few fit. Only then all that fit are gathered, through the
indexes of what narrows them, and put in order. One statement does either. Which of the indexes to begin with,
PostgreSQL does know, from how frequent each word, brand and colour is; so each call is planned anew.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

from sqlalchemy import (
    ARRAY,
    CTE,
    ColumnElement,
    Text,
    Uuid,
    any_,
    bindparam,
    func,
    literal_column,
    select,
    tuple_,
    union_all,
)
from sqlalchemy.sql.base import ReadOnlyColumnCollection

from threadly.core.database import Prepared, ReadSession
from threadly.marketplace import search
from threadly.marketplace.catalog import CONDITION, Brand, Size
from threadly.marketplace.listings import FOR_SALE, Listing
from threadly.marketplace.storefront.wanted import Wanted

WALK: Final = 2000
"""How many of a list, from where the page begins, are looked through. When a page is not among them, hardly one in
eighty fits: of a million listings, some twelve thousand are gathered then."""

NARROWING: Final = frozenset({"text", "brands", "sizes", "colours", "conditions"})
"""Parameters that make a list a narrowed one. A category or a price is none: each has an index in the list's order."""
BAND: Final = frozenset({"lowest", "highest"})

LISTINGS: Final = Listing.__table__
LEVELS: Final = {1: "department_id", 2: "group_id", 3: "category_id"}
TEXTS: Final = ARRAY(Text)

SIZE: Final = Size.system + literal_column("'.'", Text) + Size.label
"""A size as addresses know it: `letters.M`."""

Columns = ReadOnlyColumnCollection[str, Any]


def told(wanted: Wanted) -> dict[str, Any] | None:
    """The parameters that `wanted` has for conditions, by name, as far as they are known without a look.

    None for a text in which nothing can be looked for.
    """
    values: dict[str, Any] = {
        "text": search.parse(wanted.text).tsquery() or None,
        "brands": list(wanted.brands),
        "sizes": list(wanted.sizes),
        "colours": list(wanted.colours),
        "conditions": [condition.value for condition in wanted.conditions],
        "lowest": wanted.min_price_minor,
        "highest": wanted.max_price_minor,
        "category_id": wanted.category.id if wanted.category else None,
    }
    values = {name: value for name, value in values.items() if value is not None and value != []}
    return None if wanted.text.strip() and "text" not in values else values


async def given(read: ReadSession, wanted: Wanted) -> dict[str, Any] | None:
    """All parameters that `wanted` has, as `told`.

    One statement if there is a brand or a size: knowing which these are, PostgreSQL knows how many listings have them.
    """
    values = told(wanted)
    if values is not None and (wanted.brands or wanted.sizes):
        named = {"brands": list(wanted.brands), "sizes": list(wanted.sizes)}
        ((values["brand_ids"], values["size_ids"]),) = await _NAMED.fetch(read, named)
    return values


def shape_of(parameters: Mapping[str, object]) -> frozenset[str]:
    """The parameters that decide how a statement is built."""
    return frozenset(parameters) - {"category_id", "brand_ids", "size_ids"}


def in_order(shape: frozenset[str], level: int | None) -> list[ColumnElement[bool]]:
    """For sale, in the category and in the price band: what an index holds in the list's order.

    Args:
        shape: The parameters that there are.
        level: Of the wanted category in the tree.
    """
    found: list[ColumnElement[bool]] = [FOR_SALE]
    if level is not None:
        found.append(LISTINGS.c[LEVELS[level]] == bindparam("category_id"))
    return found + banded(LISTINGS.c, shape)


def banded(columns: Columns, shape: frozenset[str]) -> list[ColumnElement[bool]]:
    """In the price band. The arguments are those of `in_order`."""
    found: list[ColumnElement[bool]] = []
    if "lowest" in shape:
        found.append(columns.price_minor >= bindparam("lowest"))
    if "highest" in shape:
        found.append(columns.price_minor <= bindparam("highest"))
    return found


class Named(NamedTuple):
    """What a text, brands and sizes are within a statement."""

    text: ColumnElement[Any]
    brand_ids: ColumnElement[Any]
    size_ids: ColumnElement[Any]


def narrowing(columns: Columns, shape: frozenset[str], named: Named | None = None) -> list[ColumnElement[bool]]:
    """What else must hold of these columns of listings; `named`, where it is not what `given` says."""
    named = named or GIVEN
    conditions: Mapping[str, ColumnElement[bool]] = {
        "text": columns.document.op("@@", is_comparison=True)(named.text),
        "brands": columns.brand_id == any_(named.brand_ids),
        "sizes": columns.size_id == any_(named.size_ids),
        "colours": columns.colour == any_(bindparam("colours", type_=TEXTS)),
        "conditions": columns.condition == any_(bindparam("conditions", type_=ARRAY(CONDITION))),
    }
    return [condition for name, condition in conditions.items() if name in shape]


ASKED: Final = func.search_query(bindparam("text", type_=Text()))
"""Constant while a statement is planned for its values: PostgreSQL knows how many listings have such words."""
GIVEN: Final = Named(ASKED, bindparam("brand_ids", type_=ARRAY(Uuid)), bindparam("size_ids", type_=ARRAY(Uuid)))
LOOKED_UP: Final = Named(
    select(ASKED).scalar_subquery(),
    func.array(select(Brand.id).where(Brand.slug == any_(bindparam("brands", type_=TEXTS))).scalar_subquery()),
    func.array(select(Size.id).where(any_(bindparam("sizes", type_=TEXTS)) == SIZE).scalar_subquery()),
)
"""Found out by the statement itself, once for all rows."""
_NAMED: Final = Prepared(select(LOOKED_UP.brand_ids, LOOKED_UP.size_ids))


def beyond(columns: Columns, key: str, shape: frozenset[str], *, descending: bool) -> list[ColumnElement[bool]]:
    """Beyond the row where the page before ended, if there was one."""
    if "after" not in shape:
        return []
    end = tuple_(bindparam("after", type_=columns[key].type), bindparam("after_id", type_=columns.id.type))
    here = tuple_(columns[key], columns.id)
    return [here < end if descending else here > end]


def ordered(columns: Columns, key: str, *, descending: bool) -> tuple[ColumnElement[Any], ...]:
    """By a key, and by id among equals."""
    return tuple(column.desc() if descending else column.asc() for column in (columns[key], columns.id))


def narrowed(
    key: str,
    shape: frozenset[str],
    level: int | None,
    *,
    descending: bool,
    most: int,
    walk: int = WALK,
    enough: int | None = None,
    bounds: Sequence[ColumnElement[bool]] = (),
) -> CTE:
    """`id` and `key` of the first `most` listings that fit, by `key` and id.

    Args:
        key: The column that orders the list.
        shape: The parameters that there are.
        level: Of the wanted category in the tree.
        descending: From the greatest down.
        most: How many, at most.
        walk: How long the stretch is that is looked through.
        enough: How many must be in the stretch, so that these alone do; `most`, if not said.
        bounds: What holds besides, of the list in its order.
    """
    whole = (*in_order(shape, level), *bounds, *beyond(LISTINGS.c, key, shape, descending=descending))
    stretch = (
        select(LISTINGS)
        .where(*whole)
        .order_by(*ordered(LISTINGS.c, key, descending=descending))
        .limit(number(walk))
        .subquery("stretch")
    )
    walked = (
        select(stretch.c.id, stretch.c[key])
        .where(*narrowing(stretch.c, shape))
        .order_by(*ordered(stretch.c, key, descending=descending))
        .limit(number(most))
        .cte("walked")
        .prefix_with("MATERIALIZED")
    )
    count = select(func.count()).select_from(walked).scalar_subquery()
    # Materialized, so that all are gathered before they are put in order: PostgreSQL would walk the list to its end.
    gathered = (
        select(LISTINGS.c.id, LISTINGS.c[key])
        .where(*whole, *narrowing(LISTINGS.c, shape), count < number(enough or most))
        .cte("gathered")
        .prefix_with("MATERIALIZED")
    )
    first = (
        select(gathered)
        .order_by(*ordered(gathered.c, key, descending=descending))
        .limit(number(most))
        .subquery("first")
    )
    return union_all(select(walked).where(count >= number(enough or most)), select(first)).cte("narrowed")


def number(number: int) -> ColumnElement[int]:
    """Written into the statement, since it never varies."""
    return literal_column(str(number))
