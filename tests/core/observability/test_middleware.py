"""What is told of a request, by a bare ASGI application."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, TypeAlias

import msgspec
import pytest
from opentelemetry import trace
from structlog.testing import capture_logs

from tests.core.observability.tracing.told import ALL, NONE, Told, telling
from threadly.core.asgi import ASGIApp, Message, Receive, Scope, Send
from threadly.core.observability import Telemetry, Work, current
from threadly.core.observability.metrics import Requests
from threadly.core.observability.tracing import TracingSettings

PROXY = ("10.0.0.1", 1)
STRANGER = ("203.0.113.9", 1)
TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
SPAN = "00f067aa0ba902b7"
Answer: TypeAlias = Callable[[Scope, Receive, Send], Awaitable[None]]


class House:
    """An application within our middleware, and all that is told of it."""

    def __init__(self, app: ASGIApp, told: Told, telemetry: Telemetry, requests: Requests) -> None:
        self.app = app
        self.told = told
        self._telemetry = telemetry
        self._requests = requests
        self.lines: list[Any] = []

    async def ask(
        self,
        *headers: tuple[str, str],
        peer: tuple[str, int] | None = STRANGER,
        method: str = "GET",
        path: str = "/items/7",
        incoming: list[Message] | None = None,
    ) -> list[Message]:
        """One request; what the application sent."""
        sent: list[Message] = []
        waiting = list(incoming or [{"type": "http.request", "body": b"", "more_body": False}])

        async def receive() -> Message:
            return waiting.pop(0)

        async def send(message: Message) -> None:
            sent.append(message)

        scope: Scope = {
            "type": "http",
            "method": method,
            "path": path,
            "query_string": b"password=hunter2",
            "headers": [(name.encode(), value.encode("latin-1")) for name, value in headers],
            "client": peer,
        }
        with capture_logs() as lines:
            try:
                await self._telemetry(scope, receive, send)
            finally:
                self.lines += lines
        return sent

    @property
    def counts(self) -> dict[tuple[str, ...], float]:
        """Requests by method, route and status."""
        counted = next(family for family in self._requests.families() if family.name == "threadly_http_requests")
        return {series.labels: series.value for series in counted.series}


@contextmanager
def house(app: Answer, settings: TracingSettings = NONE, **options: Any) -> Iterator[House]:  # noqa: ANN401
    """As it is built by who uses it."""

    async def router(scope: Scope, receive: Receive, send: Send) -> None:
        work = current()
        assert work is not None
        if scope["path"].startswith("/items/"):
            work.route = "/items/{id}"
        await app(scope, receive, send)

    with telling(settings) as (provider, told):
        assert provider.tracing is not None
        requests = Requests(registry=None)
        telemetry = Telemetry(
            router,
            tracing=provider.tracing,
            requests=requests,
            trusts=lambda peer: peer == PROXY,
            **options,
        )
        yield House(app, told, telemetry, requests)


async def hello(_scope: Scope, _receive: Receive, send: Send) -> None:
    """Answers in two parts."""
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/plain")]})
    await send({"type": "http.response.body", "body": b"hel", "more_body": True})
    await send({"type": "http.response.body", "body": b"lo"})


def answering(status: int) -> Answer:
    """Answers with this status."""

    async def answer(_scope: Scope, _receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": status, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    return answer


def header(sent: list[Message], name: str) -> list[str]:
    """Its values in the answer."""
    return [value.decode() for key, value in sent[0]["headers"] if key == name.encode()]


async def test_an_answer_goes_out_as_it_came_with_the_request_s_id() -> None:
    with house(hello) as one:
        sent = await one.ask()
    assert [message.get("body") for message in sent[1:]] == [b"hel", b"lo"]
    assert sent[0]["status"] == 200
    assert sent[0]["headers"][0] == (b"content-type", b"text/plain")
    (id,) = header(sent, "x-request-id")
    assert len(id) == 32


async def test_a_message_that_an_application_keeps_is_not_changed() -> None:
    start: Message = {"type": "http.response.start", "status": 200, "headers": [(b"a", b"b")]}

    async def keeping(_scope: Scope, _receive: Receive, send: Send) -> None:
        await send(start)
        await send({"type": "http.response.body", "body": b""})

    with house(keeping) as one:
        for _ in range(3):
            assert len(header(await one.ask(), "x-request-id")) == 1
    assert start == {"type": "http.response.start", "status": 200, "headers": [(b"a", b"b")]}


@pytest.mark.parametrize(
    ("case", "peer", "given", "is_taken"),
    [
        ("a proxy's", PROXY, "req-2b7f:9a31.77_x", True),
        ("a stranger's", STRANGER, "req-2b7f:9a31.77_x", False),
        ("nobody's, by a socket", None, "req-2b7f:9a31.77_x", False),
        ("too short", PROXY, "short", False),
        ("too long", PROXY, "x" * 65, False),
        ("the longest", PROXY, "x" * 64, True),
        ("with a line's end", PROXY, "abcdefgh\n", False),
        ("with quotes", PROXY, 'abcdefgh"}', False),
        ("of another script", PROXY, "abcdefgh\xe9", False),
    ],
)
async def test_an_id_is_taken_from_a_proxy_if_it_is_of_the_form(
    case: str, peer: tuple[str, int] | None, given: str, is_taken: bool
) -> None:
    with house(hello) as one:
        (id,) = header(await one.ask(("x-request-id", given), peer=peer), "x-request-id")
    assert (id == given) == is_taken, case
    if not is_taken:
        assert len(id) == 32
        int(id, 16)


async def test_two_ids_are_none() -> None:
    with house(hello) as one:
        sent = await one.ask(("x-request-id", "first-of-two"), ("x-request-id", "second-of-two"), peer=PROXY)
    assert header(sent, "x-request-id") not in (["first-of-two"], ["second-of-two"])


async def test_inside_the_work_is_known_with_its_route_and_ids_and_outside_it_is_not() -> None:
    seen: list[Work] = []
    spans: list[trace.Span] = []

    async def looking(scope: Scope, receive: Receive, send: Send) -> None:
        work = current()
        assert work is not None
        assert (work.method, work.route) == ("GET", "/items/{id}")
        seen.append(work)
        spans.append(trace.get_current_span())
        await hello(scope, receive, send)

    with house(looking) as one:
        sent = await one.ask()
    (work,), (span,) = seen, spans
    assert [work.request_id] == header(sent, "x-request-id")
    assert work.trace_id == f"{span.get_span_context().trace_id:032x}" == work.request_id
    assert work.span_id == f"{span.get_span_context().span_id:016x}"
    assert current() is None
    assert trace.get_current_span() is trace.INVALID_SPAN


async def test_each_request_has_one_line_with_status_time_and_size() -> None:
    with house(hello) as one:
        await one.ask()
    (line,) = one.lines
    assert line.pop("ms") >= 0
    assert line == {"event": "request", "log_level": "info", "status": 200, "bytes": 5}


async def test_requests_are_counted_by_route_and_what_no_route_answers_is_counted_together() -> None:
    with house(hello) as one:
        await one.ask()
        await one.ask(path="/items/8")
        await one.ask(path="/wp-login.php", method="POST")
        await one.ask(method="BREW")
    assert one.counts == {
        ("GET", "/items/{id}", "200"): 2,
        ("POST", "unmatched", "200"): 1,
        ("_OTHER", "/items/{id}", "200"): 1,
    }


@pytest.mark.parametrize(
    ("status", "level"), [(200, "info"), (404, "info"), (499, "info"), (500, "warning"), (503, "warning")]
)
async def test_failures_of_ours_are_warnings(status: int, level: str) -> None:
    with house(answering(status)) as one:
        await one.ask()
    assert [line["log_level"] for line in one.lines] == [level]


async def test_lines_can_be_turned_off_and_probes_are_quiet_but_failures_are_always_told() -> None:
    for options in ({"is_told": False}, {"quiet": ["/items/{id}"]}):
        with house(hello, **options) as one:
            await one.ask()
        assert one.lines == []
        assert one.counts == {("GET", "/items/{id}", "200"): 1}
        with house(answering(500), **options) as one:
            await one.ask()
        assert len(one.lines) == 1


async def test_a_trace_from_outside_goes_on_and_its_span_is_the_parent() -> None:
    states: list[str] = []

    async def look(scope: Scope, receive: Receive, send: Send) -> None:
        states.append(trace.get_current_span().get_span_context().trace_state.to_header())
        await hello(scope, receive, send)

    with house(look, ALL) as one:
        lines = [("traceparent", f"00-{TRACE}-{SPAN}-01"), ("tracestate", "rojo=1"), ("tracestate", "congo=2")]
        await one.ask(*lines, peer=PROXY)
    (span,) = one.told.spans
    assert (span.trace_id, span.parent_id, span.has_remote_parent) == (TRACE, SPAN, True)
    assert states == ["rojo=1,congo=2"]


@pytest.mark.parametrize(
    ("case", "peer", "flags", "settings", "is_told"),
    [
        ("a proxy that wants it told", PROXY, "01", NONE, True),
        ("a proxy that does not", PROXY, "00", ALL, False),
        ("a stranger that wants it told", STRANGER, "01", NONE, False),
        ("a stranger that does not", STRANGER, "00", ALL, True),
    ],
)
async def test_what_a_proxy_has_decided_holds_and_what_a_stranger_wants_does_not(
    case: str, peer: tuple[str, int], flags: str, settings: TracingSettings, is_told: bool
) -> None:
    with house(hello, settings) as one:
        await one.ask(("traceparent", f"00-{TRACE}-{SPAN}-{flags}"), peer=peer)
    assert bool(one.told.spans) == is_told, case


@pytest.mark.parametrize("traceparents", [["00-0-0-01"], [f"00-{TRACE}-{SPAN}-01"] * 2])
async def test_a_malformed_or_repeated_traceparent_begins_a_new_trace(traceparents: list[str]) -> None:
    with house(hello, ALL) as one:
        await one.ask(*(("traceparent", value) for value in traceparents), peer=PROXY)
    (span,) = one.told.spans
    assert span.parent_id is None
    assert span.trace_id != TRACE


async def test_a_span_that_is_told_says_what_the_conventions_name_and_no_query() -> None:
    with house(answering(503), ALL) as one:
        sent = await one.ask(("x-request-id", "from-the-proxy"), peer=PROXY)
    (span,) = one.told.spans
    assert (span.name, span.kind) == ("GET /items/{id}", trace.SpanKind.SERVER)
    assert span.attributes == {
        "http.request.method": "GET",
        "http.route": "/items/{id}",
        "http.response.status_code": 503,
        "http.response.body.size": 0,
        "url.path": "/items/7",
        "url.scheme": "http",
        "network.protocol.version": "1.1",
        "error.type": "503",
        "threadly.request_id": "from-the-proxy",
    }
    assert span.has_failed
    assert "hunter2" not in repr(one.told.spans)
    assert header(sent, "x-request-id") == ["from-the-proxy"]


async def test_of_a_path_only_what_can_be_an_address_of_ours_is_told() -> None:
    with house(answering(404), ALL) as one:
        await one.ask(path="/members/12 Mill Lane, Sofia/anna@example.org/a-slug.css")
    (span,) = one.told.spans
    assert span.attributes["url.path"] == "/members/…/…/a-slug.css"


async def test_the_slow_and_the_failed_are_told_and_nobody_else() -> None:
    async def some(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["path"] == "/items/slow":
            await asyncio.sleep(0.03)
        await answering(500 if scope["path"] == "/items/failing" else 200)(scope, receive, send)

    with house(some, TracingSettings(ratio=0, slow=timedelta(milliseconds=25))) as one:
        for path in ("/items/quick", "/items/slow", "/items/failing"):
            await one.ask(path=path)
    assert [span.attributes["url.path"] for span in one.told.spans] == ["/items/slow", "/items/failing"]


async def test_an_exception_goes_through_and_is_told_without_its_message() -> None:
    async def failing(_scope: Scope, _receive: Receive, _send: Send) -> None:
        raise KeyError("anna@example.org")

    with house(failing) as one:
        with pytest.raises(KeyError):
            await one.ask()
        assert current() is None
    assert one.counts == {("GET", "/items/{id}", "500"): 1}
    assert [(line["log_level"], line["status"]) for line in one.lines] == [("warning", 500)]
    (span,) = one.told.spans
    assert span.events[0].attributes["exception.type"] == "KeyError"
    assert "anna" not in repr(span)


async def test_an_exception_after_the_answer_has_begun_keeps_its_status_and_is_a_failure() -> None:
    async def breaking(_scope: Scope, _receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"half", "more_body": True})
        raise ConnectionError

    with house(breaking) as one, pytest.raises(ConnectionError):
        await one.ask()
    assert one.counts == {("GET", "/items/{id}", "200"): 1}
    assert [(line["log_level"], line["bytes"]) for line in one.lines] == [("warning", 4)]
    assert one.told.spans[0].has_failed


async def test_who_leaves_before_there_is_an_answer_is_499_and_no_failure_of_ours() -> None:
    async def waiting(_scope: Scope, receive: Receive, _send: Send) -> None:
        while (await receive())["type"] != "http.disconnect":
            pass

    with house(waiting) as one:
        await one.ask(incoming=[{"type": "http.request", "body": b"", "more_body": True}, {"type": "http.disconnect"}])
    assert one.counts == {("GET", "/items/{id}", "499"): 1}
    assert [line["log_level"] for line in one.lines] == ["info"]
    assert one.told.spans == []


async def test_a_request_that_the_server_cancels_is_499_and_the_cancellation_goes_through() -> None:
    async def long(_scope: Scope, _receive: Receive, _send: Send) -> None:
        await asyncio.sleep(60)

    with house(long) as one:
        asking = asyncio.create_task(one.ask())
        await asyncio.sleep(0.01)
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking
    assert one.counts == {("GET", "/items/{id}", "499"): 1}


async def test_an_application_that_answers_nothing_has_failed() -> None:
    async def silent(_scope: Scope, _receive: Receive, _send: Send) -> None:
        """Says nothing."""

    with house(silent) as one:
        await one.ask()
    assert one.counts == {("GET", "/items/{id}", "500"): 1}


async def test_the_time_is_that_of_the_answer_not_of_what_follows_it() -> None:
    async def lingering(scope: Scope, receive: Receive, send: Send) -> None:
        await hello(scope, receive, send)
        await asyncio.sleep(0.05)

    with house(lingering) as one:
        await one.ask()
    assert one.lines[0]["ms"] < 50


async def test_a_route_that_the_router_writes_into_the_scope_is_found_there() -> None:
    async def router(scope: Scope, receive: Receive, send: Send) -> None:
        scope["route"] = "/things/{id}"
        await hello(scope, receive, send)

    with house(router, ALL, route_of=lambda scope: scope.get("route")) as one:
        await one.ask(path="/things/7")
    assert one.counts == {("GET", "/things/{id}", "200"): 1}
    assert one.told.spans[0].name == "GET /things/{id}"


async def test_an_application_says_more_of_a_request_by_fields_of_its_own() -> None:
    class OrderWork(Work, kw_only=True):
        order_id: str | None = None

    async def order(scope: Scope, receive: Receive, send: Send) -> None:
        work = current()
        assert isinstance(work, OrderWork)
        work.order_id = "o1"
        seen.append(msgspec.to_builtins(work))
        await hello(scope, receive, send)

    seen: list[dict[str, Any]] = []
    with house(order, work=OrderWork) as one:
        await one.ask()
    assert (seen[0]["order_id"], seen[0]["method"]) == ("o1", "GET")


async def test_what_is_no_request_passes() -> None:
    seen = []

    async def app(scope: Scope, _receive: Receive, _send: Send) -> None:
        seen.append((scope, current()))

    async def nothing(*_: object) -> Any:  # noqa: ANN401
        """Neither comes nor goes."""

    with telling() as (provider, _):
        assert provider.tracing is not None
        requests = Requests(registry=None)
        telemetry = Telemetry(app, tracing=provider.tracing, requests=requests, trusts=lambda _: False)
        await telemetry({"type": "lifespan"}, nothing, nothing)
    assert seen == [({"type": "lifespan"}, None)]


async def test_a_request_that_is_over_leaves_nothing_to_the_garbage_collector() -> None:
    import gc  # noqa: PLC0415

    with house(hello) as one:
        await one.ask()
        gc.collect()
        gc.disable()
        try:
            await one.ask()
            assert not [held for held in gc.get_objects() if isinstance(held, Work)]
        finally:
            gc.enable()


async def test_whoever_wants_to_know_is_told_of_what_was_raised() -> None:
    told: list[BaseException] = []

    async def fail(_scope: Scope, _receive: Receive, _send: Send) -> None:
        raise ZeroDivisionError

    with house(fail, failed=told.append) as one, pytest.raises(ZeroDivisionError):
        await one.ask()
    assert [type(failure) for failure in told] == [ZeroDivisionError]
