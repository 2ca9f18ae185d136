"""Looks at everything from time to time, and remembers what it saw: who asks is answered from memory.

Guaranteed: asking is no look, so a thousand questions a second are still one look an interval; what is said changes
only when several looks in a row agree (the first one ever counts at once); no answer is no verdict on what rests on
something else that is looked at; a check that nobody looks at any more, for
whatever reason, is said to be so and not believed. Not guaranteed: an answer while the event loop itself is blocked;
that is what liveness probes' own time limits are for.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Final, Self

import msgspec
import structlog
from prometheus_client import Gauge

from threadly.core import clock
from threadly.core.observability.health.checks import Check, Looking, Reading, Status
from threadly.core.observability.health.report import Detail, Report, Told
from threadly.core.observability.health.settings import HealthSettings

_FIRST_LOOK_SECONDS: Final = 0.5
_STALE_INTERVALS: Final = 3
_STALE_SECONDS: Final = 2.0
_SOON_SECONDS: Final = 4.0
"""Until the next look at what we cannot serve without, while all is not well with it."""
_STOPPING: Final = "It is about to stop."

_STATUS: Final = Gauge(
    "threadly_check_status", "How a check does: 0 passes, 1 warns, 2 fails.", ["check"], multiprocess_mode="livemax"
)
_log: Final = structlog.get_logger(__name__)


class Health:
    """How this process does.

    Args:
        version: Of the product.
        release: What was deployed, as a commit.
        runbooks: Where the page of each check is found, by its name and `.md`.
        stopping: Whether we are about to stop, and so not ready, however well we are.
    """

    def __init__(
        self,
        checks: Sequence[Check],
        *,
        version: str | None = None,
        release: str | None = None,
        service: str | None = None,
        description: str | None = None,
        owner: str | None = None,
        runbooks: str = "docs/runbooks/",
        stopping: Callable[[], bool] = lambda: False,
    ) -> None:
        self._watched = [_Watched(check, owner=owner, runbooks=runbooks) for check in checks]
        self._about = Report(
            status=Status.PASS, version=version, release_id=release, service_id=service, description=description
        )
        self._stopping = stopping

    @classmethod
    def told_by(
        cls,
        settings: HealthSettings,
        checks: Sequence[Check],
        *,
        version: str,
        service: str,
        description: str | None = None,
        stopping: Callable[[], bool] = lambda: False,
    ) -> Self:
        """As the settings say to whom it is of concern."""
        return cls(
            checks,
            version=version,
            release=settings.release or None,
            service=service,
            description=description,
            owner=settings.owner or None,
            runbooks=settings.runbooks,
            stopping=stopping,
        )

    @asynccontextmanager
    async def watching(self, *, first_look_seconds: float = _FIRST_LOOK_SECONDS) -> AsyncIterator["Health"]:
        """Looks until the block ends; it begins when each check was looked at once, or so many seconds have passed."""
        tasks = {asyncio.create_task(each.watch(), name=f"health {each.check.name}") for each in self._watched}
        try:
            firsts = [asyncio.ensure_future(each.seen.wait()) for each in self._watched]
            if firsts:
                _, waiting = await asyncio.wait(firsts, timeout=first_look_seconds)
                for first in waiting:
                    first.cancel()
            yield self
        finally:
            for task in tasks:
                task.cancel()
            if tasks:
                await asyncio.wait(tasks)

    def report(self) -> Report:
        """All that is known, now."""
        now = time.monotonic()
        checks: dict[str, list[Detail]] = {}
        for watched in self._watched:
            checks.setdefault(watched.check.name, []).append(watched.detail(now))
        worst = Status.worst(*(detail.status for details in checks.values() for detail in details))
        is_stopping = self._stopping()
        return msgspec.structs.replace(
            self._about,
            status=Status.FAIL if is_stopping else worst,
            notes=(_STOPPING,) if is_stopping else (),
            checks=checks,
        )

    def told(self) -> bytes:
        """The same for `merged`, in another process."""
        return msgspec.msgpack.encode(Told(clock.now(), self.report()))


class _Watched:
    """One check, and what is known of it."""

    def __init__(self, check: Check, *, owner: str | None, runbooks: str) -> None:
        self.check = check
        self.seen = asyncio.Event()
        """It was looked at."""
        self._looking = Looking(check)
        self._owner = check.owner or owner
        self._runbook = f"{runbooks}{check.runbook or check.component}.md"
        self._status: Status | None = None
        self._since = clock.now()
        self._last = Reading()
        self._at: datetime | None = None
        self._until = time.monotonic() + self._patience
        self._streak = 0
        self._direction = 0

    @property
    def _patience(self) -> float:
        """For how long after a look the next one may not have been."""
        return _STALE_INTERVALS * self.check.every_seconds + self.check.timeout_seconds + _STALE_SECONDS

    async def watch(self) -> None:
        """Looks, and takes note, for ever."""
        while True:
            began = time.monotonic()
            self.take(await self._looking.once())
            self.seen.set()
            await asyncio.sleep(max(self._pause - (time.monotonic() - began), 0.0))

    @property
    def _pause(self) -> float:
        is_settled = self._status is Status.PASS and self._last.is_answer and not self._direction
        every = self.check.every_seconds
        return every if is_settled or not self.check.is_required else min(every, _SOON_SECONDS)

    def take(self, reading: Reading) -> None:
        """Remembers what a look saw, and changes the verdict when enough of them agree."""
        self._last, self._at = reading, clock.now()
        self._until = time.monotonic() + self._patience
        self._judge(reading)
        _STATUS.labels(self.check.name).set(self._verdict(time.monotonic())[0].rank)

    def _judge(self, reading: Reading) -> None:
        if self.check.rests_on and not reading.is_answer:
            return
        if self._status is None:
            self._turn(reading.status)
            return
        direction = (reading.status.rank > self._status.rank) - (reading.status.rank < self._status.rank)
        self._streak = self._streak + 1 if direction == self._direction else 1
        self._direction = direction
        enough = self.check.fails_after if direction > 0 else self.check.passes_after
        if direction and self._streak >= enough:
            self._turn(reading.status)

    def _turn(self, status: Status) -> None:
        before = self._status
        self._status, self._since = status, clock.now()
        self._streak = self._direction = 0
        told = {"check": self.check.name, "status": status.value, "output": self._last.output}
        if status is Status.FAIL:
            _log.error("A check fails.", **told, runbook=self._runbook)
        elif status is Status.WARN:
            _log.warning("A check warns.", **told, runbook=self._runbook)
        elif before is not None:
            _log.info("A check is well again.", **told)

    def detail(self, now: float) -> Detail:
        """What is said of it."""
        status, output = self._verdict(now)
        is_well = status is Status.PASS
        return Detail(
            status=status,
            component_type=self.check.component_type,
            observed_value=self._last.value,
            observed_unit=self._last.unit,
            time=self._at,
            since=self._since,
            output=None if is_well else output,
            affected_endpoints=() if is_well else self.check.affected_endpoints,
            owner=self._owner,
            runbook=self._runbook,
            required=self.check.is_required,
            unconfirmed=self._unconfirmed() if status is self._status else None,
        )

    def _verdict(self, now: float) -> tuple[Status, str | None]:
        trouble = Status.FAIL if self.check.is_required else Status.WARN
        if now > self._until:
            return trouble, f"Nobody has looked for {now - self._until + self._patience:.0f} s: what looks is stuck."
        if self._status is None:
            return trouble, self._last.output or "Nobody has looked yet."
        return self._status, self._last.output

    def _unconfirmed(self) -> str | None:
        if self.check.rests_on and not self._last.is_answer:
            return f"{self._last.output} See {self.check.rests_on}."
        if not self._direction or self._status is None:
            return None
        of = self.check.fails_after if self._direction > 0 else self.check.passes_after
        said = f"{self._last.status}, {self._streak} of {of}"
        return f"{said}: {self._last.output}" if self._last.output else said
