"""Pictures are drawn once, whole, and found again."""

import asyncio
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from threadly.integrations.storage import Folder
from threadly.marketplace.media import WIDTHS
from threadly.sample import gallery


@dataclass(frozen=True)
class Sketch:
    files: Mapping[int, bytes]
    width: int = 1280
    height: int = 1600
    placeholder: str = "data:image/webp;base64,AA"


class Draughtsman:
    """Draws what it is asked for, and remembers what that was."""

    def __init__(self, patience: int = 1000) -> None:
        self.drawn: list[object] = []
        self.patience = patience

    def __call__(self, things: Sequence[object]) -> Iterator[Sketch]:
        for thing in things:
            if len(self.drawn) == self.patience:
                raise OSError("the pencil broke")
            self.drawn.append(thing)
            yield Sketch({width: f"{thing} at {width}".encode() for width in WIDTHS})


def _unheard(_ready: int) -> None:
    pass


def _names(folder: Path) -> set[str]:
    return {file.name for file in folder.iterdir()}


async def test_what_is_there_is_not_drawn_again(tmp_path: Path) -> None:
    first, second = Draughtsman(), Draughtsman()
    heard: list[int] = []
    early = await gallery.fill(Folder(tmp_path / "media"), ["hat", "coat"], first, _unheard)
    late = await gallery.fill(Folder(tmp_path / "media"), ["coat", "sock", "hat"], second, heard.append)

    assert (first.drawn, second.drawn) == (["hat", "coat"], ["sock"])
    assert [late[2], late[0]] == early
    assert (heard[0], heard[-1]) == (2, 3)
    assert len(_names(tmp_path / "media")) == 3 * len(WIDTHS) + 1
    for drawn in late:
        assert (tmp_path / "media" / f"{drawn.name}-320.webp").read_bytes().endswith(b" at 320")


async def test_a_picture_that_lost_a_file_is_drawn_again(tmp_path: Path) -> None:
    [hat] = await gallery.fill(Folder(tmp_path), ["hat"], Draughtsman(), _unheard)
    (tmp_path / f"{hat.name}-640.webp").unlink()
    again = Draughtsman()

    assert await gallery.fill(Folder(tmp_path), ["hat"], again, _unheard) == [hat]
    assert again.drawn == ["hat"]
    assert (tmp_path / f"{hat.name}-640.webp").read_bytes() == b"hat at 640"


async def test_a_memory_that_cannot_be_read_is_none(tmp_path: Path) -> None:
    await gallery.fill(Folder(tmp_path), ["hat"], Draughtsman(), _unheard)
    (tmp_path / ".drawn.json").write_text('{"hat": 7', encoding="utf-8")
    again = Draughtsman()
    await gallery.fill(Folder(tmp_path), ["hat"], again, _unheard)
    assert again.drawn == ["hat"]


async def test_what_was_drawn_before_a_failure_is_kept(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="pencil"):
        await gallery.fill(Folder(tmp_path), ["hat", "coat"], Draughtsman(patience=1), _unheard)
    again = Draughtsman()
    await gallery.fill(Folder(tmp_path), ["hat", "coat"], again, _unheard)
    assert again.drawn == ["coat"]
    assert not {name for name in _names(tmp_path) if name.startswith(".draft-")}


async def test_drawing_that_is_called_off_ends_after_the_picture_in_hand(tmp_path: Path) -> None:
    begun = asyncio.Event()
    loop = asyncio.get_running_loop()

    def endless(_things: Sequence[object]) -> Iterable[Sketch]:
        while True:
            loop.call_soon_threadsafe(begun.set)
            yield Sketch(dict.fromkeys(WIDTHS, b""))

    work = asyncio.create_task(gallery.fill(Folder(tmp_path), list(range(100_000)), endless, _unheard))
    await begun.wait()
    work.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asyncio.wait_for(work, 20)
