"""A span as others are told of it: with its ids, times of day, and nothing in it that is secret.

Guaranteed: text in attributes is cut at `MOST_CHARACTERS` and cleaned; values written into SQL are taken out, though
none should be there.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from opentelemetry.trace import Link, SpanKind
from opentelemetry.util.types import AnyValue

from threadly.core.observability.tracing.spans import LocalTrace, Span

MOST_CHARACTERS: Final = 4096
_SQL: Final = "db.query.text"
_WRITTEN_VALUE: Final = re.compile(r"'(?:[^']|'')*'")

Clean: TypeAlias = Callable[[str, str], str]
"""Takes what is secret out of a text, knowing by which name it goes."""


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened at one moment."""

    name: str
    at: int
    """Nanoseconds since 1970."""
    attributes: Mapping[str, AnyValue]


@dataclass(frozen=True, slots=True)
class Ended:
    """A span that has ended."""

    name: str
    kind: SpanKind
    scope: str
    trace_id: str
    span_id: str
    parent_id: str | None
    has_remote_parent: bool
    is_sampled: bool
    state: str
    began: int
    """Nanoseconds since 1970."""
    ended: int
    attributes: Mapping[str, AnyValue]
    events: Sequence[Event]
    links: Sequence[Link]
    has_failed: bool
    failure: str


def ended(local: LocalTrace, root: Span, clean: Clean) -> Iterator[Ended]:
    """All of a local trace. What is still under way counts as ended with its first span."""
    for span in (root, *local.spans):
        yield Ended(
            name=span.name,
            kind=span.kind,
            scope=span.scope,
            trace_id=local.trace_id,
            span_id=span.span_id,
            parent_id=span.parent_id,
            has_remote_parent=span.is_first and span.parent_id is not None,
            is_sampled=local.is_sampled,
            state=local.state,
            began=span.began + local.offset,
            ended=(span.ended or root.ended) + local.offset,
            attributes=_cleaned({**(span.attributes or {}), **(span.added or {})}, clean),
            events=[Event(name, at + local.offset, _cleaned(told, clean)) for name, at, told in span.events or ()],
            links=span.links or (),
            has_failed=span.has_failed,
            failure=span.failure,
        )


def _cleaned(attributes: Mapping[str, AnyValue] | None, clean: Clean) -> Mapping[str, AnyValue]:
    return {name: _clean_value(name, value, clean) for name, value in (attributes or {}).items() if value is not None}


def _clean_value(name: str, value: AnyValue, clean: Clean) -> AnyValue:
    match value:
        case bool() | int() | float():
            return value
        case str():
            text = value[:MOST_CHARACTERS]
            return clean(name, _WRITTEN_VALUE.sub("?", text) if name == _SQL else text)
        case bytes():
            return f"{len(value)} bytes"
        case Mapping():
            return {str(key): _clean_value(str(key), part, clean) for key, part in value.items()}
        case Sequence():
            return [_clean_value(name, part, clean) for part in value]
        case _:
            return type(value).__name__
