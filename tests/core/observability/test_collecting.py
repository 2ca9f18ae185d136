"""What workers say, heard in the process that keeps them. Across processes and kills: test_collecting_workers.py."""

import asyncio
import os
import stat
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import msgspec
import pytest

from tests.core.observability.hearing import connected, says, until
from threadly.core.observability import collecting
from threadly.core.observability.collecting import SOCKET, Collector, NoRoomForSocket, private_folder
from threadly.core.observability.frames import HEAD, LONGEST_FRAME, Frame, packed

ONE, OTHER = "1" * 32, "2" * 32


class Heard:
    """A listener that remembers, and understands nothing that begins with an exclamation mark."""

    def __init__(self) -> None:
        self.told: list[tuple[str, bytes]] = []
        self.left: list[str] = []

    def heard(self, worker: str, body: bytes) -> None:
        if body.startswith(b"!"):
            raise msgspec.DecodeError("makes no sense")
        self.told.append((worker, body))

    def gone(self, worker: str) -> None:
        self.left.append(worker)


@pytest.fixture
def folder() -> Iterator[Path]:
    with private_folder() as found:
        yield found


@pytest.fixture
def heard() -> Heard:
    return Heard()


@pytest.fixture
async def collector(folder: Path, heard: Heard) -> AsyncIterator[Collector]:
    async with Collector(folder / SOCKET, subscribers={"metrics": heard}).listening() as listening:
        yield listening


async def test_the_latest_of_each_living_worker_is_kept(collector: Collector, heard: Heard) -> None:
    async with connected(collector.path) as (_, one):
        async with connected(collector.path) as (_, other):
            await says(one, ONE, 0, b"first")
            await says(one, ONE, 1, b"second")
            await says(other, OTHER, 0, b"else")
            await says(other, OTHER, 1, b"well", topic="health")
            await until(lambda: collector.latest("metrics") == {ONE: b"second", OTHER: b"else"})
            await until(lambda: collector.latest("health") == {OTHER: b"well"})
            assert heard.left == []
        await until(lambda: heard.left == [OTHER])
        assert (collector.latest("metrics"), collector.latest("health"), collector.living) == ({ONE: b"second"}, {}, 1)
    assert heard.told == [(ONE, b"first"), (ONE, b"second"), (OTHER, b"else")]


async def test_a_connection_that_is_made_anew_is_the_same_worker(collector: Collector, heard: Heard) -> None:
    async with connected(collector.path) as (_, new):
        async with connected(collector.path) as (_, old):
            await says(old, ONE, 0, b"before")
            await until(lambda: collector.living == 1)
            await says(new, ONE, 1, b"after")
            await until(lambda: collector.latest("metrics") == {ONE: b"after"})
        await asyncio.sleep(0.05)
        assert (collector.living, heard.left) == (1, [])
    await until(lambda: heard.left == [ONE])


async def test_what_comes_late_does_not_replace_what_is_newer(collector: Collector, heard: Heard) -> None:
    async with connected(collector.path) as (_, one), connected(collector.path) as (_, other):
        await says(one, ONE, 5, b"new")
        await until(lambda: collector.living == 1)
        await says(other, ONE, 4, b"old")
        await until(lambda: collector.refused["old"] == 1)
        assert heard.told == [(ONE, b"new")]


@pytest.mark.parametrize(
    ("reason", "sent"),
    [
        ("malformed", b"\x00\x00\x00\x01\xc1"),
        ("malformed", packed(Frame(OTHER, 0, "metrics", b"another's"))),
        ("malformed", packed(Frame(ONE, 9, "metrics", b"!"))),
        ("too_long", (LONGEST_FRAME + 1).to_bytes(HEAD)),
    ],
)
async def test_a_connection_with_a_bad_frame_ends_and_the_others_go_on(
    collector: Collector, heard: Heard, reason: str, sent: bytes
) -> None:
    async with connected(collector.path) as (_, well), connected(collector.path) as (reader, bad):
        await says(well, "3" * 32, 0, b"well")
        await says(bad, ONE, 0, b"good")
        bad.write(sent)
        assert await reader.read() == b""
        assert collector.refused == {reason: 1}
        await until(lambda: heard.left == [ONE])
        await says(well, "3" * 32, 1, b"still well")
        await until(lambda: collector.latest("metrics") == {"3" * 32: b"still well"})
    assert (ONE, b"good") in heard.told
    assert not any(body.startswith((b"!", b"another")) for _, body in heard.told)


async def test_a_worker_speaks_of_a_bounded_number_of_topics(collector: Collector) -> None:
    async with connected(collector.path) as (reader, writer):
        for number in range(collecting.MOST_TOPICS):
            await says(writer, ONE, number, b"", topic="t" * (number + 1))
        await until(lambda: collector.latest("t" * collecting.MOST_TOPICS))
        await says(writer, ONE, 99, b"", topic="one_too_many")
        assert await reader.read() == b""
    assert collector.refused == {"malformed": 1}


async def test_a_stranger_is_refused_before_a_word(folder: Path) -> None:
    ours = os.geteuid()
    async with Collector(folder / SOCKET, user=ours + 1).listening() as collector, connected(collector.path) as (r, w):
        w.write(packed(Frame(ONE, 0, "metrics", b"")))
        with pytest.raises((ConnectionError, asyncio.IncompleteReadError)):
            await r.readexactly(1)
        assert (collector.refused, collector.living) == ({"stranger": 1}, 0)


async def test_a_crowd_is_kept_out_and_the_number_of_connections_bounded(
    collector: Collector, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(collecting, "MOST_CONNECTIONS", 1)
    async with connected(collector.path) as (_, one):
        await says(one, ONE, 0, b"")
        await until(lambda: collector.living == 1)
        async with connected(collector.path) as (reader, _):
            assert await reader.read() == b""
        assert collector.refused == {"crowd": 1}


async def test_a_frame_that_does_not_end_does_not_hold_a_place(
    collector: Collector, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(collecting, "_FRAME_SECONDS", 0.05)
    async with connected(collector.path) as (reader, writer):
        writer.write(b"\x00\x00\x00\x09half")
        assert await reader.read() == b""
    assert collector.refused == {"slow": 1}


async def test_who_listens_again_takes_the_place_of_a_socket_that_was_left(folder: Path) -> None:
    async with Collector(folder / SOCKET).listening() as killed:
        left = killed.path.with_name("left.sock")
        killed.path.rename(left)
    left.rename(folder / SOCKET)
    async with Collector(folder / SOCKET).listening() as collector, connected(collector.path) as (_, writer):
        await says(writer, ONE, 0, b"here")
        await until(lambda: collector.latest("metrics") == {ONE: b"here"})


async def test_nobody_else_may_enter_the_folder_or_use_the_socket(collector: Collector) -> None:
    assert stat.S_IMODE(collector.path.parent.stat().st_mode) == 0o700
    assert stat.S_IMODE(collector.path.stat().st_mode) == 0o600


def test_a_folder_with_too_long_a_path_is_refused_and_not_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    deep = tmp_path / ("x" * 100)
    deep.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(deep))
    with pytest.raises(NoRoomForSocket, match="TMPDIR"), private_folder():
        pass
    assert list(deep.iterdir()) == []


async def test_what_a_killed_collector_left_is_removed_and_what_is_in_use_stays(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = folder / "tmp"
    place.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(place))
    with private_folder() as used:
        async with Collector(used / SOCKET).listening():
            left = place / "threadly-left"
            left.mkdir()
            async with Collector(left / SOCKET).listening() as dying:
                dying.path.rename(left / "aside")
            (left / "aside").rename(left / SOCKET)
            with private_folder() as newer:
                assert sorted(place.iterdir()) == sorted([used, newer])
    assert list(place.iterdir()) == []
