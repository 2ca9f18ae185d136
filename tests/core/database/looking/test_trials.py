"""An index is advised when it was tried and helps."""

from tests.core.database.looking.lamps import ROWS, ask, do, of
from threadly.core.database import Database
from threadly.core.database.looking import advise

KIB = 1024


async def test_a_missing_index_is_really_tried_and_once_it_is_there_nobody_asks_for_it(shop: Database) -> None:
    await do(shop, "SELECT count(*) FROM lamps WHERE name = 'anna@example.org'", times=20)
    before = await ask(shop, "SELECT count(*) FROM pg_class")
    found = await advise(shop)
    (advice,) = of(found, "index-missing")
    assert advice.do == "CREATE INDEX CONCURRENTLY ix_lamps_name ON lamps (name)"
    assert advice.measured["cost_after"] < advice.measured["cost_before"] / 10
    assert (advice.measured["calls"], advice.measured["rows_tried"]) == (20, ROWS)
    assert advice.measured["bytes"] > 0
    assert "SELECT count(*) FROM lamps WHERE name = $1" in advice.why
    assert "anna" not in repr(found)
    assert found.indexes_tried >= 1
    assert await ask(shop, "SELECT count(*) FROM pg_class") == before  # the copy is gone, and so is what was tried

    await do(shop, advice.do)
    assert of(await advise(shop), "index-missing") == []


async def test_several_columns_and_the_order_are_tried_as_well(shop: Database) -> None:
    asked = "SELECT id FROM lamps WHERE maker_id = 7 AND status = 'off' ORDER BY price LIMIT 3"
    await do(shop, asked, times=10)
    (advice,) = of(await advise(shop), "index-missing")
    assert advice.do.startswith("CREATE INDEX CONCURRENTLY ix_lamps_maker_id")
    await do(shop, advice.do)
    assert of(await advise(shop), "index-missing") == []


async def test_a_statement_that_reads_little_needs_no_index_though_its_plan_does_not_know_why(shop: Database) -> None:
    await do(shop, "CREATE INDEX by_price_of_some ON lamps (price) WHERE status = 'on'", "VACUUM lamps")
    asked = "SELECT id FROM lamps WHERE status = 'on' AND price = 200"
    assert "by_price_of_some" in str(await ask(shop, f"EXPLAIN {asked}"))
    await do(shop, asked, times=10)
    assert of(await advise(shop), "index-missing") == []


async def test_small_tables_need_no_index(shop: Database) -> None:
    await do(shop, "SELECT count(*) FROM makers WHERE name = 'maker 7'", times=50)
    assert of(await advise(shop), "index-missing") == []
    assert [advice.about for advice in of(await advise(shop, fewest_rows=100), "index-missing")] == ["makers"]


async def test_a_foreign_key_without_an_index_is_tried_by_what_postgresql_asks_itself(shop: Database) -> None:
    (advice,) = of(await advise(shop), "foreign-key-unindexed")
    assert advice.about == "lamps: fk_maker"
    assert advice.do == "CREATE INDEX CONCURRENTLY ix_lamps_maker_id ON lamps (maker_id)"
    assert advice.measured["cost_after"] < advice.measured["cost_before"] / 2
    assert "none has gone there" in advice.why

    await do(shop, "CREATE INDEX of_some ON lamps (maker_id) WHERE price > 5")
    assert len(of(await advise(shop), "foreign-key-unindexed")) == 1
    await do(shop, "CREATE INDEX of_those_with_one ON lamps (maker_id, price) WHERE maker_id IS NOT NULL")
    assert of(await advise(shop), "foreign-key-unindexed") == []


async def test_what_is_empty_is_measured_by_writing_it_anew(shop: Database) -> None:
    await do(shop, "DELETE FROM lamps WHERE id % 10 <> 0", "VACUUM (ANALYZE) lamps")
    found = await advise(shop, least_bloat=64 * KIB)
    (table,), (index,) = of(found, "table-bloated"), of(found, "index-bloated")
    assert (table.about, table.do) == ("lamps", "VACUUM (FULL, ANALYZE) lamps")
    assert index.do == "REINDEX INDEX CONCURRENTLY lamps_pkey"
    assert table.measured["bytes"] > 5 * table.measured["bytes_anew"]
    assert of(await advise(shop), "table-bloated") == []  # so little is not worth a word

    await do(shop, table.do)
    found = await advise(shop, least_bloat=64 * KIB)
    assert of(found, "table-bloated") + of(found, "index-bloated") == []
