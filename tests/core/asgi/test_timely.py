"""What a request waits for hears of its deadline, which counts from the end of its body."""

from collections.abc import Iterator

from threadly.core import deadlines
from threadly.core.asgi import Message, Receive, Scope, Send, Timely


async def _nothing(_: Message) -> None:
    pass


def _bodies(*chunks: bytes) -> Receive:
    def messages() -> Iterator[Message]:
        for number, chunk in enumerate(chunks, 1):
            yield {"type": "http.request", "body": chunk, "more_body": number < len(chunks)}

    left = messages()

    async def receive() -> Message:
        return next(left)

    return receive


async def test_a_request_has_its_time_and_the_next_has_its_own() -> None:
    seen = []

    async def app(_scope: Scope, _receive: Receive, _send: Send) -> None:
        seen.append(deadlines.left() or 0)

    for _ in range(2):
        await Timely(app, seconds=5.0)({"type": "http"}, _bodies(), _nothing)
        assert deadlines.left() is None
    assert all(4 < left <= 5 for left in seen)


async def test_the_time_that_a_body_takes_is_not_counted() -> None:
    seen = []

    async def app(_scope: Scope, receive: Receive, _send: Send) -> None:
        deadline = deadlines.current()
        assert deadline is not None
        for _ in range(2):
            deadline.at -= 4  # so long has it taken until now
            seen.append(deadlines.left() or 0)
            await receive()
            seen.append(deadlines.left() or 0)

    await Timely(app, seconds=5.0)({"type": "http"}, _bodies(b"a", b"b"), _nothing)
    assert [round(left) for left in seen] == [1, 5, 1, 5]


async def test_a_client_that_has_gone_renews_nothing() -> None:
    seen = []

    async def gone() -> Message:
        return {"type": "http.disconnect"}

    async def app(_scope: Scope, receive: Receive, _send: Send) -> None:
        deadline = deadlines.current()
        assert deadline is not None
        deadline.at -= 4
        await receive()
        seen.append(deadlines.left() or 0)

    await Timely(app, seconds=5.0)({"type": "http"}, gone, _nothing)
    assert [round(left) for left in seen] == [1]


async def test_what_is_no_request_has_no_deadline() -> None:
    seen = []

    async def app(scope: Scope, _receive: Receive, _send: Send) -> None:
        seen.append((scope["type"], deadlines.left()))

    await Timely(app, seconds=5.0)({"type": "lifespan"}, _bodies(), _nothing)
    assert seen == [("lifespan", None)]
