"""Has pictures decoded by child processes, a bounded number of them, kept warm and replaced when they are worn.

Guaranteed: bytes of strangers are read by a child only; whatever becomes of it, this process gets an answer within the
time for a picture, and a child that has ended decodes nobody's next one. What a child says is checked like a stranger's
word; of those who send many pictures at once, nobody keeps others waiting for more than one of them. Where a child ends
that had answered before, and has said nothing to a picture nor used up its time, another one is asked before anything
is refused.

Not guaranteed: the order in which the pictures of one sender are decoded; nor anything of what a child answers that a
picture has taken over without ending it. As long as it is kept (`Limits.pictures_each`), it can refuse the pictures of
others, make them wait, and give out one as another's; what it gives out is a WebP by name, and need not be one.
"""

import asyncio
from collections.abc import AsyncIterator, Hashable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Final
from weakref import WeakValueDictionary

import structlog
from prometheus_client import Counter, Histogram

from threadly.marketplace.media.child import Child, Ended, Head
from threadly.marketplace.media.errors import (
    PictureDamaged,
    PictureRefused,
    PicturesBusy,
    PictureTooDemanding,
    PictureTooLarge,
    PictureTooLong,
    PictureTooManyPixels,
    PictureUnknown,
)
from threadly.marketplace.media.limits import Limits
from threadly.marketplace.media.policy import MOST_BYTES, MOST_PIXELS, WIDTHS, name_of

DECODING: Final = Histogram(
    "threadly_decoding_seconds",
    "Seconds that a decoder worked on a picture.",
    buckets=(0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 15.0, 30.0),
)
DECODERS_STARTED: Final = Counter(
    "threadly_decoders_started_total", "Processes that were started to decode pictures, the first ones included."
)

_log: Final = structlog.get_logger(__name__)

_OUT_OF_MEMORY: Final = "too_demanding"

_REFUSALS: Final[Mapping[str, type[PictureRefused]]] = {
    "unknown": PictureUnknown,
    "damaged": PictureDamaged,
    "too_many_pixels": PictureTooManyPixels,
    "too_long": PictureTooLong,
    _OUT_OF_MEMORY: PictureTooDemanding,
}


@dataclass(frozen=True, slots=True)
class Processed:
    """What was made of a picture."""

    name: str
    width: int
    """Of the largest file, in pixels."""
    height: int
    placeholder: str
    files: Mapping[int, bytes]
    """WebP bytes, by each of `WIDTHS`."""


class Decoder:
    """Some children, none of them started before it is needed."""

    def __init__(self, limits: Limits | None = None) -> None:
        self.limits = limits or Limits()
        self._places = asyncio.Semaphore(self.limits.processes)
        self._idle: list[Child] = []
        self._waiting = 0
        self._senders: WeakValueDictionary[Hashable, asyncio.Lock] = WeakValueDictionary()
        """Each for as long as a picture of theirs is here."""

    async def decode(self, picture: bytes, *, by: Hashable | None = None) -> Processed:
        """The picture in all its sizes.

        Args:
            by: Who sends it, and has their pictures decoded one after another; None: nobody in particular.

        Raises:
            PictureTooLarge: More than 10 MB.
            PictureRefused: It cannot be taken; the class says why.
            PicturesBusy: Too many wait, or for too long, or a child was ended from outside.
        """
        if len(picture) > MOST_BYTES:
            raise PictureTooLarge(most_bytes=MOST_BYTES)
        if not picture:
            raise PictureUnknown
        async with self._place(by):
            return await self._decode(picture)

    async def close(self) -> None:
        """Ends the children."""
        while self._idle:
            await self._idle.pop().end()

    @asynccontextmanager
    async def _place(self, by: Hashable | None) -> AsyncIterator[None]:
        if self._places.locked() and self._waiting >= self.limits.waiting:
            raise PicturesBusy
        turn = asyncio.Lock() if by is None else self._senders.setdefault(by, asyncio.Lock())
        async with AsyncExitStack() as taken:
            self._waiting += 1
            try:
                async with asyncio.timeout(self.limits.wait_seconds):
                    await taken.enter_async_context(turn)
                    await taken.enter_async_context(self._places)
            except TimeoutError:
                raise PicturesBusy from None
            finally:
                self._waiting -= 1
            yield

    async def _decode(self, picture: bytes) -> Processed:
        child = await self._child()
        try:
            async with asyncio.timeout(self.limits.seconds):
                try:
                    head, files = await self._asked(child, picture)
                except Ended as end:
                    if not end.perhaps_for_earlier:
                        raise
                    head, files = await self._asked(await self._fresh(), picture)
        except TimeoutError:
            raise PictureTooDemanding from None
        except Ended as end:
            if end.from_outside:
                raise PicturesBusy from None
            raise PictureTooDemanding from None
        return _processed(head, files)

    async def _asked(self, child: Child, picture: bytes) -> tuple[Head, list[bytes]]:
        """What the child tells, which is kept or ended then."""
        whole = False
        try:
            with DECODING.time():
                head, files = await child.ask(picture)
            whole = head.refused != _OUT_OF_MEMORY  # what such a child still holds, nobody knows
        finally:
            if whole and not child.is_worn:
                self._idle.append(child)
            else:
                await child.end()
        return head, files

    async def _child(self) -> Child:
        while self._idle:
            child = self._idle.pop()
            if child.lives:
                return child
            await child.end()
        return await self._fresh()

    async def _fresh(self) -> Child:
        DECODERS_STARTED.inc()
        with suppress(Ended, TimeoutError):
            child = await Child.started(self.limits)
            if child.lack is not None:
                _log.warning("Pictures are decoded without a filter of system calls.", reason=child.lack)
            return child
        raise PicturesBusy("The decoder of pictures does not start.")


def _processed(head: Head, files: list[bytes]) -> Processed:
    if head.refused is not None:
        refusal = _REFUSALS.get(head.refused, PictureDamaged)
        raise refusal(most_pixels=MOST_PIXELS) if refusal is PictureTooManyPixels else refusal()
    return Processed(
        name=name_of(files[-1]),
        width=head.width,
        height=head.height,
        placeholder=head.placeholder,
        files=dict(zip(WIDTHS, files, strict=True)),
    )
