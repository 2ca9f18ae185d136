"""What would be lost if revisions were taken back: read from their SQL, and counted in the database.

A column or table that the next upgrade fills again by itself is no loss; its revision says so:

    REGAINED = {"listings.document": "The trigger writes it."}

Guaranteed: to look changes nothing; and what is not known to lose nothing is told as a loss of unknown size: CASCADE,
UPDATE, code, Python that asks the database, a statement that nothing is known of. It is regained by its text in a line.

Not guaranteed: what is written between looking and losing, and what goes because a foreign key or a trigger says so.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Final

from alembic.script import Script, ScriptDirectory
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from threadly.core.database.engine import Database
from threadly.core.database.hazards.calls import HARMLESS, strangers
from threadly.core.database.hazards.rules import NAME, TABLE, TABLES
from threadly.core.database.hazards.statements import (
    Statement,
    altered,
    apart,
    hides_changes,
    named,
    parts,
    statements,
    tokens,
)
from threadly.core.database.migrating.revisions import Migrations, chain, refuse_unknown, status
from threadly.core.database.migrating.written import written

_TABLES_GO: Final = re.compile(rf"^(?:DROP TABLE|TRUNCATE) (?:TABLE )?(?:IF EXISTS )?{TABLES}")
_ROWS_GO: Final = re.compile(rf"^DELETE FROM (?:ONLY )?{TABLE}")  # noqa: S608  it reads SQL
_ROWS_CHANGE: Final = re.compile(rf"^UPDATE (?:ONLY )?{TABLE}(?:.*? SET (?P<sets>.*))?")  # noqa: S608  it reads SQL
_COLUMN_GOES: Final = re.compile(rf"^DROP (?!CONSTRAINT )(?:COLUMN )?(?:IF EXISTS )?(?P<column>{NAME})")
_COLUMN_CHANGES: Final = re.compile(rf"^ALTER (?:COLUMN )?(?P<column>{NAME}) (?:SET DATA )?TYPE\b")
_LOSSLESS_ACTION: Final = re.compile(
    rf"^(?:ADD\b|ALTER (?:COLUMN )?{NAME} (?:SET|RESET|ADD|RESTART|DROP (?:DEFAULT|NOT NULL|IDENTITY|EXPRESSION))\b"
    r"|DROP CONSTRAINT (?!.* CASCADE$)|(?:VALIDATE|RENAME|OWNER|ENABLE|DISABLE|FORCE|NO FORCE|SET|RESET|CLUSTER|REPLICA"
    r"|ATTACH|DETACH|INHERIT|NO INHERIT)\b)"
)
_LOSSLESS: Final = re.compile(
    r"^(?!.* CASCADE$)(?:(?:CREATE|COMMENT|GRANT|REVOKE|ANALYZE|VACUUM|REINDEX|REFRESH|SET|RESET|SHOW|LOCK|NOTIFY|BEGIN"
    r"|START|COMMIT|END|ROLLBACK|SAVEPOINT|RELEASE|SELECT|VALUES|TABLE)\b|INSERT INTO (?!.* DO UPDATE\b)"
    r"|ALTER (?:INDEX|VIEW|DOMAIN|FUNCTION|PROCEDURE|SCHEMA|TEXT SEARCH|DEFAULT PRIVILEGES)\b"
    rf"|ALTER TYPE {NAME} (?:ADD|RENAME|OWNER|SET SCHEMA)\b"
    r"|DROP (?:INDEX|VIEW|MATERIALIZED VIEW|TRIGGER|RULE|POLICY|FUNCTION|PROCEDURE|AGGREGATE|EXTENSION|TYPE|DOMAIN"
    r"|TEXT SEARCH|COLLATION|STATISTICS)\b)"
)
_TABLE_COMES: Final = re.compile(rf"^CREATE (?:[A-Z]+ )?TABLE {TABLE}")
_COLUMN_COMES: Final = re.compile(rf"^ADD (?:COLUMN )?(?!(?:CONSTRAINT|IF NOT|COLUMN)\b)(?P<column>{NAME})")
_DELETE: Final = re.compile(r"^DELETE\s+FROM\b", re.IGNORECASE)
_LONGEST: Final = 100
_OWN: Final = "alembic_version"
_TABLE: Final = text("SELECT coalesce(to_regclass(quote_ident(:table)), to_regclass(:table))::text")
_COLUMN: Final = text(
    """
    SELECT quote_ident(a.attname) AS name, a.attrelid::regclass::text AS of_table, a.attgenerated <> '' AS is_generated,
        pg_get_expr(d.adbin, d.adrelid) AS usual
    FROM pg_attribute a LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
    WHERE a.attrelid = coalesce(to_regclass(quote_ident(:table)), to_regclass(:table))
    AND a.attname = :column AND NOT a.attisdropped
    """
)


@dataclass(frozen=True, slots=True)
class Loss:
    """Something that holds data, and would go."""

    revision: str
    table: str
    """Or the statement in a line, where nobody knows what it is about."""
    column: str | None
    """None: whole rows."""
    rows: int | None
    """How many have something there; None: nobody can say."""

    def __str__(self) -> str:
        """In a line."""
        what = f"{self.table}.{self.column}" if self.column else self.table
        what = what if len(what) <= _LONGEST else f"{what[: _LONGEST - 1]}…"
        if self.rows is None:
            return f"{what}: nobody can say how much"
        rows = f"{self.rows:,} {'row' if self.rows == 1 else 'rows'}"
        return f"{what}: {rows} {'with a value' if self.column else 'in all'}"


async def losses(db: Database, migrations: Migrations, revision: str) -> Sequence[Loss]:
    """What a downgrade to `revision` would lose, in its order.

    Raises:
        MigrationRefused: There is no such revision.
    """
    refuse_unknown(migrations, revision)
    known = chain(migrations)
    current = (await status(db, migrations)).current
    if current not in known:
        return []
    first = {"base": 0, "head": len(known)}.get(revision)
    first = known.index(revision) + 1 if first is None else first
    scripts = ScriptDirectory.from_config(migrations.config())
    found: list[Loss] = []
    gone: set[str] = {_OWN}
    made: set[str] = set()
    async with db.unhurried.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        await connection.exec_driver_sql("SET default_transaction_read_only = on")
        for name in reversed(known[first : known.index(current) + 1]):
            script = scripts.get_revision(name)
            kept = gone | set(getattr(script.module, "REGAINED", {}))
            for going in _goes(script, migrations):
                if going.kind is _Kind.MADE:
                    made.add(going.known_as)
                if going.kind is _Kind.MADE or {going.known_as, going.about} & kept:
                    continue
                rows = 0 if going.known_as in made else await _count(connection, going)
                if rows != 0:
                    found.append(Loss(name, going.about, going.column, rows))
                if going.kind is _Kind.WHOLE:
                    gone.add(going.known_as)
                    kept.add(going.known_as)
    return found


class _Kind(Enum):
    WHOLE = "a table or a column goes"
    ROWS = "a statement deletes some"
    CHANGED = "some get another value"
    UNKNOWN = "nobody knows"
    MADE = "a table or a column comes"


@dataclass(frozen=True, slots=True)
class _Going:
    kind: _Kind
    about: str
    column: str | None = None
    sql: str = ""

    @property
    def known_as(self) -> str:
        return f"{self.about}.{self.column}" if self.column else self.about


def _goes(script: Script, migrations: Migrations) -> Iterator[_Going]:
    """What goes, as far as it is known, and what is not."""
    wrote = written(script, migrations, is_up=False)
    for statement in (*wrote.asks, *statements(wrote.sql)):
        change, within = altered(statement), parts(statement)
        if change is not None:
            yield from _of_table(statement, *change)
        elif len(within) == 1:
            yield from _of_statement(statement)
        elif any(going.kind is not _Kind.MADE for part in within for going in _of_statement(part)):
            yield _unknown(statement)  # who deletes by what stands before it cannot be counted by itself


def _of_statement(statement: Statement) -> Iterator[_Going]:
    said = str(statement)
    if goes := _TABLES_GO.match(said):
        for each in apart(tokens(goes["tables"])):
            yield _Going(_Kind.WHOLE, named([word for word in each if word not in {"ONLY", "*"}]))
    elif goes := _ROWS_GO.match(said):
        yield _Going(_Kind.ROWS, named(tokens(goes["table"])), sql=statement.text)
    elif goes := _ROWS_CHANGE.match(said):
        for each in apart(tokens(goes["sets"] or "")):
            column = named(each[:1]) if each[1:2] == ["="] else None
            yield _Going(_Kind.CHANGED, named(tokens(goes["table"])), column)
    elif made := _TABLE_COMES.match(said):
        yield _Going(_Kind.MADE, named(tokens(made["table"])))
    known = goes or (_LOSSLESS.match(said) and not hides_changes(statement.words))
    asks = statement.words[0] in {"SELECT", "INSERT", "(", "VALUES"}
    if not known or said.endswith(" CASCADE") or (asks and any(strangers(statement.words, HARMLESS))):
        yield _unknown(statement)


def _of_table(statement: Statement, table: str, actions: Sequence[str]) -> Iterator[_Going]:
    for action in actions:
        if goes := _COLUMN_GOES.match(action) or _COLUMN_CHANGES.match(action):
            yield _Going(_Kind.WHOLE, table, named(tokens(goes["column"])))
        elif made := _COLUMN_COMES.match(action):
            yield _Going(_Kind.MADE, table, named(tokens(made["column"])))
        if (action.endswith(" CASCADE") and action.startswith("DROP ")) or not (goes or _LOSSLESS_ACTION.match(action)):
            yield _unknown(statement)


def _unknown(statement: Statement) -> _Going:
    return _Going(_Kind.UNKNOWN, " ".join(statement.text.split()))


async def _count(connection: AsyncConnection, going: _Going) -> int | None:
    if going.kind is _Kind.UNKNOWN:
        return None
    if going.kind is _Kind.ROWS:
        count, is_plain = _DELETE.subn("SELECT count(*) FROM", going.sql)
        return await _counted(connection, count) if is_plain else None
    table = await connection.scalar(_TABLE, {"table": going.about})
    if table is None:  # it is called otherwise now, as far as anybody knows
        return None
    if going.column is None or going.kind is _Kind.CHANGED:
        rows = await _counted(connection, f"SELECT count(*) FROM {table}")  # noqa: S608  quoted
        return None if rows and going.kind is _Kind.CHANGED else rows
    about = (await connection.execute(_COLUMN, {"table": going.about, "column": going.column})).first()
    if about is None:
        return None
    if about.is_generated:
        return 0
    is_constant = about.usual is not None and "(" not in about.usual
    filled = f"IS DISTINCT FROM {about.usual}" if is_constant else "IS NOT NULL"
    both = f"{about.name} IS NOT NULL AND {about.name} {filled}"
    return await _counted(connection, f"SELECT count(*) FROM {about.of_table} WHERE {both}")  # noqa: S608  quoted


async def _counted(connection: AsyncConnection, count: str) -> int | None:
    try:
        return int((await connection.exec_driver_sql(count)).scalar_one())
    except DBAPIError:  # it is about what another revision changes before it
        return None
