"""A small application for tests of the web server: `python -m tests.served_app` serves it and prints its address.

/pid tells who answers; /who from where it was asked, and how; /slow?0.5 answers after so many
seconds; /grow takes 64 MiB and keeps them; /ready is 503 as soon as the server is about to stop.
"""

import asyncio
import os
import sys
from collections.abc import Callable

from threadly.core.asgi import ASGIApp, Receive, Scope, Send, stopping
from threadly.serving import Address, Serving, ServingError, Supervisor

_kept: list[bytes] = []
_stopping: list[Callable[[], bool]] = []


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    """Speaks lifespan, and answers as the module says."""
    if scope["type"] == "lifespan":
        await _live(scope, receive, send)
        return
    if scope["path"] == "/slow":
        await asyncio.sleep(float(scope["query_string"]))
    if scope["path"] == "/grow":
        _kept.append(b"x" * (64 << 20))
    status = 503 if scope["path"] == "/ready" and any(told() for told in _stopping) else 200
    await send({"type": "http.response.start", "status": status, "headers": [(b"content-type", b"text/plain")]})
    said = f"{scope['client'][0]} {scope['scheme']}" if scope["path"] == "/who" else str(os.getpid())
    await send({"type": "http.response.body", "body": said.encode()})


def served_by_call() -> ASGIApp:
    """Builds the application."""
    return app


async def failing(scope: Scope, receive: Receive, send: Send) -> None:
    """An application that cannot start."""
    raise RuntimeError("this application never starts")


async def refusing(scope: Scope, receive: Receive, send: Send) -> None:
    """An application that says in order that it cannot start."""
    await receive()
    await send({"type": "lifespan.startup.failed", "message": "no database"})


async def _live(scope: Scope, receive: Receive, send: Send) -> None:
    await receive()
    _stopping.append(stopping(scope))
    await asyncio.sleep(float(os.environ.get("STARTS_SLOWLY", "0")))
    await send({"type": "lifespan.startup.complete"})
    await receive()
    await send({"type": "lifespan.shutdown.complete"})


def main(name: str, port: str, workers: str, drain: str, max_rss: str = "0", not_ready: str = "0") -> int:
    """Serves until told to end; 2 if it may not."""
    serving = Serving(
        f"tests.served_app:{name}",
        Address("127.0.0.1", int(port)),
        workers=int(workers),
        drain_seconds=float(drain),
        not_ready_seconds=float(not_ready),
        max_rss_bytes=int(max_rss) or None,
        memory_look_seconds=0.1,
    )
    supervisor = Supervisor(serving, on_ready=lambda at: _say(at.url), on_event=_say)
    try:
        asyncio.run(supervisor.run())
    except ServingError as refusal:
        _say(f"{refusal.code}: {refusal}")
        return 2
    return 0


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
