"""What would be lost if revisions were taken back: read from their SQL, and counted in the database.

A column or table that the next upgrade fills again by itself is no loss; its revision says so:

    REGAINED = {"listings.document": "The trigger writes it."}

Not guaranteed: what a function or a DO block deletes is not seen.
"""

import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from alembic import command
from alembic.script import Script, ScriptDirectory
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from threadly.core.database.engine import Database
from threadly.core.database.hazards import altered, name_of, statements
from threadly.core.database.hazards.rules import TABLE
from threadly.core.database.migrate import Migrations, chain, refuse_unknown, status

_TABLE_GOES: Final = re.compile(rf"^(?:DROP TABLE|TRUNCATE) (?:TABLE )?(?:ONLY )?(?:IF EXISTS )?{TABLE}")
_ROWS_GO: Final = re.compile(rf"^DELETE FROM (?:ONLY )?{TABLE}")  # noqa: S608  it reads SQL
_COLUMN_GOES: Final = re.compile(r"^DROP (?!CONSTRAINT )(?:COLUMN )?(?:IF EXISTS )?(?P<column>\S+)")
_COLUMN_CHANGES: Final = re.compile(r"^ALTER (?:COLUMN )?(?P<column>\S+) (?:SET DATA )?TYPE\b")
_DELETE: Final = re.compile(r"^\s*DELETE\s+FROM\b", re.IGNORECASE)
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
    column: str | None
    """None: whole rows."""
    rows: int | None
    """How many have something there; None: nobody can say."""

    def __str__(self) -> str:
        """In a line."""
        what = f"{self.table}.{self.column}" if self.column else self.table
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
    gone: set[str] = set()
    async with db.unhurried.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        for name in reversed(known[first : known.index(current) + 1]):
            script = scripts.get_revision(name)
            regained = getattr(script.module, "REGAINED", {})
            for about, column, sql in _goes(script, migrations):
                known_as = f"{about}.{column}" if column else about
                if {known_as, about} & gone or known_as in regained or about == _OWN:
                    continue
                rows = await _count(connection, about, column, sql)
                if rows != 0:
                    found.append(Loss(name, about, column, rows))
                if sql is None:
                    gone.add(known_as)
    return found


def _goes(script: Script, migrations: Migrations) -> Iterator[tuple[str, str | None, str | None]]:
    """Tables, columns of tables, and rows by the statement that deletes them."""
    for statement in statements(_sql(script, migrations)):
        said = str(statement)
        if goes := _TABLE_GOES.match(said):
            yield name_of(goes["table"]), None, None
        elif goes := _ROWS_GO.match(said):
            yield name_of(goes["table"]), None, statement.text
        elif (change := altered(statement)) is not None:
            table, actions = change
            for action in actions:
                if goes := _COLUMN_GOES.match(action) or _COLUMN_CHANGES.match(action):
                    yield table, name_of(goes["column"]), None


def _sql(script: Script, migrations: Migrations) -> str:
    """What Alembic would send to take it back."""
    written = io.StringIO()
    config = migrations.config()
    config.output_buffer = written
    command.downgrade(config, f"{script.revision}:{script.down_revision or 'base'}", sql=True)
    return written.getvalue()


async def _count(connection: AsyncConnection, table: str, column: str | None, delete: str | None) -> int | None:
    if delete is not None:
        return await _counted(connection, _DELETE.sub("SELECT count(*) FROM", delete))
    if column is None:
        said = await connection.scalar(_TABLE, {"table": table})
        return 0 if said is None else await _counted(connection, f"SELECT count(*) FROM {said}")  # noqa: S608  quoted
    about = (await connection.execute(_COLUMN, {"table": table, "column": column})).first()
    if about is None or about.is_generated:
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
