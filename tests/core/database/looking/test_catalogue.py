"""What PostgreSQL keeps of its tables and indexes says what should be otherwise."""

from datetime import timedelta

import pytest

from tests.core.database.looking.lamps import do, of
from threadly.core.database import Database
from threadly.core.database.looking import advise

AT_ONCE = timedelta(0)


async def test_an_index_that_others_make_needless_is_named_with_the_other(shop: Database) -> None:
    await do(
        shop,
        "CREATE INDEX by_price ON lamps (price)",
        "CREATE INDEX by_price_and_status ON lamps (price, status)",
        "CREATE INDEX by_status ON lamps (status)",
        "CREATE INDEX by_status_again ON lamps (status)",
        "CREATE UNIQUE INDEX alone ON lamps (id, price)",
        "CREATE INDEX by_price_down ON lamps (price DESC)",
        "CREATE INDEX by_price_of_some ON lamps (price) WHERE status = 'on'",
        "CREATE INDEX by_price_hashed ON lamps USING hash (price)",
    )
    found = of(await advise(shop, most_rows=0), "index-redundant")
    assert {(advice.about, advice.measured["instead"]) for advice in found} == {
        ("by_price", "by_price_and_status"),
        ("by_status", "by_status_again"),
    }
    assert {advice.do for advice in found} == {
        "DROP INDEX CONCURRENTLY by_price",
        "DROP INDEX CONCURRENTLY by_status",
    }
    assert all(advice.measured["bytes"] > 0 for advice in found)


async def test_an_index_is_unused_only_if_nobody_looked_into_it_for_long_enough(shop: Database) -> None:
    await do(shop, "CREATE INDEX by_name ON lamps (name)", "CREATE INDEX by_price ON lamps (price)")
    await do(shop, "SELECT count(*) FROM lamps WHERE name = 'lamp 7'")
    found = await advise(shop, most_rows=0, seasoned=AT_ONCE)
    assert [advice.do for advice in of(found, "index-unused")] == ["DROP INDEX CONCURRENTLY by_price"]
    assert f"since {found.since:%Y-%m-%d}" in of(found, "index-unused")[0].why

    found = await advise(shop, most_rows=0)
    assert (found.is_seasoned, of(found, "index-unused")) == (False, [])


async def test_an_index_that_was_never_finished_is_to_be_built_anew(shop: Database) -> None:
    with pytest.raises(Exception, match="could not create unique index"):
        await do(shop, "CREATE UNIQUE INDEX CONCURRENTLY one_price ON lamps (price)")
    (advice,) = of(await advise(shop, most_rows=0), "index-invalid")
    assert (advice.about, advice.do) == ("one_price", "REINDEX INDEX CONCURRENTLY one_price")


async def test_tables_that_nobody_has_counted_and_numbers_that_run_out_are_told(shop: Database) -> None:
    await do(
        shop,
        "CREATE TABLE chairs (id int GENERATED ALWAYS AS IDENTITY)",
        "ALTER TABLE chairs ALTER COLUMN id RESTART WITH 2000000000",
        "INSERT INTO chairs SELECT FROM generate_series(1, 100)",
    )
    found = await advise(shop, most_rows=0)
    assert [advice.do for advice in of(found, "never-analysed")] == ["ANALYZE chairs"]
    (advice,) = of(found, "sequence-near-end")
    assert advice.about == "chairs_id_seq"
    assert advice.measured["percent"] == pytest.approx(93.1)
    assert "ALTER TABLE chairs ALTER COLUMN id TYPE bigint" in advice.do
    await do(shop, *advice.do.split("; "), "ANALYZE chairs")
    found = await advise(shop, most_rows=0)
    assert of(found, "never-analysed") + of(found, "sequence-near-end") == []
