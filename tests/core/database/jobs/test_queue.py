"""Each change of a job's state, by itself."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, ProgrammingError

from tests.core.database.jobs import shop
from tests.core.database.jobs.shop import Greet, Sold
from threadly.core.database import Database, Tx
from threadly.core.database.jobs import backlog, letters, queue
from threadly.core.database.jobs.queue import Claimed, Failure, Refused, Relayed

LEASE = timedelta(seconds=60)
NOBODY: Mapping[str, Sequence[str]] = {}
TWO = {"shop.sold": ["mail.sold", "stats.sold"]}
NAMES = ["shop.greet", "mail.sold", "stats.sold"]


async def relay(db: Database, subscribers: Mapping[str, Sequence[str]] = NOBODY, most: int = 500) -> Relayed:
    return await db.run(queue.relay, subscribers=subscribers, most=most)


async def claim(db: Database, worker: str = "w1", most: int = 100, names: Sequence[str] = NAMES) -> list[Claimed]:
    return await db.run(queue.claim, worker=worker, names=names, lease=LEASE, most=most)


def numbers(jobs: Sequence[Claimed]) -> list[int]:
    return [int(job.payload.partition('"number": ')[2].partition("}")[0].partition(",")[0]) for job in jobs]


async def _positions(db: Database, where: str) -> list[int]:
    async def look(tx: Tx) -> list[int]:
        return [position for (position,) in await tx.execute(text(f"SELECT position FROM outbox WHERE {where}"))]

    return await db.run(look)


async def lapse(db: Database) -> None:
    """Every lease and every wait is over."""
    await shop.change(db, "UPDATE jobs SET due_at = now() - interval '1 second'")


async def test_an_event_becomes_a_job_for_each_subscriber_and_a_job_one(db: Database) -> None:
    await shop.add(db, Sold(number=1))
    await shop.enqueue(db, Greet(number=2))

    assert await relay(db, TWO) == Relayed(messages=2, jobs=3, unheard={})

    assert [(job.name, job.attempt) for job in await claim(db)] == [
        ("mail.sold", 1),
        ("stats.sold", 1),
        ("shop.greet", 1),
    ]
    assert await shop.count(db, "outbox") == 0


async def test_an_event_that_nobody_subscribed_to_is_told_to_nobody_and_counted(db: Database) -> None:
    await shop.add(db, Sold(number=1), Sold(number=2))
    await shop.change(db, "UPDATE outbox SET created_at = now() - interval '6 minutes'")
    assert await relay(db) == Relayed(messages=2, jobs=0, unheard={"shop.sold": 2})
    assert await shop.count(db, "outbox") == await shop.count(db, "jobs") == 0


async def test_an_event_of_which_nobody_knows_yet_waits_some_minutes_for_who_does(db: Database) -> None:
    """As in a deployment: an old worker relays what a new release has written."""
    await shop.add(db, Sold(number=1), Sold(number=2))
    await shop.enqueue(db, Greet(number=3))
    assert await relay(db) == Relayed(messages=1, jobs=1, unheard={})
    assert (await db.run(queue.relay_singly, subscribers=NOBODY)).messages == 0
    assert await shop.count(db, "outbox") == 2

    assert await relay(db, TWO) == Relayed(messages=2, jobs=4, unheard={})
    assert await shop.count(db, "outbox") == 0


async def test_who_relays_tells_also_those_whom_others_have_declared_lately(db: Database) -> None:
    """As in a deployment: the old worker knows one subscriber, the new release brings another."""
    await db.run(queue.declare, TWO)
    await db.run(queue.declare, TWO)
    await shop.add(db, Sold(number=1))
    assert await relay(db, {"shop.sold": ["mail.sold"]}) == Relayed(messages=1, jobs=2, unheard={})
    assert {job.name for job in await claim(db)} == {"mail.sold", "stats.sold"}

    await shop.change(db, "UPDATE subscribers SET declared_at = now() - interval '11 minutes'")
    await shop.add(db, Sold(number=2))
    assert await relay(db, {"shop.sold": ["mail.sold"]}) == Relayed(messages=1, jobs=1, unheard={})


async def test_messages_are_relayed_in_order_a_batch_at_a_time(db: Database) -> None:
    await shop.enqueue(db, *(Greet(number=number) for number in range(5)))
    assert [(await relay(db, most=2)).jobs for _ in range(4)] == [2, 2, 1, 0]
    assert numbers(await claim(db)) == [0, 1, 2, 3, 4]


async def test_a_second_relay_leaves_its_turn_to_the_first(db: Database) -> None:
    await shop.enqueue(db, Greet(number=1))

    async def overtaken(tx: Tx) -> Relayed:
        await tx.connection()
        relayed = await queue.relay(tx, subscribers=NOBODY)
        assert (await relay(db)).messages == 0
        return relayed

    assert (await db.run(overtaken)).messages == 1


async def test_a_message_that_cannot_become_a_job_is_put_aside_and_the_others_pass(
    db: Database, owner: Database
) -> None:
    await shop.change(owner, "ALTER TABLE jobs ADD CONSTRAINT no_two CHECK (payload ->> 'number' <> '2')")
    await shop.add(db, *(Sold(number=number, item="hat") for number in (1, 2, 3)))
    (bad,) = await _positions(db, "payload ->> 'number' = '2'")

    with pytest.raises(IntegrityError, match="no_two") as refusal:
        await relay(db, TWO)
    assert queue.is_of_a_row(refusal.value)
    assert await shop.count(db, "outbox") == 3
    assert await shop.count(db, "jobs") == 0

    assert await db.run(queue.relay_singly, subscribers=TWO) == Relayed(
        messages=3, jobs=4, unheard={}, refused=[Refused(bad, "shop.sold", "23514 no_two")]
    )
    assert await shop.count(db, "outbox") == 1
    assert numbers(await claim(db)) == [1, 1]
    assert await relay(db, TWO) == Relayed(messages=0, jobs=0, unheard={})
    async with db.read() as read:
        assert (await backlog(read)).refused == 1

    await shop.change(owner, "ALTER TABLE jobs DROP CONSTRAINT no_two")
    await shop.change(db, "UPDATE outbox SET refusal = NULL")
    assert await relay(db, TWO) == Relayed(messages=1, jobs=2, unheard={})


async def test_what_is_wrong_with_the_statement_is_laid_on_no_message(db: Database, owner: Database) -> None:
    await shop.enqueue(db, Greet(number=1))
    await shop.change(owner, "ALTER TABLE jobs RENAME TO elsewhere")

    with pytest.raises(ProgrammingError):
        await db.run(queue.relay_singly, subscribers=NOBODY)

    assert await shop.count(db, "outbox WHERE refusal IS NULL") == 1


async def test_two_relays_take_turns_message_by_message_as_well(db: Database) -> None:
    await shop.enqueue(db, Greet(number=1))

    async def overtaken(tx: Tx) -> Relayed:
        relayed = await queue.relay_singly(tx, subscribers=NOBODY)
        assert (await db.run(queue.relay_singly, subscribers=NOBODY)).messages == 0
        return relayed

    assert (await db.run(overtaken)).messages == 1


async def test_a_job_is_taken_by_one_of_many(db: Database) -> None:
    await shop.enqueue(db, *(Greet(number=number) for number in range(200)))
    await relay(db)
    taken = await asyncio.gather(*(claim(db, worker=f"w{number}", most=20) for number in range(20)))
    assert sorted(number for jobs in taken for number in numbers(jobs)) == list(range(200))


async def test_a_job_that_nobody_here_knows_waits_for_who_does(db: Database) -> None:
    await shop.enqueue(db, Greet(number=1))
    await relay(db)
    assert await claim(db, names=["mail.sold"]) == []
    assert len(await claim(db)) == 1


async def test_a_delayed_job_is_not_due_yet(db: Database) -> None:
    await shop.enqueue(db, Greet(number=1), delay=timedelta(hours=1))
    await shop.enqueue(db, Greet(number=2))
    await relay(db)
    assert numbers(await claim(db)) == [2]
    await lapse(db)
    assert numbers(await claim(db, worker="w2")) == [1, 2]


async def test_who_lost_the_lease_changes_nothing_any_more(db: Database) -> None:
    await shop.enqueue(db, Greet(number=1))
    await relay(db)
    (slow,) = await claim(db, worker="slow")
    await lapse(db)
    (quick,) = await claim(db, worker="quick")
    assert (quick.id, quick.attempt) == (slow.id, 2)

    assert await db.run(queue.renew, [slow], worker="slow", lease=LEASE) == [slow]
    await db.run(queue.finish, [slow], worker="slow")
    await db.run(queue.release, [slow], worker="slow")
    await db.run(queue.fail, [Failure(slow.id, slow.attempt, "late", None)], worker="slow")

    assert await db.run(queue.renew, [quick], worker="quick", lease=LEASE) == []
    await db.run(queue.finish, [quick], worker="quick")
    assert await shop.count(db, "jobs") == 0


async def test_a_job_that_is_given_back_is_due_at_once_and_has_lost_no_attempt(db: Database) -> None:
    await shop.enqueue(db, Greet(number=1))
    await relay(db)
    await db.run(queue.release, await claim(db), worker="w1")
    (again,) = await claim(db, worker="w2")
    assert again.attempt == 1


async def test_a_failed_job_waits_and_one_that_failed_for_good_is_kept(db: Database) -> None:
    await shop.enqueue(db, Greet(number=1), Greet(number=2))
    await relay(db)
    one, two = await claim(db)
    failures = [Failure(one.id, 1, "oops", timedelta(hours=1)), Failure(two.id, 1, "x" * 500, None)]
    await db.run(queue.fail, failures, worker="w1")

    assert await claim(db) == []
    async with db.read() as read:
        (letter,) = await letters(read)
    assert (letter.id, letter.name, letter.attempts, letter.last_error) == (two.id, "shop.greet", 1, "x" * 200)
    await lapse(db)
    assert [(job.id, job.attempt) for job in await claim(db)] == [(one.id, 2)]


async def test_jobs_of_a_key_are_taken_one_at_a_time_in_order_by_each_handler(db: Database) -> None:
    await shop.add(db, *(Sold(number=number, item=item) for number in (1, 2) for item in ("hat", "coat")))
    await relay(db, TWO)

    first = await claim(db)
    assert sorted((job.name, job.key) for job in first) == [
        ("mail.sold", "coat"),
        ("mail.sold", "hat"),
        ("stats.sold", "coat"),
        ("stats.sold", "hat"),
    ]
    assert numbers(first) == [1, 1, 1, 1]
    assert await claim(db) == []

    done = [job for job in first if job.name == "mail.sold"]
    await db.run(queue.finish, done, worker="w1")
    second = await claim(db)
    assert numbers(second) == [2, 2]
    assert {job.name for job in second} == {"mail.sold"}


@pytest.mark.parametrize(("case", "wait", "next_numbers"), [("waits", timedelta(hours=1), []), ("has died", None, [2])])
async def test_a_job_that(db: Database, case: str, wait: timedelta | None, next_numbers: list[int]) -> None:
    """… waits for its retry holds up its key, and one that has died does not."""
    await shop.add(db, Sold(number=1, item="hat"), Sold(number=2, item="hat"))
    await relay(db, {"shop.sold": ["mail.sold"]})
    (first,) = await claim(db)
    await db.run(queue.fail, [Failure(first.id, 1, "oops", wait)], worker="w1")
    assert numbers(await claim(db)) == next_numbers, case


CROWD = (
    "INSERT INTO jobs (name, payload, key, created_at, due_at)"
    """ SELECT 'mail.sold', '{"number": 0}', 'hat', now(), now() - interval '1 hour' FROM generate_series(1, 20000)"""
)
BEHIND = (
    "INSERT INTO jobs (name, payload, key, created_at, due_at)"
    " SELECT name, jsonb_build_object('number', number), key, now(), now() - interval '1 minute' FROM (VALUES"
    " ('mail.sold', 1, 'coat'), ('mail.sold', 2, 'coat'), ('shop.greet', 3, NULL), ('stats.sold', 4, 'hat'),"
    " ('unknown', 5, 'hat'), ('unknown', 6, NULL)) AS behind (name, number, key)"
)


async def test_what_may_go_passes_a_crowd_of_one_key_of_which_one_is_taken_at_a_time(
    db: Database, owner: Database
) -> None:
    await shop.change(db, CROWD)
    await shop.change(db, BEHIND)
    await shop.change(owner, "ANALYZE jobs")
    assert numbers(await claim(db, "w1", most=3)) == [0, 1, 3]
    assert numbers(await claim(db, "w2")) == [4]
    assert await claim(db, "w3") == []
    await lapse(db)
    assert [(job.attempt, job.key) for job in await claim(db, "w4", most=1)] == [(2, "hat")]


async def test_the_work_of_taking_does_not_grow_with_the_jobs_of_a_key(db: Database, owner: Database) -> None:
    values = {"worker": "w1", "names": NAMES, "lease": LEASE, "most": 16, "looked": queue._LOOKED}

    async def walked(tx: Tx) -> int:
        (plan,) = (await tx.scalars(text(f"EXPLAIN (ANALYZE, FORMAT JSON) {queue._CLAIM.text}"), values)).one()
        return max(_walked(plan["Plan"]))

    await shop.change(db, CROWD)
    await shop.change(db, BEHIND)
    await shop.change(owner, "ANALYZE jobs")
    assert await db.run(walked) < 2 * queue._LOOKED
    assert await shop.count(db, "jobs WHERE worker = 'w1'") == 4


def _walked(node: Mapping[str, Any]) -> Iterator[int]:
    """How many rows each step has met."""
    yield int((node["Actual Rows"] + node.get("Rows Removed by Filter", 0)) * node["Actual Loops"])
    for below in node.get("Plans", ()):
        yield from _walked(below)


async def test_what_is_due_is_found_by_its_index(db: Database, owner: Database) -> None:
    await shop.change(
        db,
        "INSERT INTO jobs (name, payload, created_at, due_at)"
        " SELECT 'shop.greet', '{}', now(), now() + make_interval(secs => n) FROM generate_series(1, 20000) AS n",
    )

    async def plan(tx: Tx) -> str:
        statement = "EXPLAIN SELECT id FROM jobs WHERE dead_at IS NULL AND due_at <= now() ORDER BY due_at, id LIMIT 16"
        return "\n".join([line for (line,) in await tx.execute(text(statement))])

    await shop.change(owner, "ANALYZE jobs")
    assert "ix_jobs_due" in await db.run(plan)
