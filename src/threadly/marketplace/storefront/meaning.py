"""What somebody means who searches: another spelling, if nothing is for sale that has the words as they were typed.

Known before anything is looked for, so that a slip of the finger costs no search of its own. That nothing has the words
is seen by a short look at the newest of the list, and else by the index of words: a word that is rare is little to read
there, and one that is not is mostly among the newest. Neither is asked where all words are known.
"""

from functools import lru_cache
from typing import Any, Final

import msgspec
from sqlalchemy import Select, case, false, select, true

from threadly.core.database import Prepared, ReadSession
from threadly.marketplace import search
from threadly.marketplace.storefront.narrowing import (
    BAND,
    LISTINGS,
    LOOKED_UP,
    banded,
    given,
    in_order,
    narrowing,
    number,
    ordered,
    shape_of,
    told,
)
from threadly.marketplace.storefront.wanted import Wanted

NEWEST: Final = 500
_MOST_KINDS: Final = 256


class Meaning(msgspec.Struct, frozen=True, kw_only=True):
    """What is wanted in the end, and the parameters of it that `narrowing.given` tells of."""

    wanted: Wanted
    parameters: dict[str, Any] | None
    corrected: str | None = None
    """The text of `wanted`, if it is not the one that was typed."""
    words: tuple[str, ...] = ()
    """Those of the text that are known, spelt right, the rarest first; then all as they were typed."""


async def meaning(read: ReadSession, wanted: Wanted) -> Meaning:
    """What somebody means who wants this. One statement if there is a word, a brand or a size."""
    query, parameters = search.parse(wanted.text), told(wanted)
    if parameters is None or not query.words:
        return Meaning(wanted=wanted, parameters=await given(read, wanted))
    level = wanted.category.depth if wanted.category else None
    asked = {"brands": [], "sizes": []} | parameters | search.words_of(query)
    rows = await _prepared(shape_of(parameters), level).fetch(read, asked)
    if wanted.brands or wanted.sizes:
        parameters["brand_ids"], parameters["size_ids"], *_ = rows[0]
    meant = search.meant(query, [row[2:] for row in rows if row[2] is not None])
    if meant.corrected is not None:
        wanted = msgspec.structs.replace(wanted, text=meant.corrected)
        parameters["text"] = search.parse(meant.corrected).tsquery()
    words = tuple(dict.fromkeys((*meant.words, *query.words)))
    return Meaning(wanted=wanted, parameters=parameters, corrected=meant.corrected, words=words)


@lru_cache(_MOST_KINDS)
def _prepared(shape: frozenset[str], level: int | None) -> Prepared:
    return Prepared(_statement(shape, level))


def _statement(shape: frozenset[str], level: int | None) -> Select[*tuple[Any, ...]]:
    """Ids of brands and sizes, and rows of `search.Spelling`; at least one row."""
    spelling, unbound = search.Spelling(), shape - BAND
    stretch = (
        select(LISTINGS)
        .where(*in_order(unbound, level))
        .order_by(*ordered(LISTINGS.c, "published_at", descending=True))
        .limit(number(NEWEST))
        .subquery("stretch")
    )
    is_new = select(stretch.c.id).where(*banded(stretch.c, shape), *narrowing(stretch.c, shape, LOOKED_UP)).exists()
    # Materialized, so that the index is asked for all that have the words, of which the first is enough. For one alone,
    # PostgreSQL would rather look through the table, and there may be none.
    held = (
        select(LISTINGS.c.id, LISTINGS.c.price_minor)
        .where(*in_order(unbound, level), *narrowing(LISTINGS.c, shape, LOOKED_UP))
        .cte("held")
        .prefix_with("MATERIALIZED")
    )
    is_held = select(held.c.id).where(*banded(held.c, shape)).exists()
    # In this order, and no further than needed.
    lacks = case((~spelling.has_unknown, false()), (is_new, false()), else_=~is_held)
    named = select(LOOKED_UP.brand_ids.label("brand_ids"), LOOKED_UP.size_ids.label("size_ids")).subquery("named")
    spelt = spelling.rows(near=lacks).subquery("spelt")
    return select(named, spelt).select_from(named.outerjoin(spelt, true()))
