"""Two roles of PostgreSQL: one owns the tables and migrates, the other serves, and may do with them only what it takes.

    await let_serve(owner, "shop_serving", append_only={"audit_log"})      after each upgrade, by the owner
    await powers_over(read, "audit_log")                                   asked by whoever serves; nothing: all is well

The role that serves reads and writes rows. It owns nothing, so it drops, alters and empties nothing, and switches no
trigger off; it makes no temporary table, which would be written to in the place of the one that it hides. To a table
that only grows it may add rows, without a word in the columns that have a default: it can neither change what was
written, nor write with the time of another day.

Guaranteed: after `let_serve`, `powers_over` names nothing, unless the role was given more by others: by a membership,
as a superuser, as an owner, or in a database that is not the owner's. Not guaranteed: anything of who has the owner's
password, or the machine's disk.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

from sqlalchemy import Boolean, column, func, select, text

from threadly.core.database.engine import Database
from threadly.core.database.sessions import ReadSession

READ_ONLY: Final = frozenset({"alembic_version"})

_OWN_ROLE: Final = select(func.current_user())
_LACKING: Final = text(
    """
    SELECT c.relname AS name, quote_ident(n.nspname) || '.' || quote_ident(c.relname) AS said,
        ARRAY(
            SELECT quote_ident(a.attname) FROM pg_attribute a
            WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND NOT a.atthasdef AND a.attidentity = ''
            ORDER BY a.attnum
        ) AS plain_columns,
        has_table_privilege(:role, c.oid, 'SELECT') AS reads,
        has_table_privilege(:role, c.oid, 'INSERT') AND has_table_privilege(:role, c.oid, 'UPDATE')
            AND has_table_privilege(:role, c.oid, 'DELETE') AS writes,
        has_any_column_privilege(:role, c.oid, 'INSERT') AS adds,
        has_table_privilege(:role, c.oid, 'INSERT, DELETE, TRUNCATE, TRIGGER, REFERENCES')
            OR has_any_column_privilege(:role, c.oid, 'UPDATE, REFERENCES')
            OR EXISTS (
                SELECT FROM pg_attribute a
                WHERE a.attrelid = c.oid AND a.attnum > 0 AND (a.atthasdef OR a.attidentity <> '')
                AND has_column_privilege(:role, c.oid, a.attnum, 'INSERT')
            ) AS does_more
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.oid = current_schema()::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm')
    AND pg_has_role(current_user, c.relowner, 'USAGE')
    ORDER BY 1
    """
)
_DEFAULTS_ARE_SET: Final = text(
    """
    SELECT EXISTS (
        SELECT FROM pg_default_acl d, aclexplode(d.defaclacl) granted
        WHERE d.defaclrole = current_user::regrole AND d.defaclnamespace = current_schema()::regnamespace
        AND d.defaclobjtype = 'r' AND granted.grantee = to_regrole(quote_ident(:role))
    ) AND has_schema_privilege(:role, current_schema(), 'USAGE')
    """
)
_MAKES_TEMPORARY_TABLES: Final = text(
    """
    SELECT has_database_privilege(:role, oid, 'TEMPORARY') AND pg_has_role(current_user, datdba, 'USAGE')
    FROM pg_database WHERE datname = current_database()
    """
)
_QUOTED: Final = text(
    """
    SELECT quote_ident(:role) AS role, quote_ident(current_schema()) AS schema,
        quote_ident(current_database()) AS database
    """
)
_IN_WORDS: Final = {
    "is_superuser": "is a superuser",
    "owns_it": "owns it",
    "owns_what_holds_it": "owns the database or the schema",
    "may_update": "may UPDATE it",
    "may_say_what_is_given": "may INSERT what it gives by itself, such as the time",
    "may_delete": "may DELETE from it",
    "may_truncate": "may TRUNCATE it",
    "may_switch_triggers_off": "may switch triggers off",
    "may_hide_it": "may make temporary tables, which hide it",
    "writes_the_servers_files": "writes the server's files",
}
POWERS: Final = """
    SELECT
        EXISTS (SELECT FROM pg_roles r WHERE r.rolsuper AND pg_has_role(current_user, r.oid, 'MEMBER')) AS is_superuser,
        pg_has_role(current_user, c.relowner, 'MEMBER') AS owns_it,
        pg_has_role(current_user, n.nspowner, 'MEMBER')
            OR pg_has_role(current_user, (SELECT datdba FROM pg_database WHERE datname = current_database()), 'MEMBER')
            AS owns_what_holds_it,
        has_any_column_privilege(current_user, c.oid, 'UPDATE') AS may_update,
        EXISTS (
            SELECT FROM pg_attribute a
            WHERE a.attrelid = c.oid AND a.attnum > 0 AND (a.atthasdef OR a.attidentity <> '')
            AND has_column_privilege(current_user, c.oid, a.attnum, 'INSERT')
        ) AS may_say_what_is_given,
        has_table_privilege(current_user, c.oid, 'DELETE') AS may_delete,
        has_table_privilege(current_user, c.oid, 'TRUNCATE') AS may_truncate,
        has_parameter_privilege(current_user, 'session_replication_role', 'SET') AS may_switch_triggers_off,
        has_database_privilege(current_user, current_database(), 'TEMPORARY') AS may_hide_it,
        pg_has_role(current_user, 'pg_write_server_files', 'MEMBER')
            OR pg_has_role(current_user, 'pg_execute_server_program', 'MEMBER') AS writes_the_servers_files
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.oid = to_regclass(quote_ident({table}))
"""
"""One row for a table, as `in_words` reads it; `{table}` is the placeholder of its name."""
_POWERS: Final = text(POWERS.format(table=":table")).columns(*(column(name, Boolean) for name in _IN_WORDS)).subquery()


async def own_role(read: ReadSession) -> str:
    """By which role the database is spoken to."""
    return str(await read.scalar(_OWN_ROLE))


async def powers_over(read: ReadSession, table: str) -> Sequence[str]:
    """By what the role that asks could change rows of a table: `owns it`, `may DELETE from it`; nothing if it cannot.

    Also nothing where there is no such table.
    """
    row: Any = (await read.execute(select(*_POWERS.c), {"table": table})).mappings().one_or_none()
    return in_words(row)


def in_words(row: Mapping[str, bool] | None) -> Sequence[str]:
    """What a row of `POWERS` says."""
    return [] if row is None else [words for name, words in _IN_WORDS.items() if row[name]]


async def let_serve(owner: Database, role: str, *, append_only: Collection[str]) -> int:
    """Gives a role what serving takes of every table, and of future ones; says how many tables were changed for it.

    Grants only what is missing, so that it may be called at any time; by the owner.

    Args:
        append_only: Tables to which it may add rows, and no more.

    Raises:
        DBAPIError: There is no such role, or the database is another one's.
    """
    async with owner.unhurried.begin() as connection:
        named = (await connection.execute(_QUOTED, {"role": role})).one()
        statements = []
        if not await connection.scalar(_DEFAULTS_ARE_SET, {"role": role}):
            ours = f"ALTER DEFAULT PRIVILEGES IN SCHEMA {named.schema} GRANT"
            statements += [
                f"GRANT USAGE ON SCHEMA {named.schema} TO {named.role}",
                f"{ours} SELECT, INSERT, UPDATE, DELETE ON TABLES TO {named.role}",
                f"{ours} USAGE, SELECT ON SEQUENCES TO {named.role}",
                f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA {named.schema} TO {named.role}",
            ]
        if await connection.scalar(_MAKES_TEMPORARY_TABLES, {"role": role}):
            statements.append(f"REVOKE TEMPORARY ON DATABASE {named.database} FROM {named.role}, PUBLIC")
        changed = 0
        for row in (await connection.execute(_LACKING, {"role": role})).all():
            grows_only, is_read = row.name in append_only, row.name in READ_ONLY
            if grows_only or is_read:
                fits = row.reads and not row.does_more and row.adds == grows_only
                granted = f"SELECT, INSERT ({', '.join(row.plain_columns)})" if grows_only else "SELECT"
                wanted = [
                    f"REVOKE ALL ON {row.said} FROM {named.role}, PUBLIC",
                    f"GRANT {granted} ON {row.said} TO {named.role}",
                ]
            else:
                fits = row.reads and row.writes
                wanted = [f"GRANT SELECT, INSERT, UPDATE, DELETE ON {row.said} TO {named.role}"]
            if not fits:
                changed += 1
                statements += wanted
        for statement in statements:
            await connection.exec_driver_sql(statement)
    return changed
