"""What the jobs want to be told."""

from datetime import timedelta
from typing import Final

from pydantic import Field

from threadly.core.config import Section

OWN_CONNECTIONS: Final = 4
"""That a worker has beside the pool of its handlers: for taking, settling, renewing and the schedules, each at its own
pace. It listens on one more."""


class JobsSettings(Section):
    """How a worker works."""

    concurrency: int = Field(default=16, ge=1, le=1000)
    """Jobs that one worker runs at a time. Those that use the database share its pool of connections."""

    statement_timeout: timedelta = Field(
        default=timedelta(minutes=10), ge=timedelta(milliseconds=1), le=timedelta(days=20)
    )
    """How long one statement of a job may run, by the server's clock. The job as a whole has a time limit of its own,
    and nobody waits for it as for a page, so this is longer than THREADLY_DATABASE__STATEMENT_TIMEOUT."""

    lease: timedelta = Field(default=timedelta(seconds=4), ge=timedelta(milliseconds=200), le=timedelta(hours=1))
    """How long a job stays with a worker that gives no sign of life; then another takes it. A sign is given four times
    as often."""

    poll: timedelta = Field(default=timedelta(seconds=1), ge=timedelta(milliseconds=10), le=timedelta(hours=1))
    """How often a worker looks for jobs that nothing has told it of: retries, delayed ones, lost notifications."""

    grace: timedelta = Field(default=timedelta(seconds=10), ge=timedelta(0), le=timedelta(hours=1))
    """How long running jobs may take to end when the worker is told to stop; then they go back to the queue."""

    processes: int = Field(default=1, ge=0, le=1000)
    """How many processes work, on all machines; counted against THREADLY_DATABASE__CONNECTIONS."""
