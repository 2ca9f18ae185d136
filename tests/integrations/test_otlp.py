"""OTLP as it goes over the wire, to a receiver that decodes it, refuses it, hangs and resets."""

import logging
import time
from datetime import timedelta

import pytest
from opentelemetry.trace import Link, SpanContext, SpanKind

from tests.otlp_receiver import Behaviour, otlp_receiver
from threadly.core.observability.tracing import Ended, Event
from threadly.integrations.otlp import Otlp

SPAN = Ended(
    name="GET /items/{id}",
    kind=SpanKind.SERVER,
    scope="tests",
    trace_id="4bf92f3577b34da6a3ce929d0e0e4736",
    span_id="00f067aa0ba902b7",
    parent_id="53ce929d0e0e4736",
    has_remote_parent=True,
    is_sampled=True,
    state="rojo=1",
    began=1_790_000_000_000_000_000,
    ended=1_790_000_000_250_000_000,
    attributes={"http.route": "/items/{id}", "http.response.status_code": 500, "tags": ["a", "b"]},
    events=[Event("exception", 1_790_000_000_100_000_000, {"exception.type": "ValueError"})],
    links=[Link(SpanContext(7, 9, is_remote=True))],
    has_failed=True,
    failure="ValueError",
)


def otlp(endpoint: str, *, timeout: float = 5.0) -> Otlp:
    """The adapter, as wiring makes it."""
    return Otlp(
        endpoint,
        headers={"api-key": "hunter2"},
        timeout=timedelta(seconds=timeout),
        described={"service.name": "threadly", "service.version": "1"},
    )


def test_a_span_arrives_as_it_was() -> None:
    with otlp_receiver() as receiver:
        adapter = otlp(receiver.url)
        assert adapter.take([SPAN])
        adapter.close()
    (arrived,) = receiver.spans
    assert (arrived.name, arrived.kind, arrived.service, arrived.scope) == (SPAN.name, "server", "threadly", "tests")
    assert (arrived.trace_id, arrived.span_id, arrived.parent_id) == (SPAN.trace_id, SPAN.span_id, SPAN.parent_id)
    assert (arrived.began, arrived.ended) == (SPAN.began, SPAN.ended)
    assert (arrived.has_failed, arrived.status) == (True, "ValueError")
    assert arrived.attributes == SPAN.attributes
    assert arrived.events == [("exception", {"exception.type": "ValueError"})]
    assert arrived.links == [(f"{7:032x}", f"{9:016x}")]
    assert receiver.requests[0]["path"] == "/v1/traces"
    assert receiver.requests[0]["api-key"] == "hunter2"


def test_a_path_of_one_s_own_is_kept() -> None:
    with otlp_receiver() as receiver:
        adapter = otlp(f"{receiver.url}/tenant/otlp")
        assert adapter.take([SPAN])
        adapter.close()
    assert receiver.requests[0]["path"] == "/tenant/otlp"


@pytest.mark.parametrize("behaviour", ["refuse", "unavailable", "hang", "reset"])
def test_a_receiver_that_does_not_take_it_is_given_up_in_time_without_a_word(
    behaviour: Behaviour, caplog: pytest.LogCaptureFixture
) -> None:
    with otlp_receiver(behaviour) as receiver, caplog.at_level(logging.DEBUG, "opentelemetry"):
        adapter = otlp(receiver.url, timeout=1)
        began = time.monotonic()
        assert not adapter.take([SPAN])
        assert time.monotonic() - began < 4
        adapter.close()
    assert receiver.requests
    assert not [record for record in caplog.records if record.name.endswith("trace_exporter")]


def test_nobody_listening_is_given_up_in_time() -> None:
    with otlp_receiver() as receiver:
        url = receiver.url
    adapter = otlp(url, timeout=1)
    began = time.monotonic()
    assert not adapter.take([SPAN])
    assert time.monotonic() - began < 4
    adapter.close()
