"""Starts the engines together and stops them together."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from threadly.embedded.data import hold
from threadly.embedded.postgres import Postgres
from threadly.embedded.valkey import Valkey

DEFAULT_DATA = Path(".threadly")
_LOOK_SECONDS = 0.2


@dataclass(frozen=True)
class Engines:
    """What runs, and how to reach it. An address is None when that engine was not asked for."""

    data: Path
    """The folder with the data and the logs."""

    database_url: str | None = field(repr=False)
    """`postgresql://threadly:PASSWORD@/threadly?host=FOLDER`, through a private socket; for asyncpg, psql and, with
    `postgresql+asyncpg`, SQLAlchemy. The role owns its database and may create others."""

    serving_url: str | None = field(repr=False)
    """The same for a role that owns nothing, and may do there what it is granted (`core.database.roles`)."""

    administrator_url: str | None = field(repr=False)
    """The same for the role `postgres`, which may do everything."""

    cache_url: str | None = field(repr=False)
    """`unix://:PASSWORD@FOLDER/valkey.sock`, for redis-py and valkey-py; append `?db=1` for another database."""

    _servers: tuple[Postgres | Valkey, ...] = field(repr=False)

    async def lost(self) -> Exception:
        """Waits until a server has ended by itself; returns the EngineFailed that says so and quotes its log."""
        while True:
            for server in self._servers:
                if (failure := server.lost()) is not None:
                    return failure
            await asyncio.sleep(_LOOK_SECONDS)


def _silently(_step: str) -> None:
    """Progress nobody asked for."""


@asynccontextmanager
async def engines(
    data: Path = DEFAULT_DATA,
    *,
    ephemeral: bool = False,
    postgres: bool = True,
    valkey: bool = True,
    durable: bool = True,
    on_progress: Callable[[str], None] = _silently,
) -> AsyncIterator[Engines]:
    """Runs PostgreSQL and Valkey, or the one that is asked for, for the length of the `async with`.

    Args:
        data: Where the data lies; made when missing, found again at the next start.
        ephemeral: A new temporary folder instead, removed at the end, even after a kill -9.
        durable: False makes writes fast and a crash fatal to the data, and keeps it in memory where there is plenty;
            for ephemeral test engines only.
        on_progress: Called with a sentence when something begins that may take over a second.

    Raises:
        EmbeddedError: One of its subclasses; whatever had been started is stopped again.
    """
    if not durable and not ephemeral:
        raise ValueError("data that is to be kept must be durable")
    async with hold(data, ephemeral=ephemeral, durable=durable) as held:
        database = Postgres(held, durable=durable, on_progress=on_progress) if postgres else None
        cache = Valkey(held, durable=durable, on_progress=on_progress) if valkey else None
        servers = tuple(server for server in (database, cache) if server is not None)
        try:
            await _together(*(server.start() for server in servers))
            yield Engines(
                data=held.folder,
                database_url=database.url if database else None,
                serving_url=database.serving_url if database else None,
                administrator_url=database.administrator_url if database else None,
                cache_url=cache.url if cache else None,
                _servers=servers,
            )
        finally:
            await _together(*(server.stop() for server in servers))


@contextmanager
def blocking_engines(
    data: Path = DEFAULT_DATA,
    *,
    ephemeral: bool = False,
    postgres: bool = True,
    valkey: bool = True,
    durable: bool = True,
    on_progress: Callable[[str], None] = _silently,
) -> Iterator[Engines]:
    """`engines` for code that is not asynchronous, such as a fixture of a test session."""
    running = engines(
        data, ephemeral=ephemeral, postgres=postgres, valkey=valkey, durable=durable, on_progress=on_progress
    )
    loop = asyncio.new_event_loop()  # its own, and never the thread's current one: pytest's plugins care
    try:
        started = loop.run_until_complete(running.__aenter__())
        try:
            yield started
        finally:
            loop.run_until_complete(running.__aexit__(None, None, None))
    finally:
        loop.close()


async def _together(*steps: Coroutine[None, None, None]) -> None:
    """Runs the steps at the same time; the first error ends the others and is raised as it is."""
    try:
        async with asyncio.TaskGroup() as group:
            for step in steps:
                group.create_task(step)
    except ExceptionGroup as failed:
        raise failed.exceptions[0] from None
