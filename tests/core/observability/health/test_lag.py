"""How late the event loop is."""

import asyncio
import time

from threadly.core.observability.health import Status, loop_lag


async def test_a_loop_that_something_keeps_is_late_and_said_to_be() -> None:
    look = asyncio.create_task(loop_lag(warns_milliseconds=150)())
    await asyncio.sleep(0.01)
    time.sleep(0.3)  # noqa: ASYNC251 - this is what it is about
    seen = await look
    assert isinstance(seen.value, float)
    assert seen.value > 150
    assert (seen.status, seen.unit) == (Status.WARN, "ms")


async def test_an_idle_loop_is_not() -> None:
    seen = await loop_lag(warns_milliseconds=5_000)()
    assert (seen.status, seen.output) == (Status.PASS, None)
