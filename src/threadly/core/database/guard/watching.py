"""For tests: what a request does with the database is watched, and refused where it would hurt a large shop.

    with guarding(), watched(only_reads=True):
        await client.get("/listings")

At its end, `watched` raises `Refused`, which names all that was wrong:

- one statement was asked again and again, but for its values (N + 1);
- many rows were fetched without LIMIT;
- a transaction was open for long;
- within a transaction, another connection was taken: where all who have one wait for a second, nobody goes on;
- something was written where only looks are expected;
- within a transaction, somebody spoke to another service: over HTTP, by mail, to a cache.

Watched is what the block does, with the tasks and threads that it starts; others go on unwatched. Only tests call
`guarding`; without it, nothing of this runs. Not seen: how many rows `Prepared` gives, and what an event loop sends
without Python's sockets, as uvloop does. Sequential scans: `guard.scans`.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from time import perf_counter
from typing import Any, Final

from sqlalchemy import Engine, event
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Session, SessionTransaction
from sqlalchemy.pool import Pool

from threadly.core.database.explaining import without_comments
from threadly.core.database.guard import sockets
from threadly.core.database.prepared import overheard
from threadly.core.database.slow import fingerprint, redacted

_LOOK: Final = re.compile(
    r"(SELECT|WITH|VALUES|TABLE|SHOW|EXPLAIN|DECLARE|FETCH|CLOSE|BEGIN|START|SET|RESET|SAVEPOINT|RELEASE|ROLLBACK|COMMIT)\b",
    re.IGNORECASE,
)
"""How begins what writes nothing by itself; whatever else there is, writes."""
_WRITE: Final = re.compile(
    r"\(\s*(INSERT\s+INTO|UPDATE|DELETE\s+FROM|MERGE\s+INTO)\b|\b(nextval|setval|pg_notify)\s*\(", re.IGNORECASE
)
_SELECT: Final = re.compile(r"\s*(SELECT|WITH)\b", re.IGNORECASE)
_TABLE: Final = re.compile(r"\b(?:FROM|JOIN)\s+\"?(\w+)", re.IGNORECASE)
_BOUND: Final = re.compile(r"\b(LIMIT|FETCH\s+FIRST)\b", re.IGNORECASE)
_SHOWN: Final = 200


@dataclass(frozen=True, slots=True)
class Limits:
    """What one unit may do."""

    repeats: int = 3
    """How often it may ask the same, but for the values."""
    rows: int = 100
    """How many it may fetch by a statement without LIMIT."""
    whole: frozenset[str] = frozenset()
    """Tables that are small by their nature, and fetched as they are."""
    transaction_seconds: float = 1.0


class Refused(AssertionError):
    """A unit did what it should not; each of it is a line."""


@dataclass(slots=True)
class Unit:
    """What was seen of one request, job or call."""

    limits: Limits
    only_reads: bool
    asked: Counter[str] = field(default_factory=Counter)
    """How often, by fingerprint; without what was undone with its transaction, since that may be tried again."""
    undone: Counter[str] = field(default_factory=Counter)
    """How often at most, up to the end of a transaction that was undone."""
    statements: dict[str, str] = field(default_factory=dict)
    """Each statement once, by fingerprint."""
    faults: list[str] = field(default_factory=list)
    is_over: bool = False

    def ask(self, sql: str) -> None:
        """Notes a statement that is about to run."""
        mark = fingerprint(sql)
        self.asked[mark] += 1
        self.statements.setdefault(mark, sql)
        if self.only_reads and _writes(redacted(sql)):
            self.faults.append(f"writes where it should only look: {_shown(sql)}")

    def fetch(self, sql: str, rows: int) -> None:
        """Notes how much a statement gave."""
        text = redacted(sql)
        is_unbound = rows > self.limits.rows and _SELECT.match(text) and not _BOUND.search(text)
        if is_unbound and not self.limits.whole.issuperset(_TABLE.findall(text)):
            self.faults.append(f"fetches {rows} rows without LIMIT: {_shown(sql)}")

    def found(self) -> list[str]:
        """All that was wrong."""
        often = [(mark, times) for mark, times in (self.asked | self.undone).items() if times > self.limits.repeats]
        return [f"asks {times} times: {_shown(self.statements[mark])}" for mark, times in often] + self.faults


@dataclass(slots=True)
class _Open:
    """A transaction, for whoever works within it."""

    unit: Unit
    since: float
    asked_before: Counter[str]
    is_over: bool = False


_unit: ContextVar[Unit | None] = ContextVar("unit", default=None)
_open: ContextVar[_Open | None] = ContextVar("open", default=None)


@contextmanager
def watched(limits: Limits | None = None, *, only_reads: bool = False) -> Iterator[Unit]:
    """Watches what the block does.

    Raises:
        Refused: At its end, where it did what it should not, and has raised nothing itself.
    """
    unit = Unit(limits or Limits(), only_reads)
    before = _unit.set(unit)
    try:
        yield unit
    finally:
        unit.is_over = True
        _unit.reset(before)
    if found := unit.found():
        raise Refused("\n".join(found))


@contextmanager
def guarding() -> Iterator[None]:
    """While the block lasts, `watched` sees what happens, in all engines and sessions of this process."""
    heard: list[tuple[type, str, Callable[..., None]]] = [
        (Engine, "before_cursor_execute", _asked),
        (Engine, "after_cursor_execute", _answered),
        (Session, "after_transaction_create", _begun),
        (Session, "after_rollback", _undone),
        (Session, "after_transaction_end", _ended),
        (Pool, "checkout", _taken),
    ]
    for target, name, listener in heard:
        event.listen(target, name, listener)
    try:
        with overheard(_asked_directly), sockets.overheard(_spoken, is_wanted=_is_within):
            yield
    finally:
        for target, name, listener in heard:
            event.remove(target, name, listener)


def _current() -> Unit | None:
    unit = _unit.get()
    return None if unit is None or unit.is_over else unit


def _asked(_connection: Connection, _cursor: object, sql: str, *_: object) -> None:
    if (unit := _current()) is not None:
        unit.ask(without_comments(sql))


def _asked_directly(_engine: Engine, sql: str, _values: object) -> None:
    if (unit := _current()) is not None:
        unit.ask(without_comments(sql))


def _answered(_connection: Connection, cursor: Any, sql: str, *_: object) -> None:  # noqa: ANN401 - the driver's own
    if (unit := _current()) is not None:
        unit.fetch(without_comments(sql), cursor.rowcount)


def _begun(_session: Session, transaction: SessionTransaction) -> None:
    if transaction.parent is None and (unit := _current()) is not None:
        _open.set(_Open(unit, perf_counter(), unit.asked.copy()))


def _undone(_session: Session) -> None:
    if (opened := _open.get()) is not None and not opened.is_over:
        opened.unit.undone |= opened.unit.asked
        opened.unit.asked = opened.asked_before.copy()


def _ended(_session: Session, transaction: SessionTransaction) -> None:
    opened = _open.get()
    if transaction.parent is not None or opened is None or opened.is_over:
        return
    opened.is_over = True
    _open.set(None)
    took = perf_counter() - opened.since
    if took > opened.unit.limits.transaction_seconds:
        opened.unit.faults.append(f"keeps a transaction open for {took:.1f} s")


def _is_within() -> bool:
    opened = _open.get()
    return opened is not None and not opened.is_over


def _taken(*_: object) -> None:
    if (opened := _open.get()) is not None and not opened.is_over:
        opened.unit.faults.append("takes another connection within a transaction: ask what it has to be asked there")


def _spoken(whom: str) -> None:
    if (opened := _open.get()) is not None:
        opened.unit.faults.append(f"speaks to {whom} within a transaction")


def _writes(text: str) -> bool:
    return _LOOK.match(text) is None or _WRITE.search(text) is not None


def _shown(sql: str) -> str:
    text = redacted(sql)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
