"""Revisions of a test's own."""

from collections.abc import Mapping
from pathlib import Path
from textwrap import indent

import asyncpg
from sqlalchemy import MetaData

from threadly.core.database.migrate import Migrations

SCHEMA = """
    select 'column', table_name::text, column_name::text, data_type || is_nullable || coalesce(column_default, '')
    from information_schema.columns where table_schema = 'public' and table_name <> 'alembic_version'
    union all
    select 'constraint', conrelid::regclass::text, conname::text, pg_get_constraintdef(oid)
    from pg_constraint
    where connamespace = 'public'::regnamespace and conrelid::regclass::text <> 'alembic_version'
    union all
    select 'index', tablename::text, indexname::text, indexdef
    from pg_indexes where schemaname = 'public' and tablename <> 'alembic_version'
    union all
    select 'type', typname::text, '', ''
    from pg_type where typnamespace = 'public'::regnamespace and typtype = 'e'
    union all
    select 'function', proname::text, '', prosrc from pg_proc where pronamespace = 'public'::regnamespace
    union all
    select 'trigger', tgrelid::regclass::text, tgname::text, pg_get_triggerdef(oid)
    from pg_trigger where not tgisinternal
    order by 1, 2, 3, 4
"""


def revisions(folder: Path, bodies: Mapping[str, str], downwards: Mapping[str, str] | None = None) -> Migrations:
    """Revisions that follow each other, written into this folder.

    Args:
        bodies: What each does: Python, with `op` and `outside()` for what has no place in a transaction.
        downwards: What undoes it; nothing, where it is not named.
    """
    (folder / "versions").mkdir(parents=True)
    before = None
    for revision, body in bodies.items():
        back = (downwards or {}).get(revision, "pass")
        (folder / f"versions/{revision}.py").write_text(
            f'"""Number {revision}."""\nfrom alembic import op\nrevision = {revision!r}\ndown_revision = {before!r}\n'
            "def outside():\n    return op.get_context().autocommit_block()\n"
            f"def upgrade():\n{indent(body, '    ')}\ndef downgrade():\n{indent(back, '    ')}\n"
        )
        before = revision
    return Migrations(folder, MetaData())


def running(sql: str) -> str:
    """The body of a revision that sends this."""
    return f"op.execute({sql!r})"


async def schema(url: str) -> list[tuple[object, ...]]:
    """All that a database consists of, besides its rows."""
    connection = await asyncpg.connect(url)
    rows = await connection.fetch(SCHEMA)
    await connection.close()
    return [tuple(row) for row in rows]
