"""Sends a job through the outbox and waits until the worker has done it."""

import asyncio
from typing import Final

from sqlalchemy import func, select

from threadly.commands.installation import database
from threadly.core.database import Tx, outbox
from threadly.core.database.jobs import PruneInbox
from threadly.core.database.jobs.models import QueuedJob
from threadly.core.database.outbox import OutboxMessage
from threadly.settings import Settings

_PATIENCE_SECONDS: Final = 10.0
_LOOK_SECONDS: Final = 0.02
_LEFT: Final = select(QueuedJob.dead_at).where(QueuedJob.name == PruneInbox.name)


async def a_job_is_done(settings: Settings) -> str | None:
    """Has one done that changes nothing; None when it has been, or what went wrong."""
    async with database(settings.database, application_name="threadly check") as db:
        await db.run(_enqueue)
        try:
            async with asyncio.timeout(_PATIENCE_SECONDS):
                while True:
                    async with db.read() as read:
                        waiting = await read.scalar(select(func.count()).select_from(OutboxMessage))
                        left = (await read.execute(_LEFT)).all()
                    if any(job.dead_at for job in left):
                        return "the job failed; see work.log"
                    if not waiting and not left:
                        return None
                    await asyncio.sleep(_LOOK_SECONDS)
        except TimeoutError:
            return f"not done within {_PATIENCE_SECONDS:g} s; see work.log"


async def _enqueue(tx: Tx) -> None:
    outbox.enqueue(tx, PruneInbox())
