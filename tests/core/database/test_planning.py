"""What missing revisions would do is told before anything is done, by how large tables are here."""

from pathlib import Path

import pytest
from sqlalchemy import text

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
FILLED = (
    "from threadly.core.database.migrating.backfill import backfill\n"
    "backfill('things', 'slug = lower(name)', where='slug IS NULL')"
)


@pytest.fixture
def migrations(tmp_path: Path) -> Migrations:
    """Four revisions: a table, a column, an index, and a column that goes."""
    return revisions(tmp_path, {revision: running(sql) for revision, sql in REVISIONS.items()})


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
    assert found == {"2": [], "3": [("index-blocks", rows, waits)], "4": [("column-drops", rows, True)]}
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


TWICE = "UPDATE things SET note = name WHERE note IS NULL"
ONCE = "UPDATE things SET price = price * 100 WHERE id > 0"
ADDED = running("ALTER TABLE things ADD COLUMN slug text")


@pytest.mark.parametrize(
    ("body", "refused"),
    [
        (running(ONCE), []),
        (f"with outside():\n    {running(TWICE)}", []),
        (f"with outside():\n    {running(ONCE)}", [ONCE]),
        (f"{ADDED}\nwith outside():\n    {running(TWICE)}", ["ALTER TABLE things ADD COLUMN slug text"]),
        (f"with outside():\n    {running(TWICE)}\n{ADDED}", []),
        (f"{ADDED}\n{FILLED}", ["ALTER TABLE things ADD COLUMN slug text"]),
        (f"{ADDED.replace('COLUMN', 'COLUMN IF NOT EXISTS')}\n{FILLED}", []),
        (f"{running('COMMIT')}\n{running(ONCE)}", [ONCE]),
    ],
    ids=[
        "in its transaction", "outside", "outside, once", "before it ends", "after the last end", "before a backfill",
        "a backfill", "by hand",
    ],
)  # fmt: skip
def test_what_is_committed_before_its_revision_has_ended_must_be_fit_to_run_twice(
    tmp_path: Path, body: str, refused: list[str]
) -> None:
    (found,) = planned(revisions(tmp_path, {"1": running("SELECT 1"), "2": body}), "1")
    twice = [danger for danger in found.dangers if danger.hazard.code == "cannot-run-twice"]
    assert [danger.hazard.statement.text for danger in twice] == refused
    assert all(danger.refuses for danger in twice)


def test_a_backfill_hurts_nobody(tmp_path: Path) -> None:
    (found,) = planned(revisions(tmp_path, {"1": running("SELECT 1"), "2": FILLED}), "1")
    assert "UPDATE /* in batches */ things SET slug = lower(name)" in found.sql
    assert found.dangers == []


@pytest.mark.parametrize(
    "body",
    [
        "if not op.get_context().as_sql:\n    op.execute('DROP TABLE things')",
        "from alembic import context\nif not context.is_offline_mode():\n    op.execute('DROP TABLE things')",
        "rows = op.get_bind().exec_driver_sql('SELECT 1').all()",
        "raise RuntimeError('no database')",
    ],
    ids=["as_sql", "is_offline_mode", "get_bind", "stops"],
)
def test_python_that_asks_the_database_is_told_and_refused_unless_it_is_accepted(tmp_path: Path, body: str) -> None:
    migrations = revisions(tmp_path, {"1": running("SELECT 1"), "2": body, "3": running("SELECT 2")})
    second, third = planned(migrations, "1")
    (danger,) = second.dangers
    assert (danger.hazard.code, danger.refuses) == ("not-seen", True)
    assert danger.hazard.statement.text in {*body.splitlines(), "RuntimeError: no database"}
    assert third.dangers == []
    file = migrations.folder / "versions/2.py"
    file.write_text(file.read_text() + '\nACCEPTED = {"not-seen": "It looks how many there are."}\n')
    assert not planned(migrations, "1")[0].dangers[0].refuses


def test_python_of_the_way_back_is_of_no_interest(tmp_path: Path) -> None:
    one = revisions(tmp_path, {"1": running("SELECT 1")}, {"1": "op.get_bind().exec_driver_sql('SELECT 1')"})
    assert planned(one, None)[0].dangers == []


async def test_a_table_is_as_large_as_those_that_inherit_from_it(bare: Database, tmp_path: Path) -> None:
    migrations = revisions(
        tmp_path / "heirs",
        {
            "1": running("CREATE TABLE things (id bigint, name text)") + "\n"
            + running("CREATE TABLE heirs () INHERITS (things)") + "\n"
            + running("CREATE TABLE divided (id bigint) PARTITION BY LIST (id)") + "\n"
            + running("CREATE TABLE divided_1 PARTITION OF divided FOR VALUES IN (1)"),
            "2": running("ALTER TABLE things ALTER COLUMN name TYPE varchar(9)"),
            "3": running("ALTER TABLE divided ADD CONSTRAINT positive CHECK (id > 0)"),
        },
    )  # fmt: skip
    await upgrade(bare, migrations, "1")
    async with bare.engine.begin() as connection:
        for statement in (
            "INSERT INTO heirs SELECT n, 'x' FROM generate_series(1, 20000) n",
            "INSERT INTO divided SELECT 1 FROM generate_series(1, 300) n",
            "ANALYZE heirs",
            "ANALYZE divided_1",
        ):
            await connection.exec_driver_sql(statement)
    assert told(list(await plan(bare, migrations))) == {
        "2": [("column-type", 20_000, True)],
        "3": [("check-scans", 300, False)],
    }


async def test_a_revision_that_does_not_exist_is_refused(bare: Database, migrations: Migrations) -> None:
    with pytest.raises(MigrationRefused, match="There is no revision 9; there are 1, 2, 3, 4"):
        await plan(bare, migrations, "9")


async def test_where_all_has_run_nothing_is_planned(bare: Database, migrations: Migrations) -> None:
    await upgrade(bare, migrations)
    assert await plan(bare, migrations) == []
    assert await plan(bare, migrations, "2") == []
