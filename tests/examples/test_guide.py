"""What the guide shows to applications of others is so: its code is run as it stands there."""

import os
from pathlib import Path

import pytest
from sqlalchemy import Column, MetaData, Table, Uuid, select
from sqlalchemy.orm import DeclarativeBase

from tests.conftest import database_settings
from tests.core.database.revisions import schema
from tests.examples.guided import shown
from tests.processes import Program
from threadly.core.database import Cursors, Database, Tx
from threadly.core.database.migrate import Migrations, MigrationsHurt, Status, status
from threadly.core.keys import KeyRing
from threadly.core.observability.tracing import TracingSettings


def test_its_settings_are_read_and_its_order_is_one() -> None:
    names = shown()
    assert str(names["settings"].database_url) == "********"
    assert str(names["ORDER"]) == "settings; observed (settings); health (observed)"
    assert names["spans"](TracingSettings()) is None


def test_its_note_is_hidden_before_it_goes() -> None:
    note = shown()["Note"]
    assert "FROM (SELECT * FROM notes WHERE notes.deleted_at IS NULL) AS notes" in str(select(note))
    assert note.kept_for.days == 90


async def test_its_database_refuses_a_name_that_is_taken_and_leads_on_by_a_signed_mark(
    db: Database, owner: Database
) -> None:
    names, cursors = shown(), Cursors(KeyRing.of(b"for tests, and for nothing else."))
    await owner.run(_made, names["Person"])
    mark = await names["used"](db, cursors, None)
    assert cursors.open(mark, names["Key"], query="people by name").name == "Ada"
    with pytest.raises(names["NameTaken"]):
        await names["used"](db, cursors, mark)
    async with db.read() as read:
        assert list(await names["page"](read, None)) == ["Ada"]
        assert list(await names["page"](read, names["Key"]("Ada"))) == []


async def test_its_outbox_works_where_nothing_is_but_the_core(empty_database_url: str, tmp_path: Path) -> None:
    told = os.environ | {"GUIDED_URL": empty_database_url}
    program = Program(("tests.examples.guided",), told, tmp_path, is_heard=True)
    code, said = program.finish(within=120)
    assert code == 0, said
    assert said.startswith("Welcome, Ada: "), said


async def test_its_migrations_lead_from_nothing_to_its_tables_and_are_refused_where_they_would_break(
    empty_database_url: str, tmp_path: Path
) -> None:
    names, db = shown(), Database(database_settings(empty_database_url))
    migrations = Migrations(tmp_path, names["Person"].metadata)
    (tmp_path / "versions").mkdir()
    try:
        await names["write"](db, migrations, "people")
        (missing,) = (await status(db, migrations)).missing
        assert await names["migrate"](db, migrations) == Status(missing, ())
        whole = await schema(empty_database_url)
        assert ("constraint", "people", "people_name_once", "UNIQUE (name)") in whole

        fewer = Migrations(tmp_path, MetaData())
        Table("people", fewer.metadata, Column("id", Uuid, primary_key=True))
        await names["write"](db, fewer, "nameless people")
        with pytest.raises(MigrationsHurt, match="constraint-drops"):
            await names["migrate"](db, fewer)
        assert await schema(empty_database_url) == whole
    finally:
        await db.close()


async def _made(tx: Tx, base: type[DeclarativeBase]) -> None:
    await (await tx.connection()).run_sync(base.metadata.create_all)
