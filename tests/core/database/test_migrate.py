"""Whoever calls `upgrade` is asked what `threadly db upgrade` asks; that it moves a database: tests/migrations."""

from pathlib import Path

import pytest
from sqlalchemy import text

from tests.core.database.revisions import revisions, running, schema
from threadly.core.database import Database
from threadly.core.database.migrate import Migrations, MigrationsHurt, status, upgrade
from threadly.core.database.planning import FEW_ROWS

REVISIONS = {
    "1": "CREATE TABLE things (id bigint PRIMARY KEY, name text)",
    "2": "ALTER TABLE things ADD COLUMN note text",
    "3": "UPDATE things SET note = 'of a secret'",
    "4": "ALTER TABLE things DROP COLUMN name",
}


@pytest.fixture
def migrations(tmp_path: Path) -> Migrations:
    """A table, a column, a change of every row, and a column that goes."""
    return revisions(tmp_path, {revision: running(sql) for revision, sql in REVISIONS.items()})


async def test_what_would_hurt_is_refused_before_anything_has_run_and_done_anyway_if_that_is_said(
    bare: Database, migrations: Migrations, empty_database_url: str
) -> None:
    await upgrade(bare, migrations, "1")
    async with bare.engine.begin() as connection:
        await connection.execute(text(f"INSERT INTO things SELECT n FROM generate_series(1, {FEW_ROWS}) n"))
    autocommit = bare.engine.execution_options(isolation_level="AUTOCOMMIT")
    async with autocommit.connect() as connection:
        await connection.execute(text("ANALYZE things"))
    before = await schema(empty_database_url)

    with pytest.raises(MigrationsHurt) as refusal:
        await upgrade(bare, migrations)
    assert await schema(empty_database_url) == before
    assert (await status(bare, migrations)).current == "1"
    said, of_rows, of_the_column = str(refusal.value).splitlines()
    assert said.endswith("Nothing was changed.")
    assert of_rows.startswith("3, things: ")
    assert of_rows.endswith("[rows-all-updated]")
    assert of_the_column.startswith("4, things: ")
    assert of_the_column.endswith("[column-drops]")
    assert "secret" not in str(refusal.value)

    assert (await upgrade(bare, migrations, "2")).current == "2", "it hurts nobody"
    assert (await upgrade(bare, migrations, anyway=True)).current == "4"


async def test_what_fills_an_empty_database_is_not_refused(bare: Database, migrations: Migrations) -> None:
    assert (await upgrade(bare, migrations)).missing == ()
