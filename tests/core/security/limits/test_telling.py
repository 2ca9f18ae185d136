"""What a worker tells a store that is back: what it had heard of it, and what it has let in since."""

import time
from collections.abc import AsyncIterator
from uuid import uuid4

import pytest

from tests.core.security.limits.shared import Counting
from tests.engines import EngineUrls
from threadly.core.security.limits import Limit, ValkeyStore
from threadly.core.security.limits.book import Books
from threadly.core.security.limits.patience import Patience
from threadly.core.security.limits.store import Wanted
from threadly.core.security.limits.telling import Teller, Telling

A_DAY = 24 * 3600.0
LIMIT = Limit("auth", 10, 10 * A_DAY)
WORKERS = 2


@pytest.fixture
async def client(engine_urls: EngineUrls) -> AsyncIterator[Counting]:
    """Of the store, which counts its calls."""
    client = Counting(engine_urls.cache_url)
    yield client
    await client.redis.aclose()


def a_teller(client: Counting) -> tuple[Teller, Books, ValkeyStore]:
    store, books = ValkeyStore(client, prefix=uuid4().hex), Books(10_000)
    return Teller(store, books, Patience(30.0), workers=WORKERS, clock=time.monotonic), books, store


async def days(store: ValkeyStore, key: str) -> int:
    """Until the store would let in a whole burst of this key again, but for the one that is spent to see it."""
    _, _, (granted,) = await store.spend([Wanted(LIMIT, key, 1, 1)], mark="")
    return round(granted.rest / A_DAY) - 1


async def test_a_store_that_has_lost_its_memory_is_told_what_it_had_said(client: Counting) -> None:
    teller, books, store = a_teller(client)
    now = time.monotonic()
    for number in range(450):
        books.of(LIMIT).heard.set(f"key {number}", now + 7 * A_DAY, now)
    calls = client.calls

    assert await teller.tell(Telling.HEARD) == 450
    assert client.calls <= calls + 4, "two hundred in one call, and the script once more"
    assert [await days(store, f"key {number}") for number in (0, 200, 449)] == [7, 7, 7]


async def test_what_was_let_in_since_is_added_once_as_each_of_the_workers_counted_for_all(client: Counting) -> None:
    teller, books, store = a_teller(client)
    book, now = books.of(LIMIT), time.monotonic()
    book.heard.set("a", now + 1 * A_DAY, now)
    book.alone.set("a", now + 7 * A_DAY, now)  # three were let in, each for two workers
    await teller.tell(Telling.HEARD)

    assert await teller.tell(Telling.SINCE) == 1
    assert round((book.heard.get("a") - now) / A_DAY) == 1 + 3
    assert await teller.tell(Telling.SINCE) == 0, "what is told is told once"
    assert await days(store, "a") == 1 + 3


async def test_what_is_over_is_not_told_and_a_memory_has_one_mark(client: Counting) -> None:
    teller, books, store = a_teller(client)
    now = time.monotonic()
    books.of(LIMIT).heard.set("a", now - 1.0, now)
    books.of(LIMIT).alone.set("a", now - 1.0, now)

    assert [await teller.tell(telling) for telling in Telling] == [0, 0]
    assert await teller.mark() == await teller.mark() != ""
    assert await days(store, "a") == 0
