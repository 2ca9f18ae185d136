"""What is done again and again: each tick makes one job, among any number of workers.

Guaranteed: one job a tick, by the lock of the schedule's row and PostgreSQL's clock. Ticks are multiples of the
interval since 1970 in UTC. A tick that nobody was there to see is not made up for, and one that finds the last run
still waiting or running is dropped, so nothing piles up.
"""

from collections.abc import Iterable
from datetime import timedelta
from typing import Final

import msgspec
from sqlalchemy import func, select, text

from threadly.core.database.jobs.models import Schedule
from threadly.core.database.outbox import Job
from threadly.core.database.sessions import ReadSession, Tx

_NEXT: Final = "date_bin(:interval, now(), 'epoch') + :interval"

# A schedule that has become more frequent must not wait for its old next time.
_DECLARE: Final = text(f"""
    INSERT INTO schedules (name, due_at) VALUES (:name, {_NEXT})
    ON CONFLICT (name) DO UPDATE SET due_at = least(schedules.due_at, excluded.due_at)
""")  # noqa: S608 - a constant

_TICK: Final = text(f"""
    WITH ticked AS (UPDATE schedules SET due_at = {_NEXT} WHERE name = :name AND due_at <= now() RETURNING name)
    INSERT INTO jobs (name, payload, key, created_at)
    SELECT name, CAST(:payload AS jsonb), name, now() FROM ticked
    WHERE NOT EXISTS (
        SELECT FROM jobs WHERE jobs.name = :name AND jobs.key = :name AND dead_at IS NULL AND key IS NOT NULL
    )
    RETURNING id
""")  # noqa: S608 - a constant


async def declare(tx: Tx, schedules: Iterable[tuple[timedelta, Job]]) -> None:
    """Makes schedules known; those that are known already keep their next time, unless the new one is earlier."""
    for interval, job in sorted(schedules, key=lambda schedule: schedule[1].name):
        await tx.execute(_DECLARE, {"name": job.name, "interval": interval})


async def tick(tx: Tx, interval: timedelta, job: Job) -> bool:
    """Makes the job if its time has come, and says whether it did."""
    payload = msgspec.json.encode(job).decode()
    return await tx.scalar(_TICK, {"name": job.name, "interval": interval, "payload": payload}) is not None


async def overdue_seconds(read: ReadSession) -> float | None:
    """For how long the first schedule has been due, and so no worker has kept it; below zero while all are kept.

    None: no worker has ever declared one.
    """
    late = await read.scalar(select(func.extract("epoch", func.clock_timestamp() - func.min(Schedule.due_at))))
    return None if late is None else float(late)
