"""A revision is read without a database, both ways, as far as it comes."""

from pathlib import Path

import pytest
from alembic.script import Script, ScriptDirectory
from alembic.util import CommandError

from tests.core.database.revisions import revisions, running
from threadly.core.database.migrate import Migrations
from threadly.core.database.migrating.written import written


@pytest.fixture
def migrations(tmp_path: Path) -> Migrations:
    """Two revisions, of which the second asks on its way back."""
    up = {"1": running("SELECT 1"), "2": running("SELECT 2")}
    return revisions(tmp_path, up, {"2": f"{running('SELECT 3')}\nop.get_bind().exec_driver_sql('SELECT 4')"})


def script(migrations: Migrations, revision: str) -> Script:
    """The revision of this name."""
    return ScriptDirectory.from_config(migrations.config()).get_revision(revision)


def test_one_way_is_read_and_the_other_is_not(migrations: Migrations) -> None:
    there = written(script(migrations, "2"), migrations, is_up=True)
    assert "SELECT 2" in there.sql
    assert "SELECT 1" not in there.sql
    assert there.asks == []


def test_what_asks_is_named_by_its_line_and_what_stands_before_it_is_read(migrations: Migrations) -> None:
    back = written(script(migrations, "2"), migrations, is_up=False)
    assert "SELECT 3" in back.sql
    (asks,) = back.asks
    assert asks.text == "op.get_bind().exec_driver_sql('SELECT 4')"
    assert (migrations.folder / "versions/2.py").read_text().splitlines()[asks.line - 1].strip() == asks.text


def test_what_alembic_itself_refuses_is_refused(migrations: Migrations) -> None:
    known = script(migrations, "2")
    (migrations.folder / "versions/2.py").unlink()
    with pytest.raises(CommandError):
        written(Script(known.module, "2", __file__), migrations, is_up=True)
