"""A room full of lamps, and the guard at its door."""

from collections.abc import AsyncIterator, Iterator
from datetime import timedelta

import pytest
from sqlalchemy import text

from threadly.core.config import Secret
from threadly.core.database import Database, DatabaseSettings, Tx
from threadly.core.database.guard import guarding


@pytest.fixture
async def lamps(empty_database_url: str) -> AsyncIterator[Database]:
    """20,000 lamps, numbered from 1."""
    settings = DatabaseSettings(url=Secret(empty_database_url), pool_size=2, statement_timeout=timedelta(seconds=30))
    db = Database(settings)

    async def fill(tx: Tx) -> None:
        await tx.execute(text("CREATE TABLE lamps (id int PRIMARY KEY, size int NOT NULL)"))
        await tx.execute(text("CREATE TABLE shades (id int PRIMARY KEY)"))
        await tx.execute(text("INSERT INTO lamps SELECT n, n % 7 FROM generate_series(1, 20000) n"))
        await tx.execute(text("INSERT INTO shades SELECT n FROM generate_series(1, 200) n"))
        await tx.execute(text("ANALYZE lamps, shades"))

    await db.run(fill)
    yield db
    await db.close()


@pytest.fixture
def on_guard() -> Iterator[None]:
    """What `watched` needs."""
    with guarding():
        yield
