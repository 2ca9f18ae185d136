"""Who does which job, and who is told of which event: one table, built once, read by the worker.

As it is filled:

    handlers = Handlers[Services]()
    handlers.once(OfferMade, notices.tell_seller, name="notices.offer_made")        # an effect in the database
    handlers.on(OfferMade, mail_seller, name="mail.offer_made", timeout=ONE_MINUTE)  # an effect outside
    handlers.job(ResizePicture, resize)
    handlers.every(timedelta(hours=1), PruneInbox())
"""

import re
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final, Generic, Protocol, TypeAlias, TypeVar

from threadly.core.database import inbox
from threadly.core.database.engine import Database
from threadly.core.database.jobs.backoff import Retry
from threadly.core.database.outbox import NAME_FORM, Event, Job, Message
from threadly.core.database.sessions import Tx


class HasDatabase(Protocol):
    """What handlers are given: anything that leads to the database."""

    @property
    def db(self) -> Database:
        """The database."""


ContextT = TypeVar("ContextT", bound=HasDatabase)
MessageT = TypeVar("MessageT", bound=Message)
EventT = TypeVar("EventT", bound=Event)
JobT = TypeVar("JobT", bound=Job)

USUAL_TIMEOUT: Final = timedelta(minutes=1)
USUAL_RETRY: Final = Retry()
LONGEST_NAME: Final = 100
"""In characters: what the inbox has room for."""


@dataclass(frozen=True, slots=True)
class Run:
    """One attempt at a job."""

    id: int
    """The job's, the same in each attempt: an idempotency key for whoever is called outside."""
    name: str
    attempt: int
    """Counts from 1."""

    async def first_time(self, tx: Tx) -> bool:
        """Whether the job's effect belongs in this transaction; False if an earlier attempt has committed it."""
        return await inbox.first_time(tx, consumer=self.name, message_id=str(self.id))


Function: TypeAlias = Callable[[ContextT, MessageT, Run], Awaitable[None]]
"""Handles a message, in no transaction. May be called more than once for the same one."""
Effect: TypeAlias = Callable[[Tx, MessageT], Awaitable[object]]
"""A service: changes the database, within the transaction it is given."""


@dataclass(frozen=True, slots=True)
class Handler(Generic[ContextT]):
    """How the jobs of one name are run."""

    name: str
    message: type[Message]
    call: Function[ContextT, Any]
    retry: Retry
    timeout: timedelta


class Handlers(Generic[ContextT]):
    """All handlers and schedules of an application."""

    def __init__(self) -> None:
        self._handlers: dict[str, Handler[ContextT]] = {}
        self._subscribers: dict[str, list[str]] = {}
        self._schedules: dict[str, tuple[timedelta, Job]] = {}

    def on(
        self,
        event: type[EventT],
        function: Function[ContextT, EventT],
        *,
        name: str,
        retry: Retry = USUAL_RETRY,
        timeout: timedelta = USUAL_TIMEOUT,
    ) -> None:
        """Calls `function(context, event, run)` for each event of this kind, at least once.

        Args:
            name: Stands in the database, so stable; as `mail.offer_made`.

        Raises:
            ValueError: The name is taken, or not of the form that the tables accept.
        """
        self._add(Handler(name, event, function, retry, timeout))
        self._subscribers.setdefault(event.name, []).append(name)

    def once(self, event: type[EventT], effect: Effect[EventT], *, name: str, retry: Retry = USUAL_RETRY) -> None:
        """Calls `effect(tx, event)` for each event of this kind, in a transaction that commits exactly once."""
        self.on(event, _exactly_once(effect), name=name, retry=retry)

    def job(
        self,
        job: type[JobT],
        function: Function[ContextT, JobT],
        *,
        retry: Retry = USUAL_RETRY,
        timeout: timedelta = USUAL_TIMEOUT,
    ) -> None:
        """Calls `function(context, job, run)` for each job of this kind, at least once."""
        self._add(Handler(job.name, job, function, retry, timeout))

    def every(self, interval: timedelta, job: Job) -> None:
        """Has a job done at each multiple of `interval` since 1970, once among all workers.

        A tick that was missed (nobody ran) or comes too early (the last run has not ended) is dropped.
        """
        if job.name not in self._handlers:
            raise ValueError(f"Nobody handles {job.name}.")
        if job.name in self._schedules:
            raise ValueError(f"{job.name} is scheduled twice.")
        self._schedules[job.name] = (interval, job)

    def __getitem__(self, name: str) -> Handler[ContextT]:
        return self._handlers[name]

    @property
    def names(self) -> list[str]:
        """Jobs of these names are taken; others wait for a worker that knows them."""
        return list(self._handlers)

    @property
    def subscribers(self) -> Mapping[str, list[str]]:
        """The names of the handlers by the name of the event."""
        return self._subscribers

    @property
    def schedules(self) -> Iterator[tuple[timedelta, Job]]:
        """What is done how often."""
        return iter(self._schedules.values())

    def _add(self, handler: Handler[ContextT]) -> None:
        for name in (handler.name, handler.message.name):
            if len(name) > LONGEST_NAME or not re.fullmatch(NAME_FORM, name):
                raise ValueError(
                    f"{name!r} cannot be a name: it is 1 to {LONGEST_NAME} characters as in `mail.offer_made`."
                )
        if handler.name in self._handlers:
            raise ValueError(f"Two handlers are called {handler.name}.")
        self._handlers[handler.name] = handler


def _exactly_once(effect: Effect[MessageT]) -> Callable[[HasDatabase, MessageT, Run], Awaitable[None]]:
    async def apply(tx: Tx, message: MessageT, run: Run) -> None:
        if await run.first_time(tx):
            await effect(tx, message)

    async def call(context: HasDatabase, message: MessageT, run: Run) -> None:
        await context.db.run(apply, message, run)

    return call
