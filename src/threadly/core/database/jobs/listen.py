"""Hears PostgreSQL's notifications for as long as it is asked to, on a connection of its own.

Guaranteed: `heard` is called for each notification, and after each new connection, since some may have been missed
meanwhile. Not guaranteed: that the connection stands; who waits for `heard` must look from time to time anyway.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final

import asyncpg
import structlog

from threadly.core.database.errors import reason_of
from threadly.core.database.primary import Primary

_log: Final = structlog.get_logger(__name__)
_PROBE_SECONDS: Final = 10
_RECONNECT_SECONDS: Final = 0.5
_LOST: Final = (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError)


async def listen(url: str, channel: str, heard: Callable[[], None]) -> None:
    """Calls `heard` until cancelled. `url` is as the driver wants it. That nothing is heard is logged once."""
    lost = False

    def connected() -> None:
        nonlocal lost
        if lost:
            _log.warning("PostgreSQL is heard again.", channel=channel)
        lost = False
        heard()

    while True:
        why = "closed"
        try:
            await _hear(url, channel, heard, connected=connected)
        except _LOST as loss:
            why = reason_of(loss)
        if not lost:
            _log.warning(
                "PostgreSQL is not heard; the connection is tried until it is back.", channel=channel, failure=why
            )
        lost = True
        await asyncio.sleep(_RECONNECT_SECONDS)


async def _hear(url: str, channel: str, heard: Callable[[], None], *, connected: Callable[[], None]) -> None:
    gone = asyncio.Event()

    def on_notification(*_: Any) -> None:  # noqa: ANN401 - the driver's connection, pid, channel and payload
        heard()

    def on_end(_: object) -> None:
        gone.set()

    own = {"application_name": f"threadly {channel}"}
    connection = await Primary(url).connect(timeout=5, server_settings=own)
    try:
        connection.add_termination_listener(on_end)
        await connection.add_listener(channel, on_notification)
        connected()
        while not gone.is_set():
            with suppress(TimeoutError):
                async with asyncio.timeout(_PROBE_SECONDS):
                    await gone.wait()
            if not gone.is_set():
                await connection.execute("SELECT 1", timeout=5)  # a dead peer says nothing by itself
    finally:
        connection.terminate()
