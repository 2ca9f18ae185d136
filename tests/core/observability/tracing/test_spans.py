"""What one span keeps, and what it does not."""

import gc
import weakref
from datetime import timedelta

import pytest
from opentelemetry import trace
from opentelemetry.trace import Link, SpanContext, SpanKind, Status, StatusCode

from tests.core.observability.tracing.told import NONE, counted, telling
from threadly.core.observability.tracing import Span
from threadly.core.observability.tracing.spans import MOST_ATTRIBUTES, MOST_EVENTS, MOST_LINKS


class Refused(Exception):
    """A failure whose message is somebody's secret."""


def test_a_span_is_told_with_what_it_was_given() -> None:
    with telling() as (provider, told):
        span = provider.get_tracer("tests").start_span("work", kind=SpanKind.CLIENT, attributes={"a": 1})
        span.set_attributes({"b": [1, 2], "c": "three"})
        span.set_attribute("a", 2)
        span.add_event("half-way", {"at": 0.5})
        span.add_link(SpanContext(1, 2, is_remote=True), {"why": "it began there"})
        span.update_name("real work")
        span.end()
    ended = told.one("real work")
    assert (ended.kind, ended.scope) == (SpanKind.CLIENT, "tests")
    assert ended.attributes == {"a": 2, "b": [1, 2], "c": "three"}
    assert [(event.name, event.attributes) for event in ended.events] == [("half-way", {"at": 0.5})]
    assert ended.began <= ended.events[0].at <= ended.ended
    assert [(link.context.trace_id, link.attributes) for link in ended.links] == [(1, {"why": "it began there"})]
    assert not ended.has_failed


def test_attributes_that_spans_share_are_left_as_they_were() -> None:
    shared = {"db.system.name": "postgresql"}
    with telling() as (provider, _):
        span = provider.get_tracer("tests").start_span("statement", attributes=shared)
        span.set_attribute("more", True)
        span.end()
    assert shared == {"db.system.name": "postgresql"}


def test_what_has_ended_changes_no_more() -> None:
    with telling() as (provider, told):
        span = provider.get_tracer("tests").start_span("over")
        span.end()
        span.end()
        assert not span.is_recording()
        span.set_attribute("late", True)
        span.add_event("late")
        span.update_name("late")
        span.set_status(StatusCode.ERROR)
        span.add_link(SpanContext(1, 2, is_remote=True))
    ended = told.one("over")
    assert (ended.attributes, ended.events, ended.links, ended.has_failed) == ({}, [], (), False)


def test_what_is_over_the_limits_is_left_out_and_counted() -> None:
    before = counted("over_limit")
    with telling() as (provider, told):
        span = provider.get_tracer("tests").start_span("much")
        for number in range(200):
            span.set_attribute(f"attribute {number}", number)
            span.add_event(f"event {number}")
            span.add_link(SpanContext(1, 2, is_remote=True))
        span.end()
    ended = told.one("much")
    assert len(ended.attributes) == MOST_ATTRIBUTES
    assert len(ended.events) == MOST_EVENTS
    assert len(ended.links) == MOST_LINKS
    assert counted("over_limit") - before == 3 * 200 - MOST_ATTRIBUTES - MOST_EVENTS - MOST_LINKS


@pytest.mark.parametrize("links", [MOST_LINKS, MOST_LINKS + 1, 3 * MOST_LINKS])
def test_links_that_a_span_begins_with_are_bounded_and_counted_as_well(links: int) -> None:
    before = counted("over_limit")
    with telling() as (provider, told):
        begun = [Link(SpanContext(number, 2, is_remote=True)) for number in range(1, links + 1)]
        provider.get_tracer("tests").start_span("much", links=begun).end()
    assert [link.context.trace_id for link in told.one("much").links] == list(range(1, MOST_LINKS + 1))
    assert counted("over_limit") - before == links - MOST_LINKS


def test_of_a_failure_its_type_and_place_are_told_and_never_its_message() -> None:
    with (
        telling() as (provider, told),
        pytest.raises(Refused),
        provider.get_tracer("tests").start_as_current_span("payment"),
    ):
        raise Refused("4111 1111 1111 1111")
    ended = told.one("payment")
    assert ended.has_failed
    assert ended.failure == "Refused"
    (event,) = ended.events
    assert event.name == "exception"
    assert event.attributes["exception.type"] == f"{__name__}.Refused"
    assert "test_of_a_failure_its_type" in str(event.attributes["exception.stacktrace"])
    assert "4111 1111" not in repr(ended)


@pytest.mark.parametrize(
    ("case", "description", "kept"),
    [
        ("the name of a failure", "ValueError: anna@example.org is unknown", "ValueError"),
        ("a code", "payment.refused", "payment.refused"),
        ("a sentence", "anna@example.org is unknown", ""),
        ("nothing", None, ""),
    ],
)
def test_of_a_description_the_name_of_a_failure_is_kept(case: str, description: str | None, kept: str) -> None:
    with telling() as (provider, told):
        span = provider.get_tracer("tests").start_span("failing")
        span.set_status(Status(StatusCode.ERROR, description))
        span.end()
    assert (told.one("failing").has_failed, told.one("failing").failure) == (True, kept), case


def test_a_span_knows_how_others_are_told_of_it() -> None:
    with telling() as (provider, told):
        span = provider.get_tracer("tests").start_span("outgoing")
        assert isinstance(span, Span)
        context = span.get_span_context()
        assert context.is_valid
        assert context.trace_flags.sampled
        assert span.traceparent == f"00-{context.trace_id:032x}-{context.span_id:016x}-01"
        span.end()
    assert told.one("outgoing").span_id == trace.format_span_id(context.span_id)


def test_a_trace_that_nobody_is_told_of_leaves_nothing_to_the_garbage_collector() -> None:
    gc.collect()
    gc.disable()
    try:
        with telling(NONE) as (provider, _):
            root = provider.get_tracer("tests").start_span("root")
            inside = provider.get_tracer("tests").start_span("inside", trace.set_span_in_context(root))
            inside.end()
            root.end()
            gone = [weakref.ref(root), weakref.ref(inside)]
            del root, inside
            assert [reference() for reference in gone] == [None, None]
    finally:
        gc.enable()


def test_an_end_that_somebody_else_has_seen_counts() -> None:
    with telling() as (provider, told):
        span = provider.get_tracer("tests").start_span("measured elsewhere", start_time=1_000_000_000)
        span.end(3_000_000_000)
    ended = told.one("measured elsewhere")
    assert timedelta(microseconds=(ended.ended - ended.began) / 1000) == timedelta(seconds=2)
    assert ended.began == 1_000_000_000
