"""Who is looking."""

from uuid import uuid4

from tests.conftest import CountStatements
from tests.making import a_member, a_picture
from threadly.core.database import Database
from threadly.marketplace.storefront import Photo, Visitor, visitor


async def test_a_member_is_shown_with_their_picture(db: Database, count_statements: CountStatements) -> None:
    picture = await a_picture(db)
    member = await a_member(db, username="mila", display_name="Mila", avatar_id=picture.id)
    plain = await a_member(db)
    async with db.read() as read:
        assert await visitor(read, member.id) == Visitor(
            id=member.id,
            username="mila",
            display_name="Mila",
            avatar=Photo(name=picture.name, width=1280, height=1600, placeholder=picture.placeholder, alt="Mila"),
        )
        found = await visitor(read, plain.id)
        assert found is not None
        assert found.avatar is None
        assert await visitor(read, uuid4()) is None
        assert await count_statements(db, visitor(read, member.id)) == 1
