"""A receiver of spans for tests, and what tests ask of it."""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from time import monotonic

from prometheus_client import REGISTRY

from threadly.core.observability.tracing import Ended, Exporter, Tracing, TracingSettings
from threadly.core.observability.tracing.provider import Provider

ALL = TracingSettings(ratio=1, slow=timedelta(hours=1))
NONE = TracingSettings(ratio=0, slow=timedelta(hours=1))


class Told:
    """Takes what it is told; or hangs, or refuses, if it should."""

    def __init__(self) -> None:
        self.spans: list[Ended] = []
        self.batches = 0
        self.accepts = True
        self.may_go_on = threading.Event()
        self.may_go_on.set()
        self.is_closed = False

    def take(self, spans: Sequence[Ended]) -> bool:
        """As a receiver does."""
        self.may_go_on.wait()
        self.batches += 1
        if self.accepts:
            self.spans += spans
        return self.accepts

    def close(self) -> None:
        """As a receiver does."""
        self.is_closed = True

    def one(self, name: str) -> Ended:
        """The only span of this name."""
        (found,) = (span for span in self.spans if span.name == name)
        return found


@contextmanager
def telling(settings: TracingSettings = ALL, told: Told | None = None) -> Iterator[tuple[Provider, Told]]:
    """Tracing by itself, of no other package; all has been told when the block ends."""
    receiver = told or Told()
    exporter = Exporter(receiver, gather_seconds=0.01)
    exporter.start()
    try:
        yield Provider(Tracing(settings, exporter)), receiver
    finally:
        exporter.stop()


def counted(outcome: str) -> float:
    """How many spans have met with this so far."""
    return REGISTRY.get_sample_value("threadly_trace_spans_total", {"outcome": outcome}) or 0.0


def until(true: object, within: float = 5.0) -> None:
    """Waits until this callable says so."""
    assert callable(true)
    deadline = monotonic() + within
    while not true():
        assert monotonic() < deadline
        threading.Event().wait(0.005)
