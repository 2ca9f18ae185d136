"""Builds the same statement over any two tables with the columns of rooms and lamps: from what Hypothesis has drawn."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from hypothesis import strategies as st
from sqlalchemy import ColumnElement, FromClause, and_, exists, func, lateral, literal, or_, select, union_all

from tests.core.database.softdelete.lamps import AnySelect


@dataclass(frozen=True)
class Query:
    """What is asked, without saying of which tables."""

    sources: list[str]
    joins: list[tuple[str, int]]
    conditions: list[tuple[str, int, str, bool]]
    shape: str
    wrapping: str


TABLES: Final = st.sampled_from(["rooms", "lamps"])
QUERIES: Final = st.builds(
    Query,
    sources=st.lists(TABLES, min_size=1, max_size=3),
    joins=st.lists(
        st.tuples(st.sampled_from(["inner", "outer", "full", "lateral"]), st.integers(0, 1)), min_size=2, max_size=2
    ),
    conditions=st.lists(
        st.tuples(
            st.sampled_from(["compare", "is hidden", "exists", "in", "count", "either"]),
            st.integers(0, 3),
            TABLES,
            st.booleans(),
        ),
        max_size=3,
    ),
    shape=st.sampled_from(["columns", "count", "groups", "distinct", "window"]),
    wrapping=st.sampled_from(["none", "subquery", "cte", "union", "scalar"]),
)


def built(query: Query, tables: Mapping[str, FromClause]) -> AnySelect:
    """The statement over these tables."""
    parts: list[FromClause] = [tables[name].alias(f"t{at}") for at, name in enumerate(query.sources)]
    source = parts[0]
    for part, (kind, on) in zip(parts[1:], query.joins, strict=False):
        condition = _on(parts[0], part, on)
        if kind == "lateral":
            beside = lateral(select(part.c.id, part.c.size, part.c.name).where(condition))
            parts[parts.index(part)] = beside
            source = source.join(beside, literal(1) == 1)
        else:
            source = source.join(part, condition, isouter=kind == "outer", full=kind == "full")
    statement = _shaped(query, parts).select_from(source)
    for kind, value, name, is_negated in query.conditions:
        condition = _condition(kind, value, parts[0], tables[name])
        statement = statement.where(~condition if is_negated else condition)
    match query.wrapping:
        case "subquery":
            return select(*statement.subquery().c)
        case "cte":
            return select(*statement.cte("some").c)
        case "union":
            return select(*union_all(statement, statement).subquery().c)
        case "scalar":
            return select(select(func.count()).select_from(statement.subquery()).scalar_subquery())
        case _:
            return statement


def _on(left: FromClause, right: FromClause, on: int) -> ColumnElement[bool]:
    if on and "room_id" in right.c:
        return left.c.id == right.c.room_id
    if on and "room_id" in left.c:
        return right.c.id == left.c.room_id
    return left.c.size == right.c.size


def _condition(kind: str, value: int, part: FromClause, other: FromClause) -> ColumnElement[bool]:
    there = other.alias("there")
    match kind:
        case "compare":
            return part.c.size >= value
        case "is hidden":
            return part.c.deleted_at.is_not(None)
        case "exists":
            return exists(select(there.c.id).where(there.c.name == part.c.name, there.c.id != value))
        case "in":
            return part.c.id.in_(select(there.c.id).where(there.c.size >= value))
        case "count":
            return select(func.count()).select_from(there).where(_on(part, there, 1)).scalar_subquery() >= value
        case _:
            return or_(
                part.c.size == value, and_(part.c.id > value, exists(select(there.c.id).where(there.c.size == value)))
            )


def _shaped(query: Query, parts: list[FromClause]) -> AnySelect:
    ids = [part.c.id.label(f"id{at}") for at, part in enumerate(parts)]
    first = parts[0]
    match query.shape:
        case "count":
            return select(func.count(ids[-1]).label("n"), func.max(first.c.size).label("most"))
        case "groups":
            sums = (func.count(ids[-1]).label("n"), func.sum(parts[-1].c.size).label("all"))
            return select(first.c.name, *sums).group_by(first.c.name)
        case "distinct":
            return select(first.c.name, parts[-1].c.size).distinct()
        case "window":
            return select(*ids, func.count().over(partition_by=first.c.size).label("n"))
        case _:
            return select(*ids, first.c.name)
