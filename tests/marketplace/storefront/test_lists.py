"""Pages of cards: complete, in order, without repeats, whatever the filter and however deep."""

from datetime import timedelta

import pytest

from tests.conftest import CountStatements
from tests.making import THEN, a_brand, a_category, a_listing, a_member
from threadly.core.database import CursorRejected, Cursors, Database
from threadly.core.keys import KeyRing
from threadly.marketplace import catalog, storefront
from threadly.marketplace.listings import ListingStatus
from threadly.marketplace.storefront import Card, Sort, Wanted

CURSORS = Cursors(KeyRing.of(b"c" * 32))


async def every_page(db: Database, wanted: Wanted, *, limit: int) -> list[Card]:
    """All cards of a list, page by page."""
    found: list[Card] = []
    after: str | None = None
    while True:
        async with db.read() as read:
            page = await storefront.cards(read, wanted, CURSORS, after=after, limit=limit)
        assert len(page.items) <= limit
        found += page.items
        if page.next is None:
            return found
        assert len(page.items) == limit
        after = page.next


async def place(db: Database, path: str) -> catalog.Place:
    """Where a category is."""
    async with db.read() as read:
        place, _ = await catalog.named(read, path)
    assert place is not None
    return place


@pytest.fixture
async def shop(db: Database) -> Database:
    """Twelve listings in three leaves, with equal times and equal prices among them."""
    seller = await a_member(db, username="mila", display_name="Мила É")
    leaves = ("women/clothing/dresses", "women/shoes/boots", "men/shoes/boots")
    for number in range(12):
        await a_listing(
            db,
            category=leaves[number % 3],
            seller_id=seller.id,
            title=f"Thing number {number // 3}",
            favourites=number // 3,
            price_minor=10_00 + 5_00 * (number // 4),
            published_at=THEN + timedelta(hours=number // 2),
        )
    return db


@pytest.mark.parametrize("limit", [1, 2, 5, 11, 12, 13])
@pytest.mark.parametrize("sort", Sort)
async def test_pages_give_everything_once_and_in_order(shop: Database, sort: Sort, limit: int) -> None:
    found = await every_page(shop, Wanted(sort=sort), limit=limit)

    loved = {Sort.PRICE_ASC: "price_minor", Sort.PRICE_DESC: "price_minor", Sort.MOST_LOVED: "title"}
    keys = [(getattr(card, loved.get(sort, "published_at")), card.id) for card in found]
    assert len(set(keys)) == 12
    assert keys == sorted(keys, reverse=sort is not Sort.PRICE_ASC)


@pytest.mark.parametrize(
    ("path", "expected"), [("women", 8), ("women/shoes", 4), ("women/clothing/dresses", 4), ("men/shoes/boots", 4)]
)
@pytest.mark.parametrize("sort", Sort)
async def test_a_category_holds_what_is_in_it_and_below(shop: Database, sort: Sort, path: str, expected: int) -> None:
    found = await every_page(shop, Wanted(category=await place(shop, path), sort=sort), limit=3)

    assert len({card.id for card in found}) == len(found) == expected


@pytest.mark.parametrize(
    ("case", "low", "high", "expected"),
    [
        ("both ends belong to the band", 10_00, 15_00, 8),
        ("a cent too high", 10_01, None, 8),
        ("a cent too low", None, 9_99, 0),
        ("one price", 20_00, 20_00, 4),
        ("upside down", 20_00, 10_00, 0),
    ],
)
async def test_a_price_band_includes_its_ends(
    shop: Database, case: str, low: int | None, high: int | None, expected: int
) -> None:
    found = await every_page(shop, Wanted(min_price_minor=low, max_price_minor=high, sort=Sort.PRICE_ASC), limit=5)

    assert len(found) == expected, case


async def test_only_what_is_for_sale_is_shown(db: Database) -> None:
    shown = await a_listing(db)
    await a_listing(db, status=ListingStatus.DRAFT, published_at=None)
    await a_listing(db, status=ListingStatus.RESERVED)
    await a_listing(db, status=ListingStatus.SOLD, sold_at=THEN)
    await a_listing(db, status=ListingStatus.REMOVED, removed_at=THEN)

    assert [card.id for card in await every_page(db, Wanted(), limit=10)] == [shown.id]


async def test_a_card_carries_its_seller_its_brand_and_its_first_picture(db: Database) -> None:
    seller, brand = await a_member(db, username="mila", display_name="Мила É"), await a_brand(db, "Levi's")
    await a_listing(db, seller_id=seller.id, brand_id=brand.id, pictures=3, price_minor=24_50)

    (card,) = await every_page(db, Wanted(), limit=10)
    assert (card.title, card.price_minor, card.currency, card.brand) == ("Linen summer dress", 24_50, "EUR", "Levi's")
    assert card.seller == storefront.Seller(id=seller.id, username="mila", display_name="Мила É")
    assert card.picture is not None
    assert card.picture.alt == "View 1"


async def test_a_listing_without_brand_size_and_picture_has_a_card_too(db: Database) -> None:
    await a_listing(db, pictures=0)

    (card,) = await every_page(db, Wanted(), limit=10)
    assert (card.brand, card.size, card.picture) == (None, None, None)


async def test_a_page_is_one_statement(shop: Database, count_statements: CountStatements) -> None:
    dresses = Wanted(category=await place(shop, "women/clothing/dresses"))

    assert await count_statements(shop, every_page(shop, dresses, limit=24)) == 1


@pytest.mark.parametrize(
    "other",
    [
        Wanted(sort=Sort.PRICE_DESC),
        Wanted(min_price_minor=1),
        Wanted(max_price_minor=1),
        Wanted(min_price_minor=1, sort=Sort.PRICE_ASC),
    ],
)
async def test_a_cursor_of_another_list_is_refused(shop: Database, other: Wanted) -> None:
    async with shop.read() as read:
        page = await storefront.cards(read, Wanted(), CURSORS, limit=5)
        with pytest.raises(CursorRejected):
            await storefront.cards(read, other, CURSORS, after=page.next, limit=5)


async def test_a_cursor_of_another_category_is_refused(shop: Database) -> None:
    women, men = await place(shop, "women"), await place(shop, "men")
    async with shop.read() as read:
        page = await storefront.cards(read, Wanted(category=women), CURSORS, limit=2)
        with pytest.raises(CursorRejected):
            await storefront.cards(read, Wanted(category=men), CURSORS, after=page.next, limit=2)


async def test_a_reader_between_pages_sees_nothing_twice_when_something_new_arrives(shop: Database) -> None:
    async with shop.read() as read:
        first = await storefront.cards(read, Wanted(), CURSORS, limit=6)
    await a_listing(shop, published_at=THEN + timedelta(days=1))
    async with shop.read() as read:
        second = await storefront.cards(read, Wanted(), CURSORS, after=first.next, limit=6)

    assert len({card.id for card in (*first.items, *second.items)}) == 12
    assert second.next is None


async def test_a_category_that_does_not_exist_is_named_in_the_refusal(db: Database) -> None:
    await a_category(db, "women/clothing/dresses")

    with pytest.raises(catalog.CategoryNotFound) as refusal:
        await place(db, "women/clothing/spacesuits")
    assert refusal.value.facts == {"category": "women/clothing/spacesuits"}
