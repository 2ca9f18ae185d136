"""What a list can be narrowed by is counted, and what is too much to count is estimated."""

import pytest

from tests.marketplace.storefront.searching import counts, search
from threadly.core.database import Database, Tx
from threadly.marketplace.storefront import PriceBand, Total


async def test_facets_count_what_each_choice_would_leave(six: Database) -> None:
    facets = (await search(six, "jacket")).facets

    assert counts(facets.categories) == {"men": 1, "women": 1}
    assert counts(facets.brands) == {"levis": 1, "only": 1}
    assert counts(facets.sizes) == {"letters.M": 1, "letters.L": 1}
    assert [(size.code, size.name) for size in facets.sizes] == [("letters.M", "M"), ("letters.L", "L")]
    assert counts(facets.colours) == {"red": 1, "blue": 1}
    assert counts(facets.conditions) == {"good": 2}
    assert facets.prices == (PriceBand(min_price_minor=10_00, max_price_minor=24_99, count=2),)
    assert facets.estimated == frozenset()


async def test_what_is_chosen_in_a_facet_leaves_its_own_counts_alone(six: Database) -> None:
    facets = (await search(six, brands=("levis",), colours=("red",))).facets

    assert counts(facets.brands) == {"levis": 0, "only": 2}
    assert counts(facets.colours) == {"red": 0, "blue": 2}
    assert counts(facets.sizes) == {}
    assert [value.code for value in facets.brands if value.is_selected] == ["levis"]
    assert [value.code for value in facets.colours if value.is_selected] == ["red"]


async def test_categories_are_counted_one_level_down(six: Database) -> None:
    assert counts((await search(six)).facets.categories) == {"men": 2, "women": 4}
    assert counts((await search(six, category="women")).facets.categories) == {"women/clothing": 3, "women/shoes": 1}
    assert (await search(six, category="women/shoes/boots")).facets.categories == ()


async def test_a_price_band_is_chosen_by_its_ends(six: Database) -> None:
    bands = (await search(six, min_price_minor=100_00, max_price_minor=199_99)).facets.prices

    assert bands == (
        PriceBand(min_price_minor=10_00, max_price_minor=24_99, count=5),
        PriceBand(min_price_minor=100_00, max_price_minor=199_99, count=1, is_selected=True),
    )


async def test_more_than_can_be_counted_is_estimated_and_said_so(six: Database, database_url: str) -> None:
    async def crowd(tx: Tx) -> None:
        connection = await (await tx.connection()).get_raw_connection()
        await connection.driver_connection.execute(CROWD)  # type: ignore[union-attr]

    await six.run(crowd)
    found = await search(six, "jacket", colours=("red",))

    assert found.total == Total(count=10_000, is_exact=False)
    assert found.facets.estimated == {"categories", "brands", "sizes", "colours", "conditions", "prices"}
    assert counts(found.facets.categories)["women"] == pytest.approx(20_000, rel=0.3)
    few = await search(six, "levis")
    assert (few.total, few.facets.estimated) == (Total(count=2, is_exact=True), frozenset())


CROWD = """
insert into listings (id, seller_id, department_id, group_id, category_id, brand_id, size_id, colour, condition, status,
                      title, description, price_minor, currency, created_at, updated_at, published_at)
select gen_random_uuid(), seller_id, department_id, group_id, category_id, brand_id, size_id, colour, condition, status,
       title, description, price_minor, currency, created_at, updated_at, published_at - i * interval '1 second'
from listings, generate_series(1, 20000) i where title = 'Rain jacket'
"""
