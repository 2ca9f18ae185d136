"""One worker: hands messages on, takes jobs that are due, runs them, and says how they went.

Guaranteed: at most `concurrency` handlers run at a time, each in no transaction, under its timeout; the loss of the
database is waited out, and jobs that run meanwhile go on. When told to stop, it takes nothing more, gives what runs
`grace` to end, and puts back what has not. Killed outright, its jobs become due for others when their lease lapses.
"""

import asyncio
import os
import secrets
import socket
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import dataclass
from functools import partial
from time import perf_counter
from typing import Final, Generic

import msgspec
import structlog
from sqlalchemy.exc import DBAPIError

from threadly.core.database import tracing
from threadly.core.database.engine import Database
from threadly.core.database.errors import DatabaseTooSlow
from threadly.core.database.jobs import instruments, queue, schedules
from threadly.core.database.jobs.handlers import ContextT, Handlers, Run
from threadly.core.database.jobs.listen import listen
from threadly.core.database.jobs.outages import Outages
from threadly.core.database.jobs.queue import Claimed, Failure, Relayed
from threadly.core.database.jobs.settings import JobsSettings
from threadly.core.database.outbox import CHANNEL
from threadly.core.errors import Problem

RELAXED: Final = {"synchronous_commit": "off"}
"""Server settings for a worker's own connections. Handing on, taking and settling may be forgotten by a crash, for they
are then repeated; an effect cannot, for its own commit waits for the disk, and so for all that was written before."""

_log: Final = structlog.get_logger(__name__)
_RELAY_BATCH: Final = 500
_QUICK_SECONDS: Final = 1.0
"""What took no longer than this may be twice as much the next time."""
_CLEAN_UP_SECONDS: Final = 1
_BACKLOG_SECONDS: Final = 10
_DECLARE_SECONDS: Final = 60


@dataclass(frozen=True, slots=True)
class Stopped:
    """How a worker ended."""

    done: int
    failed: int
    put_back: int


class Runner(Generic[ContextT]):
    """One worker.

    Args:
        db: For the worker's own statements; not the pool that handlers use, or they could keep it from renewing leases.
            With `RELAXED`, nothing waits for the disk: what a crash of PostgreSQL takes back is done again.
        url: Of the same database, as the driver wants it, to listen to.
        context: What handlers are given.
        failed: Told of each attempt that failed, and of what; without it, what nobody foresaw is logged.
        around: What each attempt happens within, so that whatever is told meanwhile can say which it is.
    """

    def __init__(
        self,
        db: Database,
        *,
        url: str,
        handlers: Handlers[ContextT],
        context: ContextT,
        settings: JobsSettings,
        around: Callable[[Run], AbstractContextManager[object]] = nullcontext,
        failed: Callable[[Run, BaseException], object] | None = None,
    ) -> None:
        self.name = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"
        self._db = db
        self._url = url
        self._handlers = handlers
        self._context = context
        self._around = around
        self._tell = failed or _log_unforeseen
        self._settings = settings
        self._lease = settings.lease.total_seconds()
        self._poll = settings.poll.total_seconds()
        self._running: dict[Claimed, asyncio.Task[None]] = {}
        self._ended: list[Claimed | Failure] = []
        self._look = asyncio.Event()  # there may be something to take
        self._settle = asyncio.Event()  # something has ended
        self._relay_is_due = True
        self._relay_at_latest = 0.0
        self._relay_batch = _RELAY_BATCH
        self._more_is_due = False
        self._outages = Outages()
        self._done = self._failed = 0

    async def run(self, stop: asyncio.Event) -> Stopped:
        """Works until `stop` is set."""
        try:
            async with asyncio.TaskGroup() as group:  # so that a defect in one of these ends the worker, loudly
                settling = group.create_task(self._outages.again(self._settle_ended, 0), name="settle")
                housekeeping = [
                    group.create_task(listen(self._url, CHANNEL, self._heard), name="listen"),
                    group.create_task(self._keep_leases(), name="renew"),
                    group.create_task(self._keep_schedules(), name="schedules"),
                    group.create_task(self._keep_subscribers(), name="subscribers"),
                    group.create_task(self._outages.again(self._look_at_backlog, _BACKLOG_SECONDS), name="backlog"),
                ]
                await self._take_until(stop)
                if self._running:
                    await asyncio.wait(self._running.values(), timeout=self._settings.grace.total_seconds())
                left = list(self._running)
                await _cancelled([settling, *self._running.values()])
                await self._put_back(left)
                await _cancelled(housekeeping)
        finally:
            await _cancelled(self._running.values())
        return Stopped(self._done, self._failed, len(left))

    # Taking

    def _heard(self) -> None:
        self._relay_is_due = True
        self._look.set()

    async def _take_until(self, stop: asyncio.Event) -> None:
        stopping = asyncio.create_task(stop.wait())
        stopping.add_done_callback(lambda _: self._look.set())
        try:
            while not stop.is_set():
                self._look.clear()
                if await self._outages.attempt(self._take) in (
                    True,
                    None,
                ):  # there is more, or the database was in trouble
                    continue
                with suppress(TimeoutError):
                    async with asyncio.timeout(self._poll):
                        await self._look.wait()
        finally:
            stopping.cancel()

    async def _take(self) -> bool:
        """Hands on a batch, takes what is due and fits; whether it is worth doing so again at once."""
        free = self._settings.concurrency - len(self._running)
        now = asyncio.get_running_loop().time()
        if self._relay_is_due or now >= self._relay_at_latest:
            self._relay_is_due = False  # before it, so that what is heard meanwhile counts
            self._relay_at_latest = now + self._poll
            self._relay_is_due |= await self._relay(free)
        if free == 0:
            self._more_is_due = True
            return self._relay_is_due
        claimed = await self._db.run(
            queue.claim, worker=self.name, names=self._handlers.names, lease=self._settings.lease, most=free
        )
        for job in claimed:
            instruments.CLAIMED.labels(job.name).inc()
            self._running[job] = asyncio.create_task(self._handle(job), name=f"{job.name} {job.id}")
        self._more_is_due = len(claimed) == free
        return self._relay_is_due

    async def _relay(self, free: int) -> bool:
        most, began = self._relay_batch, perf_counter()
        try:
            relayed = await self._relayed(most)
        except DatabaseTooSlow:
            self._relay_batch = max(most // 2, 1)
            if most == 1:  # it is not for the number of them
                raise
            _log.warning("Messages took too long to hand on; fewer are tried at a time.", messages=self._relay_batch)
            return True
        if perf_counter() - began < _QUICK_SECONDS:
            self._relay_batch = min(most * 2, _RELAY_BATCH)
        for message in relayed.refused:
            _log.error(
                "A message cannot become a job. It was put aside; the others go on.",
                position=message.position,
                message=message.name,
                refusal=message.refusal,
            )
        for event, messages in relayed.unheard.items():
            _log.info("Nobody has subscribed to a message; it was told to nobody.", message=event, messages=messages)
        if relayed.jobs > free:
            await self._db.run(queue.wake)  # others may have room
        return relayed.messages == most

    async def _relayed(self, most: int) -> Relayed:
        subscribers = self._handlers.subscribers
        try:
            return await self._db.run(queue.relay, subscribers=subscribers, most=most)
        except DBAPIError as refusal:
            if not queue.is_of_a_row(refusal):
                raise
            return await self._db.run(queue.relay_singly, subscribers=subscribers, most=most)

    # Running

    async def _handle(self, job: Claimed) -> None:
        handler = self._handlers[job.name]
        error: str | None = None
        began = perf_counter()
        try:
            if job.attempt > handler.retry.attempts:
                error = "worker_lost"  # each attempt took its worker with it, so nobody was left to count the failure
            else:
                with (
                    instruments.RUNNING.track_inprogress(),
                    tracing.processing(job.name, id=job.id, attempt=job.attempt, traceparent=job.traceparent) as span,
                    self._around(run := Run(job.id, job.name, job.attempt)),
                ):
                    error = await self._call(job, run)
                    if error is not None:
                        tracing.gone_wrong(span, error)
        finally:
            self._running.pop(job, None)
            instruments.SECONDS.labels(job.name).observe(perf_counter() - began)
            if self._more_is_due:
                self._look.set()
        if error is None:
            self._done += 1
            instruments.ENDED.labels(job.name, "done").inc()
            self._ended.append(job)
        else:
            self._failed += 1
            wait = handler.retry.wait(job.attempt)
            instruments.ENDED.labels(job.name, "dead" if wait is None else "failed").inc()
            _log.warning(
                "A job has failed." if wait else "A job has failed for the last time.",
                job=job.name,
                job_id=job.id,
                attempt=job.attempt,
                failure=error,
                again_in_seconds=wait and round(wait.total_seconds(), 1),
            )
            self._ended.append(Failure(job.id, job.attempt, error, wait))
        self._settle.set()

    async def _call(self, job: Claimed, run: Run) -> str | None:
        """Runs the handler; what went wrong, in a code that holds no secret."""
        handler = self._handlers[job.name]
        deadline = asyncio.timeout(handler.timeout.total_seconds())
        try:
            async with deadline:
                message = msgspec.json.decode(job.payload, type=handler.message)
                await handler.call(self._context, message, run)
        except Problem as problem:
            self._tell(run, problem)
            return problem.code
        except (Exception, asyncio.CancelledError, SystemExit, BaseExceptionGroup) as failure:
            # Whatever a handler raises is the job's failure, not the worker's; but this task may have been cancelled.
            task = asyncio.current_task()
            if isinstance(failure, asyncio.CancelledError) and task is not None and task.cancelling():
                raise
            self._tell(run, failure)
            if deadline.expired():
                return "timeout"
            return f"{type(failure).__module__}.{type(failure).__qualname__}"
        return None

    # Telling PostgreSQL

    async def _settle_ended(self) -> None:
        """Waits until something has ended; tells of all that has, in two statements however many there are."""
        await self._settle.wait()
        self._settle.clear()
        ended, self._ended = self._ended, []
        done = [job for job in ended if isinstance(job, Claimed)]
        failures = [failure for failure in ended if isinstance(failure, Failure)]
        try:
            if done:
                await self._db.run(queue.finish, done, worker=self.name)
            if failures:
                await self._db.run(queue.fail, failures, worker=self.name)
        except BaseException:
            self._ended += ended  # telling twice is harmless
            self._settle.set()
            raise
        for failure in failures:  # a retry that comes before the next look is not kept waiting for it
            if failure.wait is not None and failure.wait.total_seconds() < self._poll:
                asyncio.get_running_loop().call_later(failure.wait.total_seconds(), self._look.set)
        if failures or any(job.key for job in done):
            self._look.set()  # the next in line may go

    async def _keep_leases(self) -> None:
        while True:
            if held := list(self._running):  # else nothing is asked, which would pass for an answer
                await self._outages.attempt(partial(self._renew, held))
            await asyncio.sleep(self._lease / 4)

    async def _renew(self, held: list[Claimed]) -> None:
        for job in await self._db.run(queue.renew, held, worker=self.name, lease=self._settings.lease):
            if task := self._running.get(job):
                _log.warning(
                    "A job went to another worker, which had not heard of this one.", job=job.name, job_id=job.id
                )
                task.cancel()

    async def _put_back(self, left: Sequence[Claimed]) -> None:
        async def tell() -> None:
            if self._ended:
                await self._settle_ended()
            if left:
                await self._db.run(queue.release, left, worker=self.name)
                instruments.PUT_BACK.inc(len(left))

        if self._ended or left:  # else nothing is asked, which would pass for an answer
            await self._outages.attempt(tell)  # once; else their lease lapses

    # Housekeeping

    async def _keep_schedules(self) -> None:
        while not await self._outages.attempt(self._declare):
            pass
        if list(self._handlers.schedules):  # else nothing is asked, which would pass for an answer
            await self._outages.again(self._tick, self._settings.poll.total_seconds())

    async def _keep_subscribers(self) -> None:
        while subscribers := self._handlers.subscribers:  # else nothing is asked, which would pass for an answer
            while not await self._outages.attempt(partial(self._declare_subscribers, subscribers)):
                pass
            await asyncio.sleep(_DECLARE_SECONDS)

    async def _declare_subscribers(self, subscribers: Mapping[str, Sequence[str]]) -> bool:
        await self._db.run(queue.declare, subscribers)
        return True

    async def _look_at_backlog(self) -> None:
        await self._db.run(instruments.look)

    async def _declare(self) -> bool:
        await self._db.run(schedules.declare, self._handlers.schedules)
        return True

    async def _tick(self) -> None:
        for interval, job in self._handlers.schedules:
            if await self._db.run(schedules.tick, interval, job):
                self._look.set()


def _log_unforeseen(run: Run, failure: BaseException) -> None:
    if not isinstance(failure, Problem | TimeoutError):
        _log.error("A job failed in a way that nobody foresaw.", job=run.name, job_id=run.id, exc_info=failure)


async def _cancelled(tasks: Iterable[asyncio.Task[None]]) -> None:
    """Cancels them, and waits a moment for those that clean up; not forever for one that refuses to end."""
    tasks = list(tasks)
    for task in tasks:
        task.cancel()
    if tasks:
        await asyncio.wait(tasks, timeout=_CLEAN_UP_SECONDS)
