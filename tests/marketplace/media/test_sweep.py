"""The clean-up takes what has had its day, and nothing else, whoever works beside it."""

import asyncio
import time
from contextlib import suppress
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import func, select

from tests.making import a_listing, a_member
from tests.marketplace.media.sweeping import a_day_passes, files, files_of, sweep
from tests.photographs import a_jpeg
from threadly.core.database import Database, DatabaseContended, Tx
from threadly.marketplace import listings, media
from threadly.marketplace.listings import ListingPicture
from threadly.marketplace.media import Picture, PictureFiles, file_of
from threadly.marketplace.media.removal import claim_forgotten, forget
from threadly.wiring import Services

ENOUGH = 20


async def uploaded(services: Services, owner_id: UUID, width: int = 200) -> Picture:
    return await services.db.run(media.add, owner_id, await services.pictures.take(a_jpeg(width, 100)))


async def pictures(db: Database) -> set[UUID]:
    async with db.read() as read:
        return set((await read.execute(select(Picture.id))).scalars())


async def _show(tx: Tx, listing_id: UUID, picture_id: UUID) -> None:
    tx.add(ListingPicture(listing_id=listing_id, position=9, picture_id=picture_id, alt=""))


async def test_a_picture_goes_a_day_after_it_was_uploaded_for_nothing(installed: Services, db: Database) -> None:
    member = await a_member(db)
    picture = await uploaded(installed, member.id)
    await sweep(installed)
    assert files(installed) == files_of(picture.name)

    await a_day_passes(installed)
    await sweep(installed)
    await sweep(installed)

    assert (await pictures(db), files(installed)) == (set(), set())
    async with db.read() as read:
        assert await read.scalar(select(func.count()).select_from(PictureFiles)) == 0
        assert await media.owned(read, [picture.id], member.id) == frozenset()


async def test_what_a_listing_or_a_member_shows_stays(installed: Services, db: Database) -> None:
    member = await a_member(db)
    shown = await uploaded(installed, member.id)
    listing = await a_listing(db, seller_id=member.id, pictures=0)
    await db.run(_show, listing.id, shown.id)
    avatar = await db.run(media.add_avatar, member.id, await installed.pictures.take(a_jpeg(90, 90)))

    for _ in range(2):
        await a_day_passes(installed)
        await sweep(installed)

    assert await pictures(db) == {shown.id, avatar.id}
    assert files(installed) == files_of(shown.name, avatar.name)


async def test_a_picture_that_is_no_longer_shown_has_a_day_from_then(installed: Services, db: Database) -> None:
    member = await a_member(db)
    old = await db.run(media.add_avatar, member.id, await installed.pictures.take(a_jpeg(90, 90)))
    await a_day_passes(installed)
    await sweep(installed)
    new = await db.run(media.add_avatar, member.id, await installed.pictures.take(a_jpeg(91, 90)))
    await sweep(installed)
    assert await pictures(db) == {old.id, new.id}

    await a_day_passes(installed)
    await sweep(installed)

    assert await pictures(db) == {new.id}
    assert files(installed) == files_of(new.name)


async def test_files_of_an_upload_that_never_ended_go_after_a_day(installed: Services, db: Database) -> None:
    kept = await installed.pictures.take(a_jpeg(200, 100))
    await sweep(installed)
    assert files(installed) == files_of(kept.name)

    await a_day_passes(installed)
    await sweep(installed)
    assert files(installed) == set()

    with pytest.raises(media.PicturesBusy):  # what was kept is no more
        await db.run(media.add, (await a_member(db)).id, kept)


async def test_files_that_nobody_knows_go_after_a_day_and_what_is_not_ours_stays(installed: Services) -> None:
    store = installed.pictures.store
    stray = "0123456789abcdef" * 2
    for file in (file_of(stray, 640), ".draft-left-by-a-crash", ".drawn.json", "notes.txt", "0123-640.webp"):
        await store.put(file, b"content")
    await a_day_passes(installed)
    young = file_of("f" * 32, 320)
    await store.put(young, b"content")
    await store.put(".draft-under-way", b"content")

    await sweep(installed)

    assert files(installed) == {young, ".draft-under-way", ".drawn.json", "notes.txt", "0123-640.webp"}


async def test_a_picture_without_a_note_keeps_its_files(installed: Services, db: Database) -> None:
    await a_listing(db)
    async with db.read() as read:
        names = set((await read.execute(select(Picture.name).join(ListingPicture))).scalars())
    for file in files_of(*names):
        await installed.pictures.store.put(file, b"content")
    await a_day_passes(installed)

    await sweep(installed)

    assert files(installed) == files_of(*names)


async def test_a_clean_up_that_was_killed_between_claim_and_deletion_is_finished_by_the_next(
    installed: Services, db: Database
) -> None:
    kept = await installed.pictures.take(a_jpeg(200, 100))
    await a_day_passes(installed)
    claimed, _ = await db.run(claim_forgotten, older_than=timedelta(hours=24), after="")
    assert claimed == [kept.name]
    await sweep(installed)
    assert files(installed) == files_of(kept.name)  # the claim is another's, who may still be at work

    await a_day_passes(installed)
    await sweep(installed)

    assert files(installed) == set()
    assert await installed.pictures.take(a_jpeg(200, 100)) == kept
    assert files(installed) == files_of(kept.name)


async def test_an_upload_waits_until_files_of_its_name_are_gone_and_then_stores_its_own(
    installed: Services, db: Database
) -> None:
    kept = await installed.pictures.take(a_jpeg(200, 100))
    await a_day_passes(installed)
    claimed, _ = await db.run(claim_forgotten, older_than=timedelta(hours=24), after="")

    again = asyncio.create_task(installed.pictures.take(a_jpeg(200, 100)))
    await asyncio.sleep(0.3)
    assert not again.done()
    await installed.pictures.store.delete(sorted(files_of(kept.name)))
    await db.run(forget, claimed)

    assert await again == kept
    assert files(installed) == files_of(kept.name)


async def test_beside_a_clean_up_that_never_rests_every_upload_keeps_its_files(
    installed: Services, db: Database
) -> None:
    """The same few pictures are uploaded, shown, dropped and aged over and over while three clean-ups run."""
    member = await a_member(db)
    listing = await a_listing(db, seller_id=member.id, pictures=0)
    processed = [await installed.pictures.process(a_jpeg(100 + number, 60)) for number in range(4)]
    until = time.monotonic() + 6
    broken: list[str] = []
    shown = 0

    def is_on() -> bool:
        """For six seconds; on a busy machine, until enough of them were shown."""
        now = time.monotonic()
        return now < until or (shown <= ENOUGH and now < until + 60)

    async def clean() -> None:
        while is_on():
            await sweep(installed)

    async def age() -> None:
        while is_on():
            with suppress(DatabaseContended):  # it may deadlock with both others, again and again
                await a_day_passes(installed, for_what_is_under_way=False)
            await asyncio.sleep(0.01)

    async def upload(number: int) -> None:
        nonlocal shown
        one = processed[number]
        while is_on():
            try:
                kept = await installed.pictures.keep(one)
                picture = await db.run(_use, kept, member.id, listing.id, number + 1)
            except media.PicturesBusy:
                continue
            missing = files_of(one.name) - files(installed)
            broken.extend(missing)
            assert picture is not None
            shown += 1
            await db.run(_unuse, listing.id, number + 1)

    async with asyncio.TaskGroup() as group:
        for _ in range(3):
            group.create_task(clean())
        group.create_task(age())
        for number in range(len(processed)):
            group.create_task(upload(number))

    assert broken == []
    assert shown > ENOUGH


async def test_beside_a_clean_up_what_is_restored_and_listed_anew_keeps_its_pictures(
    installed: Services, db: Database
) -> None:
    """Removed, listed anew, the copy removed, the first restored, over and over while two clean-ups run."""
    member = await a_member(db)
    for_sale = [await a_listing(db, seller_id=member.id, pictures=0) for _ in range(3)]
    until = time.monotonic() + 4
    rounds = 0
    broken: set[str] = set()

    async def clean() -> None:
        while time.monotonic() < until:
            await sweep(installed)
            await a_day_passes(installed, for_what_is_under_way=False)

    async def picture_of(number: int, id: UUID) -> media.Kept:
        while True:
            kept = await installed.pictures.take(a_jpeg(100 + number, 60))
            try:
                await db.run(_use, kept, member.id, id, 1)
            except media.PicturesBusy:
                continue  # a day passed before it was used: it is on its way out, and is sent again
            return kept

    async def sell(number: int, id: UUID) -> None:
        nonlocal rounds
        kept = await picture_of(number, id)
        while time.monotonic() < until:
            await db.run(listings.remove, seller_id=member.id, listing_id=id)
            copy = (await db.run(listings.relist, seller_id=member.id, listing_id=id)).id
            await db.run(listings.remove, seller_id=member.id, listing_id=copy)
            await db.run(listings.restore, seller_id=member.id, listing_id=id)
            broken.update(files_of(kept.name) - files(installed))
            async with db.read() as read:
                shown = select(ListingPicture.listing_id).join(Picture).where(Picture.name == kept.name)
                assert {id, copy} <= set((await read.execute(shown)).scalars())
            rounds += 1

    selling = asyncio.gather(*(sell(number, listing.id) for number, listing in enumerate(for_sale)))
    await asyncio.gather(clean(), clean(), selling)

    assert broken == set()
    assert rounds > 10


async def _use(tx: Tx, kept: media.Kept, owner_id: UUID, listing_id: UUID, position: int) -> UUID:
    picture = await media.add(tx, owner_id, kept)
    tx.add(ListingPicture(listing_id=listing_id, position=position, picture_id=picture.id, alt=""))
    return picture.id


async def _unuse(tx: Tx, listing_id: UUID, position: int) -> None:
    shown = await tx.get_one(ListingPicture, (listing_id, position))
    await tx.delete(shown)
