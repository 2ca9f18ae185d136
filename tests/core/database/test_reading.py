"""A look whose connection is lost is made once more; what is wrong with the question itself is not asked twice."""

from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest
from sqlalchemy import (
    Column,
    Integer,
    MetaData,
    Table,
    Text,
    column,
    func,
    insert,
    literal,
    literal_column,
    select,
    table,
    text,
)
from sqlalchemy.exc import DBAPIError
from sqlalchemy.schema import CreateTable

from threadly.core.config import Secret
from threadly.core.database import Database, DatabaseSettings, DatabaseUnavailable, Prepared, Tx
from threadly.core.database.instruments import REPEATED
from threadly.core.database.lending import Lent
from threadly.core.database.reading import Reading

BACKEND = select(func.pg_backend_pid().label("pid"))


@pytest.fixture
async def db_of_two(empty_database_url: str) -> AsyncIterator[Database]:
    """With a pool of two."""
    db = Database(DatabaseSettings(url=Secret(empty_database_url), pool_size=2))
    yield db
    await db.close()


async def test_what_is_lost_between_two_looks_is_not_noticed(db_of_two: Database, empty_database_url: str) -> None:
    killer = await asyncpg.connect(empty_database_url)
    repeated = REPEATED._value.get()
    async with db_of_two.read() as read:
        backend = await read.scalar(BACKEND)
        await killer.execute("select pg_terminate_backend($1, 5000)", backend)
        ((another,),) = await read.execute(BACKEND)
    await killer.close()
    assert another != backend
    assert REPEATED._value.get() - repeated == 1
    assert db_of_two.pool.checkedout() == 0


async def test_a_look_that_loses_each_connection_is_refused(db_of_two: Database) -> None:
    cut = select(func.pg_terminate_backend(func.pg_backend_pid()))
    async with db_of_two.read() as read:
        with pytest.raises(DatabaseUnavailable):
            await read.execute(cut)
        assert await read.scalar(select(literal(1))) == 1, "and the next has a connection again"
    assert db_of_two.pool.checkedout() == 0


async def test_a_wrong_question_is_asked_once(db_of_two: Database) -> None:
    asked = 0

    async def question(lent: Lent) -> object:
        nonlocal asked
        asked += 1
        return await lent.connection.execute(select(column("nothing", Integer)).select_from(text("nowhere")))

    async with db_of_two.read() as read:
        assert isinstance(read, Reading)
        with pytest.raises(DBAPIError):
            await read.ask(question)
        assert await read.scalar(select(literal(1))) == 1
    assert asked == 1


async def test_what_changes_something_is_no_look_and_changes_nothing(db_of_two: Database) -> None:
    notes = table("notes", column("word", Text))
    await db_of_two.run(_script, "create table notes (word text)")
    write = insert(notes).values(word="one").returning(notes.c.word)
    async with db_of_two.read() as read:
        for asking in (read.execute(write), read.scalar(write)):
            with pytest.raises(TypeError, match="write within `run`"):
                await asking
        for writing in (write, select(write.cte().c.word)):
            with pytest.raises(TypeError, match="write within `run`"):
                Prepared(writing)  # type: ignore[arg-type]  # as whoever does not check types
        assert await read.scalar(select(func.count()).select_from(notes)) == 0


@pytest.mark.parametrize(
    "statement",
    [
        "insert into notes values ('one')",
        "  UPDATE notes SET word = 'one'",
        "-- select\ninsert into notes values ('one')",
        "/* with */ delete from notes",
        "selected",
        "drop table notes",
        "",
    ],
)
async def test_text_that_begins_as_no_look_does_is_refused_and_changes_nothing(
    db_of_two: Database, statement: str
) -> None:
    await db_of_two.run(_script, "create table notes (word text)")
    await db_of_two.run(_script, "insert into notes values ('zero')")
    written: list[Any] = [text(statement), text(statement).columns(column("word", Text))]
    async with db_of_two.read() as read:
        for write in written:
            for asking in (read.execute(write), read.scalar(write)):
                with pytest.raises(TypeError, match="write within `run`"):
                    await asking
        assert await read.scalar(select(literal_column("string_agg(word, ',')")).select_from(text("notes"))) == "zero"


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        ("select 1", 1),
        ("\n  -- the first\n /* of\n two */ SELECT 1", 1),
        ("(select 1) union all (select 1)", 1),
        ("with one as (select 1) select * from one", 1),
        ("values (1)", 1),
        ("table one", 1),
        ("show server_encoding", "UTF8"),
        ("explain (costs off) select 1", "Result"),
    ],
)
async def test_text_that_looks_is_asked(db_of_two: Database, statement: str, found: object) -> None:
    await db_of_two.run(_script, "create table one as select 1")
    asked: Any = text(statement)
    async with db_of_two.read() as read:
        assert await read.scalar(asked) == found
        assert (await read.execute(asked)).scalars().first() == found


async def test_a_table_is_not_made_by_a_look(db_of_two: Database) -> None:
    making: Any = CreateTable(Table("notes", MetaData(), Column("word", Text)))
    async with db_of_two.read() as read:
        with pytest.raises(TypeError, match="write within `run`"):
            await read.execute(making)
        assert await read.scalar(select(func.to_regclass("notes"))) is None


async def _script(tx: Tx, statement: str) -> None:
    await tx.execute(text(statement))
