"""What searches need is kept true: words, documents, the language."""

from typing import Any

import pytest
from sqlalchemy import select, update

from tests.making import a_brand, a_listing
from threadly.core.database import Database, Tx
from threadly.marketplace import catalog, search
from threadly.marketplace.catalog import Brand
from threadly.marketplace.listings import Listing, ListingStatus
from threadly.marketplace.search import SearchTerm
from threadly.marketplace.search.service import BATCH


async def terms(db: Database, kind: str) -> dict[str, str]:
    """What is compared, and what it stands for."""
    async with db.read() as read:
        rows = await read.execute(select(SearchTerm.term, SearchTerm.target).where(SearchTerm.kind == kind))
        return {row.term: row.target for row in rows}


async def documents(db: Database) -> list[str]:
    """Of all listings."""
    async with db.read() as read:
        return [document for (document,) in await read.execute(select(Listing.document).order_by(Listing.id))]


@pytest.fixture
async def shop(db: Database) -> Database:
    """Some listings, and the words that they bring."""
    levis, face = await a_brand(db, "Levi's", slug="levis"), await a_brand(db, "The North Face", slug="north-face")
    for number in range(3):
        await a_listing(db, title=f"Denim jacket {number}", brand_id=levis.id)
        await a_listing(db, title="Лятна рокля", category="women/clothing/summer-dresses", brand_id=face.id)
    await a_listing(db, title="Unique thing", status=ListingStatus.DRAFT, published_at=None)
    await db.run(search.refresh)
    return db


async def test_words_come_from_titles_and_names(shop: Database) -> None:
    words = await terms(shop, "word")

    assert {"denim", "jacket", "levis", "north", "face", "summer", "dresses", "лятна"} <= words.keys()
    assert (words["roklya"], words["рокля"]) == ("рокля", "рокля")
    assert not {"unique", "thing"} & words.keys()


async def test_names_begin_at_each_of_their_words(shop: Database) -> None:
    assert {"levis": "levis", "the north face": "north-face", "face": "north-face"}.items() <= (
        await terms(shop, "brand")
    ).items()
    assert (await terms(shop, "category"))["dresses"] == "women/clothing/summer-dresses"


async def test_brands_are_those_of_the_catalogue_and_those_that_somebody_sells(db: Database) -> None:
    await db.run(catalog.install)
    sold, levis = await db.run(catalog.brand_named, "Nobody Yet"), await db.run(catalog.brand_named, "Levi's")
    await db.run(catalog.brand_named, "Half a na")
    for brand_id in (sold, levis, sold):
        await a_listing(db, brand_id=brand_id)
    await db.run(search.refresh)

    async with db.read() as read:
        offered = await search.brands(read)

    assert offered[:3] == ("Nobody Yet", "Levi's", "7 For All Mankind")
    assert "half a na" not in await terms(db, "brand")


async def test_gathering_words_again_changes_nothing(shop: Database) -> None:
    before = await terms(shop, "word")
    await shop.run(search.refresh)
    assert await terms(shop, "word") == before


async def test_documents_follow_a_name_that_has_changed_and_only_where_it_stands(shop: Database) -> None:
    before = await documents(shop)

    async def rename(tx: Tx) -> None:
        await tx.execute(update(Brand).where(Brand.slug == "levis").values(name="Lee"))

    await shop.run(rename)
    last = await shop.run(search.rewrite)
    assert last is not None
    assert await shop.run(search.rewrite, after=last) is None

    after = await documents(shop)
    assert sum(old != new for old, new in zip(before, after, strict=True)) == 3
    assert sum("'lee'" in document for document in after) == 3
    assert len(after) < BATCH


async def test_a_language_is_set_once_and_listings_are_read_in_it(db: Database, owner: Database) -> None:
    await a_listing(db, title="Kleider und Jacken", description="Wenig getragen, aus gutem Hause.")

    assert [await owner.run(search.speak, language) for language in ("en", "de", "de", "bg", "xx", "en")] == [
        False, True, False, True, False, True,
    ]  # fmt: skip
    await owner.run(search.speak, "de")
    await db.run(search.rewrite)
    (document,) = await documents(db)
    assert "'kleid'" in document
    assert "'und'" not in document


async def test_the_database_writes_the_document_whoever_writes_the_row(db: Database) -> None:
    listing = await a_listing(db, title="Denim jacket")

    async def retitle(tx: Tx, /, **values: Any) -> None:  # noqa: ANN401
        await tx.execute(update(Listing).where(Listing.id == listing.id).values(**values))

    await db.run(retitle, title="Wool coat", document="'nonsense'")
    assert "'wool'" in (await documents(db))[0]
    await db.run(retitle, status=ListingStatus.DRAFT, published_at=None)
    assert "'wool'" in (await documents(db))[0]
