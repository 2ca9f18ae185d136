"""Limits that all workers of a site keep together, also while they cannot ask each other.

    limiter = Limiter(ValkeyStore(client), workers=4)
    async with limiter.running():
        verdict = await limiter.spend(Asked(SIGN_INS, address), Asked(GENERAL, address))

All limits of a request are asked for in one round trip, and none is spent if one refuses. A refusal is remembered: its
key asks nobody until it may be let in again. What is leased is let in without asking; see `Limit`.

**Without the store** each worker counts by itself, from its first failed call on: whoever waits for another one then is
let go at once. A request costs as much as there are workers, starting from what the store had said, so all workers
together let in about what one limit allows, and each at least one of a whole burst. When the store is back, each worker
tells it what it had heard before; once all have, what it has let in since; and once all have, it asks again: nothing is
granted twice, not by a memory that was lost either. An idle worker looks now and then, so it tells as well.

Guaranteed with the store: over any time t no more than `burst + quota * t / seconds` is let in of an exact limit, and a
twentieth of a burst more of a leased one. Not guaranteed: exactness in the moment in which the store is lost; one
worker alone may have let in a whole burst, of which the others had not heard.

To be used within one event loop.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import Final

import structlog
from redis.exceptions import RedisError

from threadly.core.security.limits.book import Books
from threadly.core.security.limits.instruments import ALONE, SPENT
from threadly.core.security.limits.limit import Alone, Asked, Sharing, Verdict
from threadly.core.security.limits.local import MOST_KEYS
from threadly.core.security.limits.patience import Patience
from threadly.core.security.limits.store import Granted, MemoryLost, ValkeyStore, Wanted
from threadly.core.security.limits.telling import Teller, Telling

PATIENCE_SECONDS: Final = 0.1
LOOKS_SECONDS: Final = 0.5
_ROUNDS: Final = 5
_FAILURES: Final = (RedisError, OSError, TimeoutError, MemoryLost)
_LEASED: Final = Sharing.LEASED  # to look a member of an enumeration up takes as long as three ifs
_log: Final = structlog.get_logger(__name__)


class Limiter:
    """Any number of limits.

    Args:
        workers: That share the store, on all machines.
        patience_seconds: How long the store may take before it is taken for gone.
        looks_seconds: How often a worker that has not asked looks at the store.
        most_keys: Of each limit, that are remembered here.
        clock: Seconds that never go back.
    """

    def __init__(
        self,
        store: ValkeyStore,
        *,
        workers: int,
        patience_seconds: float = PATIENCE_SECONDS,
        looks_seconds: float = LOOKS_SECONDS,
        most_keys: int = MOST_KEYS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._store = store
        self._workers = workers
        self._patience, self._looks = Patience(patience_seconds), looks_seconds
        self._clock = clock
        books = Books(most_keys)
        self._book = books.of
        self._teller = Teller(store, books, self._patience, workers=workers, clock=clock)
        self._mark = ""
        self._trouble: str | None = None
        self._step = Telling.HEARD
        self._stepped_at: float | None = None
        self._heard_at = clock()

    @property
    def trouble(self) -> str | None:
        """Why this worker counts by itself; None while it does not."""
        return self._trouble

    @asynccontextmanager
    async def running(self) -> AsyncIterator["Limiter"]:
        """Looks at the store for the length of the block: without that, who has lost it once counts alone for good."""
        looking = asyncio.create_task(self._look(), name="limits")
        try:
            yield self
        finally:
            looking.cancel()
            with suppress(asyncio.CancelledError):
                await looking
            if self._trouble is not None:
                ALONE.dec()

    async def spend(self, *asked: Asked) -> Verdict:
        """Spends all that is asked, or nothing of it."""
        if len(asked) == 1 and self.take(asked[0]):
            return self._verdict(asked, self._clock())
        verdict = await self._spend(asked)
        outcome = "refused" if verdict.is_refused else "let_in"
        SPENT.add(verdict.limit.name, outcome if self._trouble is None else f"{outcome}_alone")
        return verdict

    def take(self, asked: Asked) -> bool:
        """Spends this from what is leased here, at once; or nothing, where only `spend` can tell."""
        limit = asked.limit
        if self._trouble is not None or limit.sharing is not _LEASED:
            return False
        if not self._book(limit).take(asked.key, asked.cost, self._clock()):
            return False
        SPENT.add(limit.name, "let_in")
        return True

    async def _spend(self, asked: tuple[Asked, ...]) -> Verdict:
        now = self._clock()
        if self._trouble is not None:
            return self._spend_alone(asked, now)
        taken: list[Asked] = []
        wanted: list[Asked] = []
        for each in asked:
            book = self._book(each.limit)
            if each.limit.sharing is _LEASED and book.take(each.key, each.cost, now):
                taken.append(each)
            elif early := book.early(each.key, each.cost, now):
                self._give_back(taken)
                return Verdict(each.limit, 0, early, is_refused=True)
            else:
                wanted.append(each)
        if not wanted:
            return self._verdict(asked, now)
        try:
            return await self._spend_shared(asked, wanted, taken, now)
        except _FAILURES as failure:
            self._give_back(taken)
            self._lose(failure)
            return self._spend_alone(asked, self._clock())
        except BaseException:
            self._give_back(taken)
            raise

    async def _spend_shared(
        self, asked: tuple[Asked, ...], wanted: list[Asked], taken: list[Asked], now: float
    ) -> Verdict:
        wants = [self._want(each, now) for each in wanted]
        leasing = [want for want in wants if want.most > want.least]
        for want in leasing:
            self._book(want.limit).leasing.add(want.key)
        try:
            mark, is_allowed, granted = await self._patience.wait(self._store.spend(wants, mark=self._mark))
        finally:
            for want in leasing:
                self._book(want.limit).leasing.discard(want.key)
        self._mark, self._heard_at = mark, now
        for each, found in zip(wanted, granted, strict=True):
            self._note(each, found, asked_at=now, is_allowed=is_allowed)
        if is_allowed:
            return self._verdict(asked, self._clock())
        self._give_back(taken)
        refusals = [
            Verdict(limit, 0, found.rest + limit.interval * each.cost - limit.tolerance, is_refused=True)
            for each, found in zip(wanted, granted, strict=True)
            for limit in (each.limit,)
        ]
        return max(refusals, key=lambda refusal: refusal.reset)

    def _want(self, asked: Asked, now: float) -> Wanted:
        """A lease is the larger, the more has been asked for lately, and the smaller, the less is left.

        What many ask for at once is leased once, and no more by all workers than one lease would be: what nobody uses
        is lost to whoever asks next.
        """
        limit, cost, book = asked.limit, asked.cost, self._book(asked.limit)
        if limit.sharing is Sharing.EXACT or asked.key in book.leasing:
            return Wanted(limit, asked.key, cost, cost)
        lately = max(0.0, book.heard.get(asked.key) - now) / limit.interval
        most = min(limit.lease_most, (limit.lease_least + int(lately)) // self._workers)
        return Wanted(limit, asked.key, cost, max(cost, most), self._workers)

    def _note(self, asked: Asked, found: Granted, *, asked_at: float, is_allowed: bool) -> None:
        book = self._book(asked.limit)
        now = self._clock()
        # Counted from before the question: rather too early than later than the store has it.
        book.heard.set(asked.key, asked_at + found.rest, now)
        if is_allowed and asked.limit.sharing is Sharing.LEASED:
            book.keep(asked.key, found.amount - asked.cost, asked_at, now)

    def _verdict(self, asked: tuple[Asked, ...], now: float) -> Verdict:
        """Of what is let in: by the limit of which least is left."""
        found: Verdict | None = None
        for each in asked:
            book = self._book(each.limit)
            full = max(book.heard.get(each.key), book.alone.get(each.key))
            rest = full - now if full > now else 0.0
            left = each.limit.left(rest) + book.leased(each.key)
            if found is None or left < found.left:
                found = Verdict(each.limit, left, rest)
        if found is None:
            raise ValueError("a request under no limit")
        return found

    def _spend_alone(self, asked: tuple[Asked, ...], now: float) -> Verdict:
        after: list[float] = []
        for each in asked:
            limit, book = each.limit, self._book(each.limit)
            if limit.alone is Alone.REFUSES:
                return Verdict(limit, 0, self._looks * 4, is_refused=True)
            # With more workers than the burst has room for, each still lets one in.
            cost = each.cost if each.cost > limit.at_once else min(each.cost * self._workers, limit.at_once)
            full = max(book.heard.get(each.key), book.alone.get(each.key), now) + cost * limit.interval
            early = full - now - limit.tolerance
            if early > limit.slack:
                return Verdict(limit, 0, early, is_refused=True)
            after.append(full)
        for each, full in zip(asked, after, strict=True):
            self._book(each.limit).alone.set(each.key, full, now)
        return self._verdict(asked, now)

    def _give_back(self, taken: list[Asked]) -> None:
        for each in taken:
            self._book(each.limit).give_back(each.key, each.cost)

    def _lose(self, failure: BaseException) -> None:
        """From now on this worker counts by itself; whoever waits for the store does not wait any longer."""
        if self._trouble is None:
            _log.warning("The limits' store is lost: this worker counts by itself.", failure=type(failure).__name__)
            ALONE.inc()
        self._trouble = type(failure).__name__
        self._stepped_at = None
        self._patience.lose()

    async def _look(self) -> None:
        while True:
            await asyncio.sleep(self._looks)
            try:
                if self._trouble is not None:
                    await self._come_back()
                elif self._clock() - self._heard_at >= self._looks:
                    await self._ask_after()
            except _FAILURES as failure:
                self._lose(failure)

    async def _ask_after(self) -> None:
        """Whether the store is there, and still the one that is known."""
        mark = await self._teller.mark()
        if self._mark and mark != self._mark:
            raise MemoryLost
        self._heard_at = self._clock()

    async def _come_back(self) -> None:
        """One step on the way back, once all others have had the time to take the one before."""
        mark = await self._teller.mark()
        if self._stepped_at is None:
            is_new, self._mark = mark != self._mark, mark
            if is_new:
                await self._teller.tell(Telling.HEARD)
            self._step = Telling.HEARD if is_new else Telling.SINCE
            if not is_new:
                await self._teller.tell(Telling.SINCE)
            self._stepped_at = self._clock()
        elif mark != self._mark:
            raise MemoryLost
        elif self._clock() - self._stepped_at < 2 * self._looks + self._patience.seconds:
            return
        elif self._step is Telling.HEARD:
            await self._teller.tell(Telling.SINCE)
            self._step, self._stepped_at = Telling.SINCE, self._clock()
        else:
            for _ in range(_ROUNDS):
                if not await self._teller.tell(Telling.SINCE):
                    break
            self._trouble = self._stepped_at = None
            ALONE.dec()
            self._heard_at = self._clock()
            _log.info("The limits' store is back: workers count together again.")
            await self._teller.tell(Telling.SINCE)  # what was let in during the last round
