"""Spans of statements and messages, by OpenTelemetry's API alone: nothing, unless what is under way is being traced.

A statement that a trace leads to is told by its text, in which values are `$1`; never by the values. Where the trace is
sampled, the text that PostgreSQL sees begins with who asks, by sqlcommenter's form:

    /*traceparent='00-…-…-01',route='%2Flistings%2F%7Bid%7D'*/ SELECT …

so that `pg_stat_activity` and the server's log lead to the trace; at the beginning, because the former cuts at 1,024
bytes. Such a text is unlike any other, so it goes past the caches of prepared statements, and costs a round trip and a
planning; one in a hundred requests does. Of the others, a statement that took long is told with the process of
PostgreSQL that ran it (`%p` in the log), and the time.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from time import perf_counter
from typing import Any, Final, TypeAlias
from urllib.parse import quote

from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.trace import Link, Span, SpanKind, StatusCode, get_current_span
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator
from sqlalchemy import event
from sqlalchemy.engine import Connection, Engine, ExceptionContext

TAGS: Final = "threadly_tags"
"""The engine's execution option under which it keeps what else is said of who asks."""
Tags: TypeAlias = Callable[[], Mapping[str, str]]

_LONG_SECONDS: Final = 0.1
_ASKED: Final = "_threadly_asked"
_MAIN: Final = re.compile(r"\b(INSERT\s+INTO|DELETE\s+FROM|UPDATE)\s+\"?([\w.]+)", re.IGNORECASE)
_TABLE: Final = re.compile(r"\bFROM\s+(?:ONLY\s+)?\"?([A-Za-z_][\w.]*)", re.IGNORECASE)
_WORD: Final = re.compile(r"\s*([A-Za-z]+)")

_tracer: Final = trace.get_tracer("threadly.core.database")
_w3c: Final = TraceContextTextMapPropagator()


class Asked:
    """A statement under way that is traced."""

    __slots__ = ("_began", "span", "sql")

    def __init__(self, span: Span, sql: str) -> None:
        self.span = span
        self.sql = sql
        """As PostgreSQL sees it."""
        self._began = perf_counter()

    def answered(self, driver: Any) -> None:  # noqa: ANN401 - asyncpg's connection, which has no types
        """All is well."""
        if perf_counter() - self._began >= _LONG_SECONDS:
            self.span.set_attribute("threadly.db.backend_pid", driver.get_server_pid())
        self.span.end()

    def failed(self, failure: BaseException) -> None:
        """PostgreSQL has refused it, or has gone."""
        if sqlstate := getattr(failure, "sqlstate", None):
            self.span.set_attribute("db.response.status_code", str(sqlstate))
        self.span.set_attribute("error.type", type(failure).__qualname__)
        self.span.set_status(StatusCode.ERROR)
        self.span.end()


def asked(options: Mapping[str, Any], sql: str) -> Asked | None:
    """Begins the span of a statement; None where nothing is traced. `options` are its connection's or its engine's."""
    around = get_current_span()
    if not around.is_recording():
        return None
    name, attributes = described(sql)
    span = _tracer.start_span(name, kind=SpanKind.CLIENT, attributes=attributes)
    if around.get_span_context().trace_flags.sampled:
        sql = _commented(sql, span, options.get(TAGS))
    return Asked(span, sql)


def watch(engine: Engine) -> None:
    """From now on, what this engine is asked is traced; except by `Prepared`, which does so itself."""
    event.listen(engine, "before_cursor_execute", _begun, retval=True)
    event.listen(engine, "after_cursor_execute", _answered)
    event.listen(engine, "handle_error", _failed)


@lru_cache(maxsize=1024)
def described(sql: str) -> tuple[str, Mapping[str, str]]:
    """The name of a statement's span and what it tells, by the semantic conventions: `SELECT listings`."""
    word = _WORD.match(sql)
    operation, table = word.group(1).upper() if word else "SQL", _TABLE.search(sql)
    if main := _MAIN.search(sql):
        operation, target = main.group(1).split()[0].upper(), main.group(2)
    else:
        operation = "SELECT" if operation == "WITH" else operation
        target = table.group(1) if table else ""
    summary = f"{operation} {target}".strip()
    return summary, {
        "db.system.name": "postgresql",
        "db.operation.name": operation,
        "db.query.summary": summary,
        "db.query.text": sql,
    }


@contextmanager
def sending(name: str) -> Iterator[str | None]:
    """The span of a message that is written down; yields the traceparent that goes with it, if there is one."""
    around = get_current_span()
    if around.is_recording():
        attributes = {**_of_messages(name), "messaging.operation.type": "send", "messaging.operation.name": "send"}
        with _tracer.start_as_current_span(f"send {name}", kind=SpanKind.PRODUCER, attributes=attributes):
            yield _traceparent()
    else:
        yield _traceparent() if around.get_span_context().is_valid else None


@contextmanager
def processing(name: str, *, id: int, attempt: int, traceparent: str | None) -> Iterator[Span]:
    """The span of an attempt at a job: within the trace of whoever asked for it, and linked to that very span."""
    sender = _w3c.extract({"traceparent": traceparent} if traceparent else {}, Context())
    asked_by = get_current_span(sender).get_span_context()
    attributes = {
        **_of_messages(name),
        "messaging.operation.type": "process",
        "messaging.operation.name": "process",
        "messaging.message.id": str(id),
        "threadly.job.attempt": attempt,
    }
    with _tracer.start_as_current_span(
        f"process {name}",
        sender,
        kind=SpanKind.CONSUMER,
        attributes=attributes,
        links=[Link(asked_by)] if asked_by.is_valid else None,
    ) as span:
        yield span


def gone_wrong(span: Span, error: str) -> None:
    """Notes that an attempt has failed, by its code."""
    span.set_attribute("error.type", error)
    span.set_status(StatusCode.ERROR, error)


def forget_commented(connection: Connection, sql: str) -> None:
    """Takes a text that never comes again out of SQLAlchemy's cache of prepared statements."""
    driver: Any = connection.connection.dbapi_connection
    cache = driver._prepared_statement_cache  # noqa: SLF001 - there is no other way around it; a test watches this one
    if cache is not None:
        cache.pop(sql, None)


def _begun(
    connection: Connection, _cursor: object, sql: str, values: object, context: object, _many: bool
) -> tuple[str, object]:
    if context is not None and (under_way := asked(connection.get_execution_options(), sql)) is not None:
        setattr(context, _ASKED, under_way)
        sql = under_way.sql
    return sql, values


def _answered(connection: Connection, _cursor: object, sql: str, _values: object, context: object, _many: bool) -> None:
    under_way: Asked | None = getattr(context, _ASKED, None)
    if under_way is not None:
        if sql.startswith("/*traceparent="):
            forget_commented(connection, sql)
        under_way.answered(connection.connection.driver_connection)


def _failed(context: ExceptionContext) -> None:
    under_way: Asked | None = getattr(context.execution_context, _ASKED, None)
    if under_way is not None:
        under_way.failed(context.original_exception.__cause__ or context.original_exception)


def _commented(sql: str, span: Span, tags: Tags | None) -> str:
    told = {"traceparent": _written(span), **(tags() if tags is not None else {})}
    pairs = ",".join(f"{name}='{quote(value, safe='-')}'" for name, value in told.items())
    return f"/*{pairs}*/ {sql}"


def _written(span: Span) -> str:
    context = span.get_span_context()
    return f"00-{context.trace_id:032x}-{context.span_id:016x}-{context.trace_flags:02x}"


def _traceparent() -> str | None:
    return _written(get_current_span())


def _of_messages(name: str) -> dict[str, str | int]:
    return {"messaging.system": "threadly", "messaging.destination.name": name}
