"""Whether pictures can be stored."""

from pathlib import Path

import httpx

from tests.integrations.storage.conftest import bucket_settings, s3
from tests.ops.doctor.seeing import seen, wrong
from threadly.core.observability.health import Status
from threadly.ops.doctor import media
from threadly.settings import MediaSettings, Settings

__all__ = ["s3"]  # a fixture lives where it is imported


def keeping(settings: Settings, place: MediaSettings) -> Settings:
    return settings.model_copy(update={"media": place})


async def test_a_file_is_written_read_and_removed(settings: Settings) -> None:
    folder = settings.media.folder
    assert folder is not None
    assert "folder" in await seen(media.look, settings)  # it is made with the first picture
    assert not folder.exists()
    folder.mkdir()
    found = await seen(media.look, settings)
    assert found["write, read, delete"].do == ""
    assert list(folder.iterdir()) == []


async def test_a_place_that_takes_nothing_is_said(settings: Settings, s3: str) -> None:
    folder = settings.media.folder
    assert folder is not None
    folder.write_text("no folder")
    assert wrong(await seen(media.look, settings)) == {"folder": f"{folder}: The folder of the pictures is no folder."}
    nowhere = await seen(media.look, keeping(settings, bucket_settings(s3, "no-such-bucket")))
    assert wrong(nowhere) == {"write, read, delete": "it could not be written"}
    assert "put, get, list and delete" in nowhere["write, read, delete"].do


async def test_a_folder_that_cannot_be_made_is_said_as_it_is_elsewhere(settings: Settings) -> None:
    found = await seen(media.look, keeping(settings, MediaSettings(folder=Path("/proc/no/media"))))
    assert wrong(found).keys() == {"folder"}
    assert wrong(found)["folder"].startswith("/proc/no/media: The folder of the pictures ")
    assert found["folder"].status is Status.WARN  # pages are served without pictures


async def test_a_bucket_takes_files_as_well(settings: Settings, s3: str) -> None:
    async with httpx.AsyncClient() as owner:
        (await owner.put(f"{s3}/pictures-of-the-doctor")).raise_for_status()
        found = await seen(media.look, keeping(settings, bucket_settings(s3, "pictures-of-the-doctor")))
        assert wrong(found) == {}
        assert b"doctor-" not in (await owner.get(f"{s3}/pictures-of-the-doctor")).content
