"""W3C Trace Context, level 2: reads `traceparent` and `tracestate` to the letter, and writes them.

Guaranteed: what is not exactly of the form is not believed at all, and begins a trace of its own; a `tracestate` that
is too long or not of the form is left out, and its `traceparent` kept (w3.org/TR/trace-context-2, 3.2 and 3.3).
"""

import re
from dataclasses import dataclass
from typing import Final

_LENGTH: Final = 55
_FORM: Final = re.compile(rb"([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})")
_NO_TRACE: Final = b"0" * 32
_NO_SPAN: Final = b"0" * 16
_VERSION_NEVER_USED: Final = b"ff"
_OURS: Final = b"00"
_SAMPLED: Final = 0x01
_MOST_STATE: Final = 512
_MOST_MEMBERS: Final = 32
_MEMBER: Final = re.compile(
    r"(?:[a-z][a-z0-9_\-*/]{0,255}|[a-z0-9][a-z0-9_\-*/]{0,240}@[a-z][a-z0-9_\-*/]{0,13})"
    r"=[\x20-\x2b\x2d-\x3c\x3e-\x7e]{0,255}[\x21-\x2b\x2d-\x3c\x3e-\x7e]"
)


@dataclass(frozen=True, slots=True)
class Parent:
    """The span on somebody else's side that led to us."""

    trace_id: str
    """32 hexadecimal digits."""
    span_id: str
    """16 hexadecimal digits."""
    is_sampled: bool | None
    """Whether it is told; None: that is for us to say."""
    state: str = ""
    """What other tracing systems want to be handed on, as it came."""


def parse(traceparent: bytes | str, tracestate: str = "") -> Parent | None:
    """The parent that the headers name; None if they name none in the only spelling there is."""
    raw = traceparent.encode("latin-1", "replace") if isinstance(traceparent, str) else traceparent
    found = _FORM.match(raw)
    if found is None:
        return None
    version, trace_id, span_id, flags = found.groups()
    if version == _VERSION_NEVER_USED or trace_id == _NO_TRACE or span_id == _NO_SPAN:
        return None
    # A later version may say more, after another dash; the first one says exactly this.
    if len(raw) > _LENGTH and (version == _OURS or raw[_LENGTH : _LENGTH + 1] != b"-"):
        return None
    return Parent(trace_id.decode(), span_id.decode(), bool(int(flags, 16) & _SAMPLED), readable_state(tracestate))


def readable_state(tracestate: str) -> str:
    """A `tracestate` without what the form does not have: empty members; all of it if one member is malformed."""
    if not tracestate or len(tracestate) > _MOST_STATE:
        return ""
    members = [member for part in tracestate.split(",") if (member := part.strip(" \t"))]
    keys = {member.partition("=")[0] for member in members}
    if len(members) > _MOST_MEMBERS or len(keys) < len(members):
        return ""
    return ",".join(members) if all(map(_MEMBER.fullmatch, members)) else ""


def written(trace_id: str, span_id: str, *, is_sampled: bool) -> str:
    """The `traceparent` that names a span of ours."""
    return f"00-{trace_id}-{span_id}-{'01' if is_sampled else '00'}"
