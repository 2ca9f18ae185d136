"""To whom the tables belong, and which database it is: asked by one role, and compared with what another one is told.

Names of roles and of the database are told, and nothing else.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import msgspec
from sqlalchemy import ARRAY, BigInteger, Boolean, Float, Text, column, select, text

from threadly.core.database.sessions import ReadSession

OWNERSHIP: Final = """
    SELECT current_user::text AS role, current_database()::text AS database,
        (SELECT d.oid::bigint FROM pg_database d WHERE d.datname = current_database()) AS number,
        extract(epoch FROM pg_postmaster_start_time())::float8 AS server,
        (SELECT pg_get_userbyid(relowner)::text FROM pg_class WHERE oid = to_regclass('alembic_version')) AS owner,
        ARRAY(
            SELECT pg_get_userbyid(c.relowner)::text FROM pg_class c
            WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p')
            AND c.relname = ANY({tables}) AND NOT pg_has_role(current_user, c.relowner, 'USAGE')
            ORDER BY 1
        ) AS owners_of_others,
        coalesce(has_table_privilege(to_regclass('alembic_version'), 'SELECT'), true) AS may_look,
        coalesce(has_schema_privilege(current_schema(), 'CREATE'), false)
            AND (to_regclass('alembic_version') IS NOT NULL OR has_database_privilege(current_database(), 'CREATE'))
            AS may_create
"""
"""One row, as `Ownership` takes it; `{tables}` is the placeholder of the tables' names."""
_OWNERSHIP: Final = (
    text(OWNERSHIP.format(tables="CAST(:tables AS text[])"))
    .columns(
        column("role", Text),
        column("database", Text),
        column("number", BigInteger),
        column("server", Float),
        column("owner", Text),
        column("owners_of_others", ARRAY(Text)),
        column("may_look", Boolean),
        column("may_create", Boolean),
    )
    .subquery()
)


class Ownership(msgspec.Struct, frozen=True, kw_only=True):
    """What the role that asked may do, and where."""

    role: str
    database: str
    number: int
    """Of the database, at its server."""
    server: float
    """When it was started, by which it is known."""
    owner: str | None
    """Of the tables; None where there are none yet."""
    owners_of_others: Sequence[str]
    """For each of our tables that this role neither owns nor is a member of the owner of: who owns it."""
    may_look: bool
    """Whether it may see which revision the database is at."""
    may_create: bool

    @property
    def place(self) -> tuple[int, float]:
        """The same for all who are at the same database."""
        return self.number, self.server

    @property
    def may_migrate(self) -> bool:
        """Whether tables can be made and changed by it."""
        return self.may_look and self.may_create and not self.owners_of_others


async def ownership(read: ReadSession, tables: Sequence[str]) -> Ownership:
    """As the role of this session sees it.

    Args:
        tables: Names of those that are ours.
    """
    row: Any = (await read.execute(select(*_OWNERSHIP.c), {"tables": list(tables)})).mappings().one()
    return of_row(row)


def of_row(row: Mapping[str, Any]) -> Ownership:
    """What a row of `OWNERSHIP` says."""
    return msgspec.convert(dict(row), Ownership)
