"""A bucket of Amazon's S3, or of anything that speaks like it, as a store.

Guaranteed: a file is whole or absent, as S3 itself promises; a place that does not answer is told of within seconds.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Final, TypeVar

import obstore
from obstore.exceptions import BaseError
from obstore.store import S3Store

from threadly.marketplace.media import PictureNotFound, PicturesUnstorable, Stored
from threadly.settings import MediaSettings

if TYPE_CHECKING:  # not importable at run time
    from obstore.store import ClientConfig, RetryConfig, S3Config

T = TypeVar("T")

_BATCH: Final = 1000
_CONNECT: Final = timedelta(seconds=2)
_ATTEMPT: Final = timedelta(seconds=4)
_ATTRIBUTES: Final = {"Content-Type": "image/webp", "Cache-Control": "public, max-age=31536000, immutable"}


class Bucket:
    """Files beside each other in one bucket, below one prefix."""

    def __init__(self, settings: MediaSettings, *, wait_seconds: float = 8.0) -> None:
        bucket, _, prefix = (settings.url or "").removeprefix("s3://").partition("/")
        config: S3Config = {"region": settings.region}
        if settings.endpoint is not None:
            config |= {"endpoint": settings.endpoint, "virtual_hosted_style_request": False}
        if settings.access_key is not None and settings.secret_key is not None:
            config |= {
                "access_key_id": settings.access_key.get_secret_value(),
                "secret_access_key": settings.secret_key.get_secret_value(),
            }
        is_plain = (settings.endpoint or "").startswith("http://")
        client: ClientConfig = {"allow_http": is_plain, "timeout": _ATTEMPT, "connect_timeout": _CONNECT}
        retry: RetryConfig = {"max_retries": 1, "retry_timeout": timedelta(seconds=wait_seconds)}
        self._store = S3Store(
            bucket, prefix=prefix.strip("/") or None, config=config, client_options=client, retry_config=retry
        )
        self._wait_seconds = wait_seconds

    async def put(self, file: str, content: bytes) -> None:
        put = obstore.put_async(self._store, file, content, attributes=_ATTRIBUTES, use_multipart=False)
        try:
            await self._bounded(put)
        except FileNotFoundError as no_bucket:
            raise PicturesUnstorable from no_bucket

    async def get(self, file: str) -> bytes:
        try:
            return await self._bounded(self._content(file))
        except FileNotFoundError:
            raise PictureNotFound from None

    async def delete(self, files: Sequence[str]) -> None:
        for at in range(0, len(files), _BATCH):
            try:
                await self._bounded(obstore.delete_async(self._store, list(files[at : at + _BATCH])))
            except FileNotFoundError:  # some stores say so
                continue

    async def listed(self) -> AsyncIterator[Sequence[Stored]]:
        batches = aiter(obstore.list(self._store, chunk_size=_BATCH))
        while True:
            try:
                batch = await self._bounded(anext(batches))
            except StopAsyncIteration:
                return
            except FileNotFoundError as no_bucket:
                raise PicturesUnstorable from no_bucket
            yield [Stored(file["path"], file["last_modified"]) for file in batch]

    async def _content(self, file: str) -> bytes:
        found = await obstore.get_async(self._store, file)
        return bytes(await found.bytes_async())

    async def _bounded(self, work: Awaitable[T]) -> T:
        try:
            async with asyncio.timeout(self._wait_seconds):
                return await work
        except (TimeoutError, BaseError) as refusal:
            raise PicturesUnstorable from refusal
