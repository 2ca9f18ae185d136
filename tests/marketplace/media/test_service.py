"""Notes, adds and shows pictures."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from tests.making import a_listing, a_member
from threadly.core.database import Database, Tx
from threadly.marketplace import media
from threadly.marketplace.listings import ListingPicture
from threadly.marketplace.media import Kept, Picture, PictureFiles, PicturesBusy, PicturesUnused
from threadly.marketplace.media.policy import MOST_UNUSED
from threadly.marketplace.media.removal import uses
from threadly.marketplace.media.service import note, note_by
from threadly.marketplace.members import Member
from threadly.tables import metadata

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


USED = uses(metadata)


def name(number: int) -> str:
    """Of a picture."""
    return f"{number:032x}"


async def test_who_stores_ever_more_and_uses_none_is_told_to_wait(db: Database) -> None:
    member, other = await a_member(db), await a_member(db)
    for number in range(MOST_UNUSED - 1):
        await db.run(note_by, member.id, name(number), used=USED)

    at_once = await asyncio.gather(
        *(db.run(note_by, member.id, name(1000 + number), used=USED) for number in range(5)), return_exceptions=True
    )

    assert sorted(type(each).__name__ for each in at_once) == ["NoneType", *["PicturesUnused"] * 4]
    async with db.read() as read:
        assert await read.scalar(select(func.count()).select_from(PictureFiles)) == MOST_UNUSED
    await db.run(note_by, member.id, name(0), used=USED)  # which is there already
    await db.run(note_by, other.id, name(2000), used=USED)


async def test_pictures_that_are_shown_or_of_another_day_do_not_count(db: Database) -> None:
    member = await a_member(db)
    listing = await a_listing(db, seller_id=member.id, pictures=0)

    async def shown(tx: Tx, number: int) -> None:
        kept = Kept(name=name(number), width=1280, height=960, placeholder=KEPT.placeholder)
        picture = await media.add(tx, member.id, kept)
        tx.add(ListingPicture(listing_id=listing.id, position=number, picture_id=picture.id, alt=""))

    async def yesterday(tx: Tx) -> None:
        await tx.execute(update(PictureFiles).values(noted_at=PictureFiles.noted_at - timedelta(days=1)))

    for number in range(MOST_UNUSED):
        await db.run(note_by, member.id, name(number), used=USED)
    with pytest.raises(PicturesUnused) as refusal:
        await db.run(note_by, member.id, name(1000), used=USED)
    assert refusal.value.facts == {"most": MOST_UNUSED}

    await db.run(shown, 1)
    await db.run(note_by, member.id, name(1000), used=USED)
    with pytest.raises(PicturesUnused):
        await db.run(note_by, member.id, name(1001), used=USED)
    await db.run(yesterday)
    await db.run(note_by, member.id, name(1001), used=USED)
