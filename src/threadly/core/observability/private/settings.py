"""Where a process tells those who run it: what it listens at for them, and whom it reports to."""

from pathlib import Path
from typing import Annotated, Final

from pydantic import AfterValidator, Field

from threadly.core.config import Section, expect_port, spelled

OFF: Final = "off"
_FORM: Final = spelled(
    r"off|(\[[0-9A-Fa-f:.]+\]|[^\s:/@\[\]]+):\d{1,5}", form="a host and a port, or off", example="127.0.0.1:9464"
)


Place = Annotated[str, _FORM, AfterValidator(expect_port)]
"""Where to listen, or nowhere."""


class OpsSettings(Section):
    """What those who run it are told, and nobody else: metrics, health, errors."""

    listen: Place = "127.0.0.1:9464"
    """Where a process tells of itself: an address of this machine or of a private network, never one that strangers
    reach; port 0 takes any that is free, and `off` tells nobody."""

    socket: Path | None = Field(default=None, examples=["/run/shop/reports.sock"])
    """Where a worker reports to the process that keeps several, instead."""


def host_and_port(place: str) -> tuple[str, int] | None:
    """What a place to listen at means; None for `off`."""
    if place == OFF:
        return None
    host, _, port = place.rpartition(":")
    return host.strip("[]"), int(port)
