"""A revision that fails says where and of what, and no value of any row."""

from pathlib import Path

import pytest

from tests.core.database.revisions import revisions, running
from threadly.core.database import Database
from threadly.core.database.migrate import MigrationRefused, Migrations, chain, status, upgrade
from threadly.core.database.migrating.failing import told_by_its_line

UNDONE = "What it had changed within a transaction is undone."
RAISES = """
CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE 'Never %', NEW.name USING ERRCODE = '23514'; END $$
"""
STEPS = {
    "1": "\n".join(
        map(
            running,
            (
                "CREATE TABLE people (id int PRIMARY KEY, name text CONSTRAINT is_named CHECK (name <> ''))",
                "INSERT INTO people VALUES (1, 'Ana \"the cat\" Petrova'), (2, 'Ana \"the cat\" Petrova')",
                "CREATE TABLE cats (of_person int CONSTRAINT of_person REFERENCES people)",
                RAISES,
                "CREATE TRIGGER refuses BEFORE UPDATE ON people FOR EACH ROW EXECUTE FUNCTION refuse()",
            ),
        )
    ),
}


def failing(folder: Path, body: str) -> Migrations:
    """Tables with somebody in them, then a revision that does this."""
    return revisions(folder / "steps", STEPS | {"2": body})


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        (
            "CREATE UNIQUE INDEX by_name ON people (name)",
            (
                'could not create unique index "by_name" (23505, table people, constraint by_name).\n'
                "Statement: CREATE UNIQUE INDEX by_name ON people (name)"
            ),
        ),
        (
            "INSERT INTO people VALUES (3, '')",
            (
                'new row for relation "people" violates check constraint "is_named" '
                "(23514, table people, constraint is_named).\nStatement: INSERT INTO people VALUES (?, ?)"
            ),
        ),
        (
            "ALTER TABLE people ADD COLUMN age int, ALTER COLUMN id TYPE int USING name::int",
            (
                "invalid input syntax for type integer: … (22P02).\n"
                "Statement: ALTER TABLE people ADD COLUMN age int, ALTER COLUMN id TYPE int USING name::int"
            ),
        ),
        (
            "UPDATE people SET name = 'Ana Petrova'",
            (
                "code in the database raised something, which PostgreSQL's log has (23514).\n"
                "Statement: UPDATE people SET name = ?"
            ),
        ),
        (
            "DO $$ BEGIN RAISE 'Ana Petrova'; END $$",
            "code in the database raised something, which PostgreSQL's log has (P0001).\nStatement: DO ?",
        ),
        (
            "ALTER TABLE people DROP CONSTRAINT people_pkey",
            (
                "cannot drop constraint people_pkey on table people because other objects depend on it (2BP01).\n"
                "constraint of_person on table cats depends on index people_pkey\n"
                "Use DROP ... CASCADE to drop the dependent objects too.\n"
                "Statement: ALTER TABLE people DROP CONSTRAINT people_pkey"
            ),
        ),
        ("DROP TABLE dogs", 'table "dogs" does not exist (42P01).\nStatement: DROP TABLE dogs'),
    ],
)
async def test_a_statement_that_fails_is_told_with_what_it_is_about_and_no_value(
    bare: Database, tmp_path: Path, statement: str, told: str
) -> None:
    migrations = failing(tmp_path, running(statement))
    await upgrade(bare, migrations, "1")
    with pytest.raises(MigrationRefused) as refusal:
        await upgrade(bare, migrations, anyway=True)
    assert str(refusal.value) == f"2 failed: {told}\n{UNDONE}"
    assert (await status(bare, migrations)).current == "1"


async def test_of_those_before_it_is_spoken_only_if_some_have_run(bare: Database, tmp_path: Path) -> None:
    migrations = failing(tmp_path, running("SELECT 1 / 0"))
    for before in ("Those before it have run. ", ""):
        with pytest.raises(MigrationRefused) as refusal:
            await upgrade(bare, migrations, anyway=True)
        assert str(refusal.value) == (f"2 failed: division by zero (22012).\nStatement: SELECT ? / ?\n{before}{UNDONE}")
        assert (await status(bare, migrations)).current == "1"


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("nothing", "versions/2.py, line 9, failed: NameError: name 'nothing' is not defined."),
        ("int('Ana Petrova')", "versions/2.py, line 9, failed: ValueError."),
        ("from json import nothing", "versions/2.py, line 9, failed: ImportError: cannot import name 'nothing' from"),
    ],
)
async def test_an_exception_of_its_python_is_told_by_its_line_and_has_changed_nothing(
    bare: Database, tmp_path: Path, body: str, told: str
) -> None:
    migrations = failing(tmp_path, f"{running('CREATE TABLE dogs (id int)')}\n{body}")
    with pytest.raises(MigrationRefused) as refusal:
        await upgrade(bare, migrations, anyway=True)
    assert str(refusal.value).startswith(told)
    assert "Ana" not in str(refusal.value)
    assert (await status(bare, migrations)).current == "1"
    async with bare.engine.connect() as connection:
        assert (await connection.exec_driver_sql("SELECT to_regclass('dogs')")).scalar() is None


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("nothing", "NameError: name 'nothing' is not defined."),
        ("def upgrade(:", "SyntaxError: invalid syntax."),
    ],
)
def test_one_that_cannot_be_loaded_is_told_by_its_line(tmp_path: Path, line: str, told: str) -> None:
    migrations = failing(tmp_path, "pass")
    file = migrations.folder / "versions/2.py"
    file.write_text(f"{file.read_text()}\n{line}\n")
    with pytest.raises(MigrationRefused) as refusal:
        chain(migrations)
    number = len(file.read_text().splitlines())
    assert str(refusal.value) == f"versions/2.py, line {number}, failed: {told}"


def test_what_comes_from_elsewhere_stays_what_it_is(tmp_path: Path) -> None:
    with pytest.raises(KeyError), told_by_its_line(tmp_path):
        raise KeyError
