"""Looks at something every so often, and at once for who cannot wait for that.

Guaranteed: there is one look at a time, and all who ask during one share the next; nobody waits longer than they say.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from typing import Final

import structlog

_log: Final = structlog.get_logger(__name__)


class Watch:
    """Calls `look` again and again. What it raises is logged; then nobody has looked."""

    def __init__(self, look: Callable[[], Awaitable[None]], *, every_seconds: float) -> None:
        self._look = look
        self._every_seconds = every_seconds
        self._asked = asyncio.Event()
        self._asking: asyncio.Future[None] | None = None
        self.is_on = False
        """Whether anybody looks."""

    @asynccontextmanager
    async def watching(self) -> AsyncIterator[None]:
        """For the length of the block."""
        self.is_on = True
        watch = asyncio.create_task(self._run())
        try:
            yield
        finally:
            self.is_on = False
            watch.cancel()
            await asyncio.gather(watch, return_exceptions=True)
            if self._asking is not None:
                self._asking.cancel()

    async def looked(self, *, within_seconds: float) -> bool:
        """Waits until a look is over that began after the call; False if that takes longer than this."""
        if not self.is_on:
            return False
        if self._asking is None:
            self._asking = asyncio.get_running_loop().create_future()
        asking = self._asking
        self._asked.set()
        await asyncio.wait({asking}, timeout=within_seconds)
        return asking.done() and not asking.cancelled()

    async def _run(self) -> None:
        while True:
            self._asked.clear()
            asking, self._asking = self._asking, None
            looked = False
            try:
                await self._look()
                looked = True
            except Exception:  # noqa: BLE001 - whatever it is, the next look is made
                _log.exception("A server could not be looked at, in a way that nobody foresaw.")
            finally:
                if asking is not None and looked:
                    asking.set_result(None)
                elif asking is not None:
                    asking.cancel()
            with suppress(TimeoutError):
                async with asyncio.timeout(self._every_seconds):  # `wait_for` may forget that it was cancelled
                    await self._asked.wait()
