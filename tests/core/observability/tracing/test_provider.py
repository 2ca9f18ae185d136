"""Which spans belong together, and which of them are told."""

import asyncio
import threading
from datetime import timedelta

from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.trace import NonRecordingSpan, SpanContext, SpanKind, StatusCode, TraceFlags, TraceState

from tests.core.observability.tracing.told import NONE, counted, telling
from threadly.core.observability.tracing import Span, Tracing, TracingSettings, install
from threadly.core.observability.tracing.provider import NOWHERE, Provider
from threadly.core.observability.tracing.spans import MOST_SPANS


def outside(*, is_sampled: bool) -> Context:
    """As if another service had called."""
    flags = TraceFlags(TraceFlags.SAMPLED if is_sampled else TraceFlags.DEFAULT)
    state = TraceState([("rojo", "1")])
    return trace.set_span_in_context(
        NonRecordingSpan(SpanContext(7, 9, is_remote=True, trace_flags=flags, trace_state=state))
    )


async def test_spans_are_inside_of_the_current_one_also_in_tasks_and_after_awaiting() -> None:
    with telling() as (provider, told):
        tracer = provider.get_tracer("tests")

        async def inside() -> None:
            with tracer.start_as_current_span("inside"):
                await asyncio.sleep(0)
                tracer.start_span("innermost").end()

        with tracer.start_as_current_span("root"):
            await asyncio.gather(asyncio.create_task(inside()))
    root, inside_of, innermost = told.one("root"), told.one("inside"), told.one("innermost")
    assert root.parent_id is None
    assert inside_of.parent_id == root.span_id
    assert innermost.parent_id == inside_of.span_id
    assert {span.trace_id for span in told.spans} == {root.trace_id}


def test_a_trace_from_elsewhere_goes_on() -> None:
    with telling() as (provider, told):
        provider.get_tracer("tests").start_span("ours", outside(is_sampled=True), kind=SpanKind.SERVER).end()
    ours = told.one("ours")
    assert (ours.trace_id, ours.parent_id) == (f"{7:032x}", f"{9:016x}")
    assert (ours.has_remote_parent, ours.is_sampled, ours.state) == (True, True, "rojo=1")


def test_what_was_decided_where_a_trace_began_holds_here() -> None:
    with telling() as (provider, told):  # all that begin here
        provider.get_tracer("tests").start_span("not to be told", outside(is_sampled=False)).end()
    with telling(NONE) as (provider, told_too):  # none
        provider.get_tracer("tests").start_span("to be told", outside(is_sampled=True)).end()
    assert told.spans == []
    assert [span.name for span in told_too.spans] == ["to be told"]


def test_of_what_begins_here_so_many_are_told_as_was_asked_for() -> None:
    with telling(TracingSettings(ratio=0.2)) as (provider, told):
        for _ in range(2000):
            provider.get_tracer("tests").start_span("one of many").end()
    assert 300 < len(told.spans) < 500


def test_the_slow_and_the_failed_are_told_whole_whatever_was_decided() -> None:
    with telling(TracingSettings(ratio=0, slow=timedelta(milliseconds=20))) as (provider, told):
        tracer = provider.get_tracer("tests")
        for name, slow, failed in (("quick", False, False), ("slow", True, False), ("failed", False, True)):
            with tracer.start_as_current_span(name) as root:
                tracer.start_span(f"in the {name}").end()
                if failed:
                    root.set_status(StatusCode.ERROR)
                if slow:
                    threading.Event().wait(0.03)
    assert [span.name for span in told.spans] == ["slow", "in the slow", "failed", "in the failed"]
    assert not any(span.is_sampled for span in told.spans)


def test_a_storm_of_failures_is_told_in_part_and_counted_whole() -> None:
    lost = counted("storm")
    with telling(TracingSettings(ratio=0, most_slow_or_failed=5)) as (provider, told):
        for _ in range(400):
            span = provider.get_tracer("tests").start_span("failing")
            span.set_status(StatusCode.ERROR)
            span.end()
    assert 5 <= len(told.spans) <= 10  # a second may have ended meanwhile
    assert counted("storm") - lost == 400 - len(told.spans)


def test_a_trace_keeps_so_many_spans_and_counts_the_others() -> None:
    over = counted("over_limit")
    with telling() as (provider, told):
        tracer = provider.get_tracer("tests")
        with tracer.start_as_current_span("root") as root:
            for _ in range(MOST_SPANS + 10):
                one_more = tracer.start_span("one more")
                assert one_more is not root
                one_more.end()
        assert not root.is_recording()
    assert len(told.spans) == 1 + MOST_SPANS
    assert counted("over_limit") - over == 10


def test_what_begins_after_its_trace_has_ended_here_is_told_by_itself() -> None:
    with telling() as (provider, told):
        tracer = provider.get_tracer("tests")
        with tracer.start_as_current_span("answered") as root:
            context = trace.set_span_in_context(root)
        tracer.start_span("afterwards", context).end()
    assert told.one("afterwards").trace_id == told.one("answered").trace_id
    assert told.one("afterwards").parent_id == told.one("answered").span_id


def test_without_anybody_to_tell_spans_carry_ids_and_record_nothing() -> None:
    tracer = Provider(Tracing(TracingSettings(ratio=1))).get_tracer("tests")
    with tracer.start_as_current_span("root") as root:
        assert isinstance(root, Span)
        assert root.get_span_context().is_valid
        assert not root.get_span_context().trace_flags.sampled
        assert not root.is_recording()
        inside = tracer.start_span("inside")
        assert inside.get_span_context() == root.get_span_context()
        inside.end()
        assert root.local.spans == []
        assert not root.ended


def test_without_a_provider_there_is_nothing_but_the_outside_context() -> None:
    tracer = Provider().get_tracer("tests")
    assert not tracer.start_span("nothing", NOWHERE).get_span_context().is_valid
    assert tracer.start_span("nothing", outside(is_sampled=True)).get_span_context().trace_id == 7


def test_once_installed_every_package_s_tracer_leads_here_and_to_the_last_one_only() -> None:
    before = trace.get_tracer("some.package")
    with telling() as (first, told_first), telling() as (second, told_second):
        assert first.tracing is not None
        assert second.tracing is not None
        install(first.tracing)
        before.start_span("to the first").end()
        install(second.tracing)
        before.start_span("to the second").end()
        install(None)
    assert [span.name for span in told_first.spans] == ["to the first"]
    assert [span.name for span in told_second.spans] == ["to the second"]
    assert told_second.spans[0].scope == "some.package"
