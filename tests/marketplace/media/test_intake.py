"""From an upload to files in the store, and a picture that its owner may use."""

import asyncio
from pathlib import Path

import pytest
from prometheus_client import REGISTRY
from sqlalchemy import select

from tests.making import a_member
from tests.marketplace.media.elsewhere import variables
from tests.marketplace.media.sweeping import a_day_passes, sweep
from tests.photographs import a_jpeg, folder_of, opened
from tests.processes import alive, children, eventually, program
from threadly.core.database import Database
from threadly.marketplace import media
from threadly.marketplace.media import WIDTHS, Picture, PictureFiles, PictureUnknown, file_of
from threadly.settings import Settings
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


A_SMALL_DISK = """
import asyncio, resource, sys
from threadly.settings import Settings
from threadly.settings import Settings
from threadly.wiring import services
from threadly.marketplace.media import PicturesOutOfSpace

async def main():
    async with services(Settings.from_environment()) as built:
        with open(sys.argv[1], "rb") as file:
            picture = file.read()
        await built.pictures.process(picture)  # the child is there
        resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000))
        try:
            await built.pictures.take(picture)
        except PicturesOutOfSpace as refusal:
            print("refused", refusal.status, flush=True)

asyncio.run(main())
"""


async def test_a_disk_that_is_full_is_a_refusal_that_leaves_neither_row_nor_file(
    settings: Settings, installed: Services, db: Database, tmp_path: Path
) -> None:
    (tmp_path / "small_disk.py").write_text(A_SMALL_DISK)
    (tmp_path / "picture").write_bytes(a_jpeg(2000, 1500))
    with program("small_disk", str(tmp_path / "picture"), environment=variables(settings), workplace=tmp_path) as small:
        assert small.finish(60) == (0, "refused 507\n")

    assert stored(installed) == set()
    async with db.read() as read:
        assert await read.scalar(select(Picture.id)) is None


KILLED_AT_WORK = """
import asyncio, sys
from threadly.settings import Settings
from threadly.settings import Settings
from threadly.wiring import services

async def main():
    async with services(Settings.from_environment()) as built:
        with open(sys.argv[1], "rb") as file:
            picture = file.read()
        for trailing in range(1000):
            await built.pictures.take(picture)
            print("one more", flush=True)

asyncio.run(main())
"""


@pytest.mark.parametrize("moment", [0.0, 0.02, 0.05, 0.1, 0.2])
async def test_a_process_that_is_killed_over_a_picture_leaves_what_the_clean_up_finds(
    settings: Settings, installed: Services, db: Database, tmp_path: Path, moment: float
) -> None:
    (tmp_path / "killed.py").write_text(KILLED_AT_WORK)
    (tmp_path / "picture").write_bytes(a_jpeg(1600, 1200))
    with program("killed", str(tmp_path / "picture"), environment=variables(settings), workplace=tmp_path) as at_work:
        at_work.line("one more")
        [child] = children(at_work.pid)
        await asyncio.sleep(moment)
        at_work.process.kill()
        eventually(lambda: not alive([child]), within=5, what="the decoder has ended")
    assert stored(installed)

    await a_day_passes(installed)
    await sweep(installed)

    assert stored(installed) == set()
    async with db.read() as read:
        assert (await read.execute(select(PictureFiles.name))).all() == []


async def test_uploads_are_counted_by_how_they_come_out_and_decoding_is_timed(installed: Services) -> None:
    def value(name: str, **labels: str) -> float:
        return REGISTRY.get_sample_value(f"threadly_{name}", labels) or 0.0

    def told() -> tuple[float, ...]:
        outcomes = (value("uploads_total", outcome=outcome) for outcome in ("kept", PictureUnknown.code))
        return (*outcomes, value("uploads_seconds_count"), value("decoding_seconds_count"))

    before = told()
    await installed.pictures.take(a_jpeg(300, 200))
    with pytest.raises(PictureUnknown):
        await installed.pictures.take(b"no picture")
    assert tuple(now - then for now, then in zip(told(), before, strict=True)) == (1, 1, 2, 2)
