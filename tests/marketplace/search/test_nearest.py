"""Where nothing is found there is somewhere to look on."""

import pytest

from tests.conftest import CountStatements
from tests.making import a_brand, a_category, a_listing
from threadly.core.database import Database
from threadly.marketplace import search


@pytest.fixture
async def shop(db: Database) -> Database:
    """Dresses and boots, jeans of one brand, and a category in which nothing is for sale."""
    levis = await a_brand(db, "Levi's", slug="levis")
    for _ in range(3):
        await a_listing(db, title="Silk gown", category="women/clothing/dresses")
    for category in ("women/shoes/boots", "men/shoes/boots", "men/shoes/boots"):
        await a_listing(db, title="Rain pair", category=category)
    for _ in range(2):
        await a_listing(db, title="Blue silk 501", brand_id=levis.id, category="men/clothing/jeans")
    await a_category(db, "home/kitchen/dressers")
    await db.run(search.refresh)
    return db


LARGEST = ["women/clothing/dresses", "men/clothing/jeans", "men/shoes/boots", "women/shoes/boots"]


@pytest.mark.parametrize(
    ("case", "words", "paths"),
    [
        ("called so", ["boots"], ["men/shoes/boots", "women/shoes/boots"]),
        ("called like that", ["dress"], ["women/clothing/dresses"]),
        ("by any of the words", ["silk", "boot"], ["men/shoes/boots", "women/shoes/boots"]),
        ("a group", ["shoe"], ["men/shoes", "women/shoes"]),
        ("where the brand is sold", ["levis"], ["men/clothing/jeans"]),
        ("where the first word is sold", ["silk", "rain"], ["women/clothing/dresses", "men/clothing/jeans"]),
        ("where most is sold", ["spacesuit"], LARGEST),
        ("without a word", [], LARGEST),
        ("without one that says anything", ["the"], LARGEST),
    ],
)
async def test_the_nearest_categories_are_those_alike_or_those_that_sell_it_or_the_largest(
    shop: Database, count_statements: CountStatements, case: str, words: list[str], paths: list[str]
) -> None:
    async def look() -> None:
        async with shop.read() as read:
            assert [category.path for category in await search.nearest(read, words)] == paths, case

    assert await count_statements(shop, look()) == 1


async def test_the_nearest_categories_have_their_names_with_those_above(shop: Database) -> None:
    async with shop.read() as read:
        assert [category.name for category in await search.nearest(read, ["levis"])] == ["Jeans, Clothing, Men"]


async def test_before_words_are_gathered_only_what_has_the_word_is_near(db: Database) -> None:
    await a_listing(db, title="Silk gown")
    async with db.read() as read:
        assert [category.name for category in await search.nearest(read, ["gown"])] == ["Dresses"]
        assert await search.nearest(read, ["spacesuit"]) == ()
