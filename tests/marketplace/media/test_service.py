"""Notes, adds and shows pictures."""

import asyncio
import random
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete, func, select, update

from tests.making import a_listing, a_member
from threadly.core.database import Database, Tx
from threadly.marketplace import media
from threadly.marketplace.listings import ListingPicture
from threadly.marketplace.media import (
    Kept,
    Picture,
    PictureBytesOfDayReached,
    PictureBytesReached,
    PictureFiles,
    PictureQuotaReached,
    PicturesBusy,
    PicturesOfDayReached,
    PicturesReached,
    PicturesUnused,
    Quotas,
)
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


ASKED: Any = {"size": 1000, "used": uses(metadata), "quotas": Quotas()}


def name(number: int) -> str:
    """Of a picture."""
    return f"{number:032x}"


async def test_who_stores_ever_more_and_uses_none_is_told_to_wait(db: Database) -> None:
    member, other = await a_member(db), await a_member(db)
    for number in range(MOST_UNUSED - 1):
        await db.run(note_by, member.id, name(number), **ASKED)

    at_once = await asyncio.gather(
        *(db.run(note_by, member.id, name(1000 + number), **ASKED) for number in range(5)), return_exceptions=True
    )

    assert sorted(type(each).__name__ for each in at_once) == ["NoneType", *["PicturesUnused"] * 4]
    async with db.read() as read:
        assert await read.scalar(select(func.count()).select_from(PictureFiles)) == MOST_UNUSED
    await db.run(note_by, member.id, name(0), **ASKED)  # which is there already
    await db.run(note_by, other.id, name(2000), **ASKED)


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
        await db.run(note_by, member.id, name(number), **ASKED)
    with pytest.raises(PicturesUnused) as refusal:
        await db.run(note_by, member.id, name(1000), **ASKED)
    assert refusal.value.facts == {"most": MOST_UNUSED}

    await db.run(shown, 1)
    await db.run(note_by, member.id, name(1000), **ASKED)
    with pytest.raises(PicturesUnused):
        await db.run(note_by, member.id, name(1001), **ASKED)
    await db.run(yesterday)
    await db.run(note_by, member.id, name(1001), **ASKED)


async def kept_of(db: Database, member: Member) -> tuple[int, int]:
    """Pictures that are counted for a member, and their bytes."""
    counted = select(func.count(), func.coalesce(func.sum(PictureFiles.bytes), 0))
    async with db.read() as read:
        pictures, size = (await read.execute(counted.where(PictureFiles.noted_by == member.id))).one()
    return pictures, size


@pytest.mark.parametrize(
    ("case", "quotas", "refusal", "status", "most"),
    [
        ("pictures a day", Quotas(pictures_a_day=2), PicturesOfDayReached, 429, 2),
        ("bytes a day", Quotas(bytes_a_day=2999), PictureBytesOfDayReached, 429, 2999),
        ("pictures in all", Quotas(pictures=2), PicturesReached, 409, 2),
        ("bytes in all", Quotas(bytes=2999), PictureBytesReached, 409, 2999),
    ],
)
async def test_a_member_keeps_no_more_than_a_member_may_and_hears_of_what(
    db: Database, case: str, quotas: Quotas, refusal: type[PictureQuotaReached], status: int, most: int
) -> None:
    member, other = await a_member(db), await a_member(db)
    asked = ASKED | {"quotas": quotas}
    for number in range(2):
        await db.run(note_by, member.id, name(number), **asked)

    with pytest.raises(refusal) as refused:
        await db.run(note_by, member.id, name(2), **asked)

    assert (refused.value.status, refused.value.facts) == (status, {"most": most}), case
    assert await kept_of(db, member) == (2, 2000)
    await db.run(note_by, member.id, name(1), **asked)  # which is there already
    await db.run(note_by, other.id, name(2), **asked)


async def test_quotas_of_a_day_end_with_it_and_those_in_all_with_the_pictures(db: Database) -> None:
    member = await a_member(db)

    async def yesterday(tx: Tx) -> None:
        await tx.execute(update(PictureFiles).values(noted_at=PictureFiles.noted_at - timedelta(days=1)))

    async def swept(tx: Tx) -> None:
        await tx.execute(delete(PictureFiles).where(PictureFiles.name == name(0)))

    asked = ASKED | {"quotas": Quotas(pictures_a_day=1, bytes_a_day=1000, pictures=2, bytes=2000)}
    await db.run(note_by, member.id, name(0), **asked)
    with pytest.raises(PicturesOfDayReached):
        await db.run(note_by, member.id, name(1), **asked)
    await db.run(yesterday)
    await db.run(note_by, member.id, name(1), **asked)
    await db.run(yesterday)
    with pytest.raises(PicturesReached):
        await db.run(note_by, member.id, name(2), **asked)
    await db.run(swept)
    await db.run(note_by, member.id, name(2), **asked)


@pytest.mark.parametrize("seed", range(4))
async def test_many_at_once_keep_together_no_more_than_one_after_another(db: Database, seed: int) -> None:
    chance = random.Random(seed)
    quotas = Quotas(pictures_a_day=chance.randint(3, 12), bytes_a_day=chance.randint(2000, 9000), bytes=8000)
    members = [await a_member(db) for _ in range(2)]
    sizes = [chance.randint(1, 2000) for _ in range(30)]

    async def send(number: int, size: int) -> None:
        asked = ASKED | {"size": size, "quotas": quotas}
        await db.run(note_by, members[number % 2].id, name(number), **asked)

    found = await asyncio.gather(*(send(*each) for each in enumerate(sizes)), return_exceptions=True)

    for own, member in enumerate(members):
        taken = [size for number, size in enumerate(sizes) if number % 2 == own and found[number] is None]
        assert await kept_of(db, member) == (len(taken), sum(taken))
        assert len(taken) <= quotas.pictures_a_day
        assert sum(taken) <= min(quotas.bytes_a_day, quotas.bytes)
    refused = [each for each in found if each is not None]
    assert refused
    assert all(isinstance(each, PictureQuotaReached) for each in refused)
