"""A body that is too long or too slow is refused, whatever the application makes of it, and nothing is done by it."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest

from threadly.core.asgi import ASGIApp, BodyLimit, Message, Receive, Scope, Send, whole_body
from threadly.core.errors import Problem, TooLarge
from threadly.core.security import NOTHING, Bodies

LIMIT = BodyLimit(10, seconds=0.2, most_seconds=0.2)


class FormTooLong(TooLarge):
    """For these tests."""

    code = "form_too_long"


def refuse(_: Scope, problem: Problem) -> ASGIApp:
    return says(problem.status, problem.code.encode())


def says(status: int, body: bytes) -> ASGIApp:
    async def answer(_scope: Scope, _receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": status, "headers": [(b"content-type", b"text/plain")]})
        await send({"type": "http.response.body", "body": body})

    return answer


@dataclass
class Shop:
    """Does what it has read whole."""

    done: list[bytes] = field(default_factory=list)
    reads: int = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.reads += 1
        self.done.append(await whole_body(receive))
        await says(200, b"done")(scope, receive, send)


class Swallowing(Shop):
    """Answers any failure as a framework may: as its own, and goes on raising."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        except Exception:
            await says(500, b"oops")(scope, receive, send)
            raise


class Telling(Shop):
    """Answers what refuses the body for itself."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        except Problem as problem:
            await says(problem.status, b"in my own words")(scope, receive, send)


class Hasty(Shop):
    """Begins to answer before it has read."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        self.done.append(await whole_body(receive))


async def ask(
    app: ASGIApp,
    pieces: Sequence[bytes] = (),
    *,
    length: str | None = None,
    method: str = "POST",
    limit: BodyLimit = LIMIT,
    hangs: bool = False,
    leaves: bool = False,
) -> tuple[int, bytes, bool]:
    """The status, the body, and whether the connection ends behind it."""
    waiting, said = list(pieces), list[Message]()

    async def receive() -> Message:
        if waiting:
            return {"type": "http.request", "body": waiting.pop(0), "more_body": bool(waiting) or hangs or leaves}
        if hangs:
            await asyncio.sleep(30)
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        said.append(message)

    headers = [] if length is None else [(b"content-length", length.encode())]
    scope = {"type": "http", "http_version": "1.1", "method": method, "path": "/", "headers": headers}
    await Bodies(app, limit=lambda _: limit, refuse=refuse)(scope, receive, send)
    starts = [message for message in said if message["type"] == "http.response.start"]
    assert len(starts) == 1
    return (
        starts[0]["status"],
        b"".join(message.get("body", b"") for message in said if message["type"] == "http.response.body"),
        (b"connection", b"close") in starts[0]["headers"],
    )


async def test_as_much_as_may_be_is_read_and_a_byte_more_is_not() -> None:
    shop = Shop()
    assert await ask(shop, [b"0123456789"], length="10") == (200, b"done", False)
    assert await ask(shop, [b"01234", b"56789"]) == (200, b"done", False)
    assert shop.done == [b"0123456789"] * 2


async def test_what_its_length_tells_to_be_too_long_is_refused_before_anything_is_read() -> None:
    shop = Shop()
    for length in ("11", "9" * 17, "9" * 40):
        assert await ask(shop, [b"x" * 11], length=length) == (413, b"body_too_large", True)
    assert (shop.reads, shop.done) == (0, [])


@pytest.mark.parametrize("kind", [Shop, Swallowing])
@pytest.mark.parametrize("length", [None, "5", "nonsense"])
async def test_what_is_longer_than_its_length_told_is_refused_while_it_is_read(kind: type[Shop], length: str) -> None:
    shop = kind()
    assert await ask(shop, [b"012345", b"678901", b"never"], length=length) == (413, b"body_too_large", True)
    assert (shop.reads, shop.done) == (1, [])


@pytest.mark.parametrize("kind", [Shop, Swallowing])
async def test_what_does_not_come_in_time_is_refused(kind: type[Shop]) -> None:
    shop = kind()
    assert await ask(shop, [b"0"], length="10", hangs=True) == (408, b"too_slow", True)
    assert shop.done == []


async def test_an_application_that_tells_of_it_by_itself_is_let() -> None:
    assert await ask(Telling(), [b"x" * 11]) == (413, b"in my own words", True)


async def test_a_limit_has_its_own_refusal() -> None:
    limit = BodyLimit(10, too_large=FormTooLong)
    assert await ask(Shop(), [b"x" * 11], limit=limit) == (413, b"form_too_long", True)
    assert await ask(Shop(), length="11", limit=limit) == (413, b"form_too_long", True)


async def test_where_nothing_is_read_nothing_may_be_sent() -> None:
    shop = Shop()
    assert (await ask(shop, length="1", limit=NOTHING))[0] == 413
    assert (await ask(shop, [b"x"], limit=NOTHING))[0] == 413
    assert (await ask(shop, [b""], length="0", limit=NOTHING))[0] == 200


async def test_who_only_looks_sends_nothing_that_is_read() -> None:
    assert await ask(says(200, b"a page"), length="11", method="GET") == (200, b"a page", False)


async def test_what_fails_otherwise_still_fails() -> None:
    async def failing(_scope: Scope, receive: Receive, _send: Send) -> None:
        await whole_body(receive)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await ask(failing, [b"x"])


async def test_what_has_begun_to_be_answered_is_broken_off() -> None:
    shop = Hasty()
    with pytest.raises(TooLarge):
        await ask(shop, [b"x" * 11])
    assert shop.done == []


async def test_what_is_not_http_passes() -> None:
    seen = []

    async def app(scope: Scope, _receive: Receive, _send: Send) -> None:
        seen.append(scope["type"])

    async def nothing(*_: object) -> Message:
        return {}

    await Bodies(app, limit=lambda _: NOTHING, refuse=refuse)({"type": "lifespan"}, nothing, nothing)  # type: ignore[arg-type]
    assert seen == ["lifespan"]
