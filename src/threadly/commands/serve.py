"""`threadly serve`."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter, validators
from rich.markup import escape

from threadly.commands.acts import note_settings
from threadly.commands.errors import CacheUnreachable, DatabaseUnreachable, MediaUnreadable
from threadly.commands.installation import (
    refuse_changeable_audit,
    refuse_missing_migrations,
    refuse_unreachable_cache,
    refuse_unreadable_media,
    running,
)
from threadly.commands.terminal import Spoken, counted
from threadly.core.observability import SOCKET, Collector, private_folder
from threadly.core.observability.errors import TOPIC as ERRORS
from threadly.core.observability.errors import Merged
from threadly.core.observability.metrics import TOPIC as METRICS
from threadly.core.observability.metrics import Totals, watch
from threadly.core.observability.private import Listener, host_and_port, of_workers, paths
from threadly.serving import Address, Serving, Supervisor, lifeline
from threadly.settings import OpsSettings, Settings, workers_of

APP = "threadly.app:app()"
_PROCESS = "serve"
_OPS = "THREADLY_OBSERVABILITY__OPS__"


def serve(
    *,
    host: str = "127.0.0.1",
    port: Annotated[int, Parameter(validator=validators.Number(gte=0, lte=65535))] = 8000,
    workers: Annotated[int | None, Parameter(validator=validators.Number(gte=1, lte=256))] = None,
    drain: Annotated[float | None, Parameter(validator=validators.Number(gte=0, lte=3600))] = None,
    max_rss: Annotated[int | None, Parameter(validator=validators.Number(gte=64))] = None,
    until_stdin_closes: Annotated[bool, Parameter(negative=())] = False,
) -> None:
    """Answers until SIGTERM or Ctrl-C.

    Parameters
    ----------
    host
        Address to listen at; 0.0.0.0 is all of this machine's.
    port
        Port to listen at; 0 takes any that is free, and prints it.
    workers
        Processes that answer; as many as THREADLY_SERVER__WORKERS says, or as there are processors, if not said.
    drain
        Seconds that requests under way may take to finish after a stop; THREADLY_SERVER__DRAIN, if not said. A second
        Ctrl-C does not wait.
    max_rss
        Memory in MiB beyond which a worker is replaced.
    until_stdin_closes
        Also stop when standard input ends: for programs that start this one, and must not leave it behind.
    """
    said = {"THREADLY_SERVER__WORKERS": workers, "THREADLY_SERVER__DRAIN": None if drain is None else f"PT{drain:f}S"}
    settings, to = running(_PROCESS, options={name: str(value) for name, value in said.items() if value is not None})
    drain_seconds = settings.server.drain.total_seconds()
    not_ready = settings.observability.health.not_ready.total_seconds()
    if until_stdin_closes:
        lifeline.follow(grace_seconds=not_ready + drain_seconds + lifeline.OWNERLESS_SECONDS)
    for missing in asyncio.run(_missing(settings)):
        to.print(f"[yellow]![/] {escape(missing)}")
    serving = Serving(
        app=APP,
        address=Address(host, port),
        workers=workers_of(settings),
        drain_seconds=drain_seconds,
        not_ready_seconds=not_ready,
        max_rss_bytes=None if max_rss is None else max_rss << 20,
    )
    asyncio.run(_run(serving, settings.observability.ops, to))
    to.print("Threadly has stopped.")


async def _run(serving: Serving, ops: OpsSettings, to: Spoken) -> None:
    how_many = counted(serving.workers, "worker")
    with private_folder() as folder:
        socket = folder / SOCKET
        async with _collected(ops, socket, workers=serving.workers) as listener:

            def say_ready(at: Address) -> None:
                to.print(f"Threadly answers at [bold green]{at.url}[/], {how_many}. Ctrl-C stops.")
                if listener is not None:
                    to.print(f"Metrics at {paths(listener.url)}, for those who run it.")

            shared = replace(serving, environment=lambda number: _of_a_worker(number, serving, socket))
            await Supervisor(shared, on_ready=say_ready, on_event=to.print).run()


@asynccontextmanager
async def _collected(ops: OpsSettings, socket: Path, *, workers: int) -> AsyncIterator[Listener | None]:
    """Hears what the workers say, and tells those who run it; None if it is to tell nobody."""
    totals, failures = Totals(), Merged()
    collector = Collector(socket, subscribers={METRICS: totals, ERRORS: failures})
    async with watch(_PROCESS), collector.listening():
        place = host_and_port(ops.listen)
        if place is None:
            yield None
            return
        routes = of_workers(collector, expected=workers, totals=totals, failures=failures.said)
        async with Listener(place, routes, setting=f"{_OPS}LISTEN").listening() as listener:
            yield listener


def _of_a_worker(number: int, serving: Serving, socket: Path) -> Mapping[str, str]:
    """What a worker is told beside the environment of this process; how many they are, since rules look at that."""
    return {
        "THREADLY_SERVER__WORKERS": str(serving.workers),
        f"{_OPS}SOCKET": str(socket),
        f"{_OPS}PROCESS": f"web {number + 1}",
    }


async def _missing(settings: Settings) -> Sequence[str]:
    """What we can start without, because it may come later; each with what follows.

    Raises:
        MigrationsMissing: The database is there, and behind.
        AuditChangeable: It lets us change what the audit log has recorded, in production.
    """
    found = []
    try:
        await refuse_missing_migrations(settings.database)
        if (changeable := await refuse_changeable_audit(settings)) is not None:
            found.append(changeable)
        await note_settings(settings, process=_PROCESS)
    except DatabaseUnreachable as unreachable:
        found.append(f"{unreachable}\n  Starting all the same; /readyz says when it has come.")
    try:
        await refuse_unreachable_cache(settings.cache)
    except CacheUnreachable as unreachable:
        found.append(f"{unreachable}\n  Starting all the same; /readyz says when it has come.")
    try:
        await refuse_unreadable_media(settings.media)
    except MediaUnreadable as unreadable:
        found.append(f"{unreadable}\n  Starting all the same, without pictures.")
    return found
