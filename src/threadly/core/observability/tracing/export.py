"""Tells of traces beside the work, never in its way: a bounded queue, and one thread that empties it in batches.

Guaranteed: `offer` returns at once, whatever becomes of the receiver; one that refuses, hangs or resets costs what is
waiting, never a request; `stop` takes no longer than it may. Every span that is not told is counted, by the reason.
Not guaranteed: that a receiver which never answered has not taken a batch.
"""

import threading
from collections import deque
from collections.abc import Sequence
from datetime import timedelta
from typing import Final, Protocol

import structlog
from prometheus_client import Counter

from threadly.core.observability.tracing.ended import Ended, ended
from threadly.core.observability.tracing.spans import LocalTrace, Span

MOST_WAITING: Final = 4096
BATCH: Final = 256
"""Spans that are encoded at a time: some 10 ms of a thread's, during which the others get their turns."""
_GATHER_SECONDS: Final = 1.0
_STOP: Final = timedelta(seconds=2)

_log: Final = structlog.get_logger(__name__)

_spans: Final = Counter("threadly_trace_spans", "Spans that were to be told, by what became of them.", ["outcome"])
OUTCOMES: Final = ("told", "refused", "overflow", "storm", "stopped", "over_limit")
_by_outcome: Final = {outcome: _spans.labels(outcome) for outcome in OUTCOMES}


def count_lost(reason: str, spans: int) -> None:
    """Counts spans that nobody is told of."""
    _by_outcome[reason].inc(spans)


class Receiver(Protocol):
    """Somebody who is told: an adapter of OTLP, or a test. Only one thread calls it."""

    def take(self, spans: Sequence[Ended]) -> bool:
        """Hands a batch on; whether it was accepted. May take its time."""

    def close(self) -> None:
        """Lets go of connections; called from another thread, also while `take` is under way."""


class Exporter:
    """Tells a receiver of local traces.

    Args:
        most_waiting: How many spans may wait for it.
        gather_seconds: How long spans are gathered before a batch is sent.
    """

    def __init__(
        self,
        receiver: Receiver,
        *,
        most_waiting: int = MOST_WAITING,
        gather_seconds: float = _GATHER_SECONDS,
    ) -> None:
        self._receiver = receiver
        self._most = most_waiting
        self._gather = gather_seconds
        self._waiting: deque[tuple[LocalTrace, Span]] = deque()
        self._size = 0
        self._lock = threading.Lock()
        self._some = threading.Event()
        self._stopping = threading.Event()
        self._is_refused = False
        self._has_given_up = False
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Starts the thread. It does not keep the process alive."""
        self._thread = threading.Thread(target=self._run, name="traces", daemon=True)
        self._thread.start()

    def offer(self, local: LocalTrace, root: Span) -> None:
        """Takes a local trace that has ended, or counts what is lost."""
        spans = 1 + len(local.spans)
        with self._lock:
            fits = self._size + spans <= self._most and not self._stopping.is_set()
            if fits:
                self._size += spans
                self._waiting.append((local, root))
        if not fits:
            local.spans = []
            count_lost("stopped" if self._stopping.is_set() else "overflow", spans)
        elif not self._some.is_set():
            self._some.set()

    def stop(self, within: timedelta = _STOP) -> None:
        """Tells what is waiting, if the receiver takes it in time; counts the rest as lost."""
        self._stopping.set()
        self._some.set()
        if self._thread is not None:
            self._thread.join(within.total_seconds())
        with self._lock:
            left, self._size = self._size, 0
            self._waiting.clear()
            self._has_given_up = True
        if left:
            count_lost("stopped", left)
        self._receiver.close()

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._some.wait()
            self._stopping.wait(self._gather)
            self._some.clear()
            self._tell_all()
        self._tell_all()  # what came between the two looks

    def _tell_all(self) -> None:
        while batch := self._batch():
            self._tell(batch)

    def _batch(self) -> list[tuple[LocalTrace, Span]]:
        batch, size = [], 0
        with self._lock:
            while self._waiting and size < BATCH:
                local, root = self._waiting.popleft()
                size += 1 + len(local.spans)
                batch.append((local, root))
        return batch

    def _tell(self, batch: Sequence[tuple[LocalTrace, Span]]) -> None:
        told: list[Ended] = []
        for local, root in batch:
            told += ended(local, root)
            count_lost("over_limit", local.dropped)
            local.spans = []
        is_taken = False
        try:
            is_taken = self._receiver.take(told)
        except Exception:  # noqa: BLE001  whatever it is, the next batch is tried
            _log.warning("What is to tell of traces has failed.", exc_info=True)
        with self._lock:
            if self._has_given_up:
                return  # `stop` has counted them already
            self._size -= len(told)
        count_lost("told" if is_taken else "refused", len(told))
        self._note(is_taken=is_taken)

    def _note(self, *, is_taken: bool) -> None:
        """Says once that traces are not taken, and once that they are again."""
        if is_taken and self._is_refused:
            _log.info("Traces are taken again.")
        elif not is_taken and not self._is_refused:
            _log.warning("Traces are not taken, and lost; threadly_trace_spans_total counts them.")
        self._is_refused = not is_taken
