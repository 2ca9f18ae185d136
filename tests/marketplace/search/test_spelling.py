"""What was meant is known from the words that listings use."""

import pytest
from sqlalchemy import literal, true

from tests.making import a_brand, a_listing
from threadly.core.database import Database
from threadly.marketplace import search
from threadly.marketplace.search import Meant


@pytest.fixture
async def shop(db: Database) -> Database:
    """Some listings, and the words that they bring."""
    levis, face = await a_brand(db, "Levi's", slug="levis"), await a_brand(db, "The North Face", slug="north-face")
    for number in range(3):
        await a_listing(db, title=f"Denim jacket {number}", brand_id=levis.id)
        await a_listing(db, title="Лятна рокля", category="women/clothing/summer-dresses", brand_id=face.id)
    for _ in range(2):
        await a_listing(db, title="Denim café")
    await db.run(search.refresh)
    return db


async def meant(db: Database, text: str, *, near: bool = True) -> Meant:
    """What a text means."""
    query = search.parse(text)
    statement = search.Spelling().rows(near=true() if near else literal(value=False))
    async with db.read() as read:
        return search.meant(query, (await read.execute(statement, search.words_of(query))).all())


@pytest.mark.parametrize(
    ("typed", "better"),
    [
        ("levis jaket", "levis jacket"),
        ("Jakcet -red", "jacket -red"),
        ("roklia", "рокля"),
        ("рокла", "рокля"),
        ("northface", "north face"),
        ("roklya", "рокля"),
        ("levis jacket", None),
        ("CAFÉ", None),
        ("spacesuit", None),
        ("!!!", None),
        ("x" * 200, None),
        ("' & | ! ( ) %", None),
    ],
)
async def test_what_nobody_writes_is_read_as_what_many_do(shop: Database, typed: str, better: str | None) -> None:
    assert (await meant(shop, typed)).corrected == better


async def test_known_words_are_told_the_rarest_first_and_spelt_right(shop: Database) -> None:
    assert (await meant(shop, "denim jaket café spacesuit denim")).words == ("café", "jacket", "denim")
    assert (await meant(shop, "!!!")).words == ()


async def test_nothing_near_is_looked_for_where_it_is_not_wanted(shop: Database) -> None:
    assert await meant(shop, "denim jaket", near=False) == Meant(corrected=None, words=("denim",))
