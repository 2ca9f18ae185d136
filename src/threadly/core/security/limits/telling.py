"""What a worker tells the store when it is back, and has lost its memory or not heard what came since.

The two steps, and when each may be taken, are the `Limiter`'s.
"""

from collections.abc import Callable, Iterator
from enum import Enum, auto
from typing import Final

from threadly.core.security.limits.book import Books
from threadly.core.security.limits.patience import Patience
from threadly.core.security.limits.store import Known, ValkeyStore

_BATCH: Final = 200
"""Keys that are told in one round trip."""


class Telling(Enum):
    """The two steps in which workers tell a store that is back what it does not know."""

    HEARD = auto()
    """What it had said, where it has lost its memory: of all workers, what has been spent most."""
    SINCE = auto()
    """What each has let in since, by itself: the sum of it. It counts from what all had heard, so that comes first."""


class Teller:
    """Tells the store what this worker's books have.

    Args:
        workers: That share the store, on all machines.
        clock: Seconds that never go back.
    """

    def __init__(
        self, store: ValkeyStore, books: Books, patience: Patience, *, workers: int, clock: Callable[[], float]
    ) -> None:
        self._store = store
        self._books = books
        self._patience = patience
        self._workers = workers
        self._clock = clock

    async def mark(self) -> str:
        """Which memory there is."""
        mark, _ = await self._absorbed([])
        return mark

    async def tell(self, telling: Telling) -> int:
        """Tells the store, and says of how many keys."""
        told = 0
        batch: list[Known] = []
        for known in self._known(telling):
            batch.append(known)
            if len(batch) == _BATCH:
                told += await self._tell_batch(batch, telling)
                batch = []
        return told + (await self._tell_batch(batch, telling) if batch else 0)

    async def _tell_batch(self, batch: list[Known], telling: Telling) -> int:
        asked_at = self._clock()
        before = [self._told_until(known, telling) for known in batch]
        _, rests = await self._absorbed(batch)
        for known, rest, told_until in zip(batch, rests, before, strict=True):
            book = self._books.of(known.limit)
            book.heard.set(known.key, asked_at + rest, asked_at)
            untold = book.alone.get(known.key) - max(told_until, asked_at)
            if untold > 0.0:
                book.alone.set(known.key, asked_at + rest + untold, asked_at)
            else:
                book.alone.drop(known.key)
        return len(batch)

    def _told_until(self, known: Known, telling: Telling) -> float:
        book = self._books.of(known.limit)
        return (book.heard if telling is Telling.HEARD else book.alone).get(known.key)

    def _known(self, telling: Telling) -> Iterator[Known]:
        for book in self._books.all():
            told = book.heard if telling is Telling.HEARD else book.alone
            for shard in told.shards:
                for key in list(shard):
                    now = self._clock()
                    heard = max(0.0, book.heard.get(key) - now)
                    # Each request has been counted once for each worker.
                    since = max(0.0, book.alone.get(key) - now - heard) / self._workers
                    if telling is Telling.HEARD and heard > 0.0:
                        yield Known(book.limit, key, heard, 0.0)
                    elif telling is Telling.SINCE and since > 0.0:
                        yield Known(book.limit, key, 0.0, since)

    async def _absorbed(self, known: list[Known]) -> tuple[str, list[float]]:
        return await self._patience.wait(self._store.absorb(known))
