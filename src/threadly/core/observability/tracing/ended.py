"""A span as others are told of it: with its ids, times of day, and nothing in it that is secret.

Guaranteed: attributes are scrubbed, by name and by form, and cut; values written into SQL are taken out, though none
should be there.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from opentelemetry.trace import Link, SpanKind
from opentelemetry.util.types import AnyValue

from threadly.core.observability.scrubbing.values import Plain, scrub_named
from threadly.core.observability.tracing.spans import LocalTrace, Span

_SQL: Final = "db.query.text"
_WRITTEN_VALUE: Final = re.compile(r"'(?:[^']|'')*'")


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened at one moment."""

    name: str
    at: int
    """Nanoseconds since 1970."""
    attributes: Mapping[str, Plain]


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
    attributes: Mapping[str, Plain]
    events: Sequence[Event]
    links: Sequence[Link]
    has_failed: bool
    failure: str


def ended(local: LocalTrace, root: Span) -> Iterator[Ended]:
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
            attributes=_cleaned({**(span.attributes or {}), **(span.added or {})}),
            events=[Event(name, at + local.offset, _cleaned(told)) for name, at, told in span.events or ()],
            links=span.links or (),
            has_failed=span.has_failed,
            failure=span.failure,
        )


def _cleaned(attributes: Mapping[str, AnyValue] | None) -> Mapping[str, Plain]:
    told = {name: value for name, value in (attributes or {}).items() if value is not None}
    if isinstance(statement := told.get(_SQL), str):
        told[_SQL] = _WRITTEN_VALUE.sub("?", statement)
    return {name: scrub_named(name, value) for name, value in told.items()}
