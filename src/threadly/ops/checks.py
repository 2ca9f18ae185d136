"""What Threadly looks at, how often, and what it would do without.

Of one dependency there is at most one look a second, over all that is measured of it. Without PostgreSQL at this
release nothing can be served; all else is a warning, since pages are still to be had.
"""

import os
import shutil
import tempfile
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from time import monotonic
from typing import Final, cast

from redis.asyncio import Redis
from sqlalchemy import Select, Text, column, literal, select, table
from sqlalchemy.pool import QueuePool

from threadly.core import seccomp
from threadly.core.database import Database, DatabaseMissing, DatabaseNotForUs
from threadly.core.database.errors import reason_of
from threadly.core.database.jobs import backlog, overdue_seconds
from threadly.core.database.replicas import Replica
from threadly.core.observability.health import Apart, Check, Reading, Status, Unhealthy, loop_lag
from threadly.core.security.events import SecurityEvents
from threadly.core.security.limits import Limiter
from threadly.marketplace.media import Store
from threadly.ops.revisions import Revisions, revisions
from threadly.wiring import Services

_REVISION: Final[Select[str]] = select(column("version_num", Text)).select_from(table("alembic_version"))

BUSY_POOL_PERCENT: Final = 90
LATE_JOBS_SECONDS: Final = 60.0
OVERDUE_SECONDS: Final = 30.0
DROPPED_SECONDS: Final = 3600.0
SCARCE_PERCENT: Final = 10.0
FULL_PERCENT: Final = 3.0
_ANSWERS: Final = "database:responseTime"
_PICTURES: Final = ("/media/{file}",)

Look = Callable[[], Awaitable[Reading | None]]


def checks(services: Services, db: Database) -> list[Check]:
    """All of them, on the services of this process; `db` is for the looks themselves."""
    return [
        *_of_database(services, db),
        *_of_jobs(db),
        _valkey(services.valkey),
        _limits(services.limiter),
        _events(services.events),
        *_of_media(services),
        *_of_system(),
    ]


def _of_database(services: Services, db: Database) -> Iterator[Check]:
    kind = "datastore"
    answers = Answers(db)
    yield Check("database", "responseTime", answers, kind, every_seconds=2.0)
    let_in = Check("database", "credentials", lets_us_in(db), kind, every_seconds=30.0, rests_on=_ANSWERS)
    yield replace(let_in, is_required=False, fails_after=1, passes_after=1)
    yield Check("database", "migrations", at_release(db, revisions()), kind, every_seconds=30.0, rests_on=_ANSWERS)
    room = Check("database", "poolUtilization", pool_has_room(services.db, answers), kind, rests_on=_ANSWERS)
    yield replace(room, is_required=False)
    replicas = services.db.replicas
    if replicas is not None and replicas.is_watching:
        for replica in replicas.all:
            yield Check("database", replica.name, is_read_from(replica), kind, is_required=False)


def _of_jobs(db: Database) -> Iterator[Check]:
    for measurement, look in (
        ("lateness", jobs_are_on_time(db)),
        ("dead", no_job_is_dead(db)),
        ("workers", somebody_works(db)),
    ):
        seldom = Check("jobs", measurement, look, every_seconds=15.0, timeout_seconds=2.0, rests_on=_ANSWERS)
        yield replace(seldom, is_required=False)


def _valkey(valkey: Redis) -> Check:
    async def look() -> None:
        await valkey.ping()

    return Check("valkey", "responseTime", look, "datastore", is_required=False, every_seconds=2.0)


def _limits(limiter: Limiter) -> Check:
    return Check("limits", "sharing", limits_are_shared(limiter), is_required=False, every_seconds=2.0)


def _events(events: SecurityEvents) -> Check:
    return Check("security", "events", events_are_written(events), is_required=False, every_seconds=5.0)


def _of_media(services: Services) -> Iterator[Check]:
    filtered = Check("media", "systemCalls", decoders_are_filtered, "system", every_seconds=3600.0)
    yield replace(filtered, is_required=False)
    folder = services.settings.media.folder
    if folder is None:
        look = bucket_answers(services.pictures.store)
        reachable = Check("media", "reachable", look, "datastore", every_seconds=60.0, timeout_seconds=10.0)
        yield replace(reachable, is_required=False, affected_endpoints=_PICTURES)
    else:
        writable = Check("media", "writable", Apart(partial(folder_takes_files, folder)), every_seconds=30.0)
        yield replace(writable, is_required=False, affected_endpoints=_PICTURES)
        yield _disk("media", folder)


def _of_system() -> Iterator[Check]:
    yield _disk("disk", Path(tempfile.gettempdir()))
    yield Check("eventLoop", "lag", loop_lag(), "system", is_required=False)


def _disk(component: str, folder: Path) -> Check:
    look = Apart(partial(free_space, folder))
    return Check(component, "freeSpace", look, "system", is_required=False, every_seconds=30.0, timeout_seconds=5.0)


class Answers:
    """Whether it does, and how fast."""

    def __init__(self, db: Database) -> None:
        self.has_come = True
        """Whether the last look had an answer; while one is under way, it has not."""
        self._db = db

    async def __call__(self) -> None:
        self.has_come = False
        try:
            async with self._db.read() as read:
                await read.scalar(select(literal(1)))
        except (DatabaseNotForUs, DatabaseMissing) as refusal:
            raise Unhealthy(_shut_out(refusal)) from refusal
        self.has_come = True


def lets_us_in(db: Database) -> Look:
    """Whether a new connection is let in: those that are there serve on when a password is changed, until they end."""

    async def look() -> Reading:
        try:
            await db.knock()
        except (DatabaseNotForUs, DatabaseMissing) as refusal:
            told = f"{_shut_out(refusal)} Connections that were made before serve on, until they end."
            return Reading("refused", status=Status.WARN, output=told)
        return Reading("accepted")

    return look


def _shut_out(refusal: DatabaseNotForUs | DatabaseMissing) -> str:
    what = "has no database of that name" if isinstance(refusal, DatabaseMissing) else "refuses the role or password"
    return f"PostgreSQL answers, and does not let us in: it {what} ({reason_of(refusal)}). See THREADLY_DATABASE__URL."


def at_release(db: Database, ours: Revisions) -> Look:
    """Whether the schema is the one that this release needs, or that of a newer one, whose migrations let it go on."""

    async def look() -> Reading:
        async with db.read() as read:
            revision = await read.scalar(_REVISION)
        if ours.is_ahead(revision):
            told = f"The schema is at {revision}, of a newer release than this one, which knows {ours.newest}."
            return Reading(str(revision), status=Status.WARN, output=told)
        if revision != ours.newest:
            raise Unhealthy(
                f"The schema is at {revision or 'nothing'}, and this release needs {ours.newest}: threadly db upgrade."
            )
        return Reading(str(revision))

    return look


def pool_has_room(db: Database, answers: Answers) -> Callable[[], Awaitable[Reading]]:
    """How much of the pool that requests share is in use; a database that is gone holds all of it, and is no news."""

    async def look() -> Reading:
        pool = cast("QueuePool", db.engine.pool)
        used = round(100 * pool.checkedout() / pool.size())
        if used < BUSY_POOL_PERCENT:
            return Reading(used, "percent")
        told = f"{pool.checkedout()} of {pool.size()} connections are in use: requests wait for one."
        return Reading(used, "percent", Status.WARN, told, is_answer=answers.has_come)

    return look


def is_read_from(replica: Replica) -> Look:
    """How far a replica is behind, and whether it is read from. One that is the primary at the moment need not be."""

    async def look() -> Reading:
        behind = round(replica.lag_seconds, 1)
        if replica.is_usable or replica.is_primary:
            return Reading(behind, "s")
        return Reading(behind, "s", Status.WARN, f"The primary answers for {replica.name}: {replica.trouble}.")

    return look


def jobs_are_on_time(db: Database) -> Look:
    """For how long the first of the jobs that wait has been due."""

    async def look() -> Reading:
        async with db.read() as read:
            found = await backlog(read)
        late = round(found.late_seconds, 1)
        if late <= LATE_JOBS_SECONDS:
            return Reading(late, "s")
        told = f"{found.waiting} jobs wait, the first for {late:.0f} s longer than it should."
        return Reading(late, "s", Status.WARN, told)

    return look


def no_job_is_dead(db: Database) -> Look:
    """How many jobs have failed for good, or could not even become jobs."""

    async def look() -> Reading:
        async with db.read() as read:
            found = await backlog(read)
        dead = found.dead + found.refused
        if not dead:
            return Reading(0, "jobs")
        told = f"{found.dead} jobs have failed for good; {found.refused} messages were refused."
        return Reading(dead, "jobs", Status.WARN, told)

    return look


def somebody_works(db: Database) -> Look:
    """Whether any worker keeps the schedules, which are due at least every five minutes."""

    async def look() -> Reading:
        async with db.read() as read:
            late = await overdue_seconds(read)
        if late is None:
            raise Unhealthy("No worker has ever worked here: threadly work.")
        seen = round(max(late, 0.0), 1)
        if seen <= OVERDUE_SECONDS:
            return Reading(seen, "s")
        return Reading(seen, "s", Status.WARN, f"No worker has kept the schedules for {seen:.0f} s: threadly work.")

    return look


def limits_are_shared(limiter: Limiter) -> Look:
    """Whether this worker counts limits with all others, or by itself."""

    async def look() -> Reading:
        if limiter.trouble is None:
            return Reading("shared")
        told = f"This worker counts limits by itself, as if all others had let in as much: {limiter.trouble}."
        return Reading("alone", status=Status.WARN, output=told)

    return look


def events_are_written(events: SecurityEvents) -> Look:
    """How many subjects of security events wait to be written, and whether some were dropped in the last hour."""

    async def look() -> Reading:
        waiting, dropped_at = events.waiting, events.dropped_at
        if dropped_at is not None and monotonic() - dropped_at < DROPPED_SECONDS:
            told = f"{events.dropped} security events were dropped: more subjects than can wait, or be written."
            return Reading(waiting, "subjects", Status.WARN, told)
        if events.trouble is not None:
            told = f"Security events cannot be written, and wait in memory: {events.trouble}."
            return Reading(waiting, "subjects", Status.WARN, told)
        return Reading(waiting, "subjects")

    return look


async def decoders_are_filtered() -> Reading:
    """Whether what decodes strangers' pictures is kept from opening files, sockets and programs by the kernel."""
    lack = seccomp.lack()
    if lack is None:
        return Reading("filtered")
    told = f"Pictures are decoded without a filter of system calls: {lack}."
    return Reading("unfiltered", status=Status.WARN, output=told)


def bucket_answers(store: Store) -> Look:
    """Whether the bucket lets us list it."""

    async def look() -> None:
        async for _ in store.listed():
            break

    return look


def folder_takes_files(folder: Path) -> None:
    """Looks whether it is for us to write to; or to make, as it is with the first picture.

    Raises:
        Unhealthy: It is not.
    """
    there = _there(folder)
    if not there.is_dir():
        raise Unhealthy("The folder of the pictures is no folder.")
    if not os.access(there, os.R_OK | os.W_OK | os.X_OK):
        raise Unhealthy("The folder of the pictures is not ours to read and write.")
    if there != folder.absolute():
        try:
            Path(tempfile.mkdtemp(prefix=".threadly-", dir=there)).rmdir()
        except OSError as refusal:
            raise Unhealthy(f"The folder of the pictures cannot be made: {refusal.strerror}.") from None


def free_space(folder: Path) -> Reading:
    """How much of the disk that holds this folder is free."""
    usage = shutil.disk_usage(_there(folder))
    if not usage.total:  # as of /proc; what is no disk cannot be full
        return Reading("of no size")
    free = round(100 * usage.free / usage.total, 1)
    if free >= SCARCE_PERCENT:
        return Reading(free, "percent")
    told = f"{usage.free >> 20:,} MiB are left on the disk."
    return Reading(free, "percent", Status.WARN if free >= FULL_PERCENT else Status.FAIL, told)


def _there(folder: Path) -> Path:
    """The folder, or of those above it the nearest that is there."""
    own = folder.absolute()
    return next(place for place in (own, *own.parents) if os.path.exists(place))  # noqa: PTH110 - which never raises
