"""Multipart bodies, whole and broken, in pieces of every size."""

import asyncio
import resource
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.uploads.disks import SlowDisk
from tests.core.uploads.sent import BOUNDARY, body, in_pieces, part, scope
from tests.processes import program
from threadly.core.asgi import Message
from threadly.core.errors import Problem, UnsupportedMediaType
from threadly.core.uploads import (
    FileTooLarge,
    UploadLimits,
    UploadMalformed,
    UploadTooLarge,
    UploadTooSlow,
    received,
)

SMALL = UploadLimits(files=2, file_bytes=1000, fields=3, field_bytes=100)


async def taken(whole: bytes, limits: UploadLimits = SMALL, size: int = 1 << 16) -> tuple[list[Any], list[Any]]:
    async with received(scope(), in_pieces(whole, size), limits, files={"photos"}) as upload:
        return upload.fields, [(file.claimed_name, await file.read()) for file in upload.files]


WHOLE = body(
    part("title", "Jacke, zweimal getragen – ok".encode()),
    part("photos", bytes(range(256)), "Bild 1.jpg", head="Content-Type: image/jpeg\r\n"),
    part("photos", b"\r\n--a-bound", 'q".jpg'.replace('"', "%22")),
    part("photos", b"", ""),
)


@given(size=st.integers(1, len(WHOLE)))
async def test_a_body_is_the_same_in_whatever_pieces_it_comes(size: int) -> None:
    fields, files = await taken(WHOLE, size=size)

    assert fields == [("title", "Jacke, zweimal getragen – ok")]
    assert files == [("Bild 1.jpg", bytes(range(256))), ('q".jpg', b"\r\n--a-bound")]


@pytest.mark.parametrize(
    ("case", "whole", "refusal"),
    [
        ("an unexpected file", body(part("title", b"x", "x.jpg")), UploadMalformed),
        ("text where a file should be", body(part("photos", b"x")), UploadMalformed),
        (
            "no name",
            f"--{BOUNDARY}\r\nContent-Disposition: form-data\r\n\r\nx\r\n--{BOUNDARY}--\r\n".encode(),
            UploadMalformed,
        ),
        ("a name of a kilobyte", body(part("n" * 900, b"x")), UploadMalformed),
        ("a header of two kilobytes", body(part("title", b"x", head="X: " + "y" * 2000 + "\r\n")), UploadTooLarge),
        ("many headers", body(part("title", b"x", head="X: y\r\n" * 9)), UploadTooLarge),
        ("no UTF-8", body(part("title", b"\xff")), UploadMalformed),
        ("NUL", body(part("title", b"a\0b")), UploadMalformed),
        ("NUL in a file's name", body(part("photos", b"x", "a.jpg\0.exe")), UploadMalformed),
        ("no end", body(part("title", b"x"))[:-6], UploadMalformed),
        ("nothing", b"", UploadMalformed),
        ("bare line feeds", body(part("title", b"x")).replace(b"\r\n", b"\n"), UploadMalformed),
        ("three files", body(*(part("photos", b"x", "x") for _ in range(3))), UploadTooLarge),
        ("four fields", body(*(part("title", b"x") for _ in range(4))), UploadTooLarge),
        ("much text", body(part("title", b"x" * 101)), UploadTooLarge),
        ("much text in parts", body(part("title", b"x" * 51), part("title", b"x" * 50)), UploadTooLarge),
        ("more than everything", body(*(part("photos", b"x" * 2000, "x") for _ in range(9))), UploadTooLarge),
    ],
)
@pytest.mark.parametrize("size", [1, 7, 1 << 16])
async def test_what_is_not_expected_is_refused_by_name(
    case: str, whole: bytes, refusal: type[Problem], size: int
) -> None:
    with pytest.raises(refusal):
        await taken(whole, size=size)


@pytest.mark.parametrize("size", [1, 7, 1 << 16])
async def test_what_stands_before_and_after_is_refused_or_ignored(size: int) -> None:
    whole = body(part("title", b"x"))
    for surrounded in (b"preamble of some length\r\n" + whole, whole + b"and more"):
        try:
            assert await taken(surrounded, size=size) == ([("title", "x")], [])
        except UploadMalformed:
            continue


async def test_a_file_that_is_too_large_leaves_its_neighbours_alone() -> None:
    whole = body(part("photos", b"x" * 1001, "large"), part("photos", b"y" * 1000, "just right"))

    async with received(scope(), in_pieces(whole, 100), SMALL, files={"photos"}) as upload:
        large, right = upload.files
        assert (large.size, right.size) == (1001, 1000)
        assert await right.read() == b"y" * 1000
        with pytest.raises(FileTooLarge):
            await large.read()


@pytest.mark.parametrize(
    "content_type",
    [
        "",
        "application/json",
        "multipart/mixed; boundary=x",
        "application/x-www-form-urlencoded",
        "multipart/form-data-x",
    ],
)
async def test_other_kinds_of_body_are_not_read(content_type: str) -> None:
    with pytest.raises(UnsupportedMediaType):
        async with received(scope(content_type), in_pieces(WHOLE), files={"photos"}):
            pass


@pytest.mark.parametrize("boundary", ["", "x" * 71, "ä", '"'])
async def test_a_boundary_that_is_none_is_refused(boundary: str) -> None:
    with pytest.raises(UploadMalformed):
        async with received(scope(f"multipart/form-data; boundary={boundary}"), in_pieces(WHOLE), files={"photos"}):
            pass


async def test_a_length_beyond_all_limits_is_refused_before_anything_is_read() -> None:
    async def never() -> Message:
        raise AssertionError("nothing should be read")

    with pytest.raises(UploadTooLarge):
        async with received(scope(content_length=str(10**12)), never, SMALL, files={"photos"}):
            pass


async def test_a_body_that_stops_arriving_ends_in_time() -> None:
    pieces: list[bytes] = [WHOLE[:100]]

    async def receive() -> Message:
        if not pieces:
            await asyncio.sleep(30)
        return {"type": "http.request", "body": pieces.pop(), "more_body": True}

    with pytest.raises(UploadTooSlow):
        async with received(scope(), receive, UploadLimits(idle_seconds=0.05), files={"photos"}):
            pass


async def test_a_body_that_arrives_a_byte_at_a_time_ends_in_time() -> None:
    async def receive() -> Message:
        await asyncio.sleep(0.01)
        return {"type": "http.request", "body": part("photos", b"", "x")[:80], "more_body": True}

    with pytest.raises((UploadTooSlow, UploadMalformed)):
        async with received(scope(), receive, UploadLimits(seconds=0.2, files=100), files={"photos"}):
            pass


async def test_a_disk_that_is_too_slow_is_an_upload_too_slow(monkeypatch: pytest.MonkeyPatch) -> None:
    disk = SlowDisk(monkeypatch)
    asyncio.get_running_loop().call_later(0.3, disk.go_on.set)
    whole = body(part("photos", bytes(600_000), "x"))

    with pytest.raises(UploadTooSlow):
        async with received(scope(), in_pieces(whole), UploadLimits(seconds=0.1), files={"photos"}):
            pass
    assert [file.closed for file in disk.opened] == [True]


async def test_who_hangs_up_has_sent_nothing() -> None:
    with pytest.raises(UploadMalformed):
        async with received(scope(), in_pieces(WHOLE[:200], ending=False), SMALL, files={"photos"}):
            pass


async def _ten_files(content: bytes) -> AsyncIterator[bytes]:
    for number in range(10):
        yield part("photos", content, f"{number}.jpg")
    yield f"--{BOUNDARY}--\r\n".encode()


async def test_ten_large_files_stay_on_disk() -> None:
    content = bytes(8 << 20)
    source = _ten_files(content)
    waiting: list[bytes] = []

    async def receive() -> Message:
        if not waiting:
            large = await anext(source, b"")
            waiting.extend(large[at : at + 65536] for at in range(0, len(large), 65536))
        if not waiting:
            return {"type": "http.request", "body": b"", "more_body": False}
        return {"type": "http.request", "body": waiting.pop(0), "more_body": True}

    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    async with received(scope(), receive, files={"photos"}) as upload:
        assert [file.size for file in upload.files] == [8 << 20] * 10
        assert await upload.files[9].read() == content
        assert await upload.files[9].read() == content
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 60 << 10  # KiB: of 80 MiB that arrived


A_SMALL_DISK = """
import asyncio, resource
from tests.core.uploads.sent import body, in_pieces, part, scope
from threadly.core.uploads import UploadUnkept, received

async def main():
    resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, 1 << 20))
    try:
        async with received(scope(), in_pieces(body(part("photos", bytes(3 << 20), "x"))), files={"photos"}):
            print("taken")
    except UploadUnkept as refusal:
        print("refused", refusal.status)

asyncio.run(main())
"""


def test_a_full_disk_is_a_refusal(tmp_path: Path) -> None:
    (tmp_path / "small_disk.py").write_text(A_SMALL_DISK)
    with program("small_disk", workplace=tmp_path) as small:
        assert small.finish(30) == (0, "refused 507\n")
