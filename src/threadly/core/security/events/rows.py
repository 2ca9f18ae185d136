"""What is written of events, and where to: whoever keeps a table of them implements `Store`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What was counted of one subject within one window."""

    window_at: datetime
    kind: str
    fingerprint: str
    count: int
    first_at: datetime
    last_at: datetime
    actor_id: UUID | None
    network: str | None
    facts: dict[str, str]


class Store(Protocol):
    """Where events are written to."""

    async def add(self, rows: Sequence[Row]) -> None:
        """Adds them, all or none, to what is there of the same window, kind and fingerprint. Whatever it raises, they
        are tried again."""
