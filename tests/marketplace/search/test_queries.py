"""What somebody may be about to type."""

import pytest

from tests.conftest import CountStatements
from tests.making import a_listing
from threadly.core.database import Database, Tx
from threadly.marketplace import catalog, search
from threadly.marketplace.search import SearchTerm, Suggestions

TERMS = [
    ("brand", "levis", "levis", "Levi's", 30),
    ("brand", "levete room", "levete-room", "Levete Room", 3),
    ("category", "рокли", "women/dresses", "Рокли, Жени", 12),
]


@pytest.fixture
async def shop(db: Database) -> Database:
    """Some terms, and some listings."""

    async def fill(tx: Tx) -> None:
        for kind, term, target, label, listings in TERMS:
            tx.add(SearchTerm(kind=kind, term=term, target=target, label=label, listings=listings))

    await db.run(fill)
    await a_listing(db, title="Levi's 501 jeans, blue")
    await a_listing(db, title="Été dress", description="Goes with jeans of any colour.")
    return db


async def suggested(db: Database, text: str) -> Suggestions:
    """What is suggested for a text."""
    async with db.read() as read:
        return await search.suggestions(read, text)


async def test_brands_and_listings_are_suggested_from_their_first_letters(shop: Database) -> None:
    found = await suggested(shop, "LEV")

    assert [brand.name for brand in found.brands] == ["Levi's", "Levete Room"]
    assert [listing.title for listing in found.listings] == ["Levi's 501 jeans, blue"]
    assert found.categories == ()


@pytest.mark.parametrize("text", ["levi's", "Levi’s ", "levis 501 je", "ete d", "ÉTÉ"])
async def test_accents_and_apostrophes_are_left_to_taste(shop: Database, text: str) -> None:
    assert len((await suggested(shop, text)).listings) == 1


async def test_cyrillic_is_suggested_too(shop: Database) -> None:
    assert [category.path for category in (await suggested(shop, "рок")).categories] == ["women/dresses"]


async def test_a_listing_is_suggested_for_its_title_only(shop: Database) -> None:
    assert [listing.title for listing in (await suggested(shop, "jeans")).listings] == ["Levi's 501 jeans, blue"]


@pytest.mark.parametrize("text", ["", "  ", "!!!", "\U0001f457", "%", "_", "\0", "x" * 10_000, "\u202e"])
async def test_what_cannot_be_looked_for_suggests_nothing(shop: Database, text: str) -> None:
    assert await suggested(shop, text) == Suggestions()


async def test_brands_are_those_of_the_catalogue_until_words_are_gathered(db: Database) -> None:
    await db.run(catalog.install)
    async with db.read() as read:
        shipped = await search.brands(read)
    await db.run(search.refresh)
    async with db.read() as read:
        gathered = await search.brands(read)

    assert "Levi's" in shipped
    assert {*shipped} == {*gathered}


async def test_suggestions_are_two_statements(shop: Database, count_statements: CountStatements) -> None:
    assert await count_statements(shop, suggested(shop, "lev")) == 2
