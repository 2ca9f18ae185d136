"""Bytes on their way."""

import asyncio

import pytest

from tests.core.uploads.disks import SlowDisk
from threadly.core.uploads.spool import Spool


@pytest.mark.parametrize("piece", [1000, 300_000])
async def test_what_went_in_comes_out_whole_any_number_of_times(piece: int) -> None:
    spool = Spool()
    for number in range(5):
        await spool.write(bytes([number]) * piece)
        assert await spool.read() == b"".join(bytes([past]) * piece for past in range(number + 1))
    assert spool.size == 5 * piece

    await spool.drop()
    await spool.drop()
    assert await spool.read() == b""


async def test_what_is_dropped_in_the_middle_of_a_write_leaves_no_file(monkeypatch: pytest.MonkeyPatch) -> None:
    disk, spool = SlowDisk(monkeypatch), Spool()
    writing = asyncio.create_task(spool.write(bytes(300_000)))
    await asyncio.to_thread(disk.asked.wait, 10)
    writing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await writing

    dropping = asyncio.create_task(spool.drop())
    await asyncio.sleep(0.01)
    assert not dropping.done()
    disk.go_on.set()
    await dropping

    assert [file.closed for file in disk.opened] == [True]
    assert await spool.read() == b""
