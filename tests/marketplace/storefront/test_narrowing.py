"""A narrowed list is complete and in order, whether its listings lie close together or far apart."""

from typing import Any

import pytest

from tests.making import THEN, a_brand, a_listing
from tests.marketplace.storefront.searching import CURSORS
from threadly.core.database import Database, Tx
from threadly.marketplace import storefront
from threadly.marketplace.storefront import Sort, Wanted
from threadly.marketplace.storefront.narrowing import WALK, given

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
            "text": "'dress'",
            "brands": ["levis", "x"],
            "brand_ids": [levis.id],
            "size_ids": [],
        }
