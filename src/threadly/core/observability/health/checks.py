"""One thing to look at from time to time, and what a look has seen.

Guaranteed: a look has a time limit; one that ignores its end is left behind, never waited for, and no other is begun
before it is over, so a dependency that hangs costs one task (or one thread, by `Apart`) and no more.
"""

import asyncio
import threading
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import partial
from typing import Final, Generic, TypeVar

from threadly.core.errors import Unavailable

T = TypeVar("T")

_SHORTEST_INTERVAL_SECONDS: Final = 1.0


class Status(StrEnum):
    """As the draft names it (draft-inadarei-api-health-check-06), from good to bad."""

    PASS = "pass"  # noqa: S105 - no password
    WARN = "warn"
    FAIL = "fail"

    @property
    def rank(self) -> int:
        """Higher is worse."""
        return _RANKS[self]

    @classmethod
    def worst(cls, *several: "Status") -> "Status":
        """Of these; of none, that all is well."""
        return max(several, key=lambda each: each.rank, default=cls.PASS)


_RANKS: Final = {status: rank for rank, status in enumerate(Status)}


class Unhealthy(Exception):
    """It answers, and not as it must. The message tells an operator how; never an address or a secret."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What one look has seen."""

    value: float | str | None = None
    unit: str | None = None
    status: Status = Status.PASS
    output: str | None = None
    """What is wrong, for an operator; never an address or a secret."""
    is_answer: bool = True
    """Whether anything came back, and not only an absence."""


@dataclass(frozen=True, slots=True)
class Check:
    """One thing to look at.

    Raises:
        ValueError: It would be looked at more than once a second.
    """

    component: str
    measurement: str
    look: Callable[[], Awaitable[Reading | None]]
    """None stands for: it works; the time that took is what was measured."""
    component_type: str = "component"
    """`component`, `datastore` or `system`."""
    is_required: bool = True
    """Whether we cannot serve without it. Of what is not required, the worst is a warning."""
    every_seconds: float = 5.0
    timeout_seconds: float = 1.0
    fails_after: int = 3
    """Looks in a row that must find it worse before it is said to be."""
    passes_after: int = 2
    """And better, before it is said to be better."""
    owner: str = ""
    runbook: str = ""
    affected_endpoints: tuple[str, ...] = ()
    """What does not work without it, as URI templates."""
    rests_on: str = ""
    """The name of the check that tells of the absence behind this one: then no answer is no verdict on this."""

    def __post_init__(self) -> None:
        if self.every_seconds < _SHORTEST_INTERVAL_SECONDS:
            raise ValueError(f"{self.name} would be looked at more than once a second")

    @property
    def name(self) -> str:
        """As the draft has it: component and measurement."""
        return f"{self.component}:{self.measurement}"


@dataclass(slots=True)
class Looking:
    """Looks for one check, one look at a time."""

    check: Check
    _under_way: asyncio.Task[Reading | None] | None = None
    _began: float = field(default=0.0)

    async def once(self) -> Reading:
        """What a look sees, in at most the check's time; a required check's trouble is a failure, others' a warning."""
        if self._under_way is not None:
            waited = time.monotonic() - self._began
            return self._absence(f"An earlier look has not come back for {waited:.0f} s.", waited * 1000)
        self._began = began = time.monotonic()
        looking = asyncio.ensure_future(self._look())
        self._under_way = looking
        looking.add_done_callback(self._over)
        # Not `asyncio.timeout`: that waits until the driver has closed its connection in good order, for seconds.
        try:
            await asyncio.wait({looking}, timeout=self.check.timeout_seconds)
        finally:
            if not looking.done():
                looking.cancel()
        taken = (time.monotonic() - began) * 1000
        if not looking.done():
            return self._absence(f"No answer in {self.check.timeout_seconds * 1000:.0f} ms.", taken)
        try:
            seen = looking.result()
        except Unhealthy as reason:
            return self._trouble(str(reason), taken)
        except (Unavailable, OSError) as absence:
            return self._absence(f"It cannot be used: {_named(absence)}.", taken)
        except (Exception, asyncio.CancelledError) as failure:  # noqa: BLE001 - whatever a driver raises
            return self._trouble(f"It cannot be used: {_named(failure)}.", taken)
        if seen is None:
            return Reading(round(taken, 2), "ms")
        if seen.status is Status.FAIL and not self.check.is_required:
            return Reading(seen.value, seen.unit, Status.WARN, seen.output)
        return seen

    async def _look(self) -> Reading | None:
        return await self.check.look()

    def _over(self, looking: asyncio.Task[Reading | None]) -> None:
        self._under_way = None
        if not looking.cancelled():
            looking.exception()  # or it would be logged as forgotten

    def _trouble(self, output: str, milliseconds: float) -> Reading:
        status = Status.FAIL if self.check.is_required else Status.WARN
        return Reading(round(milliseconds, 2), "ms", status, output)

    def _absence(self, output: str, milliseconds: float) -> Reading:
        return replace(self._trouble(output, milliseconds), is_answer=False)


class Apart(Generic[T]):
    """Work in a thread of its own, one at a time, which keeps neither us nor the end of the process waiting.

    For what may hang in the system itself, as a folder of another machine does: `look=Apart(measure)`.
    """

    def __init__(self, work: Callable[[], T]) -> None:
        self._work = work
        self._thread: threading.Thread | None = None

    async def __call__(self) -> T:
        """What the work returns.

        Raises:
            Unhealthy: The last one still hangs.
        """
        if self._thread is not None and self._thread.is_alive():
            raise Unhealthy("An earlier look has not come back.")
        loop = asyncio.get_running_loop()
        outcome: asyncio.Future[T] = loop.create_future()

        def run() -> None:
            try:
                value = self._work()
            except Exception as failure:  # noqa: BLE001 - whoever waits hears it
                tell = partial(_tell_failure, outcome, failure)
            else:
                tell = partial(_tell, outcome, value)
            with suppress(RuntimeError):  # the loop has ended meanwhile
                loop.call_soon_threadsafe(tell)

        self._thread = threading.Thread(target=run, name="health", daemon=True)
        self._thread.start()
        return await outcome


def _tell(outcome: asyncio.Future[T], value: T) -> None:
    if not outcome.done():
        outcome.set_result(value)


def _tell_failure(outcome: asyncio.Future[T], failure: Exception) -> None:
    if not outcome.done():
        outcome.set_exception(failure)


def _named(failure: BaseException) -> str:
    cause = failure.__cause__
    return f"{type(failure).__name__} ({type(cause).__name__})" if cause is not None else type(failure).__name__
