"""What missing revisions would do is told before anything is done, by how large tables are here."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import MetaData, text

from tests.conftest import database_settings
from threadly.core.database import Database
from threadly.core.database.migrate import MigrationRefused, Migrations, status, upgrade
from threadly.core.database.planning import FEW_ROWS, Planned, plan, planned

ENV = """
from alembic import context

told = context.config.attributes
to = {"dialect_name": "postgresql"} if context.is_offline_mode() else {"connection": told["connection"]}
context.configure(**to, target_metadata=told["metadata"], transaction_per_migration=True)
with context.begin_transaction():
    context.run_migrations()
"""
REVISIONS = {
    "1": "CREATE TABLE things (id bigint PRIMARY KEY, name text)",
    "2": "ALTER TABLE things ADD COLUMN note text",
    "3": "CREATE INDEX by_note ON things (note)",
    "4": "ALTER TABLE things DROP COLUMN name",
}


@pytest.fixture
def migrations(tmp_path: Path) -> Migrations:
    """Four revisions: a table, a column, an index, and a column that goes."""
    (tmp_path / "versions").mkdir()
    (tmp_path / "env.py").write_text(ENV)
    (tmp_path / "script.py.mako").write_text("")
    for revision, sql in REVISIONS.items():
        before = repr(str(int(revision) - 1)) if revision != "1" else None
        (tmp_path / f"versions/{revision}.py").write_text(
            f'"""Number {revision}."""\nfrom alembic import op\nrevision = "{revision}"\ndown_revision = {before}\n'
            f"def upgrade():\n    op.execute({sql!r})\n"
        )
    return Migrations(tmp_path, MetaData())


@pytest.fixture
async def bare(empty_database_url: str) -> AsyncIterator[Database]:
    """A database without any table."""
    db = Database(database_settings(empty_database_url))
    yield db
    await db.close()


async def fill(db: Database, rows: int) -> None:
    """So many things."""
    async with db.engine.begin() as connection:
        many = text("INSERT INTO things SELECT n, 'thing' FROM generate_series(1, CAST(:rows AS integer)) n")
        await connection.execute(many, {"rows": rows})
    autocommit = db.engine.execution_options(isolation_level="AUTOCOMMIT")
    async with autocommit.connect() as connection:
        await connection.execute(text("ANALYZE things"))


def told(found: tuple[Planned, ...] | list[Planned]) -> dict[str, list[tuple[str, int | None, bool]]]:
    """By revision: each hazard's code, how many rows, and whether it refuses."""
    return {each.revision: [(one.hazard.code, one.rows, one.refuses) for one in each.dangers] for each in found}


async def test_an_empty_database_is_filled_in_one_go(bare: Database, migrations: Migrations) -> None:
    found = await plan(bare, migrations)
    assert [(each.revision, each.title) for each in found] == [(n, f"Number {n}.") for n in "1234"]
    assert told(list(found)) == {"1": [], "2": [], "3": [], "4": []}
    assert "ALTER TABLE things ADD COLUMN note text" in found[1].sql
    assert (await status(bare, migrations)).current is None


@pytest.mark.parametrize(("rows", "waits"), [(0, False), (300, False), (FEW_ROWS + 1, True)])
async def test_how_large_a_table_is_decides_but_not_over_what_breaks_the_release_that_runs(
    bare: Database, migrations: Migrations, rows: int, *, waits: bool
) -> None:
    await upgrade(bare, migrations, "1")
    await fill(bare, rows)
    found = told(list(await plan(bare, migrations)))
    assert found == {"2": [], "3": [("index-blocks", rows, waits)], "4": [("column-drops", rows, rows > 0)]}
    assert told(list(await plan(bare, migrations, "3"))) == {"2": [], "3": [("index-blocks", rows, waits)]}


async def test_a_table_of_which_nobody_knows_how_large_it_is_is_taken_for_large(
    bare: Database, migrations: Migrations
) -> None:
    await upgrade(bare, migrations, "2")
    async with bare.engine.begin() as connection:
        await connection.execute(text("ALTER TABLE things SET (autovacuum_enabled = false)"))
        await connection.execute(text("INSERT INTO things VALUES (1, 'thing')"))
    assert told(list(await plan(bare, migrations)))["3"] == [("index-blocks", None, True)]
    assert told(list(planned(migrations, "2", "3"))) == {"3": [("index-blocks", None, True)]}


async def test_what_a_revision_accepts_with_a_reason_refuses_nothing(bare: Database, migrations: Migrations) -> None:
    file = migrations.folder / "versions/4.py"
    file.write_text(file.read_text() + '\nACCEPTED = {"column-drops": "Nobody reads it."}\n')
    await upgrade(bare, migrations, "3")
    await fill(bare, 300)
    ((danger,),) = (each.dangers for each in await plan(bare, migrations))
    assert (danger.accepted, danger.refuses) == ("Nobody reads it.", False)


async def test_a_revision_that_does_not_exist_is_refused(bare: Database, migrations: Migrations) -> None:
    with pytest.raises(MigrationRefused, match="There is no revision 9; there are 1, 2, 3, 4"):
        await plan(bare, migrations, "9")


async def test_where_all_has_run_nothing_is_planned(bare: Database, migrations: Migrations) -> None:
    await upgrade(bare, migrations)
    assert await plan(bare, migrations) == []
