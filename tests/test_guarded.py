"""A route that misbehaves fails the test that asks it, whatever it answers."""

from collections.abc import Awaitable, Callable
from contextlib import nullcontext

import httpx
import pytest
from sqlalchemy import select, text

from tests.guarded import requests_are_watched
from threadly.core.asgi import Receive, Scope, Send
from threadly.core.database import Database, Tx
from threadly.core.database.guard import Refused

__all__ = ["requests_are_watched"]


async def write(tx: Tx) -> None:
    await tx.execute(text("UPDATE outbox SET key = key WHERE false"))


async def ask_again(tx: Tx) -> None:
    for _ in range(4):
        await tx.execute(select(1))


async def asked(db: Database, method: str, change: Callable[[Tx], Awaitable[None]]) -> int:
    async def app(_scope: Scope, _receive: Receive, send: Send) -> None:
        await db.run(change)
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body"})

    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://shop") as client:
        return (await client.request(method, "/")).status_code


@pytest.mark.parametrize(
    ("method", "change", "said"),
    [
        ("GET", write, "writes where it should only look: UPDATE outbox"),
        ("HEAD", write, "writes where it should only look: UPDATE outbox"),
        ("POST", ask_again, "asks 4 times: SELECT"),
        ("POST", write, None),
    ],
)
async def test_a_look_that_writes_and_whoever_asks_again_and_again_is_found(
    db: Database, method: str, change: Callable[[Tx], Awaitable[None]], said: str | None
) -> None:
    with nullcontext() if said is None else pytest.raises(Refused, match=said):
        assert await asked(db, method, change) == 204


@pytest.mark.repeats(4)
async def test_a_test_may_say_how_often_is_right(db: Database) -> None:
    assert await asked(db, "POST", ask_again) == 204
