"""Writes a row in the transaction of its act."""

import getpass
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final
from uuid import UUID

from msgspec import json
from sqlalchemy import insert

from threadly.core.audit.acts import Act
from threadly.core.audit.models import AuditRow
from threadly.core.database import Tx
from threadly.core.observability import current
from threadly.core.observability.scrubbing import scrub, scrub_text
from threadly.core.observability.scrubbing.values import Plain

SYSTEM: Final = "system"
"""Nobody in particular: a schedule, or the start of a process."""
UNKNOWN_CAUSE: Final = "unknown"
_acting: Final[ContextVar[tuple[str, str] | None]] = ContextVar("threadly_acting", default=None)
_MOST_BYTES: Final = 8 * 1024
_LONGEST: Final = 200
_LONGEST_REQUEST: Final = 100


def named(kind: str, id: UUID) -> str:
    """Somebody or something, as actor or target: `account 0190…`."""
    return f"{kind} {id}"


def operator() -> str:
    """Whoever types a command, by the account of this machine; it says who they seem to be, no more."""
    try:
        name = getpass.getuser()
    except (KeyError, OSError):
        name = "unknown"
    return f"operator {name}@{socket.gethostname()}"


@contextmanager
def acting(actor: str, *, cause: str) -> Iterator[None]:
    """Whoever acts in this block, where nobody else is named, and because of what: `command db upgrade`."""
    before = _acting.set((actor, cause))
    try:
        yield
    finally:
        _acting.reset(before)


async def record(
    tx: Tx,
    act: type[Act],
    *,
    target: str,
    actor: str | None = None,
    before: Mapping[str, object] | None = None,
    after: Mapping[str, object] | None = None,
) -> None:
    """Records an act that this transaction does.

    Args:
        actor: Who did it; None: whoever is `acting`, or the system.
        before: What it was, of what has changed; never a secret, though what is one by its name or form is hidden.
    """
    work = current()
    usual, cause = _acting.get() or (SYSTEM, _cause())
    await tx.execute(
        insert(AuditRow).values(
            act=act.name,
            actor=(actor or usual)[:_LONGEST],
            cause=cause[:_LONGEST],
            target=target[:_LONGEST],
            before=_plain(before),
            after=_plain(after),
            request_id=None if work is None or work.request_id is None else work.request_id[:_LONGEST_REQUEST],
        )
    )


def _cause() -> str:
    work = current()
    if work is None:
        return UNKNOWN_CAUSE
    if work.job is not None:
        return f"job {work.job}"
    return f"{work.method} {work.route or ''}".strip() if work.method is not None else UNKNOWN_CAUSE


def _plain(facts: Mapping[str, object] | None) -> Plain:
    """The facts as they may be told, each shortened; of too many, that they were."""
    if facts is None:
        return None
    told = scrub(facts)
    if len(json.encode(told)) <= _MOST_BYTES:
        return _without_nul(told)
    return {"cut": True, "names": [scrub_text(name)[:_LONGEST] for name in list(facts)[:50]]}


def _without_nul(told: Plain) -> Plain:
    """PostgreSQL takes no NUL in a text."""
    match told:
        case str():
            return told.replace("\0", "")
        case list():
            return [_without_nul(each) for each in told]
        case dict():
            return {name.replace("\0", ""): _without_nul(value) for name, value in told.items()}
    return told
