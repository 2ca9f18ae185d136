"""Whoever asks the driver for a commit hears when all was undone instead."""

from collections.abc import AsyncIterator
from contextlib import suppress

import asyncpg
import pytest

from threadly.core.database.driver import Honest


@pytest.fixture
async def connection(empty_database_url: str) -> AsyncIterator[asyncpg.Connection]:
    """One of ours, with a table of notes."""
    made = await asyncpg.connect(empty_database_url, connection_class=Honest)
    await made.execute("CREATE TABLE notes (id int PRIMARY KEY)")
    yield made
    await made.close()


async def test_what_was_undone_on_purpose_is_no_failure(
    connection: asyncpg.Connection,
) -> None:
    async with connection.transaction():
        await connection.execute("INSERT INTO notes VALUES (1)")
    undone = connection.transaction()
    await undone.start()
    await connection.execute("INSERT INTO notes VALUES (2)")
    await undone.rollback()
    assert await connection.fetchval("SELECT count(*) FROM notes") == 1


async def test_a_commit_of_what_has_failed_is_refused_and_changes_nothing(connection: asyncpg.Connection) -> None:
    failing = connection.transaction()
    await failing.start()
    await connection.execute("INSERT INTO notes VALUES (1)")
    with suppress(asyncpg.UniqueViolationError):
        await connection.execute("INSERT INTO notes VALUES (1)")
    with pytest.raises(asyncpg.InFailedSQLTransactionError, match="all of it was undone"):
        await failing.commit()
    assert await connection.fetchval("SELECT count(*) FROM notes") == 0
    assert not connection.is_in_transaction()
