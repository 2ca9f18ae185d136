"""What a database says of itself."""

import asyncio

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from tests.conftest import cloned, database_settings
from tests.core.database.jobs.shop import eventually
from tests.core.database.looking.lamps import ROWS, do
from tests.engines import EngineUrls
from threadly.core.database import Database
from threadly.core.database.looking import statistics
from threadly.core.database.slow import fingerprint


async def test_tables_are_told_with_their_size_and_their_dead(shop: Database) -> None:
    await do(shop, "DELETE FROM lamps WHERE id % 10 = 0", "ANALYZE lamps")
    found = await statistics(shop)
    largest = found.tables[0]
    assert (largest.name, largest.rows, largest.dead_rows) == ("lamps", ROWS * 9 // 10, ROWS // 10)
    assert largest.bytes > largest.index_bytes > 0
    assert largest.analysed_at is not None
    assert found.bytes > largest.bytes
    assert found.since is not None
    assert len((await statistics(shop, most=1)).tables) == 1


async def test_statements_are_told_by_their_time_without_values_and_found_again_in_the_log(shop: Database) -> None:
    asked = "SELECT count(*) FROM lamps WHERE name = 'anna@example.org'"
    await do(shop, asked, times=7)
    found = await statistics(shop, most=1000)
    assert found.statements is not None
    (told,) = (each for each in found.statements if "FROM lamps WHERE name" in each.statement)
    assert (told.calls, told.rows, told.fingerprint) == (7, 7, fingerprint(asked))
    assert told.statement == "SELECT count(*) FROM lamps WHERE name = $1"
    assert told.mean_ms > 0
    assert sum(each.percent for each in found.statements) == pytest.approx(100, abs=5)
    assert "anna" not in repr(found)


async def test_where_nobody_counts_statements_it_says_so_and_tells_the_rest(engine_urls: EngineUrls) -> None:
    async with cloned(engine_urls.database_url, "template0") as url:
        db = Database(database_settings(url))
        found = await statistics(db)
        await db.close()
    assert found.statements is None
    assert found.no_statements == "pg_stat_statements is not there: CREATE EXTENSION pg_stat_statements"
    assert found.connections >= 1


async def test_who_waits_for_a_lock_is_told_with_who_has_it(shop: Database) -> None:
    async with shop.engine.connect() as holding, shop.engine.connect() as waiting:
        holder = await holding.scalar(text("SELECT pg_backend_pid()"))
        waiter = await waiting.scalar(text("SELECT pg_backend_pid()"))
        await holding.execute(text("LOCK TABLE lamps"))
        asking = asyncio.create_task(waiting.execute(text("SELECT 1 FROM lamps WHERE name = 'anna'")))

        async def it_waits() -> bool:
            return bool((await statistics(shop)).waiting)

        await eventually(it_waits)
        found = await statistics(shop)
        await holding.rollback()
        await asking
    (told,) = found.waiting
    assert (told.pid, told.blocked_by, told.application) == (waiter, [holder], "threadly")
    assert told.statement == "SELECT ? FROM lamps WHERE name = ?"
    assert found.longest_transaction is not None
    assert found.longest_transaction.pid == holder
    assert found.longest_transaction.seconds > 0
    states = {each.state: each.connections for each in found.connected}
    assert (states["idle in transaction"], states["active"]) == (1, 1)


async def test_nobody_is_told_of_where_nobody_is(shop: Database) -> None:
    await shop.engine.dispose()

    async def all_are_gone() -> bool:
        return not (await statistics(shop)).connected

    await eventually(all_are_gone)
    found = await statistics(shop)
    assert (found.longest_transaction, found.waiting) == (None, [])


async def test_a_slot_that_nobody_uses_is_told_with_what_is_kept_for_it(
    shop: Database, engine_urls: EngineUrls
) -> None:
    administrator = Database(database_settings(engine_urls.administrator_url))
    await do(administrator, "SELECT pg_create_physical_replication_slot('lamps_slot', true)")
    try:
        (slot,) = (each for each in (await statistics(shop)).slots if each.name == "lamps_slot")
    finally:
        await do(administrator, "SELECT pg_drop_replication_slot('lamps_slot')")
        await administrator.close()
    assert (slot.is_active, slot.status) == (False, "reserved")
    assert slot.kept_bytes is not None
    assert slot.kept_bytes >= 0


async def test_it_changes_nothing(shop: Database, empty_database_url: str) -> None:
    settings = database_settings(empty_database_url)
    looking = Database(settings, server_settings={"default_transaction_read_only": "on"})
    with pytest.raises(DBAPIError, match="read-only transaction"):
        await do(looking, "DELETE FROM lamps")
    assert (await statistics(looking)).tables
    await looking.close()
