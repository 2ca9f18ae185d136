"""Tables are filled without their indexes, and get all of them back, checked, or the transaction fails."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import uuid4

import asyncpg
import pytest

from threadly.core.database import Database
from threadly.sample import encoding
from threadly.sample.loading import Driver, copy, unindexed

TABLES = """
    CREATE TABLE shelf (id uuid PRIMARY KEY, width integer CHECK (width > 0));
    CREATE TABLE book (
        id uuid PRIMARY KEY,
        shelf_id uuid NOT NULL CONSTRAINT "stands on" REFERENCES shelf ON DELETE CASCADE,
        title text
    );
    CREATE UNIQUE INDEX "each title once" ON book (lower(title)) WHERE title <> 'Untitled';
    CREATE TABLE loan (book_id uuid REFERENCES book DEFERRABLE INITIALLY DEFERRED);
"""
DEFINED = """
    SELECT indexname AS name, indexdef AS definition FROM pg_indexes WHERE tablename IN ('shelf', 'book', 'loan')
    UNION ALL
    SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint
    WHERE conrelid = ANY ('{shelf,book,loan}'::regclass[])
    ORDER BY 1, 2
"""


@asynccontextmanager
async def _driver(db: Database) -> AsyncIterator[Driver]:
    async with db.engine.connect() as connection:
        await connection.exec_driver_sql("SELECT 1")  # what begins the transaction, which is undone in the end
        yield (await connection.get_raw_connection()).driver_connection


def _unheard(_done: int, _total: int) -> None:
    pass


async def test_indexes_and_keys_in_and_out_are_built_after(db: Database) -> None:
    heard: list[tuple[int, int]] = []
    shelf, book = uuid4(), uuid4()
    async with _driver(db) as driver:
        await driver.execute(TABLES)
        before = await driver.fetch(DEFINED)
        async with unindexed(driver, ["shelf", "book"], lambda done, total: heard.append((done, total))):
            names = {name for name, _ in await driver.fetch(DEFINED)}
            assert not names & {"stands on", "each title once", "loan_book_id_fkey"}
            rows = [encoding.COUNT(2) + encoding.uuid(shelf) + encoding.integer(3)]
            await copy(driver, "shelf", ("id", "width"), rows, frozen=True)
            rows = [encoding.COUNT(3) + encoding.uuid(book) + encoding.uuid(shelf) + encoding.text("Emma")]
            await copy(driver, "book", ("id", "shelf_id", "title"), rows, frozen=True)
        assert await driver.fetch(DEFINED) == before
        assert await driver.fetchval("SELECT title FROM book") == "Emma"
    assert heard == [(1, 3), (2, 3), (3, 3)]


async def _with(driver: Driver, table: str, columns: tuple[str, ...], row: bytes) -> None:
    async with unindexed(driver, ["shelf", "book"], _unheard):
        await copy(driver, table, columns, [row], frozen=True)


async def test_a_row_that_points_nowhere_is_found_at_the_end(db: Database) -> None:
    row = encoding.COUNT(3) + encoding.uuid(uuid4()) * 2 + encoding.text("Lost")
    async with _driver(db) as driver:
        await driver.execute(TABLES)
        with pytest.raises(asyncpg.ForeignKeyViolationError, match="stands on"):
            await _with(driver, "book", ("id", "shelf_id", "title"), row)
        with pytest.raises(asyncpg.InFailedSQLTransactionError):
            await driver.execute("SELECT 1")


async def test_checks_hold_while_rows_go_in(db: Database) -> None:
    row = encoding.COUNT(2) + encoding.uuid(uuid4()) + encoding.integer(0)
    async with _driver(db) as driver:
        await driver.execute(TABLES)
        with pytest.raises(asyncpg.CheckViolationError):
            await _with(driver, "shelf", ("id", "width"), row)
