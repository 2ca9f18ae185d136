"""One web worker: granian in a process of its own, on a socket that the supervisor opened.

Run as `python -m threadly.serving.worker PLAN`. It says that it is ready with a byte on `ready`; SIGUSR1 is for the
application, which asks `stopping` (threadly.core.asgi), and lets no connection be used again; SIGTERM lets the requests
under way finish; the end of its standard input is the end of the supervisor, and so of the worker.

granian's own supervisor is not used, because (2.8) it loses a SIGTERM that comes before all workers are up, leaves its
workers behind when it is killed, gives up when a worker dies twice within six seconds, shares its port with whoever
asks, and cannot say which free port it took. Its embedded server is the same Rust server without that supervisor.

HTTP/1 only: browsers speak HTTP/2 over TLS alone, which the proxy in front ends; and while granian finds out which of
the two a connection speaks, and ever after on HTTP/2, no idle limit holds: 4,100 silent connections would silence us.
"""

import asyncio
import gc
import importlib
import json
import os
import resource
import signal
import sys
import traceback
from collections.abc import MutableMapping
from contextlib import suppress
from typing import Any, Final, TypedDict

import uvloop
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.net import SocketHolder  # type: ignore[attr-defined]  # its type stub says less than it has
from granian.server.embed import Server

from threadly.core.asgi import STOPPING, ASGIApp, Message, Receive, Scope, Send
from threadly.serving import lifeline

_FAILED: Final = 1
_IDLE_MILLISECONDS: Final = 15_000  # for the head of a request, and between two of them on one connection
_BUFFER_BYTES: Final = 64 * 1024  # of each connection; granian's own 400 KiB, filled by 2,048 of them, are 800 MB
_LOGGING: Final[dict[str, Any]] = {
    "loggers": {"_granian": {"handlers": [], "propagate": True}, "granian.access": {"handlers": [], "propagate": True}}
}


def without_luxury() -> None:
    """Some libraries load another, if it is there, for what nobody asks of them here: 9 MB in each worker.

    structlog loads rich for tracebacks that nobody prints, and redis OpenTelemetry's SDK, to count what we count.
    """
    for library, luxury in (("structlog", "rich"), ("redis", "opentelemetry.sdk")):
        if luxury not in sys.modules:
            sys.modules[luxury] = None  # type: ignore[assignment]  # so that importing it fails
            importlib.import_module(library)
            del sys.modules[luxury]


class Plan(TypedDict):
    """What a worker is told, as JSON in its only argument."""

    app: str
    """`module:name`, or `module:name()` for a function that builds it."""
    listener: int
    ready: int
    backlog: int
    backpressure: int
    grace_seconds: float


def load(target: str) -> ASGIApp:
    """The application that `module:name` or `module:name()` means."""
    module, _, name = target.partition(":")
    found: Any = importlib.import_module(module)
    for part in name.removesuffix("()").split("."):
        found = getattr(found, part)
    app: ASGIApp = found() if name.endswith("()") else found
    return app


async def run(plan: Plan) -> int:
    """Serves until SIGTERM or SIGINT; the exit code."""
    app = _Announced(load(plan["app"]), plan["ready"])
    gc.freeze()  # what has been imported stays: no collection need look at it again
    server = _OnSocket(app, plan)
    app.on_failure = server.stop
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, server.stop)
    asyncio.get_running_loop().add_signal_handler(signal.SIGUSR1, app.stop_soon)
    await server.serve()
    return _FAILED if app.failed or server.interrupt_children else 0


class _OnSocket(Server):
    """granian's embedded server on a socket that listens already."""

    def __init__(self, app: ASGIApp, plan: Plan) -> None:
        super().__init__(
            app,
            interface=Interfaces.ASGI,
            http=HTTPModes.http1,
            websockets=False,  # nothing of ours speaks it, and a handshake would go past all that looks at requests
            backlog=plan["backlog"],
            backpressure=plan["backpressure"],
            http1_settings=HTTP1Settings(header_read_timeout=_IDLE_MILLISECONDS, max_buffer_size=_BUFFER_BYTES),
            log_level=LogLevels.error,
            log_dictconfig=_LOGGING,
            log_access=False,
        )
        self._listener = (plan["listener"], False, plan["backlog"])

    def _init_shared_socket(self) -> None:
        self._shd = SocketHolder(*self._listener)  # type: ignore[assignment,call-arg]


class _Announced:
    """The application, saying once when it has started up, and hearing when it is about to stop.

    One that fails to start is not served.
    """

    def __init__(self, app: ASGIApp, ready: int) -> None:
        self._app = app
        self._ready = ready
        self._is_stopping = False
        self.failed = False
        self.on_failure = _nothing

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Any:  # noqa: ANN401  whatever the application gives
        if scope["type"] == "lifespan":
            return self._lifespan(scope, receive, send)
        return self._app(scope, receive, _closing(send) if self._is_stopping else send)

    def stop_soon(self) -> None:
        """From now on, `stopping` says yes, and each connection is closed behind its next answer."""
        self._is_stopping = True

    async def _lifespan(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def watch(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "lifespan.startup.failed":
                self.failed = True
            await send(message)
            if message["type"] == "lifespan.startup.complete":
                with suppress(BrokenPipeError):
                    os.write(self._ready, b".")

        scope.setdefault("state", {})[STOPPING] = lambda: self._is_stopping
        try:
            await self._app(scope, receive, watch)
        except Exception:  # noqa: BLE001  an application may fail in any way
            traceback.print_exc()
            self.failed = True
            self.on_failure()


def _closing(send: Send) -> Send:
    """Has whoever asked connect anew for the next request: elsewhere, by then."""

    async def closing(message: Message) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = [*message.get("headers", ()), (b"connection", b"close")]
        await send(message)

    return closing


def _nothing() -> None:
    """Nobody waits for a failure yet."""


def main() -> int:
    """Runs what the only argument plans."""
    plan: Plan = json.loads(sys.argv[1])
    lifeline.follow(grace_seconds=plan["grace_seconds"])  # first: what comes next takes its time
    without_luxury()
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))  # each connection is one; shells often allow 1024 only
    return uvloop.run(run(plan))


if __name__ == "__main__":
    sys.exit(main())
