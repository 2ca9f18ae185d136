"""Children decode; whatever becomes of one, the next picture finds one that works."""

import os
import signal
from collections.abc import AsyncIterator

import pytest

from tests.photographs import a_jpeg
from tests.processes import alive, children
from threadly.marketplace.media import Decoder, PicturesBusy


@pytest.fixture
async def decoder() -> AsyncIterator[Decoder]:
    built = Decoder()
    yield built
    await built.close()


async def test_a_child_starts_with_the_first_picture_and_is_used_again(decoder: Decoder) -> None:
    before = set(children(os.getpid()))
    first = await decoder.decode(a_jpeg())
    started = set(children(os.getpid())) - before
    second = await decoder.decode(a_jpeg())

    assert first == second
    assert len(started) == 1
    assert set(children(os.getpid())) - before == started

    await decoder.close()
    assert alive(list(started)) == []


async def test_a_child_that_was_killed_is_replaced(decoder: Decoder) -> None:
    before = set(children(os.getpid()))
    await decoder.decode(a_jpeg())
    [child] = set(children(os.getpid())) - before
    os.kill(child, signal.SIGKILL)

    try:
        await decoder.decode(a_jpeg())
    except PicturesBusy:  # its death was not yet known
        await decoder.decode(a_jpeg())
