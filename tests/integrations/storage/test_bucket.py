"""A bucket that is not there, does not answer, or never ends."""

import asyncio
import time
from collections.abc import AsyncIterator

import pytest

from tests.integrations.storage.conftest import bucket_settings
from threadly.integrations.storage.bucket import Bucket
from threadly.marketplace.media import PicturesUnstorable, file_of

FILE = file_of("0123456789abcdef" * 2, 640)


@pytest.fixture
async def silent() -> AsyncIterator[str]:
    """Takes every connection, and says nothing."""
    stop = asyncio.Event()

    async def hold(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await stop.wait()
        writer.close()

    server = await asyncio.start_server(hold, "127.0.0.1", 0)
    host, port = server.sockets[0].getsockname()
    yield f"http://{host}:{port}"
    stop.set()
    server.close()


async def refusals(bucket: Bucket) -> list[float]:
    """Each call refuses in its way; the seconds that each took."""

    async def everything() -> None:
        async for _ in bucket.listed():
            pass

    took = []
    for call in (bucket.put(FILE, b"content"), bucket.get(FILE), bucket.delete([FILE]), everything()):
        began = time.monotonic()
        with pytest.raises(PicturesUnstorable):
            await call
        took.append(time.monotonic() - began)
    return took


async def test_a_bucket_that_does_not_answer_is_told_of_within_its_time(silent: str) -> None:
    took = await refusals(Bucket(bucket_settings(silent, "media"), wait_seconds=0.5))

    assert max(took) < 2


async def test_a_place_where_nobody_listens_is_told_of_at_once() -> None:
    took = await refusals(Bucket(bucket_settings("http://127.0.0.1:1", "media"), wait_seconds=5))

    assert max(took) < 4


async def test_a_bucket_that_is_not_there_takes_nothing(s3: str) -> None:
    bucket = Bucket(bucket_settings(s3, "no-such-bucket"))

    with pytest.raises(PicturesUnstorable):
        await bucket.put(FILE, b"content")
    with pytest.raises(PicturesUnstorable):
        async for _ in bucket.listed():
            pass
