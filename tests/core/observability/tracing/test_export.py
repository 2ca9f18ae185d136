"""Telling never stands in the way of what is told."""

import time
from collections.abc import Sequence
from datetime import timedelta

from tests.core.observability.tracing.told import ALL, Told, counted, telling, until
from threadly.core.observability.tracing import Ended, Exporter, Tracing
from threadly.core.observability.tracing.provider import Provider


def end_one(provider: Provider) -> None:
    """A trace of one span."""
    provider.get_tracer("tests").start_span("one").end()


def test_spans_are_told_in_batches_and_counted() -> None:
    before = counted("told")
    with telling() as (provider, told):
        for _ in range(1000):
            end_one(provider)
    assert len(told.spans) == 1000
    assert told.batches < 200
    assert counted("told") - before == 1000


def test_a_receiver_that_hangs_costs_what_is_waiting_and_neither_time_nor_the_stop() -> None:
    told = Told()
    told.may_go_on.clear()
    exporter = Exporter(told, most_waiting=100, gather_seconds=0.01)
    exporter.start()
    provider = Provider(Tracing(ALL, exporter))
    before = {outcome: counted(outcome) for outcome in ("told", "overflow", "stopped")}

    longest = 0.0
    for _ in range(500):
        began = time.thread_time()
        end_one(provider)
        longest = max(longest, time.thread_time() - began)
    assert longest < 0.005
    assert counted("overflow") - before["overflow"] == 400

    began = time.monotonic()
    exporter.stop(timedelta(seconds=0.2))
    assert time.monotonic() - began < 1.0
    assert counted("stopped") - before["stopped"] == 100
    assert told.is_closed

    told.may_go_on.set()  # it comes back when nobody counts on it any more
    time.sleep(0.1)
    assert counted("told") == before["told"]


def test_what_is_refused_is_counted_and_what_follows_is_told_again() -> None:
    refused = counted("refused")
    with telling() as (provider, told):
        told.accepts = False
        end_one(provider)
        until(lambda: counted("refused") > refused)
        told.accepts = True
        end_one(provider)
    assert len(told.spans) == 1
    assert counted("refused") - refused == 1


def test_a_receiver_may_fail_in_any_way() -> None:
    class Failing(Told):
        def take(self, spans: Sequence[Ended]) -> bool:
            if self.batches == 0:
                self.batches += 1
                raise KeyError("no connection, and a strange way to say so")
            return super().take(spans)

    refused = counted("refused")
    with telling(told=Failing()) as (provider, told):
        end_one(provider)
        until(lambda: counted("refused") > refused)
        end_one(provider)
    assert len(told.spans) == 1


def test_what_ends_after_the_stop_is_counted_and_nothing_waits_for_it() -> None:
    stopped = counted("stopped")
    with telling() as (provider, told):
        pass
    end_one(provider)
    assert told.spans == []
    assert counted("stopped") - stopped == 1


def test_a_stop_tells_what_is_waiting() -> None:
    told = Told()
    exporter = Exporter(told, gather_seconds=60)
    exporter.start()
    provider = Provider(Tracing(ALL, exporter))
    for _ in range(3):
        end_one(provider)
    began = time.monotonic()
    exporter.stop()
    assert len(told.spans) == 3
    assert time.monotonic() - began < 1.5
