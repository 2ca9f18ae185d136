"""The clean-up of pictures: what nobody has used for a day goes, and files that no row has known for a day.

May be killed at any moment and run again, beside uploads and beside itself. A name is claimed in the database before
its files are deleted, and given up after; who begins an upload notes the name first, and so is either seen by the claim
or waits for its end. One hole is left open: a clean-up whose process stands still for more than `CLAIMED` between
looking at the clock and deleting a file.
"""

import re
import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from typing import ClassVar, Final, Protocol

from sqlalchemy import ColumnElement, MetaData

from threadly.core import clock
from threadly.core.database.jobs import HasDatabase, Run
from threadly.core.database.outbox import Job
from threadly.marketplace.media import removal
from threadly.marketplace.media.intake import Pictures, Transactions
from threadly.marketplace.media.policy import WIDTHS, files_of

GRACE: Final = timedelta(hours=24)
"""How long a picture may be unused, and a file unknown."""

CLAIMED: Final = timedelta(minutes=10)
"""After so long, a claim on files is another clean-up's to take over."""

_OURS_FOR: Final = CLAIMED.total_seconds() / 2
_FILE: Final = re.compile(rf"([0-9a-f]{{32}})-(?:{'|'.join(map(str, WIDTHS))})\.webp")
_AT_ONCE: Final = 20  # names, whose files the store is asked to delete in one call


class SweepPictures(Job, frozen=True):
    """Pictures that nobody uses, and files that nobody knows, are to go."""

    name: ClassVar[str] = "media.sweep"

    @property
    def key(self) -> str | None:
        return "all"


class HasPictures(HasDatabase, Protocol):
    """What the clean-up is given."""

    @property
    def pictures(self) -> Pictures:
        """The store, among others."""


def sweeper(tables: MetaData) -> Callable[[HasPictures, SweepPictures, Run], Awaitable[None]]:
    """The clean-up. A picture is used if any of `tables` refers to it, so they must be all that there are."""
    used = removal.uses(tables)

    async def sweep(context: HasPictures, _job: SweepPictures, _run: Run) -> None:
        await _drop_unused(context.db, used)
        await _remove_forgotten(context)
        await _remove_strays(context)

    return sweep


async def _drop_unused(db: Transactions, used: ColumnElement[bool]) -> None:
    after = await db.run(removal.mark, used, after=None)
    while after is not None:
        after = await db.run(removal.mark, used, after=after)
    while await db.run(removal.drop_unused, used, older_than=GRACE) == removal.BATCH:
        pass


async def _remove_forgotten(context: HasPictures) -> None:
    """Files that were noted a day ago, and have no picture; and what an earlier clean-up left undone."""
    run = context.db.run
    await _remove(context, await run(removal.claim_abandoned, older_than=CLAIMED))
    place: str | None = ""
    while place is not None:
        names, place = await run(removal.claim_forgotten, older_than=GRACE, after=place)
        await _remove(context, names)


async def _remove_strays(context: HasPictures) -> None:
    """Files and drafts that are a day old, and unknown."""
    async for batch in context.pictures.store.listed():
        old = [stored for stored in batch if stored.changed_at < clock.now() - GRACE]
        await context.pictures.store.delete([stored.file for stored in old if stored.is_draft])
        names = {found[1] for stored in old if (found := _FILE.fullmatch(stored.file))}
        if names:
            await _remove(context, await context.db.run(removal.claim_strays, names))


async def _remove(context: HasPictures, names: Sequence[str]) -> None:
    """Deletes files that have just been claimed; what does not get done in time is claimed anew later."""
    ours_until = time.monotonic() + _OURS_FOR
    for at in range(0, len(names), _AT_ONCE):
        if time.monotonic() > ours_until:
            return
        these = names[at : at + _AT_ONCE]
        await context.pictures.store.delete(files_of(these))
        await context.db.run(removal.forget, these)
