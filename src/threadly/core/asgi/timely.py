"""Each request has a deadline, which all that it waits for hears of (`threadly.core.deadlines`)."""

from threadly.core.asgi.types import ASGIApp, Message, Receive, Scope, Send
from threadly.core.deadlines import within


class Timely:
    """Gives each request so many seconds from the last part of its body: how long that takes is the client's affair."""

    def __init__(self, app: ASGIApp, *, seconds: float) -> None:
        self.app = app
        self._seconds = seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        with within(self._seconds) as deadline:

            async def received() -> Message:
                message = await receive()
                if message["type"] == "http.request":
                    deadline.renew()
                return message

            await self.app(scope, received, send)
