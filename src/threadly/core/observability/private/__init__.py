"""What those who run a process are told, and nobody else: `/metrics`, `/livez`, `/readyz`, `/health`, `/errors`.

    async with Listener(("127.0.0.1", 9464), of_process(health=lambda: health, failures=tracker.said)).listening():
        ...

Promises: of the server `listener`, of what is answered `routes`.
"""

from threadly.core.observability.private.listener import (
    Answer,
    Asked,
    Handler,
    Listener,
    OpsAddressNotUsable,
    OpsPortTaken,
)
from threadly.core.observability.private.routes import of_process, of_workers, paths
from threadly.core.observability.private.settings import OpsSettings, Place, host_and_port

__all__ = [
    "Answer",
    "Asked",
    "Handler",
    "Listener",
    "OpsAddressNotUsable",
    "OpsPortTaken",
    "OpsSettings",
    "Place",
    "host_and_port",
    "of_process",
    "of_workers",
    "paths",
]
