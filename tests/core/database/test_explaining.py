"""The plan of a statement, without its values and without running it."""

from collections.abc import AsyncIterator

import asyncpg
import pytest

from threadly.core.database import driver_url
from threadly.core.database.explaining import generic_plan, is_explicable, without_comments


@pytest.fixture
async def connection(empty_database_url: str) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(driver_url(empty_database_url))
    await connection.execute("CREATE TABLE lamps (id int PRIMARY KEY, name text)")
    yield connection
    await connection.close()


async def test_the_plan_keeps_the_places_of_values_and_runs_nothing(connection: asyncpg.Connection) -> None:
    told = "\n".join(await generic_plan(connection, "SELECT name FROM lamps WHERE id = $1::int"))
    assert "Index Cond: (id = $1)" in told
    (plan,) = await generic_plan(connection, "INSERT INTO lamps VALUES ($1, $2)", options="FORMAT JSON")
    assert '"ModifyTable"' in plan
    assert await connection.fetchval("SELECT count(*) FROM lamps") == 0


async def test_what_is_no_statement_of_this_database_is_refused_and_the_next_one_is_explained(
    connection: asyncpg.Connection,
) -> None:
    with pytest.raises(asyncpg.UndefinedTableError):
        await generic_plan(connection, "SELECT 1 FROM chairs")
    assert await generic_plan(connection, "SELECT 1") == ["Result  (cost=0.00..0.01 rows=1 width=4)"]
    assert await connection.fetchval("SELECT count(*) FROM pg_prepared_statements WHERE name LIKE 'threadly%'") == 0


@pytest.mark.parametrize(
    ("sql", "is_so"),
    [
        ("SELECT 1", True),
        ("  with a as (select 1) select * from a", True),
        ("VACUUM lamps", False),
        ("SELECTED", False),
    ],
)
def test_only_some_statements_have_a_plan(sql: str, is_so: bool) -> None:
    assert is_explicable(sql) is is_so


def test_who_asked_is_not_part_of_the_statement() -> None:
    assert without_comments("/*traceparent='00-1-2-01',route='%2F'*/ SELECT 1") == "SELECT 1"
