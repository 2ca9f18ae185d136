"""What a downgrade would lose is known before it is lost: each table, column and row, and how many."""

from pathlib import Path

import pytest

from tests.core.database.revisions import revisions, running
from threadly.core.database import Database
from threadly.core.database.migrate import MigrationRefused, Migrations, upgrade
from threadly.core.database.migrating.losses import losses

UP = {
    "1": running("CREATE TABLE things (id int PRIMARY KEY, name text)"),
    "2": running("ALTER TABLE things ADD COLUMN note text, ADD COLUMN state text NOT NULL DEFAULT 'new'")
    + "\n"
    + running("ALTER TABLE things ADD COLUMN twice int GENERATED ALWAYS AS (id * 2) STORED"),
    "3": running('CREATE TABLE "Other things" (id int)') + "\n" + running("CREATE TABLE cache (id int)"),
    "4": running("ALTER TABLE things ALTER COLUMN name TYPE varchar(9)"),
}
DOWN = {
    "1": running("DROP TABLE things"),
    "2": running("ALTER TABLE things DROP COLUMN twice, DROP COLUMN note, DROP COLUMN state")
    + "\n"
    + running("DELETE FROM things WHERE name IS NULL"),
    "3": running('DROP TABLE "Other things"') + "\n" + running("DROP TABLE cache"),
    "4": running("ALTER TABLE things ALTER COLUMN name TYPE text"),
}


@pytest.fixture
async def migrations(bare: Database, tmp_path: Path) -> Migrations:
    """Four revisions that have run."""
    made = revisions(tmp_path / "steps", UP, DOWN)
    file = made.folder / "versions/3.py"
    file.write_text(file.read_text() + '\nREGAINED = {"cache": "It is filled again by itself."}\n')
    await upgrade(bare, made)
    return made


async def test_an_empty_database_loses_nothing(bare: Database, migrations: Migrations) -> None:
    assert await losses(bare, migrations, "base") == []


async def test_what_holds_data_is_told_and_what_is_empty_computed_usual_or_regained_is_not(
    bare: Database, migrations: Migrations
) -> None:
    async with bare.engine.begin() as connection:
        for statement in (
            "INSERT INTO things (id, name, note, state) VALUES (1, 'one', 'x', 'new'), (2, NULL, NULL, 'old')",
            'INSERT INTO "Other things" VALUES (1)',
            "INSERT INTO cache VALUES (1)",
        ):
            await connection.exec_driver_sql(statement)

    async def told(revision: str) -> list[str]:
        return [f"{loss.revision} {loss}" for loss in await losses(bare, migrations, revision)]

    assert await told("4") == []
    changed = "4 things.name: 1 row with a value"
    assert await told("3") == [changed]
    assert await told("2") == [changed, "3 Other things: 1 row in all"]
    columns = ["2 things.note: 1 row with a value", "2 things.state: 1 row with a value", "2 things: 1 row in all"]
    assert await told("1") == [changed, "3 Other things: 1 row in all", *columns]
    assert await told("base") == [changed, "3 Other things: 1 row in all", *columns, "1 things: 2 rows in all"]


async def test_what_nobody_can_count_is_told_as_well(bare: Database, tmp_path: Path) -> None:
    unknown = revisions(
        tmp_path / "unknown",
        {"1": running("CREATE TABLE things (id int)")},
        {"1": running("ALTER TABLE things RENAME TO was") + "\n" + running("DELETE FROM was WHERE id IS NULL")},
    )
    await upgrade(bare, unknown)
    (loss,) = await losses(bare, unknown, "base")
    assert (loss.rows, str(loss)) == (None, "was: nobody can say how much")


@pytest.mark.parametrize(
    ("up", "down", "told"),
    [
        (["CREATE TABLE a (x int)", "CREATE TABLE b (x int)"], "DROP TABLE a, b", ["b: 1 row in all"]),
        (["CREATE TABLE a (x int)", "CREATE TABLE b (x int)"], "TRUNCATE a, ONLY b", ["b: 1 row in all"]),
        (["CREATE TABLE b (x int)"], "DROP TABLE b CASCADE", ["b: 1 row in all", "DROP TABLE b CASCADE: ?"]),
        (["CREATE TABLE b (x int)"], "DROP TABLE public.b", ["b: 1 row in all"]),
        (["CREATE SCHEMA s", 'CREATE TABLE s."B" (x int)'], 'DROP TABLE s."B"', ["s.B: ?"]),
        (["CREATE TABLE b (x int)"], "DROP SCHEMA s CASCADE", ["DROP SCHEMA s CASCADE: ?"]),
        (["CREATE TABLE b (x int)"], "DROP TYPE mood CASCADE", ["DROP TYPE mood CASCADE: ?"]),
        (["CREATE TABLE b (x int)"], "UPDATE b SET x = NULL", ["b.x: ?"]),
        (["CREATE TABLE b (x int)"], "UPDATE b SET (x) = (SELECT 1)", ["b: ?"]),
        (["CREATE TABLE a (x int)", "CREATE TABLE b (x int)"], "UPDATE a SET x = NULL", []),
        (['CREATE TABLE b ("my col" int)'], 'ALTER TABLE b DROP "my col"', ["b.my col: 1 row with a value"]),
        (
            ['CREATE TABLE b ("my col" int)'],
            'ALTER TABLE b ALTER "my col" TYPE smallint',
            ["b.my col: 1 row with a value"],
        ),
        (
            ["CREATE TABLE b (x int)"],
            "WITH gone AS (DELETE FROM b RETURNING 1) SELECT * FROM gone",
            ["WITH gone AS (DELETE FROM b RETURNING 1) SELECT * FROM gone: ?"],
        ),
        (
            ["CREATE TABLE b (x int)"],
            "MERGE INTO b USING (SELECT 1) s ON true WHEN MATCHED THEN DELETE",
            ["MERGE INTO b USING (SELECT 1) s ON true WHEN MATCHED THEN DELETE: ?"],
        ),
        (["CREATE TABLE b (x int)"], "DO $$ BEGIN DELETE FROM b; END $$", ["DO $$ BEGIN DELETE FROM b; END $$: ?"]),
        (["CREATE TABLE b (x int)"], "SELECT purge()", ["SELECT purge(): ?"]),
        (["CREATE TABLE b (x int)"], "DELETE/* */FROM b", ["b: ?"]),
        (["CREATE TABLE b (x int)"], "ALTER TABLE b RENAME TO c; DROP TABLE c", ["c: ?"]),
        (["CREATE TABLE b (x int)"], "CREATE TABLE c (y int); DROP TABLE c", []),
        (["CREATE TABLE b (x int)"], "ALTER TABLE b ADD y int; ALTER TABLE b DROP y", []),
        (["CREATE TABLE b (x int)"], "INSERT INTO b VALUES (2) ON CONFLICT DO NOTHING", []),
        (["CREATE TABLE b (x int)"], "COMMENT ON TABLE b IS 'x'; CREATE INDEX i ON b (x); DROP INDEX i", []),
    ],
)
async def test_what_is_not_known_to_lose_nothing_is_told_and_to_look_loses_nothing(
    bare: Database, tmp_path: Path, up: list[str], down: str, told: list[str]
) -> None:
    last = up[-1].split("CREATE TABLE ")[1].split(" (")[0]
    steps = "\n".join(map(running, [*up, f"INSERT INTO {last} VALUES (1)"]))
    made = revisions(tmp_path / "steps", {"1": steps}, {"1": "\n".join(map(running, down.split("; ")))})
    if "DO $$" in down:
        made = revisions(tmp_path / "whole", {"1": steps}, {"1": running(down)})
    await upgrade(bare, made)
    found = [str(loss).replace("nobody can say how much", "?") for loss in await losses(bare, made, "base")]
    assert found == told
    async with bare.engine.connect() as connection:
        assert (await connection.exec_driver_sql(f"SELECT count(*) FROM {last}")).scalar() == 1


async def test_python_that_asks_the_database_may_lose_anything(bare: Database, tmp_path: Path) -> None:
    asks = "op.get_bind().exec_driver_sql('DROP TABLE b')"
    made = revisions(tmp_path / "steps", {"1": running("CREATE TABLE b (x int)")}, {"1": asks})
    await upgrade(bare, made)
    assert [str(loss) for loss in await losses(bare, made, "base")] == [f"{asks}: nobody can say how much"]
    file = made.folder / "versions/1.py"
    file.write_text(file.read_text() + f"\nREGAINED = {{{asks!r}: 'It is empty.'}}\n")
    assert await losses(bare, made, "base") == []


async def test_a_revision_that_does_not_exist_is_refused(bare: Database, migrations: Migrations) -> None:
    with pytest.raises(MigrationRefused, match="There is no revision 9; there are 1, 2, 3, 4"):
        await losses(bare, migrations, "9")
