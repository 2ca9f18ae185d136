"""Who may use which picture."""

from uuid import uuid4

from tests.making import a_member, a_picture
from threadly.core.database import Database
from threadly.marketplace import media


async def test_a_picture_is_owned_by_whoever_uploaded_it(db: Database) -> None:
    member, other = await a_member(db), await a_member(db)
    own, foreign, nobodys = [await a_picture(db, owner_id=owner) for owner in (member.id, other.id, None)]

    async with db.read() as read:
        assert await media.owned(read, [own.id, foreign.id, nobodys.id, uuid4()], member.id) == {own.id}
        assert await media.owned(read, [], member.id) == frozenset()
