"""What a database is sent, for tests and benchmarks that count or repeat it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TypeAlias

from sqlalchemy import event

from threadly.core.database import Database
from threadly.core.database.prepared import overheard

Sent: TypeAlias = list[tuple[str, Any]]
"""Statements with their values, in order."""


@contextmanager
def sent_to(db: Database) -> Iterator[Sent]:
    """Grows while the block lasts, by each statement: those of SQLAlchemy, and those that go past it."""
    sent: Sent = []
    engine = db.engine.sync_engine

    def record(_connection: object, _cursor: object, statement: str, values: object, *_: object) -> None:
        sent.append((statement, values))

    event.listen(engine, "before_cursor_execute", record)
    try:
        with overheard(lambda _, statement, values: sent.append((statement, values))):
            yield sent
    finally:
        event.remove(engine, "before_cursor_execute", record)
