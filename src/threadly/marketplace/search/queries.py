"""Looks at the words that shoppers use."""

from typing import Any, Final
from uuid import UUID

import msgspec
from sqlalchemy import ColumnElement, FromClause, Select, Text, bindparam, func, literal_column, select, union_all

from threadly.core.database import Prepared, ReadSession
from threadly.marketplace.catalog import CATALOGUED, Brand
from threadly.marketplace.listings import FOR_SALE, Listing
from threadly.marketplace.search import instruments, policy
from threadly.marketplace.search.models import SearchTerm

MOST_SUGGESTED: Final = 5
"""Of each kind."""

MOST_BRANDS: Final = 500
_WALK: Final = 2000
_GATHERED: Final = 500


class ListingSuggested(msgspec.Struct, frozen=True, kw_only=True):
    """A listing that is for sale, with these words in its title."""

    id: UUID
    title: str


class BrandSuggested(msgspec.Struct, frozen=True, kw_only=True):
    """A brand that begins like this."""

    name: str
    slug: str


class CategorySuggested(msgspec.Struct, frozen=True, kw_only=True):
    """A category that begins like this."""

    name: str
    """With those above it, nearest first: "Dresses, Clothing, Women"."""
    path: str


class Suggestions(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody may be about to type."""

    listings: tuple[ListingSuggested, ...] = ()
    brands: tuple[BrandSuggested, ...] = ()
    categories: tuple[CategorySuggested, ...] = ()


async def suggestions(read: ReadSession, text: str) -> Suggestions:
    """What somebody who has typed `text` may want; nothing for what cannot be looked for. Two statements."""
    query = policy.parse(text)
    if not query.words:
        return Suggestions()
    with instruments.measured("suggestions"):
        terms = await _TERMS.fetch(read, {"begin": f"{' '.join(query.words)}%"})
        titled = await _TITLED.fetch(
            read, {"words": query.ended.tsquery(begun=True), "titled": query.tsquery(begun=True, in_title=True)}
        )
    return Suggestions(
        listings=tuple(ListingSuggested(id=id, title=title) for id, title in titled),
        brands=tuple(BrandSuggested(name=name, slug=slug) for kind, name, slug in terms if kind == "brand"),
        categories=tuple(CategorySuggested(name=name, path=path) for kind, name, path in terms if kind == "category"),
    )


async def brands(read: ReadSession) -> tuple[str, ...]:
    """Names to pick from while one types, most for sale first; not more than a page can hold. One statement.

    Until words are gathered for the first time, those that came with the catalogue.
    """
    return tuple((await read.execute(_BRANDS)).scalars())


def _named(kind: str) -> Select[*tuple[Any, ...]]:
    """The names of this kind that begin as asked, most frequent first."""
    return (
        select(SearchTerm.kind, SearchTerm.label, SearchTerm.target)
        .where(SearchTerm.kind == kind, SearchTerm.term.like(func.unaccent(bindparam("begin"))))
        .group_by(SearchTerm.kind, SearchTerm.label, SearchTerm.target)
        .order_by(func.max(SearchTerm.listings).desc(), SearchTerm.target)
        .limit(_number(MOST_SUGGESTED))
    )


def _titled() -> Select[*tuple[Any, ...]]:
    """Some listings with these words in their titles: from the newest, or else from any that hold these words."""
    columns = (Listing.id, Listing.title, Listing.published_at, Listing.document)
    newest = (
        select(*columns).where(FOR_SALE).order_by(Listing.published_at.desc(), Listing.id.desc()).limit(_number(_WALK))
    )
    walked = _with_title(newest.subquery("newest")).cte("walked").prefix_with("MATERIALIZED")
    is_none = select(func.count()).select_from(walked).scalar_subquery() == _number(0)
    held = Listing.document.op("@@", is_comparison=True)(_query("words"))
    gathered = select(*columns).where(FOR_SALE, held, is_none).limit(_number(_GATHERED)).cte("gathered")
    more = _with_title(gathered.prefix_with("MATERIALIZED")).subquery("more")
    return select(union_all(select(walked), select(more)).subquery("titled"))


def _with_title(some: FromClause) -> Select[*tuple[Any, ...]]:
    return (
        select(some.c.id, some.c.title)
        .where(some.c.document.op("@@", is_comparison=True)(_query("titled")))
        .order_by(some.c.published_at.desc(), some.c.id.desc())
        .limit(_number(MOST_SUGGESTED))
    )


def _query(name: str) -> ColumnElement[Any]:
    return select(func.search_query(bindparam(name, type_=Text()))).scalar_subquery()


def _number(number: int) -> ColumnElement[int]:
    """Written into the statement, since it never varies."""
    return literal_column(str(number))


_SOLD: Final = (
    select(SearchTerm.label)
    .where(SearchTerm.kind == "brand")
    .group_by(SearchTerm.label, SearchTerm.target)
    .order_by(func.max(SearchTerm.listings).desc(), SearchTerm.target)
    .limit(MOST_BRANDS)
)
_CATALOGUED: Final = (
    select(Brand.name)
    .where(CATALOGUED, ~select(SearchTerm.term).where(SearchTerm.kind == "brand").exists())
    .order_by(Brand.name)
    .limit(MOST_BRANDS)
)
_BRANDS: Final = select(union_all(select(_SOLD.subquery()), select(_CATALOGUED.subquery())).subquery("brands"))
_TERMS: Final = Prepared(
    select(union_all(*(select(_named(kind).subquery()) for kind in ("brand", "category"))).subquery())
)
_TITLED: Final = Prepared(_titled())
