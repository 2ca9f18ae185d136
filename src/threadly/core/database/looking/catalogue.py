"""Advice that follows from what PostgreSQL keeps of its tables and indexes, without trying anything."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import msgspec

SEASONED: Final = timedelta(days=7)
"""Before statistics are so old, nobody knows whether an index is needed once a week."""
_FEW_ROWS: Final = 50  # as autovacuum's own threshold
_NEAR_THE_END_PERCENT: Final = 70.0

_KEPT: Final = "n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema'"
_INDEXES: Final = f"""
    SELECT i.indexrelid::regclass::text AS name, i.indrelid::regclass::text AS table_name, am.amname AS method,
        i.indisunique AS is_unique, i.indisvalid AS is_valid, i.indisreplident AS is_identity,
        EXISTS (SELECT FROM pg_constraint WHERE conindid = i.indexrelid AND contype IN ('p', 'u', 'x'))
            AS is_constraint,
        (SELECT array_agg(key::text || ' ' || (i.indclass::oid[])[n - 1] || ' ' || (i.indcollation::oid[])[n - 1]
                || ' ' || (i.indoption::int2[])[n - 1] ORDER BY n)
            FROM unnest(i.indkey::int2[]) WITH ORDINALITY AS of (key, n) WHERE n <= i.indnkeyatts) AS keys,
        (SELECT coalesce(array_agg(key::int), '{{}}') FROM unnest(i.indkey::int2[]) WITH ORDINALITY AS of (key, n)
            WHERE n > i.indnkeyatts) AS included,
        (i.indkey::int2[])[0:i.indnkeyatts - 1]::int[] AS columns,
        coalesce(pg_get_expr(i.indexprs, i.indrelid), '') AS expressions,
        coalesce(pg_get_expr(i.indpred, i.indrelid), '') AS predicate,
        pg_get_indexdef(i.indexrelid) AS definition, pg_relation_size(i.indexrelid) AS bytes,
        coalesce(s.idx_scan, 0) AS scans, s.last_idx_scan AS scanned_at, greatest(t.reltuples, 0)::bigint AS rows
    FROM pg_index i
    JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_am am ON am.oid = c.relam
    JOIN pg_class t ON t.oid = i.indrelid JOIN pg_namespace n ON n.oid = t.relnamespace
    LEFT JOIN pg_stat_all_indexes s ON s.indexrelid = i.indexrelid
    WHERE {_KEPT} AND t.relkind IN ('r', 'm')
    ORDER BY 2, 1
"""  # noqa: S608 - constants
_FOREIGN_KEYS: Final = """
    SELECT k.conname AS name, k.conrelid::regclass::text AS table_name, k.confrelid::regclass::text AS referenced,
        k.conkey::int[] AS columns,
        (SELECT array_agg(quote_ident(attname) ORDER BY n) FROM unnest(k.conkey) WITH ORDINALITY AS of (key, n)
            JOIN pg_attribute ON attrelid = k.conrelid AND attnum = key) AS names,
        greatest(t.reltuples, 0)::bigint AS rows, coalesce(s.n_tup_del, 0) AS deleted
    FROM pg_constraint k JOIN pg_class t ON t.oid = k.conrelid
    LEFT JOIN pg_stat_all_tables s ON s.relid = k.confrelid
    WHERE k.contype = 'f' AND t.relkind = 'r' ORDER BY 2, 1
"""
_UNANALYSED: Final = """
    SELECT relid::regclass::text AS name, n_live_tup AS rows FROM pg_stat_user_tables
    WHERE last_analyze IS NULL AND last_autoanalyze IS NULL AND n_live_tup >= $1 ORDER BY 2 DESC, 1
"""
_SEQUENCES: Final = """
    SELECT format('%I.%I', q.schemaname, q.sequencename)::regclass::text AS name, q.last_value, q.max_value,
        round(100.0 * q.last_value / q.max_value, 1)::float AS percent,
        d.refobjid::regclass::text AS table_name, quote_ident(a.attname) AS column_name,
        a.atttypid::regtype::text AS type
    FROM pg_sequences q
    LEFT JOIN pg_depend d ON d.objid = format('%I.%I', q.schemaname, q.sequencename)::regclass
        AND d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass AND d.deptype IN ('a', 'i')
    LEFT JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
    WHERE q.increment_by > 0 AND NOT q.cycle AND 100.0 * q.last_value / q.max_value >= $1 ORDER BY 4 DESC, 1
"""
_SINCE: Final = """
    SELECT coalesce(stats_reset, (SELECT stats_reset FROM pg_stat_bgwriter)) AS since, now() AS now
    FROM pg_stat_database WHERE datname = current_database()
"""


class Advice(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that should be otherwise."""

    code: str
    """What kind it is of: `index-unused`, …"""
    about: str
    why: str
    """With what was measured, for a person."""
    do: str
    """The statement that would mend it."""
    measured: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Index:
    """One that is there."""

    name: str
    table_name: str
    method: str
    is_unique: bool
    is_valid: bool
    is_identity: bool
    is_constraint: bool
    keys: Sequence[str]
    """Of each column of the key: its number, class of operators, collation and direction."""
    included: Sequence[int]
    columns: Sequence[int]
    expressions: str
    predicate: str
    definition: str
    bytes: int
    scans: int
    scanned_at: datetime | None
    rows: int

    @property
    def form(self) -> str:
        """Its definition, whatever it is called and wherever it is."""
        return self.definition.partition(" USING ")[2]

    @property
    def is_needed_anyway(self) -> bool:
        """Whether it holds more than it helps to find."""
        return self.is_unique or self.is_constraint or self.is_identity

    def serves_for(self, other: "Index") -> bool:
        """Whether what is found by the other is found by this."""
        if (self.table_name, self.method, self.predicate) != (other.table_name, other.method, other.predicate):
            return False
        if not {*other.included} <= {*self.included, *self.columns}:
            return False
        if self.keys == other.keys and self.expressions == other.expressions:
            return True
        is_plain = not self.expressions and not other.expressions and self.method == "btree"
        return is_plain and list(self.keys[: len(other.keys)]) == list(other.keys)


@dataclass(frozen=True, slots=True, kw_only=True)
class ForeignKey:
    """A column that points elsewhere."""

    name: str
    table_name: str
    referenced: str
    columns: Sequence[int]
    names: Sequence[str]
    rows: int
    deleted: int
    """Rows that went from where it points."""

    def is_served_by(self, index: Index) -> bool:
        """Whether the rows that point somewhere are found by it."""
        if index.table_name != self.table_name or index.method != "btree" or not index.is_valid:
            return False
        nothing_missing = {"", *(f"({name} IS NOT NULL)" for name in self.names)}
        return index.predicate in nothing_missing and {*index.columns[: len(self.columns)]} == {*self.columns}


async def all_indexes(connection: Any) -> list[Index]:  # noqa: ANN401 - asyncpg's own, here and below
    """Those of all tables that are kept."""
    return [Index(**row) for row in await connection.fetch(_INDEXES)]


async def indexes_of_copies(connection: Any) -> list[Index]:  # noqa: ANN401
    """Those of the temporary tables of this connection."""
    return [Index(**row) for row in await connection.fetch(_INDEXES.replace(_KEPT, "n.oid = pg_my_temp_schema()"))]


async def from_catalogue(
    connection: Any,  # noqa: ANN401
    indexes: Sequence[Index],
    *,
    seasoned: timedelta = SEASONED,
) -> tuple[list[Advice], datetime | None]:
    """What follows without trying, and since when there are statistics."""
    since, now = await connection.fetchrow(_SINCE)
    found = [*_invalid(indexes), *_redundant(indexes)]
    if since is not None and now - since >= seasoned:
        said = {advice.about for advice in found}
        found += [advice for advice in _unused(indexes, since) if advice.about not in said]
    found += [_unanalysed(row) for row in await connection.fetch(_UNANALYSED, _FEW_ROWS)]
    found += [_near_its_end(row) for row in await connection.fetch(_SEQUENCES, _NEAR_THE_END_PERCENT)]
    return found, since


async def unserved(connection: Any, indexes: Sequence[Index]) -> list[ForeignKey]:  # noqa: ANN401
    """Foreign keys without an index."""
    keys = [ForeignKey(**row) for row in await connection.fetch(_FOREIGN_KEYS)]
    return [key for key in keys if not any(key.is_served_by(index) for index in indexes)]


def _invalid(indexes: Sequence[Index]) -> Iterator[Advice]:
    for index in indexes:
        if not index.is_valid:
            yield Advice(
                code="index-invalid",
                about=index.name,
                why="It was never finished: it is kept up to date, and never used.",
                do=f"REINDEX INDEX CONCURRENTLY {index.name}",
                measured={"bytes": index.bytes},
            )


def _redundant(indexes: Sequence[Index]) -> Iterator[Advice]:
    gone: set[str] = set()
    for index in indexes:
        for other in indexes:
            if other is index or other.name in gone or not other.is_valid or not index.is_valid:
                continue
            if index.is_needed_anyway or not other.serves_for(index):
                continue
            gone.add(index.name)
            as_well = "the same" if other.keys == index.keys else "the same and more"
            yield Advice(
                code="index-redundant",
                about=index.name,
                why=f"{other.name} finds {as_well}.",
                do=f"DROP INDEX CONCURRENTLY {index.name}",
                measured={"bytes": index.bytes, "scans": index.scans, "instead": other.name},
            )
            break


def _unused(indexes: Sequence[Index], since: datetime) -> Iterator[Advice]:
    for index in indexes:
        if not index.scans and index.is_valid and not index.is_needed_anyway:
            yield Advice(
                code="index-unused",
                about=index.name,
                why=f"Nobody has looked into it since {since:%Y-%m-%d %H:%M} UTC on this server; replicas count "
                "their own.",
                do=f"DROP INDEX CONCURRENTLY {index.name}",
                measured={"bytes": index.bytes, "scans": 0, "since": since, "rows": index.rows},
            )


def _unanalysed(row: Any) -> Advice:  # noqa: ANN401 - the driver's row
    return Advice(
        code="never-analysed",
        about=row["name"],
        why="Nobody has counted what is in it, so that plans are guesses.",
        do=f"ANALYZE {row['name']}",
        measured={"rows": row["rows"]},
    )


def _near_its_end(row: Any) -> Advice:  # noqa: ANN401 - the driver's row
    widened = f"ALTER TABLE {row['table_name']} ALTER COLUMN {row['column_name']} TYPE bigint"
    is_narrow = row["type"] in {"integer", "smallint"}
    anew = " That writes the table anew: add a column of type bigint and fill it, if people are there."
    return Advice(
        code="sequence-near-end",
        about=row["name"],
        why=f"{row['percent']:g} % of its numbers are used; then nothing can be added.{anew if is_narrow else ''}",
        do=f"{widened}; ALTER SEQUENCE {row['name']} AS bigint" if is_narrow else f"ALTER SEQUENCE {row['name']} CYCLE",
        measured={"last_value": row["last_value"], "max_value": row["max_value"], "percent": row["percent"]},
    )
