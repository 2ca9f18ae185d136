"""Any sequence of changes, by workers some of which have lost their lease: no job is lost, and none is with two.

A model beside the database says what must be; Hypothesis chooses what happens next.
"""

import asyncio
from collections.abc import Coroutine, Iterator
from datetime import timedelta
from typing import Any, TypeVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import select, text

from tests.core.database.jobs import shop
from tests.core.database.jobs.shop import Sold
from threadly.core.config import Secret
from threadly.core.database import Database, DatabaseSettings
from threadly.core.database.jobs import letters, queue, revive
from threadly.core.database.jobs.queue import Claimed, Failure

T = TypeVar("T")
WORKERS = st.sampled_from(["w1", "w2"])
COUNTS = select(
    text("(SELECT count(*) FROM outbox) + (SELECT count(*) FROM jobs)"),
    text("(SELECT count(*) FROM jobs WHERE worker IS NOT NULL)"),
)
SUBSCRIBERS = {"shop.sold": ["mail.sold"]}


class Queue(RuleBasedStateMachine):
    """Events of two keys and of none, two workers."""

    url: str
    loop: asyncio.AbstractEventLoop

    def __init__(self) -> None:
        super().__init__()
        self.db = Database(DatabaseSettings(url=Secret(self.url), pool_size=2))
        self.added = 0
        self.done: set[int] = set()
        self.held: dict[int, tuple[str, Claimed]] = {}  # who holds what, by the job's id
        self.lost: list[tuple[str, Claimed]] = []  # what workers still believe to hold
        self.dead: set[int] = set()

    def run_(self, doing: Coroutine[Any, Any, T]) -> T:
        return self.loop.run_until_complete(doing)

    @initialize()
    def begin(self) -> None:
        self.run_(shop.change(self.db, "DELETE FROM outbox"))
        self.run_(shop.change(self.db, "DELETE FROM jobs"))

    @rule(key=st.sampled_from(["hat", "coat", None]))
    def add(self, key: str | None) -> None:
        self.run_(shop.add(self.db, Sold(number=self.added, item=key)))
        self.added += 1

    @rule(most=st.integers(1, 3))
    def relay(self, most: int) -> None:
        self.run_(self.db.run(queue.relay, subscribers=SUBSCRIBERS, most=most))

    @rule(worker=WORKERS, most=st.integers(1, 3))
    def claim(self, worker: str, most: int) -> None:
        lease = timedelta(hours=1)
        for job in self.run_(self.db.run(queue.claim, worker=worker, names=["mail.sold"], lease=lease, most=most)):
            assert job.id not in self.held
            assert job.id not in self.done | self.dead
            keys = [held.key for _, held in self.held.values() if held.key]
            assert job.key not in keys  # one at a time
            self.held[job.id] = (worker, job)

    @rule(data=st.data())
    def finish(self, data: st.DataObject) -> None:
        if self.held:
            worker, job = data.draw(st.sampled_from(list(self.held.values())))
            self.run_(self.db.run(queue.finish, [job], worker=worker))
            del self.held[job.id]
            self.done.add(job.id)

    @rule(data=st.data(), final=st.booleans())
    def fail(self, data: st.DataObject, final: bool) -> None:
        if self.held:
            worker, job = data.draw(st.sampled_from(list(self.held.values())))
            failure = Failure(job.id, job.attempt, "oops", None if final else timedelta(0))
            self.run_(self.db.run(queue.fail, [failure], worker=worker))
            del self.held[job.id]
            if final:
                self.dead.add(job.id)

    @rule(data=st.data())
    def release(self, data: st.DataObject) -> None:
        if self.held:
            worker, job = data.draw(st.sampled_from(list(self.held.values())))
            self.run_(self.db.run(queue.release, [job], worker=worker))
            del self.held[job.id]

    @rule()
    def lapse(self) -> None:
        """Every worker is paused, and finds that its leases are over and its jobs are with somebody else."""
        self.run_(shop.change(self.db, "UPDATE jobs SET due_at = now() WHERE worker IS NOT NULL"))
        taken = self.run_(
            self.db.run(queue.claim, worker="w3", names=["mail.sold"], lease=timedelta(hours=1), most=100)
        )
        self.lost += self.held.values()
        self.held = {job.id: ("w3", job) for job in taken}

    @rule()
    def late(self) -> None:
        """Those tell what they have done, and it is too late for all of it."""
        for worker, job in self.lost:
            self.run_(self.db.run(queue.finish, [job], worker=worker))
            self.run_(self.db.run(queue.fail, [Failure(job.id, job.attempt, "late", None)], worker=worker))
            assert self.run_(self.db.run(queue.renew, [job], worker=worker, lease=timedelta(hours=1))) == [job]
        self.lost.clear()

    @rule()
    def revive_the_keyless(self) -> None:
        """A dead letter with a key loses its place (see `revive`), so the model leaves those alone."""
        for id in list(self.dead):
            if self.run_(shop.count(self.db, f"jobs WHERE id = {id} AND key IS NULL")):
                assert self.run_(self.db.run(revive, id))
                self.dead.discard(id)

    @invariant()
    def nothing_is_lost(self) -> None:
        waiting, held, dead = self.run_(self._counted())
        assert waiting + len(self.done) == self.added
        assert held == len(self.held)
        assert dead == self.dead

    async def _counted(self) -> tuple[int, int, set[int]]:
        async with self.db.read() as read:
            waiting, held = (await read.execute(COUNTS)).one()
            return waiting, held, {letter.id for letter in await letters(read)}

    def teardown(self) -> None:
        self.run_(self.db.close())


@pytest.fixture
def loop() -> Iterator[asyncio.AbstractEventLoop]:
    """Hypothesis is not asynchronous; its machine runs the database's side on a loop of its own."""
    loop = asyncio.new_event_loop()
    yield loop
    loop.close()


@pytest.fixture
def machine(database_url: str, loop: asyncio.AbstractEventLoop) -> type[Queue]:
    return type("QueueHere", (Queue,), {"url": database_url, "loop": loop})


def test_any_sequence_keeps_every_job_and_gives_none_to_two(machine: type[Queue]) -> None:
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=15,
            stateful_step_count=25,
            database=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
