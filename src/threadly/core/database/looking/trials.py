"""Advice that comes from trying: an index is made on the scratch copy, and the plan before and after compared.

Statements are those that pg_stat_statements knows. It has put `$1` for each constant, so that a plan may not know of a
partial index that the statement itself uses; hence only those count that have really read half of the table or more.
What is compared is PostgreSQL's own estimate of the work, on a copy of bounded size: an order, not a time.
"""

import json
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from time import monotonic
from typing import Any, Final

import asyncpg

from threadly.core.database.explaining import generic_plan, is_explicable, without_comments
from threadly.core.database.looking.candidates import Candidate, candidates
from threadly.core.database.looking.catalogue import Advice, ForeignKey, Index, indexes_of_copies
from threadly.core.database.looking.scratch import Copied
from threadly.core.database.slow import fingerprint, redacted

_TRIED: Final = "threadly_tried"
_WORTH_IT: Final = 0.5
_CLEARLY: Final = 0.95
_MOST_STATEMENTS: Final = 200
_FEWEST_ROWS: Final = 1_000
_LONGEST_STATEMENT: Final = 300

_STATEMENTS: Final = """
    SELECT query AS sql, calls, mean_exec_time AS mean_ms,
        (shared_blks_hit + shared_blks_read)::float / greatest(calls, 1) AS pages
    FROM pg_stat_statements
    WHERE dbid = (SELECT oid FROM pg_database WHERE datname = current_database())
        AND query !~* 'pg_(catalog|stat|class)'
    ORDER BY total_exec_time DESC LIMIT $1
"""
_DISTINCT: Final = """
    SELECT c.relname AS table_name, quote_ident(a.attname) AS column_name,
        CASE WHEN s.n_distinct < 0 THEN -s.n_distinct * greatest(c.reltuples, 1) ELSE coalesce(s.n_distinct, 1) END
            AS several
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    LEFT JOIN pg_stats s ON s.schemaname LIKE 'pg\\_temp%' AND s.tablename = c.relname AND s.attname = a.attname
    WHERE c.relnamespace = pg_my_temp_schema() AND c.relkind = 'r'
"""


@dataclass(frozen=True, slots=True)
class Statement:
    """What is asked of the database."""

    sql: str
    calls: int
    mean_ms: float
    pages: float
    """That one call has read, in memory or not."""


@dataclass(slots=True)
class Helped:
    """What an index would do."""

    before: float
    after: float
    bytes: int
    statements: list[Statement] = field(default_factory=list)


@dataclass(slots=True)
class Trials:
    """On one scratch copy, until the time is over.

    Args:
        connection: asyncpg's, within the transaction of the copy.
        ends_at: By the monotonic clock.
    """

    connection: Any
    copies: Sequence[Copied]
    ends_at: float
    fewest_rows: int = _FEWEST_ROWS
    """Of a table that an index is worth while for."""
    tried: int = 0
    is_cut_short: bool = False
    _distinct: dict[tuple[str, str], float] = field(default_factory=dict)
    _schema: str = ""

    async def prepare(self) -> None:
        """Looks at what the copies have."""
        rows = await self.connection.fetch(_DISTINCT)
        self._distinct = {(row["table_name"], row["column_name"]): float(row["several"]) for row in rows}
        self._schema = "pg_temp"

    async def missing(self) -> list[Advice]:
        """Indexes that would make a statement cheaper."""
        helped: dict[Candidate, Helped] = {}
        for statement in await self._statements():
            if self._is_over():
                break
            if (found := await self._best(statement)) is not None:
                candidate, aid = found
                known = helped.setdefault(candidate, aid)
                known.statements.append(statement)
                if aid.after / aid.before < known.after / known.before:
                    known.before, known.after = aid.before, aid.after
        return [self._advice(candidate, aid) for candidate, aid in _without_prefixes(helped).items()]

    async def foreign_keys(self, keys: Sequence[ForeignKey]) -> list[Advice]:
        """Foreign keys whose rows are looked for one by one, whenever one goes that they point to."""
        found = []
        for key in keys:
            copy = self._copy(key.table_name)
            if self._is_over() or copy is None or copy.rows < self.fewest_rows:
                continue
            wanted = " AND ".join(f"{name} = ${number}" for number, name in enumerate(key.names, start=1))
            asked = f"SELECT 1 FROM ONLY {key.table_name} WHERE {wanted} FOR KEY SHARE"  # noqa: S608 - from the catalogue
            if (before := await self._cost(asked)) is None:
                continue
            candidate = Candidate(key.table_name, tuple(key.names))
            if (after := await self._cost_with(candidate, asked)) is None or after[0] > before * _WORTH_IT:
                continue
            gone = f"{key.deleted:,} rows have gone there" if key.deleted else "none has gone there"
            found.append(
                Advice(
                    code="foreign-key-unindexed",
                    about=f"{key.table_name}: {key.name}",
                    why=f"When a row of {key.referenced} goes or changes its key, all of {key.table_name} is read: "
                    f"{_figures(before, after[0])}. Since statistics are kept, {gone}.",
                    do=candidate.sql(candidate.name, concurrently=True),
                    measured=_measured(copy, before, after[0], after[1]) | {"deleted_there": key.deleted},
                )
            )
        return found

    async def bloat(
        self, indexes: Sequence[Index], *, at_least_bytes: int, at_least_share: float = 0.3
    ) -> list[Advice]:
        """Tables and indexes that are larger than their copies would be."""
        found = []
        for copy in self.copies:
            if not copy.copied_rows:
                continue
            fresh = round(copy.copied_bytes / copy.share)
            if copy.bytes - fresh >= at_least_bytes and copy.bytes - fresh >= at_least_share * copy.bytes:
                written = f"VACUUM (FULL, ANALYZE) {copy.name}"
                found.append(_bloated("table-bloated", copy.name, copy.bytes, fresh, written))
        anew = {(_plain(index), index.form): index.bytes for index in await indexes_of_copies(self.connection)}
        for index in indexes:
            of = next((copy for copy in self.copies if copy.name == _plain(index)), None)
            size = anew.get((_plain(index), index.form))
            if of is None or size is None or not of.copied_rows:
                continue
            fresh = round(size / of.share)
            if index.bytes - fresh >= at_least_bytes and index.bytes - fresh >= at_least_share * index.bytes:
                rebuilt = f"REINDEX INDEX CONCURRENTLY {index.name}"
                found.append(_bloated("index-bloated", index.name, index.bytes, fresh, rebuilt))
        return found

    async def _statements(self) -> list[Statement]:
        try:
            async with self.connection.transaction():
                rows = await self.connection.fetch(_STATEMENTS, _MOST_STATEMENTS)
        except asyncpg.PostgresError:
            return []
        return [
            Statement(sql, row["calls"], row["mean_ms"], row["pages"])
            for row in rows
            if is_explicable(sql := without_comments(row["sql"]))
        ]

    async def _best(self, statement: Statement) -> tuple[Candidate, Helped] | None:
        plan = await self._plan(statement.sql)
        if plan is None:
            return None
        before, best = float(plan["Total Cost"]), None
        for candidate in candidates(plan, schema=self._schema, distinct=self._distinct):
            copy = self._copy(candidate.table)
            if copy is None or copy.rows < self.fewest_rows or statement.pages < copy.pages / 2:
                continue
            if self._is_over():
                break
            after = await self._cost_with(candidate, statement.sql)
            if after is None or after[0] > before * _WORTH_IT:
                continue
            if best is None or after[0] < _CLEARLY * best[1].after:
                best = candidate, Helped(before, *after)
        return best

    async def _plan(self, sql: str) -> Mapping[str, Any] | None:
        try:
            async with self.connection.transaction():
                (told,) = await generic_plan(self.connection, sql, options="VERBOSE, FORMAT JSON")
        except asyncpg.PostgresError:  # as where `interval $1` was put for a constant
            return None
        written = json.loads(told) if isinstance(told, str) else told  # SQLAlchemy has its connections read JSON
        plan: Mapping[str, Any] = written[0]["Plan"]
        return plan

    async def _cost(self, sql: str) -> float | None:
        plan = await self._plan(sql)
        return None if plan is None else float(plan["Total Cost"])

    async def _cost_with(self, candidate: Candidate, sql: str) -> tuple[float, int] | None:
        """What the statement would cost, and how large the index is; None if it would not be used."""
        self.tried += 1
        try:
            async with _undone(self.connection):
                await self.connection.execute(candidate.sql(_TRIED))
                plan = await self._plan(sql)
                size = await self.connection.fetchval(f"SELECT pg_relation_size('{_TRIED}')")
        except asyncpg.PostgresError:  # as where a type has no order
            return None
        return (float(plan["Total Cost"]), size) if plan is not None and _TRIED in json.dumps(plan) else None

    def _copy(self, table: str) -> Copied | None:
        return next((copy for copy in self.copies if table in {copy.plain, copy.name}), None)

    def _is_over(self) -> bool:
        self.is_cut_short |= monotonic() >= self.ends_at
        return self.is_cut_short

    def _advice(self, candidate: Candidate, aid: Helped) -> Advice:
        copy = self._copy(candidate.table)
        if copy is None:
            raise AssertionError("a candidate is of a copy")
        calls = sum(statement.calls for statement in aid.statements)
        dearest = max(aid.statements, key=lambda statement: statement.calls * statement.mean_ms)
        asked = redacted(dearest.sql)
        told = asked if len(asked) <= _LONGEST_STATEMENT else f"{asked[:_LONGEST_STATEMENT]}…"
        return Advice(
            code="index-missing",
            about=candidate.table,
            why=f"{_figures(aid.before, aid.after)} for a statement that took {dearest.mean_ms:.1f} ms and read "
            f"{dearest.pages:,.0f} pages, {calls:,} times in all: {told}",
            do=candidate.sql(candidate.name, concurrently=True),
            measured=_measured(copy, aid.before, aid.after, aid.bytes)
            | {"calls": calls, "mean_ms": round(dearest.mean_ms, 2), "fingerprint": fingerprint(asked)},
        )


def _plain(index: Index) -> str:
    return index.table_name.rpartition(".")[2]


@asynccontextmanager
async def _undone(connection: Any) -> AsyncIterator[None]:  # noqa: ANN401 - asyncpg's own
    savepoint = connection.transaction()
    await savepoint.start()
    try:
        yield
    finally:
        await savepoint.rollback()


def _without_prefixes(helped: Mapping[Candidate, Helped]) -> dict[Candidate, Helped]:
    """Without those that another does the work of."""
    return {
        candidate: aid
        for candidate, aid in helped.items()
        if not any(
            other is not candidate
            and (other.table, other.where) == (candidate.table, candidate.where)
            and len(other.columns) > len(candidate.columns)
            and other.columns[: len(candidate.columns)] == candidate.columns
            for other in helped
        )
    }


def _figures(before: float, after: float) -> str:
    return f"PostgreSQL reckons {before:,.0f} without it and {after:,.0f} with it"


def _measured(copy: Copied, before: float, after: float, size: int) -> dict[str, Any]:
    return {
        "cost_before": round(before, 1),
        "cost_after": round(after, 1),
        "rows": copy.rows,
        "rows_tried": copy.copied_rows,
        "bytes": round(size / copy.share),
    }


def _bloated(code: str, about: str, size: int, fresh: int, do: str) -> Advice:
    return Advice(
        code=code,
        about=about,
        why=f"{100 * (size - fresh) / size:.0f} % of it is empty: written anew, it would be smaller by that.",
        do=do,
        measured={"bytes": size, "bytes_anew": fresh},
    )
