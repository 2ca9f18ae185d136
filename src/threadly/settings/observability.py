"""How an installation tells what happens in it: core's settings, and what `threadly serve` and `threadly work` add."""

from datetime import timedelta
from pathlib import Path
from typing import Annotated, Final

from pydantic import Field

from threadly.core import observability
from threadly.core.config import spelled
from threadly.core.observability import health
from threadly.core.observability.private import Place

_NAME: Final = spelled(r"[\w .-]{1,40}", form="a short name", example="web 1")


class OpsSettings(observability.OpsSettings):
    """What those who run it are told, and nobody else: metrics, health, errors."""

    listen: Place = "127.0.0.1:9464"
    """Where `threadly serve` tells of all its workers: an address of this machine or of a private network, never one
    that strangers reach; port 0 takes any that is free, and `off` tells nobody."""

    work_listen: Place = "127.0.0.1:9465"
    """Where `threadly work` tells of itself. Several on one machine take this port and those after it."""

    socket: Path | None = Field(default=None, examples=["/run/threadly/reports.sock"])
    """Where a worker reports to the process that keeps it; `threadly serve` tells its own, and nobody else need."""

    process: Annotated[str, _NAME] = "web"
    """What a process that answers is called in logs, metrics, traces, failures and at the database; `threadly serve`
    tells its own, and numbers them."""


class HealthSettings(health.HealthSettings):
    """How a process says whether it can serve, and to whom it is of concern."""

    not_ready: timedelta = Field(default=timedelta(seconds=2), ge=timedelta(0), le=timedelta(minutes=10))
    """How long a server that gets SIGTERM says on /readyz that it is not ready, and still answers, before it accepts
    nothing more: longer than whoever asks there takes to notice. Ctrl-C does not wait for it."""


class ObservabilitySettings(observability.ObservabilitySettings):
    """How a process tells what happens in it."""

    ops: OpsSettings = OpsSettings()
    health: HealthSettings = HealthSettings()
