"""Serves an ASGI application with several workers, from an address that is this server's alone.

    await Supervisor(Serving("threadly.app:app", workers=4), on_ready=print).run()

Promises: `supervisor`; how the address is claimed and shared: `listeners`; one worker: `worker`.
"""

from threadly.serving import lifeline
from threadly.serving.errors import AddressNotUsable, PortTaken, ServingError, WorkersFailed
from threadly.serving.listeners import Address
from threadly.serving.supervisor import Serving, Supervisor, how_it_ended, rss_bytes

__all__ = [
    "Address",
    "AddressNotUsable",
    "PortTaken",
    "Serving",
    "ServingError",
    "Supervisor",
    "WorkersFailed",
    "how_it_ended",
    "lifeline",
    "rss_bytes",
]
