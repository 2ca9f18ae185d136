"""A small receiver of OTLP over HTTP: decodes what opentelemetry-proto describes, and misbehaves if it should."""

import gzip
import socket
import struct
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Literal, TypeAlias

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, KeyValue
from opentelemetry.proto.trace.v1.trace_pb2 import Span as ProtoSpan

Behaviour: TypeAlias = Literal["accept", "refuse", "unavailable", "hang", "reset"]


@dataclass(frozen=True)
class Received:
    """A span as it arrived."""

    name: str
    kind: str
    service: str
    scope: str
    trace_id: str
    span_id: str
    parent_id: str
    began: int
    ended: int
    has_failed: bool
    status: str
    attributes: Mapping[str, Any]
    links: list[tuple[str, str]]
    events: list[tuple[str, Mapping[str, Any]]]


@dataclass
class Receiver:
    """What has arrived, and how it is taken."""

    url: str = ""
    behaviour: Behaviour = "accept"
    spans: list[Received] = field(default_factory=list)
    requests: list[Mapping[str, str]] = field(default_factory=list)
    raw: bytearray = field(default_factory=bytearray)
    ends: threading.Event = field(default_factory=threading.Event)

    def named(self, name: str) -> list[Received]:
        """All of this name."""
        return [span for span in self.spans if span.name == name]

    def below(self, span: Received) -> list[Received]:
        """Those right inside of a span."""
        return [child for child in self.spans if (child.trace_id, child.parent_id) == (span.trace_id, span.span_id)]


@contextmanager
def otlp_receiver(behaviour: Behaviour = "accept") -> Iterator[Receiver]:
    """A receiver on a port of its own."""
    receiver = Receiver(behaviour=behaviour)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            receiver.requests.append({**self.headers, "path": self.path})
            if receiver.behaviour == "hang":
                receiver.ends.wait()
                return
            if receiver.behaviour == "reset":
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                self.connection.close()
                return
            body = self.rfile.read(int(self.headers["content-length"]))
            if receiver.behaviour == "accept":
                if self.headers.get("content-encoding") == "gzip":
                    body = gzip.decompress(body)
                receiver.raw += body
                receiver.spans += _decoded(body)
            self.send_response({"accept": 200, "refuse": 400}.get(receiver.behaviour, 503))
            answer = ExportTraceServiceResponse().SerializeToString()
            self.send_header("content-type", "application/x-protobuf")
            self.send_header("content-length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: object) -> None:
            """Says nothing."""

        def handle(self) -> None:
            try:
                super().handle()
            except (OSError, ValueError):
                return  # it was reset, by us or by them

        def finish(self) -> None:
            try:
                super().finish()
            except (OSError, ValueError):
                return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    receiver.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield receiver
    finally:
        receiver.ends.set()
        server.shutdown()
        thread.join()
        server.server_close()


def _decoded(body: bytes) -> Iterator[Received]:
    for resource in ExportTraceServiceRequest.FromString(body).resource_spans:
        service = _values(resource.resource.attributes)["service.name"]
        for scope in resource.scope_spans:
            for span in scope.spans:
                yield Received(
                    name=span.name,
                    kind=ProtoSpan.SpanKind.Name(span.kind).removeprefix("SPAN_KIND_").lower(),
                    service=service,
                    scope=scope.scope.name,
                    trace_id=span.trace_id.hex(),
                    span_id=span.span_id.hex(),
                    parent_id=span.parent_span_id.hex(),
                    began=span.start_time_unix_nano,
                    ended=span.end_time_unix_nano,
                    has_failed=span.status.code == 2,
                    status=span.status.message,
                    attributes=_values(span.attributes),
                    links=[(link.trace_id.hex(), link.span_id.hex()) for link in span.links],
                    events=[(event.name, _values(event.attributes)) for event in span.events],
                )


def _values(attributes: Any) -> Mapping[str, Any]:  # noqa: ANN401 - a container of protobuf's
    pairs: list[KeyValue] = list(attributes)
    return {pair.key: _value(pair.value) for pair in pairs}


def _value(value: AnyValue) -> Any:  # noqa: ANN401 - whatever was sent
    kind = value.WhichOneof("value")
    if kind == "array_value":
        return [_value(part) for part in value.array_value.values]
    if kind == "kvlist_value":
        return _values(value.kvlist_value.values)
    return getattr(value, kind) if kind else None
