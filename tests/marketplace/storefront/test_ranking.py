"""What fits best comes first, what is older than the ranked follows, and nothing comes twice."""

from datetime import timedelta
from typing import Any

import pytest

from tests.making import THEN, a_listing
from tests.marketplace.storefront.searching import CURSORS
from threadly.core.database import CursorRejected, Database, Tx
from threadly.marketplace import storefront
from threadly.marketplace.storefront import Sort, Wanted
from threadly.marketplace.storefront.ranking import STRETCH

CROWD = f"""
insert into listings (id, seller_id, department_id, group_id, category_id, condition, status, title, description,
                      price_minor, currency, created_at, updated_at, published_at)
select gen_random_uuid(), seller_id, department_id, group_id, category_id, condition, status,
       case when i % 1000 = 500 then 'A rare thing' when i % 40 = 3 then 'A frequent thing' else title end,
       case when i % 80 = 3 then 'It is frequent and rarely worn.' else description end,
       100, currency, created_at, updated_at, published_at - i / 3 * interval '1 second'
from listings, generate_series(1, {STRETCH + 2000}) i
"""
BEST = Wanted(text="frequent", sort=Sort.RELEVANCE)


@pytest.fixture
async def crowded(db: Database) -> Database:
    """Seven thousand things, of which 175 are frequent, and 125 of these lie in the window."""
    await a_listing(db, published_at=THEN)

    async def fill(tx: Tx) -> None:
        connection: Any = await (await tx.connection()).get_raw_connection()
        await connection.driver_connection.execute(CROWD)

    await db.run(fill)
    return db


async def every_page(db: Database, wanted: Wanted, limit: int) -> list[storefront.Card]:
    """All cards, page by page."""
    found: list[storefront.Card] = []
    after = None
    while True:
        async with db.read() as read:
            page = await storefront.cards(read, wanted, CURSORS, after=after, limit=limit)
        found += page.items
        after = page.next
        if after is None:
            return found
        assert len(page.items) == limit


async def test_a_title_counts_more_than_a_description(db: Database) -> None:
    best = await a_listing(db, title="Velvet dress", description="A dress of velvet.", published_at=THEN)
    good = await a_listing(db, title="Velvet thing", published_at=THEN + timedelta(days=1))
    fair = await a_listing(
        db, title="Red thing", description="Looks like velvet.", published_at=THEN + timedelta(days=2)
    )

    async with db.read() as read:
        page = await storefront.cards(read, Wanted(text="velvet", sort=Sort.RELEVANCE), CURSORS)
    assert [card.id for card in page.items] == [best.id, good.id, fair.id]


@pytest.mark.parametrize("limit", [24, 25, 100])
async def test_ranked_ones_come_first_and_all_others_once_behind_them(crowded: Database, limit: int) -> None:
    found = await every_page(crowded, BEST, limit)

    assert len({card.id for card in found}) == len(found) == 175
    assert min(card.published_at for card in found[:125]) > max(card.published_at for card in found[125:])
    behind = [(card.published_at, card.id) for card in found[125:]]
    assert behind == sorted(behind, reverse=True)


async def test_few_are_ranked_wherever_they_are(crowded: Database) -> None:
    assert len(await every_page(crowded, Wanted(text="rare", sort=Sort.RELEVANCE), 3)) > 7


async def test_what_comes_in_meanwhile_moves_nothing(crowded: Database) -> None:
    async with crowded.read() as read:
        first = await storefront.cards(read, BEST, CURSORS)
        rest = await storefront.cards(read, BEST, CURSORS, after=first.next, limit=100)
    await a_listing(crowded, title="A frequent frequent thing", published_at=THEN + timedelta(days=1))
    async with crowded.read() as read:
        again = await storefront.cards(read, BEST, CURSORS, after=first.next, limit=100)
    assert again.items == rest.items


async def test_a_cursor_of_another_list_is_refused(crowded: Database) -> None:
    async with crowded.read() as read:
        first = await storefront.cards(read, BEST, CURSORS)
        for other in (Wanted(text="frequent"), Wanted(text="thing", sort=Sort.RELEVANCE)):
            with pytest.raises(CursorRejected):
                await storefront.cards(read, other, CURSORS, after=first.next)
