"""`threadly work`."""

import asyncio
from typing import Annotated, Final

import structlog
from cyclopts import Parameter
from rich.markup import escape

from threadly import worker
from threadly.commands.acts import note_settings
from threadly.commands.errors import DatabaseUnreachable
from threadly.commands.installation import refuse_changeable_audit, refuse_missing_migrations, running
from threadly.commands.terminal import Spoken
from threadly.core.observability.errors import Said, Tracker
from threadly.core.observability.health import Health
from threadly.core.observability.metrics import watch
from threadly.core.observability.private import Listener, host_and_port, of_process
from threadly.serving import lifeline
from threadly.settings import Settings

_log: Final = structlog.get_logger(__name__)
_SETTING = "THREADLY_OBSERVABILITY__OPS__WORK_LISTEN"
_TRIES = 20  # so many may run on one machine, without a word in their settings


def work(*, until_stdin_closes: Annotated[bool, Parameter(negative=())] = False) -> None:
    """Works until SIGTERM or Ctrl-C.

    Parameters
    ----------
    until_stdin_closes
        Also stop when standard input ends: for programs that start this one, and must not leave it behind.
    """
    settings, to = running(worker.PROCESS)
    if until_stdin_closes:
        lifeline.follow(grace_seconds=settings.jobs.grace.total_seconds() + lifeline.OWNERLESS_SECONDS)
    try:
        asyncio.run(_refuse_unfit(settings, to))
    except DatabaseUnreachable as unreachable:  # it may come later
        _log.warning("Starting without the database, which may come later.", reason=" ".join(str(unreachable).split()))
    asyncio.run(_run(settings))
    to.print("Threadly has stopped.")


async def _refuse_unfit(settings: Settings, to: Spoken) -> None:
    await refuse_missing_migrations(settings.database)
    if (changeable := await refuse_changeable_audit(settings)) is not None:
        to.print(f"[yellow]![/] {escape(changeable)}")
    await note_settings(settings, process=worker.PROCESS)


async def _run(settings: Settings) -> None:
    place = host_and_port(settings.observability.ops.work_listen)
    if place is None:
        await worker.main(settings)
        return
    health: list[Health] = []
    trackers: list[Tracker] = []
    routes = of_process(
        health=lambda: health[0] if health else None,
        failures=lambda: trackers[0].said() if trackers else Said([]),
    )
    async with watch(worker.PROCESS), Listener(place, routes, setting=_SETTING, tries=_TRIES).listening() as listener:
        _log.info("Metrics, health and failures are told here.", url=listener.url)
        await worker.main(settings, on_health=health.append, on_errors=trackers.append)
