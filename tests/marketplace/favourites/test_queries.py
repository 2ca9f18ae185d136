"""Whose heart is where."""

from uuid import uuid4

from tests.conftest import CountStatements
from tests.making import a_listing, a_member
from threadly.core.database import Database
from threadly.marketplace import favourites


async def test_a_member_s_hearts_are_told_from_others_in_one_statement(
    db: Database, count_statements: CountStatements
) -> None:
    mine, theirs, nobodys = [await a_listing(db) for _ in range(3)]
    me, they = await a_member(db), await a_member(db)
    await db.run(favourites.add, member_id=me.id, listing_id=mine.id)
    await db.run(favourites.add, member_id=they.id, listing_id=theirs.id)
    found: list[frozenset[object]] = []

    async def look() -> None:
        async with db.read() as read:
            ids = [mine.id, theirs.id, nobodys.id, *(uuid4() for _ in range(97))]
            found.append(frozenset(await favourites.mine(read, me.id, ids)))

    assert await count_statements(db, look()) == 1
    assert found == [frozenset([mine.id])]


async def test_nothing_is_asked_about_no_listings(db: Database, count_statements: CountStatements) -> None:
    async def look() -> None:
        async with db.read() as read:
            assert await favourites.mine(read, uuid4(), []) == frozenset()

    assert await count_statements(db, look()) == 0
