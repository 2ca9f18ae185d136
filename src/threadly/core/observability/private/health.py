"""`/livez`, `/readyz` and `/health` on the private address: of all workers of a server, or of one process by itself."""

from collections.abc import Callable, Mapping

import msgspec

from threadly.core import clock
from threadly.core.observability.collecting import Collector
from threadly.core.observability.health import (
    ALIVE,
    HEALTH,
    LIVEZ,
    MEDIA_TYPE,
    READYZ,
    TOPIC,
    Health,
    Report,
    Status,
    merged,
)
from threadly.core.observability.private.listener import Answer, Asked, Handler


def of_workers(collector: Collector, *, expected: int) -> Mapping[str, Handler]:
    """How the workers do that report to this process, of which there should be so many."""

    def report() -> Report:
        try:
            return merged(collector.latest(TOPIC), now=clock.now(), expected=expected)
        except msgspec.DecodeError:  # of another release, which is being replaced
            return Report(status=Status.FAIL, output="A worker says what this process does not understand.")

    return _routes(report)


def of_process(health: Callable[[], Health | None]) -> Mapping[str, Handler]:
    """How this process does; None while it starts."""

    def report() -> Report:
        known = health()
        return Report(status=Status.FAIL, notes=("It is starting.",)) if known is None else known.report()

    return _routes(report)


def _routes(report: Callable[[], Report]) -> Mapping[str, Handler]:
    async def livez(_: Asked) -> Answer:
        return _answer(ALIVE)

    async def readyz(_: Asked) -> Answer:
        return _answer(report().short())

    async def health(_: Asked) -> Answer:
        return _answer(report())

    return {LIVEZ: livez, READYZ: readyz, HEALTH: health}


def _answer(report: Report) -> Answer:
    return Answer(msgspec.json.format(report.json()), MEDIA_TYPE, report.code)  # for eyes as well
