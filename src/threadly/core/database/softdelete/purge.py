"""What has been hidden for long enough goes for good."""

from collections.abc import Awaitable, Callable
from typing import ClassVar, Final

from sqlalchemy import inspect, select
from sqlalchemy.orm import DeclarativeBase

from threadly.core import clock
from threadly.core.database.jobs.handlers import HasDatabase, Run
from threadly.core.database.outbox import Job
from threadly.core.database.sessions import Tx
from threadly.core.database.softdelete.changing import erase
from threadly.core.database.softdelete.marker import SoftDeleted, with_deleted

BATCH: Final = 1_000


class PurgeDeleted(Job, frozen=True):
    """Rows that have been hidden for longer than their table's `kept_for` are to go."""

    name: ClassVar[str] = "softdelete.purge"

    @property
    def key(self) -> str | None:
        return "all"


def purger(base: type[DeclarativeBase]) -> Callable[[HasDatabase, PurgeDeleted, Run], Awaitable[None]]:
    """The purge of all models of a base that are deleted softly, in short transactions."""

    async def purge_deleted(context: HasDatabase, _job: PurgeDeleted, _run: Run) -> None:
        for mapper in base.registry.mappers:
            if issubclass(mapper.class_, SoftDeleted):
                while await context.db.run(purge, mapper.class_) == BATCH:
                    pass

    return purge_deleted


async def purge(tx: Tx, model: type[SoftDeleted]) -> int:
    """Erases up to 1,000 rows that have been hidden for longer than they are kept, and says how many."""
    every = with_deleted(model)
    (key,) = inspect(model).primary_key
    old = (
        select(getattr(every, key.key))
        .where(every.deleted_at < clock.now() - model.kept_for)
        .order_by(every.deleted_at)
        .limit(BATCH)
        .with_for_update(skip_locked=True)
    )
    return len(await erase(tx, model, (await tx.scalars(old)).all()))
