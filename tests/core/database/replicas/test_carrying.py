"""What a caller has seen comes back with their next request, signed; what does not is never taken for nothing."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from tests.core.database.replicas.lamps import Lamps
from threadly.core.asgi import READ_AFTER_COOKIES, Message, Receive, Scope, Send, SessionCookie
from threadly.core.database import Cursors
from threadly.core.database.primary import Primary
from threadly.core.database.replicas import Carrying, Position, Replicas, seen
from threadly.core.database.replicas.log import Log
from threadly.core.database.replicas.looking import PRIMARY, Looking
from threadly.core.database.replicas.position import START
from threadly.core.keys import KeyRing

CURSORS = Cursors(KeyRing.of(b"k" * 32))
COOKIE = READ_AFTER_COOKIES[False]
QUERY = "threadly.core.database.replicas"


def moved(place: Position, timelines: int) -> Position:
    """A place further in the log, on this or another timeline."""
    return Position(place.timeline + timelines, place.byte + (1 << 30))


class Shop:
    """Notes what whoever asks has seen; `POST` may write something."""

    def __init__(self) -> None:
        self.seen: Position | None = None
        self.types: list[str] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.types.append(scope["type"])
        if scope["type"] != "http":
            return
        asked_by = seen()
        assert asked_by is not None
        self.seen = asked_by.position
        if scope["method"] == "POST":
            asked_by.has_written = True
        await send({"type": "http.response.start", "status": 200, "headers": [(b"x-own", b"1")]})
        await send({"type": "http.response.body", "body": b""})


NOWHERE = "postgresql://nobody@127.0.0.1:1/nothing"


def nobody() -> Replicas:
    """None, of a primary that does not answer."""
    return Replicas([], Primary(NOWHERE), Looking({"dsn": NOWHERE}, PRIMARY), Log(most_bytes=1, most_seconds=1.0))


async def asked(
    replicas: Replicas, shop: Shop, *headers: tuple[str, str], method: str = "GET", cursors: Cursors = CURSORS
) -> dict[str, str]:
    """The headers of the answer."""
    told: list[Message] = []

    async def send(message: Message) -> None:
        told.append(message)

    async def receive() -> Message:
        raise AssertionError("nobody reads the body")

    app = Carrying(
        shop,
        replicas=replicas,
        cursors=cursors,
        cookie=SessionCookie(is_secure=False, names=READ_AFTER_COOKIES),
        lasts_seconds=600,
        claims=lambda scope: any(name in {b"authorization", b"cookie"} for name, _ in scope["headers"]),
    )
    scope: dict[str, Any] = {
        "type": "http",
        "method": method,
        "headers": [(n.encode(), v.encode()) for n, v in headers],
    }
    await app(scope, receive, send)
    assert seen() is None
    return {name.decode(): value.decode() for name, value in told[0]["headers"]}


async def test_who_claims_nothing_takes_whatever_a_replica_has() -> None:
    shop = Shop()
    assert await asked(nobody(), shop) == {"x-own": "1"}
    assert shop.seen == START


async def test_who_claims_to_be_somebody_and_shows_nothing_reads_from_the_primary() -> None:
    shop = Shop()
    assert await asked(nobody(), shop, ("authorization", "Bearer x")) == {"x-own": "1"}
    assert shop.seen is None


async def test_who_may_have_written_is_told_a_position_and_has_it_with_the_next_request(lamps: Lamps) -> None:
    shop = Shop()
    written = await lamps.switch(0, 7)
    told = await asked(lamps.replicas, shop, ("authorization", "Bearer x"), method="POST")

    assert told.keys() == {"x-own", "x-read-after", "set-cookie"}
    token = told["x-read-after"]
    assert told["set-cookie"] == f"{COOKIE}={token}; Max-Age=600; Path=/; HttpOnly; SameSite=Lax"

    for shown in (("authorization", "Bearer x"), ("x-read-after", token)), (("cookie", f"a=b; {COOKIE}={token}"),):
        assert (await asked(lamps.replicas, shop, *shown)).keys() == {"x-own"}
        assert shop.seen is not None
        assert shop.seen.includes(written)


@pytest.mark.parametrize(
    ("case", "token"),
    [
        ("made up", "x"),
        ("empty", ""),
        ("a position without a signature", "kgEB"),
        (
            "signed by somebody else",
            Cursors(KeyRing.of(b"o" * 32)).seal(Position(9, 9), query=QUERY),
        ),
        ("signed for something else", CURSORS.seal(Position(9, 9), query="listings")),
    ],
)
async def test_a_position_that_we_have_not_signed_counts_for_nothing(case: str, token: str) -> None:
    shop = Shop()
    shop.seen = START
    await asked(nobody(), shop, ("cookie", f"{COOKIE}={token}"))
    assert shop.seen is None, case


async def test_where_the_primary_does_not_say_how_far_it_is_the_old_position_is_taken_back() -> None:
    replicas = nobody()
    async with replicas.watching():
        told = await asked(replicas, Shop(), ("cookie", "a=b"), method="POST")

    assert told["set-cookie"].startswith(f"{COOKIE}=; Max-Age=0;")
    assert "x-read-after" not in told


@pytest.mark.parametrize(
    ("case", "shown", "is_kept"),
    [
        ("what they wrote last", lambda end: end, True),
        ("further than the log goes, of a cluster that was set back", lambda end: moved(end, 0), False),
        ("on a later timeline, which an old primary knows nothing of", lambda end: moved(end, 1), False),
        ("further, on an earlier timeline, which was left before that", lambda end: moved(end, -1), True),
    ],
)
async def test_nobody_is_told_an_older_position_than_they_have_shown(
    lamps: Lamps, case: str, shown: Callable[[Position], Position], is_kept: bool
) -> None:
    end = await lamps.switch(0, 7)
    before = CURSORS.seal(shown(end), query=QUERY)
    told = await asked(lamps.replicas, Shop(), ("cookie", f"{COOKIE}={before}"), method="POST")

    if is_kept:
        assert CURSORS.open(told["x-read-after"], Position, query=QUERY).includes(end), case
    else:
        assert told.keys() == {"x-own", "set-cookie"}, case
        assert told["set-cookie"].startswith(f"{COOKIE}=; Max-Age=0;"), case


async def test_of_two_changes_at_once_each_answer_has_all_that_was_written_when_it_began(lamps: Lamps) -> None:
    """So the answer that is given last has both, whichever request came first."""
    earlier_has_written, later_is_answered = asyncio.Event(), asyncio.Event()

    class Slow(Shop):
        async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
            await lamps.switch(1, 1)
            earlier_has_written.set()
            await later_is_answered.wait()
            await super().__call__(scope, receive, send)

    slow = asyncio.create_task(asked(lamps.replicas, Slow(), ("cookie", "a=b"), method="POST"))
    await earlier_has_written.wait()
    await lamps.switch(2, 2)
    later = await asked(lamps.replicas, Shop(), ("cookie", "a=b"), method="POST")
    later_is_answered.set()

    first, last = (CURSORS.open(told["x-read-after"], Position, query=QUERY) for told in (later, await slow))
    assert last.includes(first)


async def test_what_is_no_request_passes() -> None:
    shop = Shop()
    app = Carrying(
        shop,
        replicas=nobody(),
        cursors=CURSORS,
        cookie=SessionCookie(is_secure=False, names=READ_AFTER_COOKIES),
        lasts_seconds=600,
        claims=lambda _: True,
    )

    async def nothing(*_: object) -> Any:  # noqa: ANN401 - never called
        raise AssertionError

    await app({"type": "lifespan"}, nothing, nothing)
    assert shop.types == ["lifespan"]
