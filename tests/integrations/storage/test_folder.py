"""A folder of this machine, as a store: what only a folder can suffer."""

import asyncio
import os
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.processes import program
from threadly.integrations.storage import Folder
from threadly.integrations.storage.folder import DRAFT
from threadly.marketplace.media import PicturesOutOfSpace, PicturesUnstorable, file_of

FILE = file_of("0123456789abcdef" * 2, 640)


async def test_a_place_that_is_no_folder_is_a_refusal(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    for call in (Folder(tmp_path / "file").put("a", b"content"), Folder(tmp_path / "file").get("a")):
        with pytest.raises(PicturesUnstorable):
            await call


async def test_files_can_be_read_by_others_and_drafts_are_told_as_such(tmp_path: Path) -> None:
    store = Folder(tmp_path)
    await store.put(FILE, b"content")
    (tmp_path / f"{DRAFT}x").write_bytes(b"half")
    (tmp_path / "folder").mkdir()

    found = {stored.file: stored.is_draft async for batch in store.listed() for stored in batch}

    assert found == {FILE: False, f"{DRAFT}x": True}
    assert (tmp_path / FILE).stat().st_mode & 0o777 == 0o644


async def test_a_link_in_the_place_of_a_file_is_replaced_and_not_followed(tmp_path: Path) -> None:
    (tmp_path / "precious").write_bytes(b"precious")
    folder = tmp_path / "media"
    folder.mkdir()
    (folder / FILE).symlink_to(tmp_path / "precious")

    await Folder(folder).put(FILE, b"content")

    assert (tmp_path / "precious").read_bytes() == b"precious"
    assert not (folder / FILE).is_symlink()


async def test_a_disk_that_hangs_is_told_of_in_time_and_does_not_stop_the_rest(tmp_path: Path) -> None:
    store = Folder(tmp_path, wait_seconds=0.2)
    await store.put(FILE, b"content")
    os.mkfifo(tmp_path / "hangs")  # reading it waits for somebody who writes
    began = time.monotonic()

    for _ in range(8):
        with pytest.raises(PicturesUnstorable):
            await store.get("hangs")

    assert time.monotonic() - began < 5
    assert await store.get(FILE) == b"content"
    assert await asyncio.to_thread(str, "others work") == "others work"
    os.close(os.open(tmp_path / "hangs", os.O_RDWR))  # lets those go that still wait


KILLED_WHILE_WRITING = """
import asyncio, os, sys
from pathlib import Path
from threadly.integrations.storage import Folder, folder

def die(descriptor):
    print("wrote", flush=True)
    os.kill(os.getpid(), 9)

folder.os.fsync = die  # the moment between the last byte and the name
asyncio.run(Folder(Path(sys.argv[1])).put(sys.argv[2], b"content"))
"""


async def test_a_process_that_is_killed_while_it_writes_leaves_a_draft_and_no_file(tmp_path: Path) -> None:
    (tmp_path / "writer.py").write_text(KILLED_WHILE_WRITING)
    folder = tmp_path / "media"
    with program("writer", str(folder), FILE, workplace=tmp_path) as writer:
        assert writer.finish(30) == (-9, "wrote\n")

    [draft] = [stored async for batch in Folder(folder).listed() for stored in batch]
    assert draft.is_draft


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 256 KiB, of the system's own; where we may not mount one, a limit stands for it elsewhere."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", disk], capture_output=True)
    if mounted.returncode != 0:
        pytest.skip("only root may mount a small disk: run the tests as root, or in a container")
    yield disk
    subprocess.run(["umount", disk], check=True)


async def test_a_full_disk_is_a_refusal_that_leaves_nothing(small_disk: Path) -> None:
    store = Folder(small_disk / "media")
    await store.put("first", b"x" * 100_000)

    with pytest.raises(PicturesOutOfSpace) as refusal:
        await store.put(FILE, b"x" * 300_000)

    assert refusal.value.status == 507
    assert [file.name for file in (small_disk / "media").iterdir()] == ["first"]
    await store.put(FILE, b"x" * 50_000)
