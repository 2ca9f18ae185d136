"""Whole tables are read only where they are small."""

from typing import Any

from threadly.core.database import Database
from threadly.core.database.guard import scans, scans_for

SILENT = [
    "SELECT size FROM lamps WHERE id = $1::int",
    "SELECT id FROM shades WHERE id + 1 = $1::int",
    "SHOW work_mem",
]
NAMED = [
    "SELECT id FROM lamps WHERE size = $1::int",
    "UPDATE lamps SET size = $2::int WHERE size = $1::int",
    "SELECT (SELECT count(*) FROM lamps) FROM shades",
]


async def test_a_statement_that_reads_all_of_a_large_table_is_named(lamps: Database) -> None:
    async with lamps.engine.connect() as connection:
        driver: Any = (await connection.get_raw_connection()).driver_connection
        assert await scans(driver, SILENT) == []
        assert await scans(driver, [*SILENT, *NAMED]) == [f"reads all 20,000 rows of lamps: {sql}" for sql in NAMED]
        assert await scans(driver, NAMED, large=20_001) == []


async def test_a_statement_is_also_judged_by_the_values_that_it_is_asked_for(lamps: Database) -> None:
    asked = "SELECT size FROM lamps WHERE id < $1::int"
    async with lamps.engine.connect() as connection:
        driver: Any = (await connection.get_raw_connection()).driver_connection
        assert await scans(driver, [asked]) == []
        assert await scans_for(driver, [(asked, [5]), ("SHOW work_mem", [])]) == []
        assert await scans_for(driver, [(asked, [20_000])]) == [f"reads all 20,000 rows of lamps: {asked}"]
