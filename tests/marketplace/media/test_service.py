"""Notes, adds and shows pictures."""

import pytest
from sqlalchemy import func, select, update

from tests.making import a_member
from threadly.core.database import Database, Tx
from threadly.marketplace import media
from threadly.marketplace.media import Kept, Picture, PictureFiles, PicturesBusy
from threadly.marketplace.media.service import note
from threadly.marketplace.members import Member

KEPT = Kept(name="0123456789abcdef" * 2, width=1280, height=960, placeholder="data:image/webp;base64,AA")


async def _leave(tx: Tx) -> None:
    await tx.execute(update(PictureFiles).values(leaving_since=func.now()))


async def test_a_picture_cannot_be_added_before_its_files_were_noted(db: Database) -> None:
    member = await a_member(db)

    with pytest.raises(PicturesBusy):
        await db.run(media.add, member.id, KEPT)
    async with db.read() as read:
        assert await read.scalar(select(Picture.id)) is None


async def test_while_files_are_being_removed_they_can_neither_be_stored_nor_used(db: Database) -> None:
    member = await a_member(db)
    await db.run(note, KEPT.name)
    await db.run(_leave)

    with pytest.raises(PicturesBusy):
        await db.run(note, KEPT.name)
    with pytest.raises(PicturesBusy):
        await db.run(media.add, member.id, KEPT)


async def test_an_avatar_is_shown_for_its_member(db: Database) -> None:
    member, other = await a_member(db), await a_member(db)
    await db.run(note, KEPT.name)

    picture = await db.run(media.add_avatar, member.id, KEPT)

    async with db.read() as read:
        avatars = {row.id: row.avatar_id for row in await read.execute(select(Member.id, Member.avatar_id))}
    assert avatars == {member.id: picture.id, other.id: None}


async def test_an_avatar_is_taken_away_from_its_member_alone(db: Database) -> None:
    member, other = await a_member(db), await a_member(db)
    await db.run(note, KEPT.name)
    for each in (member, other):
        await db.run(media.add_avatar, each.id, KEPT)

    await db.run(media.remove_avatar, member.id)
    await db.run(media.remove_avatar, member.id)

    async with db.read() as read:
        avatars = {row.id: row.avatar_id for row in await read.execute(select(Member.id, Member.avatar_id))}
    assert avatars[member.id] is None
    assert avatars[other.id] is not None
