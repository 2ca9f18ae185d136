"""A folder of this machine, as a store."""

from pathlib import Path

import pytest

from threadly.integrations.storage import Folder
from threadly.marketplace.media import PictureNotFound, PicturesUnstorable


async def test_what_was_put_is_there_and_goes(tmp_path: Path) -> None:
    store = Folder(tmp_path / "new" / "media")
    with pytest.raises(PictureNotFound):
        await store.get("a")

    await store.put("a", b"first")
    await store.put("a", b"second")

    assert await store.get("a") == b"second"
    assert [[stored.file for stored in batch] async for batch in store.listed()] == [["a"]]
    await store.delete(["a", "never was there"])
    assert [batch async for batch in store.listed()] == []


async def test_a_place_that_is_no_folder_is_a_refusal(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")

    with pytest.raises(PicturesUnstorable):
        await Folder(tmp_path / "file").put("a", b"content")
