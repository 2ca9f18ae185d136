"""The demo's shop: what is started, in which order, and how it ends."""

import asyncio
import os
import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from threadly.commands.demo.children import Child, child
from threadly.commands.demo.environment import at_site, by_owner, complete, kept_environment, own_cache, own_database
from threadly.commands.demo.prepare import Prepared, prepare
from threadly.commands.terminal import Steps, counted
from threadly.core.observability import host_and_port
from threadly.embedded import DEFAULT_DATA, Engines, engines
from threadly.serving import Address, PortTaken
from threadly.serving.listeners import Listeners
from threadly.settings import Settings, site_from_environment

DEFAULT_PORT = 8000
_HOST = "127.0.0.1"
_METRICS = re.compile(r"Metrics at (http://[^\s,]+)")
_ANSWERS = re.compile(r"answers at (http://[^\s,]+)")
_DRAIN_SECONDS = "1.5"


@dataclass(frozen=True, slots=True)
class Options:
    """What the person at the terminal chose."""

    data: Path | None = None
    """None: the usual folder."""
    ephemeral: bool = False
    port: int | None = None
    """None: the usual port, or any free one where that is taken."""
    listings: int | None = None
    """None: the usual number."""
    seed: int = 1
    workers: int = field(default_factory=lambda: min(2, os.cpu_count() or 1))
    site: Path | None = None
    """The folder of a site of one's own."""

    @property
    def folder(self) -> Path:
        """Where everything lies, unless it is ephemeral; another site has another place."""
        if self.data is not None or self.site is None:
            return self.data or DEFAULT_DATA
        return DEFAULT_DATA.with_name(f"{DEFAULT_DATA.name}-{self.site.resolve().name}")

    def of_a_check(self) -> "Options":
        """The same for a visit: any free port and a temporary folder, where none was named."""
        return replace(self, ephemeral=self.ephemeral or self.data is None, port=self.port or 0)


@dataclass(frozen=True, slots=True)
class Shop:
    """A running shop."""

    url: str
    metrics: str | None
    """Where those of the web workers are; None if the owner has turned that off."""
    data: Path
    settings: Settings
    prepared: Prepared
    servers: tuple[str, ...]
    """What it stands on, in words."""
    web: Child
    _engines: Engines
    _children: tuple[Child, ...]

    async def lost(self) -> Exception:
        """Waits until a part of it has ended by itself; the error that says which, and quotes its log."""
        waits = [asyncio.ensure_future(wait) for wait in (self._engines.lost(), *(c.died() for c in self._children))]
        try:
            done, _ = await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
            return done.pop().result()
        finally:
            for wait in waits:
                wait.cancel()


@asynccontextmanager
async def shop(options: Options, steps: Steps) -> AsyncIterator[Shop]:
    """Runs everything for the length of the `async with`.

    Raises:
        PortTaken, EmbeddedError, ConfigurationError, DatabaseUnreachable, MigrationRefused, ShopNotEmpty,
        ChildDied, DatabaseNotOurs: As they say; whatever had been started is stopped again.
    """
    address = free_address(options.port)
    given = at_site(os.environ, options.site, address.url)
    site_from_environment(given)  # what is wrong in its folder is told before anything starts
    theirs, their_cache = own_database(given), own_cache(given)
    async with AsyncExitStack() as running:
        with steps.step("Engines") as step:
            servers = await running.enter_async_context(
                engines(
                    options.folder,
                    ephemeral=options.ephemeral,
                    postgres=not theirs,
                    valkey=not their_cache,
                    on_progress=step.doing,
                )
            )
            named = ("your PostgreSQL" if theirs else "PostgreSQL 18", "your Valkey" if their_cache else "Valkey 9")
            step.outcome = " and ".join(named)
        environment = complete(given, data=servers.data, database_url=servers.serving_url, cache_url=servers.cache_url)
        by_hand = by_owner(environment, servers.database_url)
        settings = Settings.from_environment(by_hand)
        kept_environment(servers.data / "env", by_hand)
        prepared = await prepare(settings, steps, own_database=theirs, listings=options.listings, seed=options.seed)
        with steps.step("Web and jobs") as step:
            serve = ("serve", "--host", _HOST, "--port", str(address.port), "--workers", str(options.workers))
            web = await running.enter_async_context(
                child(
                    "web server",
                    *(*serve, "--drain", _DRAIN_SECONDS),
                    environment=environment,
                    log=servers.data / "web.log",
                )
            )
            jobs = await running.enter_async_context(
                child("job worker", "work", environment=environment, log=servers.data / "work.log")
            )
            running.push_async_callback(_stop_together, web, jobs)
            url = (await web.said(_ANSWERS))[1]
            is_told = host_and_port(settings.observability.ops.listen) is not None
            metrics = (await web.said(_METRICS))[1] if is_told else None
            step.outcome = f"{counted(options.workers, 'web worker')} and a job worker"
        yield Shop(url, metrics, servers.data, settings, prepared, named, web, servers, (web, jobs))


async def _stop_together(*children: Child) -> None:
    await asyncio.gather(*(child.stop() for child in children))


def free_address(wanted: int | None) -> Address:
    """Where to serve, found before anything is started, since pages name it; port 0 stands for any.

    Raises:
        PortTaken: The port that was asked for is in use.
    """
    try:
        return _claimed(DEFAULT_PORT if wanted is None else wanted)
    except PortTaken:
        if wanted is not None:
            raise
        return _claimed(0)


def _claimed(port: int) -> Address:
    listeners = Listeners(Address(_HOST, port), count=1, backlog=1)
    listeners.close()
    return listeners.address
