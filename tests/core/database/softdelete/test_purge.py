"""What has been hidden for long enough goes for good, and nothing else."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import insert, select

from tests.core.database.softdelete.lamps import Base, Lamp, Room, rows
from threadly.core import clock
from threadly.core.database import Database, Tx, outbox
from threadly.core.database.jobs import Run, queue
from threadly.core.database.jobs.queue import Claimed
from threadly.core.database.softdelete import PurgeDeleted, purge, purger, with_deleted


@dataclass(frozen=True)
class House:
    """What the job is given."""

    db: Database


async def hidden_for(db: Database, **ages: timedelta) -> None:
    async def add(tx: Tx) -> None:
        now = clock.now()
        for id, (name, age) in enumerate(ages.items(), start=10):
            await tx.execute(insert(Room).values(id=id, name=name, size=1, deleted_at=now - age))

    await db.run(add)


async def test_each_table_keeps_what_is_hidden_for_a_time_of_its_own(house: Database) -> None:
    await hidden_for(house, old=timedelta(days=7, minutes=5), young=timedelta(days=6, hours=23))
    Lamp.erased.clear()

    await purger(Base)(House(house), PurgeDeleted(), Run(1, "softdelete.purge", 1))

    every, lamps = with_deleted(Room), with_deleted(Lamp)
    assert await rows(house, select(every.name)) == [("attic",), ("hall",), ("young",)]
    assert [id for (id,) in await rows(house, select(lamps.id))] == [1, 5, 7], "kept lamps go with a room that goes"
    assert sorted(Lamp.erased) == [2, 3, 4, 6, 8]


async def test_two_purges_at_once_leave_each_others_rows_alone(house: Database) -> None:
    every = with_deleted(Room)

    async def hold(tx: Tx) -> int:
        await tx.execute(select(every.id).where(every.id == 2).with_for_update())
        return await house.run(purge, Room)

    assert await house.run(hold) == 1
    assert [id for (id,) in await rows(house, select(every.id))] == [1, 2, 3]


async def test_of_two_purges_that_wait_one_runs_after_the_other(db: Database) -> None:
    async def enqueue(tx: Tx) -> None:
        for _ in range(2):
            outbox.enqueue(tx, PurgeDeleted())

    async def claimed() -> list[Claimed]:
        hour = timedelta(hours=1)
        return list(await db.run(queue.claim, worker="w", names=[PurgeDeleted.name], lease=hour, most=10))

    await db.run(enqueue)
    await db.run(queue.relay, subscribers={}, most=10)
    (first,) = await claimed()
    assert await claimed() == []
    await db.run(queue.finish, [first], worker="w")
    assert len(await claimed()) == 1
