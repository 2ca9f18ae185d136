"""Makes a line of what a program tells: with when, where and for whom, and without what is private.

Guaranteed: one line of at most 4,096 bytes; what cannot be told costs its field, never the program. An ordinary line
is encoded once and glanced at once; only one that looks private, long or nested is taken apart.
"""

from collections.abc import Mapping, MutableMapping
from time import time_ns  # habit: time-from-clock - a part of a second, for which an object would be too dear
from typing import Any, Final, Protocol

import msgspec

from threadly.core import clock
from threadly.core.observability.context import Work, current
from threadly.core.observability.failures import Failure, failure_of
from threadly.core.observability.logs.outlets import LONGEST_LINE
from threadly.core.observability.scrubbing.glance import may_be_private
from threadly.core.observability.scrubbing.names import are_known_harmless, is_private
from threadly.core.observability.scrubbing.text import scrub_text
from threadly.core.observability.scrubbing.values import PLAIN, scrub_named

Told = MutableMapping[str, Any]
ALWAYS: Final = frozenset({"timestamp", "level", "logger", "event", "exception"})
"""What is no field of whoever tells something."""

_SMALLEST_CARD: Final = 10**12
_NEGATIVE_CARD: Final = -_SMALLEST_CARD
_MOST_EVENTS: Final = 4096
_FRACTIONS: Final = [f"{number:03d}".encode() for number in range(1000)]
_MOST_HEADS: Final = 1024
_SHORTEST: Final = 4  # of what can be private at all: a@bc
_NOTHING: Final = len(b"{}")
_SHORT: Final = 300
_FEW_FRAMES: Final = 6
_ROOM: Final = 3000  # of LONGEST_LINE; the rest is for what is being done, and for what every line has
_encode: Final = msgspec.json.Encoder(decimal_format="string").encode


class Form(Protocol):
    """How a line is written."""

    def __call__(self, told: Told, work: Work | None) -> bytes:
        """The line with its end. What is told is plain."""


class AsJson:
    """One object a line.

    Args:
        always: What stands at the end of each: the process, the release.
    """

    def __init__(self, always: Mapping[str, str | int]) -> None:
        self._end = (b"," if always else b"") + _encode(dict(always))[1:] + b"\n"
        self._heads: dict[tuple[str, str], bytes] = {}
        self._second = (0, b"")

    def __call__(self, told: Told, work: Work | None) -> bytes:
        at = told["timestamp"].isoformat(timespec="milliseconds").replace("+00:00", "Z")
        line = _encode({**told, "timestamp": at})
        if work is not None and len(doing := _encode(work)) > _NOTHING:
            return b"".join((line[:-1], b",", doing[1:-1], self._end))
        return line[:-1] + self._end

    def quickly(
        self, logger: str, level: str, fields: Mapping[str, Any], work: Work | None, *, is_ordinary: bool = False
    ) -> bytes | None:
        """The line, if a glance shows that it can be told as it is: in this, every tenth of a microsecond counts.

        Args:
            is_ordinary: Whoever tells it knows that, as of numbers alone.
        """
        if not is_ordinary and not _is_ordinary(fields):
            return None
        second, millisecond = divmod(time_ns() // 1_000_000, 1000)
        known, stamp = self._second
        if second != known:
            stamp = clock.now().strftime('{"timestamp":"%Y-%m-%dT%H:%M:%S.').encode()
            self._second = second, stamp
        head = self._heads.get((logger, level)) or self._head(logger, level)
        try:
            line = _encode(fields)
        except (TypeError, ValueError, OverflowError):  # half characters, integers that no JSON can hold
            return None
        if work is not None and len(doing := _encode(work)) > _NOTHING:
            line = b"".join((stamp, _FRACTIONS[millisecond], head, line[1:-1], b",", doing[1:-1], self._end))
        else:
            line = b"".join((stamp, _FRACTIONS[millisecond], head, line[1:-1], self._end))
        return line if len(line) <= LONGEST_LINE else None

    def _head(self, logger: str, level: str) -> bytes:
        if len(self._heads) >= _MOST_HEADS:
            self._heads.clear()
        head = b'Z",' + _encode({"level": level, "logger": logger})[1:-1] + b","
        self._heads[logger, level] = head
        return head


def line_of(form: Form, logger: str, level: str, fields: Mapping[str, Any], failure: BaseException | None) -> bytes:
    """The line, in the form that is asked for; `fields` have the event with them."""
    work = current()
    plain: dict[str, Any] = {name: scrub_named(name, value) for name, value in fields.items()}
    if failure is not None:
        plain["exception"] = failure_of(failure)
    told = {"timestamp": clock.now(), "level": level, "logger": logger, **plain}
    line = form(told, work)
    return line if len(line) <= LONGEST_LINE else _shortened(form, told, work)


def _is_ordinary(fields: Mapping[str, Any]) -> bool:
    """Whether it can be told as it is."""
    if not are_known_harmless(fields) and any(is_private(name) for name in fields):
        return False
    texts = ""
    for value in fields.values():
        kind = type(value)
        if kind is str:
            if len(value) >= _SHORTEST and value not in _events:
                texts += f"{value}\n"
        elif kind is int or kind is float:
            if value > _SMALLEST_CARD or value < _NEGATIVE_CARD:
                return False
        elif kind not in PLAIN:
            return False
    if not texts:
        return True
    event = fields["event"]
    if type(event) is not str:
        return not may_be_private(texts)
    if may_be_private(texts) and (texts != f"{event}\n" or scrub_text(event) != event):
        return False
    if len(event) <= _SHORT:  # what varies stands in fields, so a sentence is told often, and looked at once
        if len(_events) >= _MOST_EVENTS:
            _events.clear()
        _events.add(event)
    return True


_events: Final[set[str]] = set()


def _shortened(form: Form, plain: dict[str, Any], work: Work | None) -> bytes:
    """The line once more, with less of each field, and no more of them than there is room for."""
    short: dict[str, Any] = {}
    room = _ROOM
    for name in sorted(plain, key=lambda name: name not in ALWAYS):
        value = _short(name, plain[name])
        room -= len(_encode({name: value}))
        if room < 0:
            break
        short[name] = value
    line = form(short | {"shortened": True}, work)
    return line if len(line) <= LONGEST_LINE else line[: LONGEST_LINE - 1].rstrip(b"\n") + b"\n"


def _short(name: str, value: object) -> object:
    if isinstance(value, str):
        return value if len(value) <= _SHORT else f"{value[:_SHORT]}…"
    if name == "exception" and isinstance(value, dict):
        return _short_failure(value)
    return value


def _short_failure(failure: Any) -> Failure:  # noqa: ANN401 - what failure_of gave
    short: Failure = {
        "type": failure["type"],
        "message": str(failure["message"])[:_SHORT],
        "frames": failure["frames"][-_FEW_FRAMES:],
    }
    if cause := failure.get("cause"):
        short["cause"] = {"type": cause["type"], "message": str(cause["message"])[:_SHORT]}
    return short
