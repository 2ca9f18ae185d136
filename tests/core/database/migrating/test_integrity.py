"""What is not whole in a database is found, and told with what to do."""

from pathlib import Path
from urllib.parse import urlsplit

import pytest
from sqlalchemy import Column, Integer, Table

from tests.conftest import database_settings
from tests.core.database.revisions import revisions, running
from tests.engines import EngineUrls
from threadly.core.database import Database
from threadly.core.database.migrate import Migrations, upgrade
from threadly.core.database.migrating.integrity import Examined, Finding, compared, examine
from threadly.embedded import with_database
from threadly.migrations import MIGRATIONS

THINGS = "CREATE TABLE things (id int PRIMARY KEY, parent int, size int)"
CHILD = "ALTER TABLE things ADD CONSTRAINT of_parent FOREIGN KEY (parent) REFERENCES things NOT VALID"
POSITIVE = "ALTER TABLE things ADD CONSTRAINT size_is_positive CHECK (size > 0) NOT VALID"


@pytest.fixture
def migrations(tmp_path: Path) -> Migrations:
    """One table."""
    made = revisions(tmp_path / "steps", {"1": running(THINGS)})
    columns = [Column(name, Integer, primary_key=name == "id") for name in ("id", "parent", "size")]
    Table("things", made.metadata, *columns)
    return made


async def run(db: Database, *sql: str) -> None:
    """Each in a transaction of its own."""
    for statement in sql:
        async with db.engine.begin() as connection:
            await connection.exec_driver_sql(statement)


def known(found: Examined) -> list[Finding]:
    """All but that there is something which is not of the release."""
    return [finding for finding in found.findings if "this release does not know" not in finding.what]


async def test_our_own_database_is_whole(db: Database) -> None:
    found = await examine(db, MIGRATIONS, thorough=True)
    assert found.findings == []
    assert found.rows["listings"] == 0
    assert "alembic_version" not in found.rows


@pytest.mark.parametrize(
    ("rows", "rules", "findings"),
    [
        ("(1, NULL, 5)", [], []),
        (
            "(1, 7, 5), (2, 8, 5), (3, 1, 5)",
            [CHILD],
            [
                Finding(
                    "2 rows of things point by parent to a row of things that does not exist (of_parent).",
                    "Mend or delete them, then: ALTER TABLE things VALIDATE CONSTRAINT of_parent;",
                )
            ],
        ),
        (
            "(1, 1, 5)",
            [CHILD],
            [
                Finding(
                    "Every row of things keeps of_parent, but PostgreSQL was never asked to check it.",
                    "ALTER TABLE things VALIDATE CONSTRAINT of_parent;",
                    is_broken=False,
                )
            ],
        ),
        (
            "(1, NULL, -5), (2, NULL, NULL)",
            [POSITIVE],
            [
                Finding(
                    "1 row of things breaks size_is_positive.",
                    "Mend or delete them, then: ALTER TABLE things VALIDATE CONSTRAINT size_is_positive;",
                )
            ],
        ),
    ],
)
async def test_constraints_that_were_never_checked_are_told_with_the_rows_that_break_them(
    bare: Database, migrations: Migrations, rows: str, rules: list[str], findings: list[Finding]
) -> None:
    await upgrade(bare, migrations)
    await run(bare, f"INSERT INTO things VALUES {rows}", *rules)
    found = await examine(bare, migrations)
    assert known(found) == findings
    assert found.is_broken == any(finding.is_broken for finding in findings)


async def test_what_was_written_while_rules_were_off_is_found_by_looking_thoroughly(
    bare: Database, migrations: Migrations, empty_database_url: str, engine_urls: EngineUrls
) -> None:
    name = urlsplit(empty_database_url).path.removeprefix("/")
    administrator = Database(database_settings(with_database(engine_urls.administrator_url, name)))
    await upgrade(bare, migrations)
    await run(bare, CHILD.removesuffix(" NOT VALID"))
    await run(administrator, "ALTER TABLE things DISABLE TRIGGER ALL", "INSERT INTO things VALUES (1, 7, 5)")
    (off,) = known(await examine(bare, migrations))
    assert off.what == "Somebody has switched off of_parent on things: what it holds does not hold for new rows."
    await run(administrator, off.do.partition(";")[0])
    assert not (await examine(bare, migrations)).is_broken
    (orphan,) = known(await examine(bare, migrations, thorough=True))
    assert orphan.what == "1 row of things points by parent to a row of things that does not exist (of_parent)."
    await administrator.close()


async def test_an_unfinished_index_is_told(bare: Database, migrations: Migrations) -> None:
    await upgrade(bare, migrations)
    await run(bare, "INSERT INTO things VALUES (1, 1, 1), (2, 2, 1)")
    async with bare.engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        with pytest.raises(Exception, match="could not create unique index"):
            await connection.exec_driver_sql("CREATE UNIQUE INDEX CONCURRENTLY by_size ON things (size)")
    (found,) = known(await examine(bare, migrations))
    assert found.what.startswith("The index public.by_size on things is unfinished")


@pytest.mark.parametrize(
    ("change", "what", "is_broken"),
    [
        ("ALTER TABLE things DROP COLUMN size", "The column things.size is missing or differs", True),
        ("CREATE TABLE others (id int)", "There is the table others, which this release does not know.", False),
        (
            "ALTER TABLE things ADD CONSTRAINT mine FOREIGN KEY (parent) REFERENCES things",
            "There is the foreign",
            False,
        ),
        ("CREATE INDEX mine ON things (size)", "There is the index things.mine, which this release", False),
        (
            "ALTER TABLE things ALTER COLUMN size SET NOT NULL",
            "things.size is NOT NULL; this release needs nullable.",
            True,
        ),
        (
            "ALTER TABLE things ALTER COLUMN size TYPE numeric(9,2)",
            "things.size is numeric(9, 2); this release needs integer.",
            True,
        ),
        (
            "ALTER TABLE things ALTER COLUMN size SET DEFAULT 5",
            "things.size differs (default) from what this release needs.",
            True,
        ),
    ],
)
async def test_a_schema_that_somebody_changed_by_hand_is_told(
    bare: Database, migrations: Migrations, change: str, what: str, *, is_broken: bool
) -> None:
    await upgrade(bare, migrations)
    await run(bare, change)
    (found,) = (await examine(bare, migrations)).findings
    assert found.what.startswith(what)
    assert found.is_broken is is_broken
    assert "omebody" not in found.what + found.do


async def test_a_database_of_another_release_or_of_two_revisions_at_once_is_told(
    bare: Database, migrations: Migrations
) -> None:
    await upgrade(bare, migrations)
    await run(bare, "UPDATE alembic_version SET version_num = '9'")
    (found,) = (await examine(bare, migrations)).findings
    assert found.what == "The database is at revision 9, which this release does not know."
    await run(bare, "INSERT INTO alembic_version VALUES ('1')")
    (found,) = (await examine(bare, migrations)).findings
    assert found.what == "The database says that it is at several revisions: 1, 9."


async def test_two_revisions_that_follow_the_same_one_are_told(bare: Database, migrations: Migrations) -> None:
    one = migrations.folder / "versions/1.py"
    (migrations.folder / "versions/2.py").write_text(one.read_text().replace("revision = '1'", "revision = '2'"))
    (found,) = (await examine(bare, migrations)).findings
    assert found.what.startswith("The revisions 1 and 2 are both the last: they were written at the same time.")


async def test_tables_that_have_fewer_rows_than_before_are_told(bare: Database, migrations: Migrations) -> None:
    await upgrade(bare, migrations)
    await run(bare, "INSERT INTO things VALUES (1, 1, 1), (2, 2, 1)", "CREATE TABLE others AS SELECT 1")
    before = await examine(bare, migrations)
    assert compared(before, before) == []
    await run(bare, "DELETE FROM things WHERE id = 2", "DROP TABLE others")
    assert [finding.what for finding in compared(before, await examine(bare, migrations))] == [
        "The table others is gone, with 1 row.",
        "things has 1 row fewer than before: 2, and now 1.",
    ]
