"""Failures by kind: how often, since when, and one of them looked at closely. Bounded in number and in bytes.

This is what is told where nobody else is: a process keeps its own, and whoever collects adds those of all up.
"""

from collections import OrderedDict
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final, Protocol

import msgspec

from threadly.core.observability.crumbs import Crumb
from threadly.core.observability.errors.prints import Key

ERROR: Final = "error"
WARNING: Final = "warning"
TOPIC: Final = "errors"
"""Under which workers report."""
LONGEST_TOLD: Final = 700_000
"""Bytes that all samples of a process may take when they are told."""


class Sample(msgspec.Struct, frozen=True, omit_defaults=True):
    """One failure, looked at closely. Everything in it is scrubbed."""

    at: datetime
    failure: Any
    """Type, message, frames, causes (`threadly.core.observability.Failure`)."""
    context: dict[str, str | int] = {}
    """The request or job, whose, and about what: ids and templates only."""
    breadcrumbs: list[Crumb] = []


class Group(msgspec.Struct):
    """All failures of one kind."""

    id: str
    level: str
    """`error`, or `warning` for one that was answered as a refusal, and is told because it is serious."""
    type: str
    where: tuple[str, ...]
    """The innermost functions, outermost first."""
    first_seen: datetime
    last_seen: datetime
    release: str
    count: int = 0
    sample: Sample | None = None
    looked: float = float("-inf")
    """When it was last looked at closely, by a clock of its process."""


class Report(msgspec.Struct, frozen=True):
    """A failure that was looked at closely, for whoever is told of such."""

    group: Group
    sample: Sample
    process: str
    environment: str


class Receiver(Protocol):
    """Whom failures are told that were looked at closely. Called where the failure happened, so it must return at
    once, and must not be asked twice to keep something private: a report holds nothing that is."""

    def take(self, report: Report) -> None:
        """Takes it, or lets it go and counts that."""


class Said(msgspec.Struct, frozen=True):
    """What one process has to say."""

    groups: list[Group]
    forgotten: int = 0
    """Failures of kinds that had to make room."""
    dropped: dict[str, int] = {}
    """Noise, by reason."""


class Groups:
    """Those of one process."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._groups: OrderedDict[Key, Group] = OrderedDict()
        self.forgotten = 0

    def get(self, key: Key) -> Group | None:
        """The group, which so becomes the one that was seen last."""
        group = self._groups.get(key)
        if group is not None:
            self._groups.move_to_end(key)
        return group

    def add(self, key: Key, group: Group) -> None:
        """Another one; the one that was not seen for longest may have to go."""
        self._groups[key] = group
        if len(self._groups) > self._most:
            _, gone = self._groups.popitem(last=False)
            self.forgotten += gone.count

    def said(self, dropped: Mapping[str, int]) -> Said:
        """All of them, the last seen first; those beyond the bound in bytes without their sample."""
        told, room = [], LONGEST_TOLD
        for group in reversed(self._groups.values()):
            if group.sample is not None:
                room -= len(_encode(group.sample))
            told.append(group if room >= 0 else msgspec.structs.replace(group, sample=None))
        return Said(told, self.forgotten, dict(dropped))


def encoded(said: Said) -> bytes:
    """As it travels."""
    return _encode(said)


def decoded(body: bytes) -> Said:
    """What was said.

    Raises:
        msgspec.DecodeError: It was something else.
    """
    return _DECODER.decode(body)


def merged(several: Iterable[Said], *, most: int) -> Said:
    """What several processes say, added up: the errors first, those seen last before others."""
    groups: dict[str, Group] = {}
    forgotten, dropped = 0, dict[str, int]()
    for said in several:
        forgotten += said.forgotten
        for reason, count in said.dropped.items():
            dropped[reason] = dropped.get(reason, 0) + count
        for group in said.groups:
            groups[group.id] = _joined(groups[group.id], group) if group.id in groups else group
    ordered = sorted(groups.values(), key=lambda group: (group.level == ERROR, group.last_seen), reverse=True)
    return Said(ordered[:most], forgotten + sum(group.count for group in ordered[most:]), dropped)


def _joined(one: Group, other: Group) -> Group:
    newer, older = (one, other) if one.last_seen >= other.last_seen else (other, one)
    return msgspec.structs.replace(
        newer,
        count=one.count + other.count,
        first_seen=min(one.first_seen, other.first_seen),
        sample=newer.sample or older.sample,
    )


_encode: Final = msgspec.msgpack.Encoder().encode
_DECODER: Final = msgspec.msgpack.Decoder(Said)
