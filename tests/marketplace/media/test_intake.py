"""From an upload to files in the store, and a picture that its owner may use."""

import asyncio
from pathlib import Path

import pytest

from tests.making import a_member
from tests.photographs import a_jpeg, folder_of, opened
from threadly.core.database import Database
from threadly.marketplace import media
from threadly.marketplace.media import WIDTHS, PictureFiles, PictureUnknown, file_of
from threadly.wiring import Services


def stored(services: Services) -> set[str]:
    folder = folder_of(services)
    return {file.name for file in folder.iterdir()} if folder.exists() else set()


async def test_an_upload_becomes_three_files_and_a_picture_of_its_owner(installed: Services, db: Database) -> None:
    member = await a_member(db)

    kept = await installed.pictures.take(a_jpeg(2000, 1500))
    picture = await db.run(media.add, member.id, kept)

    assert stored(installed) == {file_of(picture.name, width) for width in WIDTHS}
    for width in WIDTHS:
        file = opened(await installed.pictures.store.get(file_of(picture.name, width)))
        assert (file.width, file.height) == (width, width * 3 // 4)
    assert (picture.width, picture.height) == (1280, 960)
    async with db.read() as read:
        assert await media.owned(read, [picture.id], member.id) == {picture.id}


async def test_the_same_picture_twice_is_one_picture_of_both_who_sent_it(installed: Services, db: Database) -> None:
    first, second = await a_member(db), await a_member(db)

    kept = [await installed.pictures.take(a_jpeg()) for _ in range(2)]
    pictures = [await db.run(media.add, member.id, one) for member, one in zip((first, second), kept, strict=True)]

    assert pictures[0].id == pictures[1].id
    assert len(stored(installed)) == len(WIDTHS)
    async with db.read() as read:
        for member in (first, second):
            assert await media.owned(read, [pictures[0].id], member.id) == {pictures[0].id}


async def test_two_who_send_the_same_bytes_at_the_same_time_both_get_their_way(
    installed: Services, db: Database
) -> None:
    members = [await a_member(db) for _ in range(4)]

    async def upload(member: media.Picture) -> media.Picture:
        return await db.run(media.add, member.id, await installed.pictures.take(a_jpeg(300, 200)))

    pictures = await asyncio.gather(*map(upload, members))  # type: ignore[arg-type]

    assert len({picture.id for picture in pictures}) == 1


async def test_a_file_on_disk_is_taken_like_bytes(installed: Services, tmp_path: Path) -> None:
    upload = tmp_path / "holiday.gif"  # what it is called does not count
    upload.write_bytes(a_jpeg(300, 200))

    assert await installed.pictures.take(upload) == await installed.pictures.take(a_jpeg(300, 200))


async def test_what_is_no_picture_leaves_nothing(installed: Services, db: Database) -> None:
    with pytest.raises(PictureUnknown):
        await installed.pictures.take(b"<svg xmlns='http://www.w3.org/2000/svg'/>")

    assert stored(installed) == set()
    async with db.read() as read:
        assert (await read.execute(PictureFiles.__table__.select())).all() == []
