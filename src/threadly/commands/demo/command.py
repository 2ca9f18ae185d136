"""`threadly demo`."""

import asyncio
import os
import signal
import time
from collections.abc import Coroutine
from pathlib import Path
from typing import Annotated, Any

from cyclopts import Parameter, validators
from rich.markup import escape

from threadly.commands.demo.check import check as visit_all
from threadly.commands.demo.processes import descendants, still_alive
from threadly.commands.demo.report import Figures, report, welcome
from threadly.commands.demo.shop import Options, shop
from threadly.commands.demo.visits import Seen
from threadly.commands.errors import ChildDied
from threadly.commands.terminal import Steps, console
from threadly.embedded import EngineFailed
from threadly.serving import rss_bytes

_FAILED = 1


def demo(
    *,
    data: Path | None = None,
    ephemeral: bool = False,
    port: Annotated[int | None, Parameter(validator=validators.Number(gte=0, lte=65535))] = None,
    listings: Annotated[int | None, Parameter(validator=validators.Number(gte=0, lte=10_000_000))] = None,
    seed: Annotated[int, Parameter(validator=validators.Number(gte=0))] = 1,
    workers: Annotated[int, Parameter(validator=validators.Number(gte=1, lte=256))] = min(2, os.cpu_count() or 1),
    site: Path | None = None,
    check: Annotated[bool, Parameter(negative=())] = False,
) -> int:
    """Runs until Ctrl-C.

    Parameters
    ----------
    data
        Folder of the data, the pictures and the logs; ./.threadly if not said.
    ephemeral
        Use a temporary folder, and leave nothing behind.
    port
        Port to listen at. If not said: 8000, or any that is free where that is taken.
    listings
        How many listings an empty shop is filled with; 300 if not said, and 0 leaves it empty.
    seed
        The same seed gives the same shop.
    workers
        Processes that answer.
    site
        Folder of a site of your own, as examples/sites/kleine-runde; its data lie in ./.threadly-NAME.
    check
        Visit the shop like a client, print what was seen and how long it took, and stop; the exit code tells.
        Takes a free port, and a temporary folder unless --data names one.
    """
    options = Options(
        data=data, ephemeral=ephemeral, port=port, listings=listings, seed=seed, workers=workers, site=site
    )
    return asyncio.run(_until_told(_check(options.of_a_check()) if check else _run(options)))


async def _until_told(running: Coroutine[Any, Any, int]) -> int:
    """Runs it until it ends or this process is told to; being told is no failure."""
    task = asyncio.ensure_future(running)
    told: list[int] = []

    def end(number: int) -> None:
        if not told:  # once: what stops everything must not be interrupted itself, and is bounded
            task.cancel()
        told.append(number)

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        asyncio.get_running_loop().add_signal_handler(number, end, number)
    try:
        return await task
    except asyncio.CancelledError:
        if not told:
            raise
        return 0


async def _run(options: Options) -> int:
    to = console()
    steps = Steps(to)
    try:
        async with shop(options, steps) as running:
            welcome(to, running, ephemeral=options.ephemeral)
            failure = await running.lost()
            to.print(f"[red]✗[/] {escape(str(failure))}\nStopping the rest.")
    except asyncio.CancelledError:
        to.print()
        to.print("Stopped." if options.ephemeral else f"Stopped. Your shop waits in {options.folder}.")
        raise
    except (ChildDied, EngineFailed) as failure:
        to.print(f"[red]✗[/] {escape(str(failure))}")
    return _FAILED


async def _check(options: Options) -> int:
    to = console()
    steps = Steps(to)
    clock = time.monotonic
    began = clock() - time.process_time()  # what Python needed to load all this counts
    first_page_after: list[float] = []
    try:
        async with shop(options, steps) as running:
            with steps.step("Visits") as step:

                def show(visit: Seen) -> None:
                    first_page_after.append(clock() - began)
                    step.doing(visit.what)

                seen = await visit_all(running, on_seen=show)
                step.outcome = f"{len(seen)} pages, pictures and answers"
            ours = descendants()
            web_workers = [rss_bytes(process.pid) for process in ours if process.parent == running.web.pid]
            stopping = clock()
    except (ChildDied, EngineFailed) as failure:
        to.print(f"[red]✗[/] {escape(str(failure))}")
        return _FAILED
    figures = Figures(
        first_page_seconds=first_page_after[0],
        stop_seconds=clock() - stopping,
        largest_web_worker_bytes=max(web_workers, default=0),
        processes=len(ours),
        left=tuple(still_alive(ours)),
    )
    return 0 if report(to, seen, figures) else _FAILED
