"""An application that lives as long as its server lets it: built when the server starts, closed when it stops.

    @asynccontextmanager
    async def started(scope: Scope) -> AsyncIterator[ASGIApp]:
        async with ORDER.started(settings=settings) as parts:
            yield application(parts)

    app = Living(started)

Guaranteed: nothing is built before the server says so (ASGI lifespan), no request comes before all is built or after
closing has begun; what keeps it from starting is logged, and told to the server, which then ends. Where that is
something it needs and that is not there (`Unavailable`), it is a sentence; else a defect, with its traceback.
"""

import logging
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from typing import Final

from threadly.core.asgi.types import ASGIApp, Receive, Scope, Send
from threadly.core.errors import Unavailable

_log: Final = logging.getLogger(__name__)


class Living:
    """The application that `started` yields.

    Args:
        started: Builds it, is given the scope of the lifespan, and closes all that it has opened.
    """

    def __init__(self, started: Callable[[Scope], AbstractAsyncContextManager[ASGIApp]]) -> None:
        self._started = started
        self._app: ASGIApp | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live(scope, receive, send)
        elif self._app is None:
            raise RuntimeError("this application needs a server that speaks ASGI lifespan")
        else:
            await self._app(scope, receive, send)

    async def _live(self, scope: Scope, receive: Receive, send: Send) -> None:
        await receive()
        async with AsyncExitStack() as living:
            try:
                self._app = await living.enter_async_context(self._started(scope))
            except Unavailable as absence:
                why = _told(absence)
                _log.error("The application cannot start: %s", why)
                await send({"type": "lifespan.startup.failed", "message": why})
                return
            except Exception as failure:  # noqa: BLE001  whatever it is, the server is told
                _log.exception("The application cannot start.")
                await send({"type": "lifespan.startup.failed", "message": str(failure)})
                return
            await send({"type": "lifespan.startup.complete"})
            await receive()
            self._app = None
        await send({"type": "lifespan.shutdown.complete"})


def _told(absence: Unavailable) -> str:
    cause: BaseException = absence
    while cause.__cause__ is not None:
        cause = cause.__cause__
    told = f"{type(absence).__name__} ({absence.code})"
    return told if cause is absence else f"{told}, by {type(cause).__name__}: {cause}".removesuffix(": ")
