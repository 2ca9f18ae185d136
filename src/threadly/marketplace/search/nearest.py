"""Where to look on when nothing was found."""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import ARRAY, CTE, ColumnElement, Select, Text, bindparam, func, literal_column, select, union_all

from threadly.core.database import Prepared, ReadSession
from threadly.marketplace.catalog import Category
from threadly.marketplace.listings import FOR_SALE, Listing
from threadly.marketplace.search import policy
from threadly.marketplace.search.models import SearchTerm
from threadly.marketplace.search.queries import CategorySuggested

MOST_NEAREST: Final = 6

_ALIKE: Final[ColumnElement[float]] = literal_column("0.5")
_GATHERED: Final[ColumnElement[int]] = literal_column("500")
_MOST: Final[ColumnElement[int]] = literal_column(str(MOST_NEAREST))
_LEAF: Final = literal_column("'%/%/%'", Text())


async def nearest(read: ReadSession, words: Sequence[str]) -> tuple[CategorySuggested, ...]:
    """Up to six categories in which something is for sale: those that are called like one of these words; or else those
    in which the first word is most for sale; or else those in which most is. One statement.

    Before words are gathered for the first time, only those in which the first word is for sale.
    """
    given = {"words": list(words), "first": policy.parse(words[0]).tsquery() if words else ""}
    return tuple([CategorySuggested(name=name, path=path) for name, path in await _NEAREST.fetch(read, given)])


def _nearest() -> Select[*tuple[Any, ...]]:
    alike = _alike().cte("alike").prefix_with("MATERIALIZED")
    sold = _sold(alike).cte("sold").prefix_with("MATERIALIZED")
    found = union_all(select(alike), select(sold), _largest(alike, sold)).subquery("found")
    return select(found.c.name, found.c.path).order_by(found.c.rank.desc(), found.c.path)


def _alike() -> Select[*tuple[Any, ...]]:
    """Categories that are called like a word."""
    words = func.unnest(bindparam("words", type_=ARRAY(Text))).table_valued("word", name="each").render_derived()
    word = func.unaccent(words.c.word)
    likeness = func.similarity(SearchTerm.term, word)
    rank = func.max(likeness).label("rank")
    return (
        select(SearchTerm.label.label("name"), SearchTerm.target.label("path"), rank)
        .join(words, SearchTerm.term.op("%", is_comparison=True)(word))
        .where(SearchTerm.kind == "category", SearchTerm.listings > 0, likeness >= _ALIKE)
        .group_by(SearchTerm.label, SearchTerm.target)
        .order_by(rank.desc(), func.max(SearchTerm.listings).desc())
        .limit(_MOST)
    )


def _sold(alike: CTE) -> Select[*tuple[Any, ...]]:
    """Categories of some five hundred listings that have the first word."""
    first = select(func.search_query(bindparam("first", type_=Text()))).scalar_subquery()
    # Materialized, so that the index is asked for all, of which the first five hundred are read.
    held = (
        select(Listing.category_id)
        .where(FOR_SALE, Listing.document.op("@@", is_comparison=True)(first), _is_empty(alike))
        .cte("held")
        .prefix_with("MATERIALIZED")
    )
    some = select(held).limit(_GATHERED).subquery("some")
    counted = select(some.c.category_id, func.count().label("rank")).group_by(some.c.category_id).subquery("counted")
    label = (
        select(func.min(SearchTerm.label))
        .where(SearchTerm.kind == "category", SearchTerm.target == Category.path)
        .scalar_subquery()
    )
    return (
        select(func.coalesce(label, Category.name), Category.path, counted.c.rank)
        .join(counted, counted.c.category_id == Category.id)
        .order_by(counted.c.rank.desc(), Category.path)
        .limit(_MOST)
    )


def _largest(*before: CTE) -> Select[*tuple[Any, ...]]:
    """Leaves in which most is for sale."""
    rank = func.max(SearchTerm.listings).label("rank")
    largest = (
        select(SearchTerm.label, SearchTerm.target, rank)
        .where(SearchTerm.kind == "category", SearchTerm.target.like(_LEAF), SearchTerm.listings > 0)
        .where(*(_is_empty(found) for found in before))
        .group_by(SearchTerm.label, SearchTerm.target)
        .order_by(rank.desc(), SearchTerm.target)
        .limit(_MOST)
    )
    return select(largest.subquery("largest"))


def _is_empty(found: CTE) -> Any:  # noqa: ANN401 - a condition
    return ~select(literal_column("1")).select_from(found).exists()


_NEAREST: Final = Prepared(_nearest())
