"""Waits for a call for so long, and for none when one has failed.

The call is a task of its own, which is cancelled and left to itself: clients of a hanging server now and then take a
cancellation for their own time limit, and go on waiting (redis-py does, while it connects), so whoever waits for the
task waits longer than they said.
"""

import asyncio
from collections.abc import Coroutine
from typing import Any, Final, TypeVar

T = TypeVar("T")

_GRACE_SECONDS: Final = 0.01
"""For an answer that is here, and waits for its turn behind whatever kept the loop until now."""


class Patience:
    """For all calls to one server.

    Args:
        seconds: For one call.
    """

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._waiting: set[asyncio.Future[None]] = set()
        self._left: set[asyncio.Task[Any]] = set()

    async def wait(self, call: Coroutine[Any, Any, T]) -> T:
        """What the call gives.

        Raises:
            TimeoutError: It has not in time, or `lose` has been called meanwhile.
        """
        loop = asyncio.get_running_loop()
        waiter: asyncio.Future[None] = loop.create_future()
        task = loop.create_task(call)
        task.add_done_callback(lambda _: _let_go(waiter))
        late = loop.call_later(self.seconds, loop.call_later, _GRACE_SECONDS, _give_up, waiter)
        self._waiting.add(waiter)
        try:
            await waiter
            return task.result()
        finally:
            late.cancel()
            self._waiting.discard(waiter)
            if not task.done():
                self._leave(task)

    def lose(self) -> None:
        """Lets all go that wait."""
        for waiter in self._waiting:
            _give_up(waiter)

    def _leave(self, task: asyncio.Task[Any]) -> None:
        task.cancel()
        self._left.add(task)  # the loop itself holds tasks but weakly
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self._left.discard(task)
        if not task.cancelled():
            task.exception()  # looked at, so that nobody is told of it: the server's trouble is known


def _let_go(waiter: asyncio.Future[None]) -> None:
    if not waiter.done():
        waiter.set_result(None)


def _give_up(waiter: asyncio.Future[None]) -> None:
    if not waiter.done():
        waiter.set_exception(TimeoutError())
