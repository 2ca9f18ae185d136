"""Where failures go that nobody foresaw: counted by kind, some looked at closely, and told to whom it concerns.

    tracker = Tracker(settings, noise=noise, own=("shop",), release="1.2")
    tracker.capture(failure)            # in an `except`, or with what a task has left behind

Guaranteed: `capture` never raises, never waits, and takes no lock; a failure of a kind that is known costs some
microseconds, whatever it says and however many there are, since neither its text nor its stack is read. Looked at
closely is the first of a kind, then one from time to time, and no more a second of all kinds together than is set. One
line is logged for a new kind, and one each time its number has grown tenfold. Nothing here keeps an exception, a frame
or a local variable. Not guaranteed: exact counts where several threads fail at once.
"""

import asyncio
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from time import monotonic
from typing import Any, Final

import msgspec
import structlog

from threadly.core import clock
from threadly.core.observability.context import Work, current
from threadly.core.observability.crumbs import crumbs_of
from threadly.core.observability.errors.groups import (
    ERROR,
    WARNING,
    Group,
    Groups,
    Receiver,
    Report,
    Said,
    Sample,
    encoded,
)
from threadly.core.observability.errors.noise import Noise, status_of
from threadly.core.observability.errors.prints import Prints, fingerprint
from threadly.core.observability.errors.settings import ErrorSettings
from threadly.core.observability.failures import failure_of, name_of
from threadly.core.observability.metrics.tally import Tally
from threadly.core.observability.scrubbing.text import scrub_text

CAPTURED: Final = Tally("threadly_errors", "Failures that nobody foresaw, by what failed.", ["work", "level"])
DROPPED: Final = Tally("threadly_errors_dropped", "Failures that are no news, by why they are not.", ["reason"])
_ROUND: Final = frozenset(10**exponent for exponent in range(1, 16))
_AGAIN_SECONDS: Final = 10.0
_REFUSALS: Final = range(400, 500)
_BACKGROUND: Final = Work()
_TOLD: Final = "_threadly_told"

_log: Final = structlog.get_logger(__name__)


class Tracker:
    """Those of one process.

    Args:
        own: Packages whose functions tell kinds of failures apart.
        receivers: Who is told, beside the log, of what is looked at closely.
    """

    def __init__(
        self,
        settings: ErrorSettings,
        *,
        noise: Noise,
        own: tuple[str, ...],
        release: str,
        process: str = "",
        environment: str = "production",
        receivers: Sequence[Receiver] = (),
    ) -> None:
        self.dropped: Final[Counter[str]] = Counter()
        """What was no news, by why."""
        self._settings = settings
        self._noise = noise
        self._prints = Prints(own)
        self._groups = Groups(settings.groups)
        self._release = release
        self._process = process
        self._environment = environment
        self._receivers = receivers
        self._every = settings.sample_every.total_seconds()
        self._looks = _Allowance(settings.samples_per_second)
        self._changed = False
        self._told_at = 0.0

    def capture(self, failure: BaseException, work: Work | None = None) -> str | None:
        """Takes a failure. The same one of the same work counts once, however many hand it on.

        Args:
            work: What has failed; None: what is under way.

        Returns:
            The kind of failure, by which it can be found; None: it is no news.
        """
        try:
            return self._capture(failure, current() if work is None else work)
        except Exception:  # noqa: BLE001  whoever reports a failure must not meet another
            self._drop("defect")
            return None

    def said(self) -> Said:
        """All kinds that are known, the last seen first."""
        return self._groups.said(self.dropped)

    def told(self) -> bytes | None:
        """The same for whoever collects; None: nothing is new, and what is not was said lately.

        It is all said again from time to time, since nobody knows whether a report has arrived.
        """
        now = monotonic()
        if not self._changed and (not self._told_at or now - self._told_at < _AGAIN_SECONDS):
            return None
        self._changed = False
        self._told_at = now
        return encoded(self.said())

    @contextmanager
    def watching(self, loop: asyncio.AbstractEventLoop) -> Iterator[None]:
        """Takes what tasks and callbacks of this loop have left behind, for as long as the block lasts."""
        before = loop.get_exception_handler()
        loop.set_exception_handler(self._left_behind)
        try:
            yield
        finally:
            loop.set_exception_handler(before)

    def _left_behind(self, loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        failure = context.get("exception")
        if failure is None:
            loop.default_exception_handler(context)
        else:
            self.capture(failure, _BACKGROUND)  # whose it was, nobody knows: it may be found while others work

    def _capture(self, failure: BaseException, work: Work | None) -> str | None:
        if isinstance(failure, asyncio.CancelledError):  # whoever gives up has not failed
            self._drop("given_up")
            return None
        told = vars(failure).get(_TOLD)
        if told is not None and told[0] is work and work is not None and work is not _BACKGROUND:
            return str(told[1])
        places = self._prints.places(failure.__traceback__)
        is_job = work is not None and work.job is not None
        reason = None if is_job else self._noise.reason(failure, places[0].module if places else "")
        if reason is not None:
            self._drop(reason)
            return None
        key = self._prints.key(failure, places)
        group = self._groups.get(key)
        if group is None:
            group = self._begun(failure, fingerprint(failure, key), key[1] if isinstance(key[1], tuple) else ())
            self._groups.add(key, group)
        group.count += 1
        group.last_seen = clock.now()
        self._changed = True
        kind = "job" if is_job else "background" if work is None or work.method is None else "request"
        CAPTURED.add(kind, group.level)
        vars(failure)[_TOLD] = (work, group.id)
        if work is not None and work is not _BACKGROUND:
            work.error = group.id
        self._look_closely(failure, group, work)
        return group.id

    def _begun(self, failure: BaseException, id: str, where: tuple[str, ...]) -> Group:
        now = clock.now()
        status = status_of(failure)
        level = WARNING if status in _REFUSALS else ERROR
        return Group(id, level, name_of(failure), where, now, now, self._release)

    def _look_closely(self, failure: BaseException, group: Group, work: Work | None) -> None:
        is_round = group.count in _ROUND
        now = monotonic()
        is_due = group.sample is None or is_round or (group.level == ERROR and now - group.looked >= self._every)
        if not is_due or not self._looks.grants(now):
            if is_round:
                _log.log(_number(group), "A failure has repeated.", **_named(group, work), count=group.count)
            return
        is_new = group.sample is None
        group.looked = now
        group.sample = Sample(
            group.last_seen, failure_of(failure), _context(work), crumbs_of(work, most=self._settings.breadcrumbs)
        )
        if is_new:
            _log.log(_number(group), "A failure of a new kind.", **_named(group, work), exc_info=failure)
        elif is_round:
            _log.log(_number(group), "A failure has repeated.", **_named(group, work), count=group.count)
        report = Report(group, group.sample, self._process, self._environment)
        for receiver in self._receivers:
            try:
                receiver.take(report)
            except Exception:  # noqa: BLE001  whatever is wrong with one of them, the others are told, and it counts
                self._drop("receiver")

    def _drop(self, reason: str) -> None:
        self.dropped[reason] += 1
        DROPPED.add(reason)


class _Allowance:
    """So many a second, and twice as many at once."""

    def __init__(self, per_second: int) -> None:
        self._per_second = per_second
        self._left = self._most = 2.0 * per_second
        self._at = monotonic()

    def grants(self, now: float) -> bool:
        self._left = min(self._most, self._left + (now - self._at) * self._per_second)
        self._at = now
        if self._left < 1.0:
            return False
        self._left -= 1.0
        return True


def _number(group: Group) -> int:
    return 40 if group.level == ERROR else 30


def _named(group: Group, work: Work | None) -> dict[str, str]:
    """Which failure a line is about; what is under way says by itself of which kind it was."""
    is_said = work is not None and work is current()
    return {"failure": group.type} if is_said else {"failure": group.type, "error": group.id}


def _context(work: Work | None) -> dict[str, str | int]:
    told: dict[str, str | int] = {} if work is None else msgspec.to_builtins(work)
    told.pop("error", None)  # it is in this very kind's sample
    return {name: value if isinstance(value, int) else scrub_text(value) for name, value in told.items()}
