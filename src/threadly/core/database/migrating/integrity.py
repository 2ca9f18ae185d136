"""Whether what a database holds is whole, in words for whoever has to mend it.

Looked at: the revision it is at; constraints that were never checked, and the rows that break them; indexes that nobody
finished; rules that somebody switched off; whether the tables are those that the newest revision leads to; how many
rows each table has, to compare before and after. Changes nothing.
"""

import warnings
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, Dialect, text
from sqlalchemy.exc import SAWarning
from sqlalchemy.ext.asyncio import AsyncConnection

from threadly.core.database.engine import Database
from threadly.core.database.migrating.errors import MigrationRefused
from threadly.core.database.migrating.remains import unfinished
from threadly.core.database.migrating.revisions import Migrations, chain

MANY_ROWS: Final = 1_000_000
"""Of a table with more, PostgreSQL's estimate is taken."""

_VERSIONS: Final = text("SELECT version_num FROM alembic_version ORDER BY 1")
_HAS_VERSIONS: Final = text("SELECT to_regclass('alembic_version') IS NOT NULL")
_TABLES: Final = text(
    """
    SELECT relname AS name, oid::regclass::text AS said, reltuples::bigint AS about FROM pg_class
    WHERE relkind IN ('r', 'p') AND relnamespace = current_schema()::regnamespace AND relname <> 'alembic_version'
    ORDER BY 1
    """
)
_CONSTRAINTS: Final = text(
    """
    SELECT c.conname AS name, c.contype::text AS kind, c.convalidated AS is_checked,
        c.conrelid::regclass::text AS of_table, k.own, c.confrelid::regclass::text AS other,
        CASE c.contype
            WHEN 'f' THEN format(
                'SELECT count(*) FROM %s a WHERE %s AND NOT EXISTS (SELECT FROM %s b WHERE %s)',
                c.conrelid::regclass, k.there, c.confrelid::regclass, k.same
            )
            WHEN 'c' THEN format(
                'SELECT count(*) FROM %s WHERE NOT (%s)', c.conrelid::regclass, pg_get_expr(c.conbin, c.conrelid)
            )
            WHEN 'n' THEN format('SELECT count(*) FROM %s WHERE %s IS NULL', c.conrelid::regclass, k.own)
        END AS count_broken
    FROM pg_constraint c
    CROSS JOIN LATERAL (
        SELECT string_agg(quote_ident(a.attname), ', ') AS own,
            string_agg(format('a.%I IS NOT NULL', a.attname), ' AND ') AS there,
            string_agg('b.' || quote_ident(b.attname) || ' = a.' || quote_ident(a.attname), ' AND ') AS same
        FROM unnest(c.conkey, c.confkey) AS pair (own, theirs)
        JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = pair.own
        LEFT JOIN pg_attribute b ON b.attrelid = c.confrelid AND b.attnum = pair.theirs
    ) k
    WHERE c.connamespace = current_schema()::regnamespace AND c.contype IN ('f', 'c', 'n')
    AND (NOT c.convalidated OR (:thorough AND c.contype = 'f'))
    ORDER BY of_table, name
    """
)
_SWITCHED_OFF: Final = text(
    """
    SELECT t.tgrelid::regclass::text AS of_table, coalesce(c.conname, t.tgname) AS name
    FROM pg_trigger t JOIN pg_class r ON r.oid = t.tgrelid LEFT JOIN pg_constraint c ON c.oid = t.tgconstraint
    WHERE t.tgenabled = 'D' AND r.relnamespace = current_schema()::regnamespace
    GROUP BY 1, 2 ORDER BY 1, 2
    """
)


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is not as it should be."""

    what: str
    do: str
    is_broken: bool = True
    """Whether it is wrong already; otherwise it could become so."""


@dataclass(frozen=True, slots=True)
class Examined:
    """What was seen."""

    revision: str | None
    findings: Sequence[Finding]
    rows: Mapping[str, int]
    """How many each table has."""
    estimated: frozenset[str]
    """Tables of which that is PostgreSQL's estimate."""

    @property
    def is_broken(self) -> bool:
        """Whether anything is wrong."""
        return any(finding.is_broken for finding in self.findings)


async def examine(db: Database, migrations: Migrations, *, thorough: bool = False) -> Examined:
    """Looks at everything once.

    Args:
        thorough: Looks also for rows that break foreign keys which PostgreSQL takes for checked: what somebody wrote
            with the rules switched off. Reads both tables of each.
    """
    async with db.unhurried.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        revision, findings = await _revision(connection, migrations)
        is_newest = not findings and revision == chain(migrations)[-1]
        findings += [found async for found in _unchecked(connection, thorough=thorough)]
        findings += [
            Finding(
                f"The index {name} on {of_table} is unfinished: each write pays for it, and nobody can use it.",
                "`threadly db upgrade` takes it away before it runs anything.",
            )
            for name, of_table in await unfinished(connection)
        ]
        findings += [
            Finding(
                f"Somebody has switched off {row.name} on {row.of_table}: what it holds does not hold for new rows.",
                f"ALTER TABLE {row.of_table} ENABLE TRIGGER ALL; then `threadly db verify --thorough`.",
            )
            for row in await connection.execute(_SWITCHED_OFF)
        ]
        if is_newest:
            findings += await connection.run_sync(_differences, migrations)
        rows, estimated = await _rows(connection)
    return Examined(revision, findings, rows, frozenset(estimated))


def compared(before: Examined, after: Examined) -> Sequence[Finding]:
    """Tables that have fewer rows than before, or are gone with what they held."""
    findings = []
    for table, had in before.rows.items():
        has = after.rows.get(table)
        if has is None and had:
            findings.append(
                Finding(f"The table {table} is gone, with {_counted(had)}.", "That is what was to run.", False)
            )
        elif has is not None and has < had and table not in before.estimated | after.estimated:
            findings.append(
                Finding(
                    f"{table} has {_counted(had - has)} fewer than before: {had:,}, and now {has:,}.",
                    "Where people used the shop meanwhile, that may be theirs; otherwise look before you go on.",
                    False,
                )
            )
    return findings


async def _revision(connection: AsyncConnection, migrations: Migrations) -> tuple[str | None, list[Finding]]:
    at: list[str] = []
    if await connection.scalar(_HAS_VERSIONS):
        at = list(await connection.scalars(_VERSIONS))
    current = at[0] if at else None
    try:
        known = chain(migrations)
    except MigrationRefused as refusal:
        return current, [Finding(str(refusal), "This release cannot migrate anything before.")]
    if len(at) > 1:
        what = f"The database says that it is at several revisions: {', '.join(at)}."
        return current, [Finding(what, "Delete all but the right one from alembic_version.")]
    if current is not None and current not in known:
        what = f"The database is at revision {current}, which this release does not know."
        return current, [Finding(what, "Run the release that brought it, or restore the backup from before it.")]
    return current, []


async def _unchecked(connection: AsyncConnection, *, thorough: bool) -> AsyncIterator[Finding]:
    for row in (await connection.execute(_CONSTRAINTS, {"thorough": thorough})).all():
        broken = int((await connection.exec_driver_sql(row.count_broken)).scalar_one())
        check = f"ALTER TABLE {row.of_table} VALIDATE CONSTRAINT {row.name};"
        if broken:
            yield Finding(_broken(row, broken), f"Mend or delete them, then: {check}")
        elif not row.is_checked:
            what = f"Every row of {row.of_table} keeps {row.name}, but PostgreSQL was never asked to check it."
            yield Finding(what, check, is_broken=False)


def _broken(row: Any, count: int) -> str:  # noqa: ANN401 - a row of `_CONSTRAINTS`
    rows, s = f"{_counted(count)} of {row.of_table}", "s" if count == 1 else ""
    if row.kind == "f":
        return f"{rows} point{s} by {row.own} to a row of {row.other} that does not exist ({row.name})."
    return f"{rows} break{s} {row.name}."


def _counted(rows: int) -> str:
    return f"{rows:,} {'row' if rows == 1 else 'rows'}"


async def _rows(connection: AsyncConnection) -> tuple[dict[str, int], set[str]]:
    rows, estimated = {}, set()
    for table in (await connection.execute(_TABLES)).all():
        if table.about > MANY_ROWS:
            rows[table.name] = table.about
            estimated.add(table.name)
        else:
            count = f"SELECT count(*) FROM {table.said}"  # noqa: S608  as PostgreSQL itself writes the name
            counted = await connection.exec_driver_sql(count)  # habit: sql-is-constant - PostgreSQL has quoted it
            rows[table.name] = int(counted.scalar_one())
    return rows, estimated


def _differences(connection: Connection, migrations: Migrations) -> list[Finding]:
    context = MigrationContext.configure(connection, opts={"compare_server_default": True})
    with warnings.catch_warnings():  # Alembic hands SQLAlchemy an option of NOT VALID that it does not know
        warnings.simplefilter("ignore", SAWarning)
        differences = compare_metadata(context, migrations.metadata)
    found = []
    for difference in differences:
        if isinstance(difference, list):
            do = "Give it what it needs, or restore the backup from before it was changed."
            found += [Finding(_changed(each, connection.dialect), do) for each in difference]
            continue
        what = _difference(difference)
        if str(difference[0]).startswith("remove"):
            found.append(Finding(f"{what}, which this release does not know.", "If it is yours, let it be.", False))
        else:
            do = "Bring it back, or restore the backup from before it went."
            found.append(Finding(f"{what}, otherwise than this release needs it.", do))
    return found


def _changed(difference: Any, dialect: Dialect) -> str:  # noqa: ANN401 - Alembic's tuple of one column
    kind, _, table, column, _, existing, needed = difference
    if kind == "modify_type":
        has, needs = (each.compile(dialect).lower() for each in (existing, needed))
    elif kind == "modify_nullable":
        has, needs = ("nullable" if each else "NOT NULL" for each in (existing, needed))
    else:
        return f"{table}.{column} differs ({kind.removeprefix('modify_')}) from what this release needs."
    return f"{table}.{column} is {has}; this release needs {needs}."


def _difference(difference: Any) -> str:  # noqa: ANN401 - tuples of many forms
    kind = str(difference[0])
    about = difference[-1]
    of_table = getattr(getattr(about, "table", None), "name", None)
    name = ".".join(str(part) for part in (of_table, getattr(about, "name", about)) if part)
    noun = kind.partition("_")[2].replace("fk", "foreign key")
    return f"There is the {noun} {name}" if kind.startswith("remove") else f"The {noun} {name} is missing or differs"
