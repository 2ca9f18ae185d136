"""The copy on which things are tried: bounded, seen by nobody, gone in any case."""

import asyncio
from time import monotonic
from typing import Any

import pytest

from tests.core.database.jobs.shop import eventually
from tests.core.database.looking.lamps import ROWS, ask, do, of
from threadly.core.database import Database
from threadly.core.database.looking import advise, scratch


async def test_of_large_tables_some_pages_are_copied(shop: Database) -> None:
    await do(shop, "SELECT count(*) FROM lamps WHERE name = 'lamp 7'", times=20)
    found = await advise(shop, most_rows=ROWS // 2)
    assert 500 + ROWS // 5 <= found.rows_copied < 500 + ROWS
    (advice,) = of(found, "index-missing")
    assert advice.measured["rows"] == ROWS
    assert advice.measured["rows_tried"] < ROWS


async def test_who_may_not_make_temporary_tables_hears_why_nothing_was_tried(shop: Database) -> None:
    name = await ask(shop, "SELECT current_database()")
    await do(shop, f"REVOKE TEMPORARY ON DATABASE {name} FROM PUBLIC, CURRENT_USER")
    found = await advise(shop)
    assert found.not_tried is not None
    assert found.not_tried.startswith("42501")
    assert (found.tables_copied, of(found, "foreign-key-unindexed")) == (0, [])


async def test_one_that_is_given_up_in_the_middle_leaves_nothing_behind(shop: Database) -> None:
    before = await ask(shop, "SELECT count(*) FROM pg_class")
    advising = asyncio.create_task(advise(shop))
    here = "database = (SELECT oid FROM pg_database WHERE datname = current_database())"
    locks = f"SELECT count(*) FROM pg_locks WHERE {here} AND mode = 'AccessExclusiveLock'"
    while not await ask(shop, locks):
        assert not advising.done(), "it copies"
    advising.cancel()
    await asyncio.gather(advising, return_exceptions=True)

    async def nothing_is_left() -> bool:
        return bool(await ask(shop, "SELECT count(*) FROM pg_class") == before)

    await eventually(nothing_is_left)


async def test_of_few_rows_with_large_values_only_some_are_copied(
    shop: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scratch, "_MOST_BYTES", 1 << 20)
    await do(
        shop,
        "CREATE TABLE pictures (id int PRIMARY KEY, content text)",
        "ALTER TABLE pictures ALTER COLUMN content SET STORAGE EXTERNAL",
        "INSERT INTO pictures SELECT n, repeat('picture', 8000) FROM generate_series(1, 200) AS n",
        "ANALYZE pictures",
    )
    async with shop.engine.connect() as connection:
        driver: Any = (await connection.get_raw_connection()).driver_connection
        async with scratch.scratch(driver, most_rows=20_000, ends_at=monotonic() + 600) as copies:
            (pictures,) = [copy for copy in copies if copy.plain == "pictures"]
            size = await driver.fetchval("SELECT pg_table_size('pg_temp.pictures')")
    assert pictures.rows == 200
    assert pictures.copied_rows <= 38  # of 11 MiB one and a little more, or twice as much by chance
    assert size < 3 << 20
