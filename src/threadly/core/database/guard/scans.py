"""For tests on as much data as a shop has: which statements read a large table row after row."""

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

from threadly.core.database.explaining import generic_plan, is_explicable
from threadly.core.database.slow import redacted

LARGE: Final = 10_000
"""Rows of a table, from which on nothing should read all of them."""


async def scans(connection: Any, statements: Iterable[str], *, large: int = LARGE) -> list[str]:  # noqa: ANN401 - asyncpg's
    """A line for each that would, by its plan for any values. Nothing is run.

    Args:
        connection: asyncpg's, to a database with the data, that ANALYZE has seen.
    """
    sizes = await _sizes(connection)
    found = []
    for sql in statements:
        if is_explicable(sql):
            (plan,) = await generic_plan(connection, sql, options="FORMAT JSON")
            found += _found(plan, sql, sizes, large)
    return found


async def scans_for(
    connection: Any,  # noqa: ANN401 - asyncpg's
    asked: Iterable[tuple[str, Sequence[object]]],
    *,
    large: int = LARGE,
) -> list[str]:
    """The same by the plan for the values that each statement is asked with."""
    sizes = await _sizes(connection)
    await connection.execute("SET plan_cache_mode = force_custom_plan")
    found = []
    for sql, values in asked:
        if is_explicable(sql):
            explained = f"EXPLAIN (FORMAT JSON) {sql}"
            plan = await connection.fetchval(explained, *values)  # habit: sql-is-constant - a statement of ours
            found += _found(plan, sql, sizes, large)
    return found


async def _sizes(connection: Any) -> dict[str, float]:  # noqa: ANN401
    return dict(await connection.fetch("SELECT relname, reltuples FROM pg_class WHERE relkind IN ('r', 'p', 'm')"))


def _found(plan: Any, sql: str, sizes: dict[str, float], large: int) -> list[str]:  # noqa: ANN401
    root = (plan if isinstance(plan, list) else json.loads(plan))[0]["Plan"]  # SQLAlchemy's connections decode it
    tables = [table for table in _read_whole(root) if sizes.get(table, 0) >= large]
    return [f"reads all {sizes[table]:,.0f} rows of {table}: {redacted(sql)[:200]}" for table in tables]


def _read_whole(node: dict[str, Any]) -> Iterator[str]:
    if node["Node Type"] == "Seq Scan":
        yield node["Relation Name"]
    for below in node.get("Plans", []):
        yield from _read_whole(below)
