"""How late the event loop is: what every request waits for on top of its own."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Final

from threadly.core.observability.health.checks import Reading, Status

_SLEEPS: Final = 5
_SLEEP_SECONDS: Final = 0.02


def loop_lag(*, warns_milliseconds: float = 100.0) -> Callable[[], Coroutine[None, None, Reading]]:
    """A look at it: the worst of a few short sleeps, and a warning beyond so much."""

    async def look() -> Reading:
        clock = asyncio.get_running_loop().time
        late = 0.0
        for _ in range(_SLEEPS):
            began = clock()
            await asyncio.sleep(_SLEEP_SECONDS)
            late = max(late, clock() - began - _SLEEP_SECONDS)
        seen = round(late * 1000, 2)
        if seen <= warns_milliseconds:
            return Reading(seen, "ms")
        told = f"Something keeps the event loop for longer than {warns_milliseconds:.0f} ms at a time."
        return Reading(seen, "ms", Status.WARN, told)

    return look
