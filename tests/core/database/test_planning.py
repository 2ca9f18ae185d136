"""What missing revisions would do is told before anything is done, by how large tables are here."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import text

from tests.conftest import database_settings
from tests.core.database.revisions import revisions, running
from threadly.core.database import Database
from threadly.core.database.migrate import MigrationRefused, Migrations, status, upgrade
from threadly.core.database.planning import FEW_ROWS, Planned, plan, planned

REVISIONS = {
    "1": "CREATE TABLE things (id bigint PRIMARY KEY, name text)",
    "2": "ALTER TABLE things ADD COLUMN note text",
    "3": "CREATE INDEX by_note ON things (note)",
    "4": "ALTER TABLE things DROP COLUMN name",
}


@pytest.fixture
def migrations(tmp_path: Path) -> Migrations:
    """Four revisions: a table, a column, an index, and a column that goes."""
    return revisions(tmp_path, {revision: running(sql) for revision, sql in REVISIONS.items()})


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


@pytest.mark.parametrize(
    ("statement", "twice"),
    [
        ("CREATE INDEX CONCURRENTLY IF NOT EXISTS by_name ON things (name)", True),
        ("CREATE INDEX CONCURRENTLY by_name ON things (name)", False),
        ("DROP INDEX CONCURRENTLY IF EXISTS by_note", True),
        ("DROP INDEX CONCURRENTLY by_note", False),
        ("ALTER TABLE things VALIDATE CONSTRAINT has_name", True),
        ("ALTER TABLE things ALTER COLUMN name DROP NOT NULL", True),
        ("ALTER TABLE things ADD COLUMN size int", False),
        ("ALTER TABLE things DROP COLUMN name", False),
        ("UPDATE things SET note = name WHERE note IS NULL", True),
        ("INSERT INTO things VALUES (1) ON CONFLICT DO NOTHING", True),
        ("INSERT INTO things VALUES (1)", False),
    ],
)
def test_what_runs_outside_of_a_transaction_must_be_fit_to_run_twice(
    tmp_path: Path, statement: str, *, twice: bool
) -> None:
    outside = f"with outside():\n    {running(statement)}"
    found = planned(revisions(tmp_path / "one", {"1": running("SELECT 1"), "2": outside}), "1")
    refuses = {danger.hazard.code: danger.refuses for danger in found[0].dangers}
    assert refuses.get("cannot-run-twice", False) is not twice

    inside = planned(revisions(tmp_path / "other", {"1": running("SELECT 1"), "2": running(statement)}), "1")
    assert "cannot-run-twice" not in {danger.hazard.code for danger in inside[0].dangers}


async def test_a_revision_that_does_not_exist_is_refused(bare: Database, migrations: Migrations) -> None:
    with pytest.raises(MigrationRefused, match="There is no revision 9; there are 1, 2, 3, 4"):
        await plan(bare, migrations, "9")


async def test_where_all_has_run_nothing_is_planned(bare: Database, migrations: Migrations) -> None:
    await upgrade(bare, migrations)
    assert await plan(bare, migrations) == []
