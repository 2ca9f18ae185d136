"""What can keep the web server from serving, each with a stable `code` and a sentence which says what to do.

ServingError
├─ PortTaken           somebody else listens there
├─ AddressNotUsable    no such address here, or not ours to use
└─ WorkersFailed       no worker got ready to answer
"""

from typing import ClassVar


class ServingError(RuntimeError):
    """Anything that keeps the web server from serving. Its text is meant for the person at the terminal."""

    code: ClassVar[str] = "serving_error"


class PortTaken(ServingError):
    """Another process listens at this address; nothing of ours was started."""

    code = "port_taken"

    def __init__(self, host: str, port: int) -> None:
        self.host = host
        self.port = port
        super().__init__(
            f"Port {port} of {host} is taken by another program. Stop it, or choose another port with --port N "
            f"(--port 0 takes any that is free)."
        )


class AddressNotUsable(ServingError):
    """The address does not exist on this machine, or this account may not listen there."""

    code = "address_not_usable"

    def __init__(self, host: str, port: int, why: str) -> None:
        super().__init__(f"Cannot listen on port {port} of {host}: {why}.")


class WorkersFailed(ServingError):
    """A worker ended before any was ready to answer. It has written its reason to the standard error."""

    code = "workers_failed"

    def __init__(self, exit_code: int) -> None:
        self.exit_code = exit_code
        super().__init__(f"The web server did not start: a worker ended with {exit_code}. Its reason stands above.")
