"""Counts events in memory, and writes them in the background.

Guaranteed: to record takes no lock, no await and a bounded memory, and never fails; what is recorded is counted as a
metric, and told by one line of the log a minute and kind. While the table cannot be written to, `MOST_SUBJECTS`
subjects wait, and go on being counted; events of further ones are dropped, which is counted and seen in health. Not
guaranteed: that what a process had not written yet survives its kill; counts to the unit, where a commit's answer was
lost: those are written again.

To be used within one event loop.
"""

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import blake2b
from time import monotonic
from typing import Final

import structlog
from prometheus_client import Counter as Metric

from threadly.core import clock
from threadly.core.keys import KeyRing
from threadly.core.security.events.accounts import digest_now
from threadly.core.security.events.kinds import SecurityEvent
from threadly.core.security.events.rows import Row, Store
from threadly.core.security.events.settings import EventSettings

WINDOW_SECONDS: Final = 600
MOST_SUBJECTS: Final = 5_000
EVERY_SECONDS: Final = 2.0
LINE_SECONDS: Final = 60.0
_LATEST_SECONDS: Final = 30.0
_PATIENCE_SECONDS: Final = 10.0
_LAST_SECONDS: Final = 2.0
_BATCH: Final = 500
_DIGEST_BYTES: Final = 12

EVENTS: Final = Metric("threadly_security_events_total", "What protections have seen.", ["kind"])
DROPPED: Final = Metric(
    "threadly_security_events_dropped_total",
    "Security events that are in no table, by kind; they are counted above.",
    ["kind"],
)
_log: Final = structlog.get_logger(__name__)


@dataclass(slots=True)
class _Seen:
    first: float
    last: float
    count: int


def _seconds() -> float:
    return clock.now().timestamp()


class SecurityEvents:
    """Takes events.

    Args:
        keys: The site's, under which digests stand for what may not be told.
        every_seconds: How often it is written.
        most: Subjects that wait to be written.
        clock: Seconds since 1970.
    """

    def __init__(
        self,
        store: Store,
        settings: EventSettings,
        *,
        keys: KeyRing,
        every_seconds: float = EVERY_SECONDS,
        most: int = MOST_SUBJECTS,
        clock: Callable[[], float] = _seconds,
    ) -> None:
        self.settings = settings
        self._store = store
        self._keys = keys
        self._every = every_seconds
        self._most = most
        self._clock = clock
        self._seen: dict[tuple[int, SecurityEvent], _Seen] = {}
        self._counters: dict[type[SecurityEvent], Metric] = {}
        self._untold: Counter[str] = Counter()
        self._line_at = 0.0
        self.dropped = 0
        """Events of this process that are in no table."""
        self.dropped_at: float | None = None
        """When the last one was."""
        self.trouble: str | None = None
        """Why nothing can be written; None where it can."""

    @property
    def waiting(self) -> int:
        """Subjects that are not written yet."""
        return len(self._seen)

    def digest(self, name: str) -> str:
        """What stands for a name that may not be told: the same however it is spelled, for as long as one key signs."""
        return digest_now(name, self._keys)

    def record(self, event: SecurityEvent) -> None:
        """Counts it."""
        counter = self._counters.get(type(event))
        if counter is None:
            counter = self._counters[type(event)] = EVENTS.labels(event.kind)
        counter.inc()
        now = self._clock()
        key = (int(now) // WINDOW_SECONDS, event)
        seen = self._seen.get(key)
        if seen is not None:
            seen.last = now
            seen.count += 1
        elif len(self._seen) < self._most:
            self._seen[key] = _Seen(now, now, 1)
        else:
            self._drop(event.kind, 1)
        self._untold[event.kind] += 1

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Writes for the length of the block, and what is left at its end."""
        writing = asyncio.get_running_loop().create_task(self._write_on(), name="security events")
        try:
            yield
        finally:
            writing.cancel()
            with suppress(asyncio.CancelledError):
                await writing
            with suppress(TimeoutError):
                async with asyncio.timeout(_LAST_SECONDS):
                    await self.write()
            self._tell(at_once=True)

    async def write(self) -> bool:
        """Writes what waits; whether all of it could be."""
        while self._seen:
            taken = {key: self._seen[key] for key in list(self._seen)[:_BATCH]}
            for key in taken:
                del self._seen[key]
            try:
                async with asyncio.timeout(_PATIENCE_SECONDS):
                    await self._store.add([_row(*key, seen) for key, seen in taken.items()])
            except asyncio.CancelledError:
                self._put_back(taken)
                raise
            except Exception as failure:  # noqa: BLE001 - whatever it is, requests go on, and health tells
                self._put_back(taken)
                self._note(type(failure).__name__)
                return False
        self._note(None)
        return True

    async def _write_on(self) -> None:
        pause = self._every
        while True:
            await asyncio.sleep(pause)
            is_written = await self.write()
            pause = self._every if is_written else min(2 * pause, _LATEST_SECONDS)
            self._tell()

    def _put_back(self, taken: dict[tuple[int, SecurityEvent], _Seen]) -> None:
        for key, seen in taken.items():
            again = self._seen.get(key)
            if again is not None:
                again.first = seen.first
                again.count += seen.count
            elif len(self._seen) < self._most:
                self._seen[key] = seen
            else:
                self._drop(key[1].kind, seen.count)

    def _drop(self, kind: str, count: int) -> None:
        DROPPED.labels(kind).inc(count)
        self.dropped += count
        self.dropped_at = monotonic()

    def _note(self, trouble: str | None) -> None:
        if (trouble is None) is not (self.trouble is None):
            if trouble is None:
                _log.info("Security events are written again.", dropped=self.dropped)
            else:
                _log.warning("Security events cannot be written; they wait.", reason=trouble, waiting=self.waiting)
        self.trouble = trouble

    def _tell(self, *, at_once: bool = False) -> None:
        """One line for each kind that has come since the last."""
        now = monotonic()
        if not self._untold or (now < self._line_at and not at_once):
            return
        self._line_at = now + LINE_SECONDS
        told, self._untold = self._untold, Counter()
        for kind, count in sorted(told.items()):
            _log.warning("security_events", seen=kind, count=count)


def _row(window: int, event: SecurityEvent, seen: _Seen) -> Row:
    facts = event.facts
    return Row(
        window_at=_moment(window * WINDOW_SECONDS),
        kind=event.kind,
        fingerprint=blake2b(
            json.dumps([event.network, str(event.actor_id), sorted(facts.items())]).encode(), digest_size=_DIGEST_BYTES
        ).hexdigest(),
        count=seen.count,
        first_at=_moment(seen.first),
        last_at=_moment(max(seen.first, seen.last)),
        actor_id=event.actor_id,
        network=event.network,
        facts=facts,
    )


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
