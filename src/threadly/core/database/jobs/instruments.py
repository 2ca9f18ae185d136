"""What is counted of jobs, by prometheus_client: idle until somebody collects. A job's label is its handler's name."""

from typing import Final

from prometheus_client import Counter, Gauge, Histogram
from sqlalchemy import text

from threadly.core.database.sessions import Tx

CLAIMED: Final = Counter("threadly_jobs_claimed_total", "Attempts at jobs that were begun.", ["job"])
ENDED: Final = Counter(
    "threadly_jobs_ended_total",
    "Attempts at jobs that ended: done, failed and to be tried again, or dead.",
    ["job", "outcome"],
)
PUT_BACK: Final = Counter("threadly_jobs_put_back_total", "Jobs that a worker gave back when it was told to stop.")
SECONDS: Final = Histogram(
    "threadly_jobs_seconds",
    "Seconds that an attempt took.",
    ["job"],
    buckets=(0.005, 0.025, 0.1, 0.25, 1, 2.5, 10, 30, 60, 300, 1800),
)
RUNNING: Final = Gauge("threadly_jobs_running", "Jobs that run now.")

_OF_ALL: Final = "livemostrecent"  # each worker tells the same of the one database
WAITING: Final = Gauge(
    "threadly_jobs_waiting", "Jobs that are due and that nobody has taken.", multiprocess_mode=_OF_ALL
)
LAG: Final = Gauge(
    "threadly_jobs_lag_seconds", "For how long the first of those has been due.", multiprocess_mode=_OF_ALL
)
DEAD: Final = Gauge("threadly_jobs_dead", "Jobs that have failed for good, and wait.", multiprocess_mode=_OF_ALL)
OUTBOX_WAITING: Final = Gauge(
    "threadly_outbox_waiting", "Messages that are yet to be handed on.", multiprocess_mode=_OF_ALL
)
OUTBOX_LAG: Final = Gauge(
    "threadly_outbox_lag_seconds", "For how long the first of those has waited.", multiprocess_mode=_OF_ALL
)
OUTBOX_REFUSED: Final = Gauge(
    "threadly_outbox_refused", "Messages that could not be handed on, and wait.", multiprocess_mode=_OF_ALL
)

MOST_COUNTED: Final = 10_000
"""Where there are more, so many are told: to look at a backlog must not add to it."""

_BACKLOG: Final = text("""
    WITH due AS (SELECT due_at FROM jobs WHERE dead_at IS NULL AND due_at <= now() ORDER BY due_at, id LIMIT :most),
    dead AS (SELECT FROM jobs WHERE dead_at IS NOT NULL LIMIT :most),
    waiting AS (SELECT created_at FROM outbox WHERE refusal IS NULL ORDER BY position LIMIT :most),
    refused AS (SELECT FROM outbox WHERE refusal IS NOT NULL LIMIT :most)
    SELECT
        (SELECT count(*) FROM due), (SELECT coalesce(extract(epoch FROM now() - min(due_at)), 0) FROM due),
        (SELECT count(*) FROM dead),
        (SELECT count(*) FROM waiting), (SELECT coalesce(extract(epoch FROM now() - min(created_at)), 0) FROM waiting),
        (SELECT count(*) FROM refused)
""")


async def look(tx: Tx) -> None:
    """Tells the gauges what waits: one statement."""
    told = (await tx.execute(_BACKLOG, {"most": MOST_COUNTED})).one()
    for gauge, value in zip((WAITING, LAG, DEAD, OUTBOX_WAITING, OUTBOX_LAG, OUTBOX_REFUSED), told, strict=True):
        gauge.set(float(value))
