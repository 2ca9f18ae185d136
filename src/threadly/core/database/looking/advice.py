"""What should be otherwise in a database, each with the statement that mends it and what was measured.

    advised = await advise(db)
    for advice in advised.advice:
        print(advice.about, advice.why, advice.do)

Guaranteed: nothing is changed. What is tried is tried on a copy that nobody else sees (`scratch`), for a bounded time.
Not guaranteed: that it is all right to do what is said; somebody who knows the shop decides.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from time import monotonic
from typing import Any, Final

import asyncpg
import msgspec

from threadly.core.database.engine import Database
from threadly.core.database.errors import DatabaseTooSlow
from threadly.core.database.looking.catalogue import SEASONED, Advice, all_indexes, from_catalogue, unserved
from threadly.core.database.looking.scratch import scratch
from threadly.core.database.looking.trials import Trials

__all__ = ["Advice", "Advised", "advise"]

MOST_ROWS: Final = 20_000
MOST_SECONDS: Final = 60.0
_LEAST_BLOAT: Final = 10 * 1024 * 1024


class Advised(msgspec.Struct, frozen=True, kw_only=True):
    """What was found, and what was done for it."""

    advice: Sequence[Advice]
    since: datetime | None
    """Since when there are statistics."""
    is_seasoned: bool
    """Whether that is long enough to say that an index is not used."""
    tables_copied: int
    rows_copied: int
    indexes_tried: int
    is_cut_short: bool
    """Whether there was no time to try all of them."""
    not_tried: str | None
    """Why nothing could be tried, as PostgreSQL says it."""


async def advise(
    db: Database,
    *,
    most_rows: int = MOST_ROWS,
    most_seconds: float = MOST_SECONDS,
    seasoned: timedelta = SEASONED,
    least_bloat: int = _LEAST_BLOAT,
    fewest_rows: int = 1_000,
) -> Advised:
    """Looks, and tries.

    Args:
        most_rows: Of each table that are copied to try on; 0: nothing is tried.
        most_seconds: For trying; what is under way then is ended.
        seasoned: Before statistics are so old, no index is said to be unused.
        least_bloat: In bytes; less is not worth a word.
        fewest_rows: Of a table that an index is worth while for.

    Raises:
        DatabaseTooSlow: Somebody keeps everybody out of a table.
    """
    async with db.unhurried.connect() as lent:
        connection: Any = (await lent.get_raw_connection()).driver_connection
        await connection.execute("SET lock_timeout = '3s'")  # to hear the size of a table waits for who has locked it
        try:
            indexes = await all_indexes(connection)
            found, since = await from_catalogue(connection, indexes, seasoned=seasoned)
        except asyncpg.LockNotAvailableError as locked:
            raise DatabaseTooSlow from locked
        now = await connection.fetchval("SELECT now()")
        trials: Trials | None = None
        refusal: str | None = None
        if most_rows:
            ends_at = monotonic() + most_seconds
            try:
                keys = await unserved(connection, indexes)
                async with scratch(connection, most_rows=most_rows, ends_at=ends_at) as copies:
                    trials = Trials(connection, copies, ends_at, fewest_rows)
                    await trials.prepare()
                    found += await trials.foreign_keys(keys)
                    found += await trials.missing()
                    found += await trials.bloat(indexes, at_least_bytes=least_bloat)
            except asyncpg.PostgresError as refused:
                refusal = f"{refused.sqlstate}: {refused}"
    return Advised(
        advice=found,
        since=since,
        is_seasoned=since is not None and now - since >= seasoned,
        tables_copied=len(trials.copies) if trials else 0,
        rows_copied=sum(copy.copied_rows for copy in trials.copies) if trials else 0,
        indexes_tried=trials.tried if trials else 0,
        is_cut_short=trials.is_cut_short if trials else False,
        not_tried=refusal,
    )
