"""Adds what was counted to the table: rows of the same window, kind and subject, of any worker, become one."""

from collections.abc import Sequence
from typing import Final

import msgspec
from sqlalchemy import bindparam, text
from sqlalchemy.dialects.postgresql import JSONB

from threadly.core.database import Database, Tx
from threadly.core.security.events import Row

_ADD: Final = text(
    """
    INSERT INTO security_events AS kept
        (window_at, kind, fingerprint, count, first_at, last_at, actor_id, network, facts)
    SELECT * FROM jsonb_to_recordset(:rows) AS seen (
        window_at timestamptz, kind text, fingerprint text, count bigint, first_at timestamptz, last_at timestamptz,
        actor_id uuid, network text, facts jsonb
    )
    ON CONFLICT (window_at, kind, fingerprint) DO UPDATE SET
        count = kept.count + excluded.count,
        first_at = least(kept.first_at, excluded.first_at),
        last_at = greatest(kept.last_at, excluded.last_at)
    """
).bindparams(bindparam("rows", type_=JSONB))


class EventStore:
    """The table of this database."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def add(self, rows: Sequence[Row]) -> None:
        """Adds them in one statement, in the order in which every worker does: none waits for one that waits for it."""
        ordered = sorted(rows, key=lambda row: (row.window_at, row.kind, row.fingerprint))
        await self._db.run(_add, msgspec.to_builtins(ordered))


async def _add(tx: Tx, rows: object) -> None:
    await tx.execute(_ADD, {"rows": rows})
