"""A narrowed list is complete and in order, whether its listings lie close together or far apart."""

from typing import Any

import pytest
from hypothesis import given as given_any
from hypothesis import settings
from hypothesis import strategies as st
from sqlalchemy import select

from tests.making import THEN, a_brand, a_listing
from tests.marketplace.storefront.searching import CURSORS
from threadly.core.database import Database, ReadSession, Tx
from threadly.marketplace import catalog, storefront
from threadly.marketplace.catalog import Condition
from threadly.marketplace.storefront import Sort, Wanted
from threadly.marketplace.storefront.lists import ORDERS
from threadly.marketplace.storefront.narrowing import LISTINGS, WALK, given, in_order, narrowing, shape_of

CROWD = f"""
insert into listings (id, seller_id, department_id, group_id, category_id, condition, status, title, description,
                      price_minor, currency, created_at, updated_at, published_at, favourites)
select gen_random_uuid(), seller_id, department_id, group_id, category_id, condition, status,
       case when i % 1000 = 500 then 'A rare thing' when i % 10 = 3 then 'A frequent thing' else title end, description,
       100 + i * 7919 % 20000, currency, created_at, updated_at, published_at - i / 3 * interval '1 second', i * 31 % 50
from listings, generate_series(1, {WALK * 5}) i
"""


@pytest.fixture
async def crowded(db: Database) -> Database:
    """Ten thousand things, of which ten are rare and a thousand frequent."""
    await a_listing(db, published_at=THEN)

    async def fill(tx: Tx) -> None:
        connection: Any = await (await tx.connection()).get_raw_connection()
        await connection.driver_connection.execute(CROWD)

    await db.run(fill)
    return db


@pytest.mark.parametrize("sort", Sort)
@pytest.mark.parametrize(("text", "expected"), [("rare", 10), ("frequent", 1000), ("thing -rare", 1000)])
async def test_every_page_of_a_narrowed_list_follows_the_one_before(
    crowded: Database, text: str, expected: int, sort: Sort
) -> None:
    keys: list[Any] = []
    after = None
    while True:
        async with crowded.read() as read:
            page = await storefront.cards(read, Wanted(text=text, sort=sort), CURSORS, after=after, limit=100)
        keys += [(card.price_minor if "price" in sort else card.published_at, card.id) for card in page.items]
        after = page.next
        if after is None:
            break

    assert len({id for _, id in keys}) == len(keys) == expected
    if sort not in {Sort.MOST_LOVED, Sort.RELEVANCE}:
        assert keys == sorted(keys, reverse=sort is not Sort.PRICE_ASC)


async def test_only_what_is_asked_becomes_a_parameter(db: Database) -> None:
    levis = await a_brand(db, "Levi's", slug="levis")
    async with db.read() as read:
        assert await given(read, Wanted()) == {}
        assert await given(read, Wanted(min_price_minor=0)) == {"lowest": 0}
        assert await given(read, Wanted(text="!!!", min_price_minor=0)) is None
        assert await given(read, Wanted(text="Dresses", brands=("levis", "x"))) == {
            "text": "'dresses'",
            "brands": ["levis", "x"],
            "brand_ids": [levis.id],
            "size_ids": [],
        }


SPREAD = """
insert into listings (id, seller_id, department_id, group_id, category_id, brand_id, condition, status, title,
                      description, price_minor, currency, created_at, updated_at, published_at, favourites)
select gen_random_uuid(), l.seller_id, l.department_id, l.group_id, l.category_id,
       case when i % 4 = 0 then l.brand_id end,
       (enum_range(null::condition))[1 + i % 5],
       (case when i % 9 = 0 then 'reserved' else 'available' end)::listing_status,
       case when i % 50 = 7 then 'A velvet thing' when i % 3 = 0 then 'A red thing' else 'A plain thing' end,
       l.description, 100 + i * 7919 % 9000, l.currency, l.created_at, l.updated_at,
       l.published_at - i / 2 * interval '1 second', i % 7
from listings l, generate_series(1, 1500) i
"""

WANTED = st.fixed_dictionaries(
    {
        "text": st.sampled_from(["", "thing", "red thing", "velvet", "-velvet", "unheard"]),
        "brands": st.sampled_from([(), ("levis",), ("levis", "none")]),
        "conditions": st.lists(st.sampled_from(Condition), max_size=2, unique=True).map(tuple),
        "min_price_minor": st.sampled_from([None, 30_00]),
        "sort": st.sampled_from([sort for sort in Sort if sort is not Sort.RELEVANCE]),
    }
)
PLACES = st.sampled_from([None, "women", "women/shoes", "men/shoes/boots"])


@pytest.fixture
async def spread(db: Database) -> Database:
    """Six thousand things in four leaves, some of a brand, some reserved, many of the same second."""
    levis = await a_brand(db, "Levi's", slug="levis")
    for leaf in ("women/clothing/dresses", "women/shoes/boots", "men/shoes/boots", "men/clothing/shirts"):
        await a_listing(db, category=leaf, brand_id=levis.id, published_at=THEN)

    async def fill(tx: Tx) -> None:
        connection: Any = await (await tx.connection()).get_raw_connection()
        await connection.driver_connection.execute(SPREAD)

    await db.run(fill)
    return db


async def test_a_narrowed_list_is_what_a_plain_look_at_every_listing_says(spread: Database) -> None:
    asked: list[tuple[dict[str, Any], str | None]] = []

    @settings(max_examples=40)
    @given_any(facts=WANTED, path=PLACES)
    def collect(facts: dict[str, Any], path: str | None) -> None:
        asked.append((facts, path))

    collect()
    async with spread.read() as read:
        for facts, path in asked:
            wanted = Wanted(category=(await catalog.named(read, path))[0], **facts)
            expected = await _plainly(read, wanted)
            found = await storefront.found(read, wanted, CURSORS, limit=100)
            assert [card.id for card in found.page.items] == [row.id for row in expected[:100]], wanted
            if found.total.is_exact:
                assert found.total.count == len(expected), wanted
                exact = {value.code: value.count for value in found.facets.conditions}
                if not wanted.conditions and "conditions" not in found.facets.estimated:
                    assert sum(exact.values()) == len(expected), wanted
            if found.page.next:
                after = await storefront.cards(read, wanted, CURSORS, after=found.page.next, limit=100)
                assert [card.id for card in after.items] == [row.id for row in expected[100:200]], wanted


async def _plainly(read: ReadSession, wanted: Wanted) -> list[Any]:
    """All of it, in order, by conditions alone."""
    parameters = await given(read, wanted)
    assert parameters is not None
    shape, order = shape_of(parameters), ORDERS[wanted.sort]
    level = wanted.category.depth if wanted.category else None
    columns = (LISTINGS.c[order.column], LISTINGS.c.id)
    everything = select(LISTINGS.c.id).where(*in_order(shape, level), *narrowing(LISTINGS.c, shape))
    everything = everything.order_by(*(column.desc() if order.is_descending else column for column in columns))
    return list(await read.execute(everything, parameters))
