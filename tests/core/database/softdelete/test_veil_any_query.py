"""Any query over tables with hidden rows gives what it gives where those rows do not exist.

Beside the house stands a copy of it, of plain tables from which the hidden rows are really gone: it is asked the same,
and is the judge.
"""

import asyncio
import os
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from sqlalchemy import Column, FromClause, MetaData, Table, inspect

from tests.core.database.softdelete.building import QUERIES, Query, built
from tests.core.database.softdelete.lamps import Lamp, Room, furnished, opened, rows
from threadly.core.database import Database

EXAMPLES = int(os.environ.get("THREADLY_TEST_SOFT_DELETES", "150"))
SOFT = {"rooms": inspect(Room).local_table, "lamps": inspect(Lamp).local_table}
PLAIN = {name: Table(name, MetaData(), *(Column(c.name, c.type) for c in table.c)) for name, table in SOFT.items()}
JUDGE = """
CREATE SCHEMA judge;
CREATE TABLE judge.rooms AS SELECT * FROM rooms WHERE deleted_at IS NULL;
CREATE TABLE judge.lamps AS SELECT * FROM lamps WHERE deleted_at IS NULL;
"""


@pytest.fixture
def loop() -> Iterator[asyncio.AbstractEventLoop]:
    """Hypothesis is not asynchronous; the database's side runs on a loop of its own."""
    loop = asyncio.new_event_loop()
    yield loop
    loop.close()


@pytest.fixture
def house(empty_database_url: str, loop: asyncio.AbstractEventLoop) -> Iterator[Database]:
    """The house, and the judge beside it."""

    async def furnish() -> None:
        async with furnished(empty_database_url) as db, db.engine.connect() as connection:
            driver: Any = (await connection.get_raw_connection()).driver_connection
            await driver.execute(JUDGE)

    loop.run_until_complete(furnish())
    db = opened(empty_database_url)
    yield db
    loop.run_until_complete(db.close())


@pytest.fixture
def judge(house: Database, empty_database_url: str, loop: asyncio.AbstractEventLoop) -> Iterator[Database]:
    """The copy from which the hidden rows are gone."""
    db = opened(empty_database_url, schema="judge")
    yield db
    loop.run_until_complete(db.close())


def test_any_query_gives_what_it_gives_where_the_hidden_rows_do_not_exist(
    house: Database, judge: Database, loop: asyncio.AbstractEventLoop
) -> None:
    def asked(db: Database, query: Query, tables: Mapping[str, FromClause]) -> list[tuple[Any, ...]]:
        return loop.run_until_complete(rows(db, built(query, tables)))

    leaks = 0

    @settings(
        max_examples=EXAMPLES,
        database=None,
        derandomize=EXAMPLES < 1_000,
        suppress_health_check=list(HealthCheck),
    )
    @given(QUERIES)
    def compare(query: Query) -> None:
        nonlocal leaks
        expected = asked(judge, query, PLAIN)
        assert asked(house, query, SOFT) == expected
        leaks += asked(house, query, PLAIN) != expected

    compare()
    assert leaks > EXAMPLES / 4, "without the veil, many of these queries do see what is hidden"
