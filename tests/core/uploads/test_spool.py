"""Bytes on their way."""

import pytest

from threadly.core.uploads.spool import Spool


@pytest.mark.parametrize("piece", [1000, 300_000])
async def test_what_went_in_comes_out_whole_any_number_of_times(piece: int) -> None:
    spool = Spool()
    for number in range(5):
        await spool.write(bytes([number]) * piece)
        assert await spool.read() == b"".join(bytes([past]) * piece for past in range(number + 1))
    assert spool.size == 5 * piece

    spool.drop()
    spool.drop()
    assert await spool.read() == b""
